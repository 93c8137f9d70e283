// See lower.h. The trunk fetches and dispatches; each bytecode reads its operands at its start,
// does its work, and goes back to the header. Nothing is made better here than the definition
// says it: that is the passes' work, and they can be measured only if their starting point is
// the loop that somebody would write who gives no thought to speed.
//
// Each bytecode is a region of its own, which uses nothing of another one's or the trunk's but
// its parameters, thread and frame. So a bytecode with operands reads again where the loop
// stands; and regions can be moved, copied and made functions.
#include "frontend/loop/lower.h"
#include "frontend/loop/expand.h"
#include "ir/builder.h"
#include "ir/methods.h"

// The region of what comes where the table has nothing. No bytecode can be called so.
#define LOOP_FALLBACK_NAME "unknown"

// Forgets all of the region before, but for what errors have been reported: a helper that
// several bytecodes use is wrong only once. The block `dead` is in no region and has no
// predecessors; what is read there is undefined, and nothing of it stays.
static void begin_region(LoopLowering *lowering, IrRegion *region, LoopPlace place, int length) {
    LoopLowering fresh = {
        .definition = lowering->definition,
        .arena = lowering->arena,
        .module = lowering->module,
        .function = lowering->function,
        .builder = {.module = lowering->module},
        .region = region,
        .place = place,
        .length = length,
        .opcode = -1,
        .gave_up = false,
    };
    fresh.reported.items = lowering->reported.items;
    fresh.reported.count = lowering->reported.count;
    fresh.reported.capacity = lowering->reported.capacity;
    *lowering = fresh;
    lowering->dead = loop_block_new(lowering, "dead");
    lowering->dead->sealed = true;
}

// The first block of a region, or the header: its parameters are the table's, in their order.
static LoopBlock *start_entry(LoopLowering *lowering, const char *name) {
    LoopBlock *block = loop_block_new(lowering, name);
    block->sealed = true;
    loop_start_block(lowering, block);
    const IrTable *table = lowering->definition->table;
    const char *thread = ir_state_name(table, IR_THREAD_PARAMETER);
    const char *frame = ir_state_name(table, IR_FRAME_PARAMETER);
    lowering->thread = ir_parameter_new(block->ir, IR_PTR, thread);
    lowering->frame = ir_parameter_new(block->ir, IR_PTR, frame);
    return block;
}

// The outermost scope: the loop's state.
static void declare_state(LoopLowering *lowering, LoopScope *scope) {
    LoopDefinition *definition = lowering->definition;
    const AstVariables *fields = &definition->loop->fields;
    lowering->scope = scope;
    loop_declare_variable(lowering, definition->thread_name, loop_record_type(definition->thread),
                          lowering->thread, fields->items[0].at);
    loop_declare_variable(lowering, definition->frame_name, loop_record_type(definition->frame),
                          lowering->frame, fields->items[1].at);
}

// The code and the pc, as the definition's helpers say. False if they have none, which the
// trunk has reported.
static bool read_place(LoopLowering *lowering, LoopResult *code, LoopResult *pc, Location at) {
    LoopDefinition *definition = lowering->definition;
    *code = loop_expand(lowering, definition->code, NULL, at);
    if (!code->value || !loop_is_live(lowering))
        return false;
    *pc = loop_expand(lowering, definition->pc, NULL, at);
    return pc->value && loop_is_live(lowering);
}

static IrValue *load_unit(LoopLowering *lowering, IrCell cell, LoopResult code, IrValue *index,
                          Location at) {
    return ir_build_load_element(loop_builder(lowering, at), cell, code.value, index,
                                 code.type.alias_class);
}

