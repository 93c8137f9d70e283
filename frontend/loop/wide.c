// Wide forms. An operand that is marked `wide` has few bits in the code, as most need no more; for
// what needs more there is a second bytecode, made of the same method, in which the marked operands
// are twice as wide. Each form knows how wide its operands are, has a length of its own, and costs
// an opcode.
//
// Other machines have a prefix instead (Java's `wide`), which is dispatched by itself and leaves
// the next bytecode to find out what stood before it. Code that is written so runs here as it is,
// if the definition has a prefix, too: where that is executed it writes the form's opcode in its
// own place, and begins again there. So a form has room for both opcodes, and only the first
// execution is dispatched twice.
//
// Wide forms are numbered after all others, in their order, so that marking an operand moves no
// opcode.
#include "frontend/loop/expand.h"
#include "ir/builder.h"

#include <ctype.h>
#include <string.h>

static bool has_wide(const LoopBytecode *bytecode) {
    for (size_t i = 0; i < bytecode->is_wide.count; i++)
        if (bytecode->is_wide.items[i])
            return true;
    return false;
}

// Of a cell that code holds; 32 bits are the most.
static IrCell twice_as_wide(IrCell cell) {
    switch (cell) {
    case IR_CELL_U8: return IR_CELL_U16;
    case IR_CELL_I8: return IR_CELL_I16;
    case IR_CELL_U16: return IR_CELL_U32;
    default: return IR_CELL_I32;
    }
}

static const char *wide_name(Arena *arena, const char *name) {
    char *made = arena_printf(arena, "wide%s", name);
    made[strlen("wide")] = (char)toupper((unsigned char)*name);
    return made;
}

static bool is_taken(const LoopDefinition *definition, const char *snake) {
    for (size_t i = 0; i < definition->bytecodes.count; i++)
        if (!strcmp(definition->bytecodes.items[i]->snake, snake))
            return true;
    return false;
}

// The same method with an argument before all others: the opcode that stands behind the prefix.
static const AstMethod *behind_prefix(Arena *arena, const AstMethod *narrow) {
    AstMethod *method = ARENA_NEW(arena, AstMethod);
    *method = *narrow;
    method->arguments = (AstVariables){0};
    AstVariable opcode = {.name = "narrowOpcode", .at = narrow->at};
    ARENA_PUSH(arena, &method->arguments, opcode);
    for (size_t i = 0; i < narrow->arguments.count; i++)
        ARENA_PUSH(arena, &method->arguments, narrow->arguments.items[i]);
    return method;
}

static void add_operand(Arena *arena, LoopBytecode *form, LoopType type, const char *role,
                        IrOperand fixed) {
    ARENA_PUSH(arena, &form->operands, type);
    ARENA_PUSH(arena, &form->roles, role);
    ARENA_PUSH(arena, &form->fixed, fixed);
}

static LoopBytecode *new_form(LoopDefinition *definition, const LoopBytecode *narrow) {
    Arena *arena = definition->arena;
    LoopBytecode *form = ARENA_NEW(arena, LoopBytecode);
    *form = (LoopBytecode){
        .ast = narrow->ast, .narrow = narrow, .opcode = definition->table->bytecodes.count};
    if (definition->prefix) {
        form->ast = behind_prefix(arena, narrow->ast);
        add_operand(arena, form, definition->unit, NULL, (IrOperand){0});
    }
    for (size_t i = 0; i < narrow->operands.count; i++) {
        LoopType type = narrow->operands.items[i];
        if (narrow->is_wide.items[i])
            type.cell = twice_as_wide(type.cell);
        add_operand(arena, form, type, narrow->roles.items[i], narrow->fixed.items[i]);
    }
    return form;
}

static void add_form(LoopDefinition *definition, LoopBytecode *narrow) {
    Arena *arena = definition->arena;
    IrTable *table = definition->table;
    const IrBytecode *base = &table->bytecodes.items[narrow->opcode];
    LoopBytecode *wide = new_form(definition, narrow);
    IrBytecode made = {.opcode = (int)wide->opcode,
                       .name = wide_name(arena, base->name),
                       .at = base->at,
                       .needs = {0, 0, -1},
                       .stack = {0, 0, -1},
                       .jumped = {0, 0, -1}};
    wide->snake = loop_snake_case(arena, made.name);
    if (is_taken(definition, wide->snake))
        diagnostic_error(definition->diagnostics, narrow->ast->at,
                         "the wide form of `%s` would be a second bytecode named `%s`", base->name,
                         made.name);
    narrow->wide = wide;
    ARENA_PUSH(arena, &table->bytecodes, made);
    ARENA_PUSH(arena, &definition->bytecodes, wide);
}

