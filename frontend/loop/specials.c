// The helpers that the language itself uses: where the loop stands (`code`, `pc`, `pc:`), the
// stack pointer, polls and the write barrier. Through them a definition says what is peculiar
// to its machine, and the language, the IR and the passes need to know no field by name.
//
// The first three are expanded like other helpers, wherever a bytecode is fetched, its operands
// are read, or the pc moves on. From `code` follows the code's unit and so the bytecodes'
// formats. The others are declarations in the form of methods: the IR wants a field, a mask,
// a function, and not code that computes them, so their bodies must have just that shape. They
// are read here and never expanded.
#include "frontend/loop/definition.h"

#include <string.h>

// Finds a helper with the given result kind and parameters. Reports one that is
// different, and (if it is needed) one that is missing.
static LoopHelper *special(LoopDefinition *definition, const char *selector, LoopKind result,
                           size_t parameters, bool needed) {
    LoopHelper *helper = loop_find_helper(definition, selector);
    if (!helper) {
        if (needed)
            diagnostic_error(definition->diagnostics, definition->loop->at,
                             "`%s` needs a helper `%s`", definition->loop->name, selector);
        return NULL;
    }
    if (helper->result.kind != result || helper->parameters.count != parameters) {
        static const char *const names[] = {
            [LOOP_NOTHING] = "nothing", [LOOP_INT64] = "Int64", [LOOP_ELEMENTS] = "Elements"};
        diagnostic_error(definition->diagnostics, helper->ast->at, "`%s` must answer %s", selector,
                         names[result]);
        return NULL;
    }
    return helper;
}

// The only statement of a helper's body; the value after `^` if it must answer one.
static const AstExpression *only_statement(const LoopHelper *helper) {
    const AstBlock *body = helper->ast->body;
    if (body->statements.count != 1)
        return NULL;
    const AstExpression *statement = body->statements.items[0];
    bool answers = helper->result.kind != LOOP_NOTHING;
    if (answers != (statement->kind == AST_RETURN))
        return NULL;
    return answers ? statement->returned : statement;
}

// `VARIABLE FIELD`: the scalar field of that name, or NULL.
static const LoopField *plain_field(const AstExpression *e, const char *variable,
                                    const LoopRecord *record) {
    if (!e || e->kind != AST_SEND || e->send.arguments.count ||
        e->send.receiver->kind != AST_VARIABLE ||
        strcmp(e->send.receiver->variable.name, variable) != 0)
        return NULL;
    const LoopField *field = loop_find_field(record, e->send.selector);
    return field && !field->ir->is_array ? field : NULL;
}

// `LIBRARY FUNCTION` with `arguments` arguments, or NULL.
static const LoopExternal *plain_call(const LoopDefinition *definition, const AstExpression *e,
                                      size_t arguments) {
    if (!e || e->kind != AST_SEND || e->send.receiver->kind != AST_VARIABLE ||
        e->send.arguments.count != arguments)
        return NULL;
    const LoopLibrary *library = loop_find_library(definition, e->send.receiver->variable.name);
    const LoopExternal *external = library ? loop_find_external(library, e->send.selector) : NULL;
    return external && !external->ir->indirect ? external : NULL;
}

static void declare_code(LoopDefinition *definition) {
    definition->code = special(definition, "code", LOOP_ELEMENTS, 0, true);
    definition->pc = special(definition, "pc", LOOP_INT64, 0, true);
    definition->set_pc = special(definition, "pc:", LOOP_NOTHING, 1, true);
    if (definition->set_pc && definition->set_pc->parameters.items[0].kind != LOOP_INT64)
        diagnostic_error(definition->diagnostics, definition->set_pc->ast->at,
                         "`pc:` must take an Int64");
    if (!definition->code)
        return;
    LoopType code = definition->code->result;
    if (code.record || (code.cell != IR_CELL_U8 && code.cell != IR_CELL_U16)) {
        diagnostic_error(definition->diagnostics, definition->code->ast->at,
                         "`code` must answer Elements of UInt8 or UInt16");
        return;
    }
    definition->unit = loop_type(LOOP_INT64);
    definition->unit.cell = code.cell;
    definition->table->unit = code.cell;
}

// A definition without a stack pointer is one of a register machine: no stack effects are
// computed then. The stack that the collector scans is declared to the IR as well, but only one
// of values: a stack of records has no single cell.
static void declare_stack_pointer(LoopDefinition *definition) {
    LoopHelper *helper = special(definition, "stackPointer", LOOP_ELEMENTS, 0, false);
    if (!helper)
        return;
    definition->stack_pointer =
        plain_field(only_statement(helper), definition->frame_name, definition->frame);
    if (!definition->stack_pointer)
        diagnostic_error(definition->diagnostics, helper->ast->at,
                         "`stackPointer` must be `^%s` and a field", definition->frame_name);
    else
        definition->slot_size = (int)loop_element_size(helper->result);
    if (definition->stack_pointer && !helper->result.record) {
        definition->module->stack_field = definition->stack_pointer->ir;
        definition->module->stack_cell = helper->result.cell;
    }
}