// `interpret(thread, frame)` enters the loop with its arguments; the header has the loop's
// state as its parameters, fetches the opcode where that stands, and leaves by the table.
static void lower_trunk(LoopLowering *lowering) {
    LoopDefinition *definition = lowering->definition;
    LoopScope scope = {0};
    LoopResult code, pc;
    begin_region(lowering, lowering->function->regions.items[0], LOOP_IN_TRUNK, 1);
    LoopBlock *entry = start_entry(lowering, "entry");
    IrValue *arguments[] = {
        [IR_THREAD_PARAMETER] = lowering->thread, [IR_FRAME_PARAMETER] = lowering->frame};
    LoopBlock *header = start_entry(lowering, "loop");
    lowering->function->header = header->ir;
    lowering->block = entry;
    ir_build_br(loop_builder(lowering, definition->code->ast->at), header->ir, arguments,
                IR_STATE_PARAMETERS);
    lowering->block = header;
    declare_state(lowering, &scope);
    Location at = definition->code->ast->at;
    if (!read_place(lowering, &code, &pc, at))
        return;
    IrValue *opcode = load_unit(lowering, definition->table->unit, code, pc.value, at);
    opcode->name = "opcode";
    IrValue *state[] = {
        [IR_THREAD_PARAMETER] = lowering->thread, [IR_FRAME_PARAMETER] = lowering->frame};
    ir_build_dispatch(loop_builder(lowering, at), definition->table, opcode, state,
                      IR_STATE_PARAMETERS);
    loop_remove_trivial_parameters(lowering);
}

// One operand, `unit` units after the opcode; several units make it low unit first. Only the
// last unit is read with its sign, which its bits then carry to the whole. Loads are of single
// units because code is aligned to units, not to operands.
static IrValue *read_operand(LoopLowering *lowering, LoopResult code, LoopResult pc, int unit,
                             IrCell cell, Location at) {
    IrModule *module = lowering->module;
    IrCell unit_cell = lowering->definition->table->unit;
    bool is_signed = cell == IR_CELL_I8 || cell == IR_CELL_I16 || cell == IR_CELL_I32;
    IrCell last_cell = !is_signed ? unit_cell : unit_cell == IR_CELL_U8 ? IR_CELL_I8 : IR_CELL_I16;
    int count = ir_cell_size(cell) / ir_cell_size(unit_cell);
    IrValue *whole = NULL;
    for (int i = 0; i < count; i++) {
        IrValue *index = ir_build(loop_builder(lowering, at), IR_ADD, pc.value,
                                  ir_integer(module, IR_I64, unit + i));
        IrValue *part =
            load_unit(lowering, i + 1 == count ? last_cell : unit_cell, code, index, at);
        IrBuilder *builder = loop_builder(lowering, at);
        if (i > 0) {
            int shift = 8 * ir_cell_size(unit_cell) * i;
            part = ir_build(builder, IR_SHL, part, ir_integer(module, IR_I64, shift));
            part = ir_build(builder, IR_OR, whole, part);
        }
        whole = part;
    }
    return whole;
}

// Reads the operands and declares them. Returns their values; NULL is one that is fixed, a
// constant.
static IrValue **read_operands(LoopLowering *lowering, const LoopBytecode *source,
                               const IrBytecode *bytecode) {
    size_t count = bytecode->operands.count;
    IrValue **values = ARENA_ARRAY(lowering->arena, IrValue *, count + 1);
    LoopResult code, pc;
    if (!count || !read_place(lowering, &code, &pc, source->ast->at))
        return values;
    int unit = 1;
    for (size_t i = 0; i < count; i++) {
        const IrOperand *operand = &bytecode->operands.items[i];
        const AstVariable *argument = &source->ast->arguments.items[i];
        IrValue *value = ir_integer(lowering->module, IR_I64, operand->fixed);
        if (!operand->is_fixed) {
            value = read_operand(lowering, code, pc, unit, operand->cell, argument->at);
            value->name = operand->name;
            values[i] = value;
        }
        unit += ir_cell_size(operand->cell) / ir_cell_size(lowering->definition->table->unit);
        loop_declare_variable(lowering, operand->name, loop_type(LOOP_INT64), value, argument->at);
    }
    return values;
}

// The method's body with the way on to the next bytecode at its end. A path that ended by
// itself is dead there, and loop_end_bytecode does nothing.
static void lower_body(LoopLowering *lowering, const LoopBytecode *bytecode) {
    lowering->expansion->exits.count = 0;
    loop_body(lowering, bytecode->ast->body, false);
    loop_end_bytecode(lowering, bytecode->ast->body->end);
    loop_remove_trivial_parameters(lowering);
}