// ---- The prefix -----------------------------------------------------------------------------

// `= ( self widenNext )`, and nothing else.
static bool is_prefix(const AstMethod *method) {
    const AstBlock *body = method->body;
    if (method->arguments.count || !body || body->statements.count != 1)
        return false;
    const AstExpression *only = body->statements.items[0];
    if (only->kind == AST_RETURN)
        only = only->returned;
    return only->kind == AST_SEND && !strcmp(only->send.selector, "widenNext") &&
           only->send.receiver->kind == AST_VARIABLE &&
           !strcmp(only->send.receiver->variable.name, "self");
}

static void find_prefix(LoopDefinition *definition) {
    for (size_t i = 0; i < definition->bytecodes.count; i++) {
        LoopBytecode *bytecode = definition->bytecodes.items[i];
        if (!is_prefix(bytecode->ast))
            continue;
        if (definition->prefix)
            diagnostic_error(definition->diagnostics, bytecode->ast->at, "a second prefix");
        definition->prefix = bytecode;
    }
}

void loop_declare_wide_forms(LoopDefinition *definition) {
    size_t count = definition->bytecodes.count;
    find_prefix(definition);
    for (size_t i = 0; i < count; i++)
        if (has_wide(definition->bytecodes.items[i]))
            add_form(definition, definition->bytecodes.items[i]);
    if (definition->prefix && definition->bytecodes.count == count)
        diagnostic_error(definition->diagnostics, definition->prefix->ast->at,
                         "`%s` has nothing to widen: no operand is `wide`",
                         definition->prefix->ast->selector);
}

// Where the code goes from here for each opcode that has a wide form: there its opcode is known.
static LoopResult choose_form(LoopLowering *lowering, IrValue *narrow, LoopBlock *otherwise,
                              Location at) {
    const LoopDefinition *definition = lowering->definition;
    LoopCases cases = {0};
    LoopExits exits = {0};
    for (size_t i = 0; i < definition->bytecodes.count; i++)
        if (definition->bytecodes.items[i]->wide) {
            LoopCase made = {(int64_t)i, loop_block_new(lowering, "form")};
            ARENA_PUSH(lowering->arena, &cases, made);
        }
    loop_switch(lowering, narrow, &cases, otherwise, at);
    for (size_t i = 0; i < cases.count; i++) {
        const LoopBytecode *bytecode = definition->bytecodes.items[cases.items[i].number];
        loop_seal_block(lowering, cases.items[i].block);
        loop_start_block(lowering, cases.items[i].block);
        LoopExit exit = {lowering->block,
                         loop_integer_result(lowering, (int64_t)bytecode->wide->opcode), at};
        ARENA_PUSH(lowering->arena, &exits, exit);
    }
    return loop_join(lowering, &exits, "wide", at);
}

// What has no wide form is done as if nothing stood before it.
LoopResult loop_widen(LoopLowering *lowering, const AstExpression *e) {
    LoopDefinition *definition = lowering->definition;
    const LoopBytecode *prefix = definition->prefix;
    if (!prefix || lowering->opcode != (int)prefix->opcode) {
        LOOP_ERROR(lowering, e->at,
                   "`widenNext` is all that the prefix does, a bytecode without operands");
        return loop_never(lowering);
    }
    IrCell unit = definition->table->unit;
    LoopResult code = loop_expand(lowering, definition->code, NULL, e->at);
    LoopResult pc = loop_expand(lowering, definition->pc, NULL, e->at);
    if (!code.value || !pc.value || !loop_is_live(lowering))
        return loop_never(lowering);
    IrBuilder *builder = loop_builder(lowering, e->at);
    IrValue *behind =
        ir_build(builder, IR_ADD, pc.value, ir_integer(lowering->module, IR_I64, lowering->length));
    IrValue *narrow =
        ir_build_load_element(builder, unit, code.value, behind, code.type.alias_class);
    LoopBlock *otherwise = loop_block_new(lowering, "narrow");
    LoopResult form = choose_form(lowering, narrow, otherwise, e->at);
    ir_build_store_element(loop_builder(lowering, e->at), IR_STORE, unit, code.value, pc.value,
                           form.value, code.type.alias_class);
    loop_end_with_jump(lowering, pc, e->at);
    loop_seal_block(lowering, otherwise);
    loop_start_block(lowering, otherwise);
    return loop_nothing();
}