// What the selector of a further stack's pointer begins with: its name. NULL: it is none.
static const char *further_name(LoopDefinition *definition, const char *selector) {
    static const char ending[] = "StackPointer";
    size_t length = strlen(selector), end = sizeof ending - 1;
    return length > end && !strcmp(selector + length - end, ending)
               ? arena_strndup(definition->arena, selector, length - end)
               : NULL;
}

// `returnStackPointer` is to the stack named `return` what `stackPointer` is to the first one.
static void declare_further_stacks(LoopDefinition *definition) {
    for (size_t i = 0; i < definition->helpers.count; i++) {
        const char *selector = definition->helpers.items[i]->ast->selector;
        const char *name = further_name(definition, selector);
        LoopHelper *helper = name ? special(definition, selector, LOOP_ELEMENTS, 0, false) : NULL;
        if (!helper)
            continue;
        const LoopField *field =
            plain_field(only_statement(helper), definition->frame_name, definition->frame);
        if (!field || field == definition->stack_pointer || helper->result.record) {
            diagnostic_error(
                definition->diagnostics, helper->ast->at,
                "`%s` must be `^%s` and a field of its own, of a stack without records", selector,
                definition->frame_name);
            continue;
        }
        IrStack stack = {name, field->ir, helper->result.cell};
        ARENA_PUSH(definition->arena, &definition->module->further_stacks, stack);
        ARENA_PUSH(definition->arena, &definition->further_stacks, field);
    }
}

// A poll is a load of the thread's field, a test, and on the cold path a call. Passes place it
// (place-gil-checks); here is only said which field and which function.
static void declare_poll(LoopDefinition *definition) {
    LoopHelper *request = special(definition, "pollRequest", LOOP_INT64, 0, false);
    LoopHelper *poll = special(definition, "poll", LOOP_NOTHING, 0, request != NULL);
    if (!request || !poll)
        return;
    const LoopField *field =
        plain_field(only_statement(request), definition->thread_name, definition->thread);
    if (!field || field->ir->cell != IR_CELL_I64) {
        diagnostic_error(definition->diagnostics, request->ast->at,
                         "`pollRequest` must be `^%s` and an Int64 field", definition->thread_name);
        return;
    }
    const LoopExternal *external = plain_call(definition, only_statement(poll), 0);
    if (!external || external->frameless || external->result.kind != LOOP_NOTHING) {
        diagnostic_error(definition->diagnostics, poll->ast->at,
                         "`poll` must call an external without arguments and result");
        return;
    }
    definition->module->poll_field = field->ir;
    definition->module->poll_external = external->ir;
}

// The barrier doesn't know what kind of object it is given: it tests a bit at one offset. So
// whatever moves has to have that field there.
static void check_barrier_field(LoopDefinition *definition, const LoopField *tested) {
    for (size_t i = 0; i < definition->records.count; i++) {
        const LoopRecord *record = definition->records.items[i];
        const LoopField *field = loop_find_field(record, tested->name);
        if (record->ir->moves &&
            (!field || field->ir->offset != tested->ir->offset || field->ir->cell != IR_CELL_I64))
            diagnostic_error(definition->diagnostics, record->ast->at,
                             "%s moves, so the write barrier needs its `%s <Int64>` at offset %d",
                             record->name, tested->name, (int)tested->ir->offset);
    }
}

// `^object FIELD & MASK`, the mask a literal or a constant helper.
static bool parse_mask(LoopDefinition *definition, const LoopHelper *helper,
                       const LoopField **field, int64_t *mask) {
    const AstExpression *e = only_statement(helper);
    if (!e || e->kind != AST_SEND || strcmp(e->send.selector, "&") != 0)
        return false;
    *field = plain_field(e->send.receiver, helper->ast->arguments.items[0].name,
                         helper->parameters.items[0].record);
    const AstExpression *bits = e->send.arguments.items[0];
    if (bits->kind == AST_INTEGER)
        return *field && loop_integer(bits->digits, mask);
    if (bits->kind != AST_SEND || bits->send.receiver->kind != AST_VARIABLE ||
        strcmp(bits->send.receiver->variable.name, "self") != 0)
        return false;
    const LoopHelper *constant = loop_find_helper(definition, bits->send.selector);
    if (constant && constant->is_constant)
        *mask = constant->constant;
    return *field && constant && constant->is_constant;
}