static void lower_bytecode(LoopLowering *lowering, const LoopBytecode *source) {
    IrBytecode *bytecode = &lowering->definition->table->bytecodes.items[source->opcode];
    LoopScope state = {0}, operands = {.parent = &state};
    begin_region(lowering, ir_region_new(lowering->function, bytecode->name), LOOP_IN_BYTECODE,
                 bytecode->length);
    lowering->opcode = (int)source->opcode;
    LoopExpansion expansion = {.method = ir_find_method(lowering->module, bytecode->name)};
    lowering->expansion = &expansion;
    bytecode->block = start_entry(lowering, bytecode->name)->ir;
    declare_state(lowering, &state);
    lowering->scope = &operands;
    int errors = lowering->definition->diagnostics->errors;
    IrValue **values = read_operands(lowering, source, bytecode);
    lower_body(lowering, source);
    // Of a body with errors the effects would be wrong, and be reported as such.
    if (lowering->definition->diagnostics->errors == errors && !lowering->gave_up)
        loop_stack_effects(lowering, source, values);
}

// The default: the opcode that was found is read again, since the table hands on the loop's state
// and nothing else.
static void lower_fallback(LoopLowering *lowering) {
    LoopDefinition *definition = lowering->definition;
    const LoopBytecode *fallback = definition->fallback;
    const AstVariable *argument = &fallback->ast->arguments.items[0];
    LoopScope state = {0}, operands = {.parent = &state};
    LoopResult code, pc;
    begin_region(lowering, ir_region_new(lowering->function, LOOP_FALLBACK_NAME), LOOP_IN_FALLBACK,
                 1);
    LoopExpansion expansion = {.method = ir_find_method(lowering->module, LOOP_FALLBACK_NAME)};
    lowering->expansion = &expansion;
    definition->table->default_block = start_entry(lowering, LOOP_FALLBACK_NAME)->ir;
    declare_state(lowering, &state);
    lowering->scope = &operands;
    if (!read_place(lowering, &code, &pc, fallback->ast->at))
        return;
    IrValue *opcode = load_unit(lowering, definition->table->unit, code, pc.value, argument->at);
    loop_declare_variable(lowering, argument->name, loop_type(LOOP_INT64), opcode, argument->at);
    opcode->name = lowering->scope->variables.items[0]->name;
    lower_body(lowering, fallback);
}

// A helper that no bytecode uses is checked on its own, in a region that goes away: so a mistake
// in a helper shows when it is written. Its arguments are parameters of its types, and count as
// records that are being made, as some caller's may be.
static void check_helper(LoopLowering *lowering, LoopHelper *helper) {
    LoopScope state = {0};
    LoopExpansion expansion = {0};
    begin_region(lowering, ir_region_new(lowering->function, "check"), LOOP_IN_BYTECODE, 1);
    lowering->expansion = &expansion;
    LoopBlock *entry = start_entry(lowering, "check");
    declare_state(lowering, &state);
    size_t count = helper->parameters.count;
    LoopResult *arguments = ARENA_ARRAY(lowering->arena, LoopResult, count + 1);
    for (size_t i = 0; i < count; i++) {
        LoopType type = helper->parameters.items[i];
        arguments[i] = loop_result(type, ir_parameter_new(entry->ir, loop_ir_type(type), NULL));
        arguments[i].made = true;
    }
    loop_expand(lowering, helper, arguments, helper->ast->at);
    lowering->function->regions.count--;
}

static bool has_opcode(const IrOpcodes *opcodes, int opcode) {
    for (size_t i = 0; i < opcodes->count; i++)
        if (opcodes->items[i] == opcode)
            return true;
    return false;
}

// Where a quickened bytecode stands it must be known what has been there: the runtime goes by
// what the compiler wrote (ir_find_bases).
static void check_bases(LoopDefinition *definition) {
    IrTable *table = definition->table;
    int *bases = ARENA_ARRAY(definition->arena, int, table->bytecodes.count);
    ir_find_bases(table, bases);
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (bases[i] == IR_TWO_BASES)
            diagnostic_error(definition->diagnostics, table->bytecodes.items[i].at,
                             "`%s` can't be what several bytecodes quicken to",
                             table->bytecodes.items[i].name);
}

// A compiler may write any operand.
static void check_fixed(LoopDefinition *definition) {
    for (size_t i = 0; i < definition->bytecodes.count; i++) {
        const LoopBytecode *source = definition->bytecodes.items[i];
        const IrBytecode *bytecode = &definition->table->bytecodes.items[source->opcode];
        for (size_t k = 0; k < bytecode->operands.count; k++)
            if (bytecode->operands.items[k].is_fixed && bytecode->origin != IR_ORIGIN_QUICKENED)
                diagnostic_error(definition->diagnostics, source->ast->arguments.items[k].at,
                                 "`%s` fixes an operand, and nothing quickens to it",
                                 bytecode->name);
    }
}