// `store.ref` tests a mask of the object's header, and calls the external only if a bit is set.
// The external gets no frame: all that it does is to make a note for the collector.
static void declare_barrier(LoopDefinition *definition) {
    LoopHelper *test = special(definition, "barrierMask:", LOOP_INT64, 1, false);
    LoopHelper *remember = special(definition, "remember:", LOOP_NOTHING, 1, test != NULL);
    if (!test || !remember)
        return;
    LoopType object = test->parameters.items[0];
    if (object.kind != LOOP_RECORD || !object.record->ir->moves ||
        !loop_same_type(object, remember->parameters.items[0])) {
        diagnostic_error(definition->diagnostics, test->ast->at,
                         "`barrierMask:` and `remember:` must take the same MovableRecord");
        return;
    }
    const LoopField *field = NULL;
    int64_t mask = 0;
    if (!parse_mask(definition, test, &field, &mask) || field->ir->cell != IR_CELL_I64) {
        diagnostic_error(definition->diagnostics, test->ast->at,
                         "`barrierMask:` must be `^` an Int64 field of its argument `&` a literal");
        return;
    }
    const AstExpression *call = only_statement(remember);
    const LoopExternal *external = plain_call(definition, call, 1);
    if (!external || !external->frameless || external->result.kind != LOOP_NOTHING ||
        !loop_same_type(external->parameters.items[0], object) ||
        call->send.arguments.items[0]->kind != AST_VARIABLE ||
        strcmp(call->send.arguments.items[0]->variable.name,
               remember->ast->arguments.items[0].name) != 0) {
        diagnostic_error(
            definition->diagnostics, remember->ast->at,
            "`remember:` must pass its argument to a frameless external without result");
        return;
    }
    check_barrier_field(definition, field);
    definition->module->barrier_field = field->ir;
    definition->module->barrier_mask = (uint64_t)mask;
    definition->module->barrier_external = external->ir;
}

// An operand is at least a unit wide: a UInt8 in code of 16-bit units takes a whole unit, and
// is read as such, with its sign if it has one.
static IrCell operand_cell(IrCell cell, IrCell unit) {
    if (ir_cell_size(cell) >= ir_cell_size(unit))
        return cell;
    return cell == IR_CELL_I8 ? IR_CELL_I16 : IR_CELL_U16;
}

// An opcode is one unit of code. The first that doesn't fit speaks for the rest.
static void check_opcodes_fit(LoopDefinition *definition) {
    size_t most = (size_t)1 << (8 * ir_cell_size(definition->table->unit));
    if (definition->bytecodes.count > most)
        diagnostic_error(definition->diagnostics, definition->bytecodes.items[most]->ast->at,
                         "`%s` has the opcode %zu, which a UInt%d of code doesn't hold",
                         definition->table->bytecodes.items[most].name, most,
                         8 * ir_cell_size(definition->table->unit));
}

// Operands follow the opcode in their order, without padding: code has no alignment beyond its
// unit. Where the definition gives no role, a displacement's is found out later (effects.c).
static void lay_out_bytecodes(LoopDefinition *definition, size_t first) {
    IrCell unit = definition->table->unit;
    for (size_t i = first; i < definition->bytecodes.count; i++) {
        LoopBytecode *source = definition->bytecodes.items[i];
        IrBytecode *bytecode = &definition->table->bytecodes.items[source->opcode];
        bytecode->length = 1;
        for (size_t j = 0; j < source->operands.count; j++) {
            IrCell cell = operand_cell(source->operands.items[j].cell, unit);
            source->operands.items[j].cell = cell;
            IrOperand operand = {
                .name = arena_strdup(definition->arena, source->ast->arguments.items[j].name),
                .cell = cell,
                .role = source->roles.items[j],
                .jump = {0, 0, -1},
                .is_fixed = source->fixed.items[j].is_fixed,
                .fixed = source->fixed.items[j].fixed,
            };
            ARENA_PUSH(definition->arena, &bytecode->operands, operand);
            bytecode->length += ir_cell_size(cell) / ir_cell_size(unit);
        }
    }
}

static void check_fallback(LoopDefinition *definition) {
    IrCell unit = definition->table->unit;
    LoopBytecode *fallback = definition->fallback;
    if (fallback->operands.items[0].cell != unit)
        diagnostic_error(definition->diagnostics, fallback->ast->arguments.items[0].at,
                         "the unknown opcode is one unit of code, as `code` answers them");
}

void loop_declare_specials(LoopDefinition *definition) {
    declare_code(definition);
    declare_stack_pointer(definition);
    declare_further_stacks(definition);
    declare_poll(definition);
    declare_barrier(definition);
    if (definition->unit.kind != LOOP_INT64)
        return;
    size_t count = definition->bytecodes.count;
    lay_out_bytecodes(definition, 0);
    loop_declare_wide_forms(definition);
    lay_out_bytecodes(definition, count);
    check_fallback(definition);
    check_opcodes_fit(definition);
}