// Quickenings are checked at the end, because both bytecodes must have the same operands and
// stack effect, and effects are known only when both have been lowered. What an earlier
// bytecode quickens to is for the runtime alone to write. What a later one quickens to keeps
// its origin: so a quickened bytecode may quicken back to its base, and that stays one that
// compilers write.
static void set_quickenings(LoopDefinition *definition) {
    IrTable *table = definition->table;
    for (size_t i = 0; i < definition->quickenings.count; i++) {
        const LoopQuickening *quickening = &definition->quickenings.items[i];
        IrBytecode *from = &table->bytecodes.items[quickening->from];
        IrBytecode *to = &table->bytecodes.items[quickening->to];
        const char *fault = from == to ? "the same place" : ir_quickening_fault(from, to);
        if (fault)
            diagnostic_error(definition->diagnostics, quickening->at,
                             "`%s` can't quicken to `%s`, which has %s", from->name, to->name,
                             fault);
        else if (!has_opcode(&from->quickens, to->opcode))
            ARENA_PUSH(definition->arena, &from->quickens, to->opcode);
        if (quickening->to <= quickening->from)
            continue;
        if (to->origin == IR_ORIGIN_RESERVED)
            diagnostic_error(definition->diagnostics, quickening->at,
                             "`%s` can't quicken to `%s`, which is marked as reserved", from->name,
                             to->name);
        else
            to->origin = IR_ORIGIN_QUICKENED;
    }
    check_bases(definition);
    check_fixed(definition);
}

// A bytecode may go on as one that it quickens to, or that quickens to it: they do the same.
static void check_continuations(LoopDefinition *definition) {
    for (size_t i = 0; i < definition->continuations.count; i++) {
        const LoopQuickening *continuation = &definition->continuations.items[i];
        const IrBytecode *from = &definition->table->bytecodes.items[continuation->from];
        const IrBytecode *to = &definition->table->bytecodes.items[continuation->to];
        if (!has_opcode(&from->quickens, to->opcode) && !has_opcode(&to->quickens, from->opcode))
            diagnostic_error(definition->diagnostics, continuation->at,
                             "`%s` can't continue as `%s`: neither quickens to the other",
                             from->name, to->name);
    }
}

// Before any helper has one, so that bytecodes are called as in the table.
static void make_methods(LoopDefinition *definition) {
    IrModule *module = definition->module;
    for (size_t i = 0; i < definition->bytecodes.count; i++)
        ir_method_new(module, definition->table->bytecodes.items[i].name)->at =
            definition->bytecodes.items[i]->ast->at;
    ir_method_new(module, LOOP_FALLBACK_NAME)->at = definition->fallback->ast->at;
}

bool loop_lower_bodies(LoopDefinition *definition) {
    int errors = definition->diagnostics->errors;
    LoopLowering lowering = {
        .definition = definition,
        .arena = definition->arena,
        .module = definition->module,
        .function = ir_function_new(definition->module, "interpret", IR_VOID),
    };
    make_methods(definition);
    lower_trunk(&lowering);
    for (size_t i = 0; i < definition->bytecodes.count; i++)
        lower_bytecode(&lowering, definition->bytecodes.items[i]);
    lower_fallback(&lowering);
    for (size_t i = 0; i < definition->helpers.count; i++) {
        if (!definition->helpers.items[i]->expanded)
            check_helper(&lowering, definition->helpers.items[i]);
    }
    if (definition->diagnostics->errors == errors)
        set_quickenings(definition);
    if (definition->diagnostics->errors == errors)
        check_continuations(definition);
    ir_renumber(lowering.function);
    return definition->diagnostics->errors == errors;
}

IrModule *loop_lower(Arena *arena, Diagnostics *diagnostics, const AstFile *file,
                     LoopOptions options) {
    LoopDefinition *definition = loop_declare(arena, diagnostics, file);
    if (!definition || !loop_lower_bodies(definition))
        return NULL;
    definition->module->verified = options.verified;
    return definition->module;
}
