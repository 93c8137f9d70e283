// Wide forms. An operand that is marked `wide` has few bits in the code, as most need no more; for
// what needs more there is a second bytecode, made of the same method, in which the marked operands
// are twice as wide. Other machines have a prefix for that (Java's `wide`, Python's EXTENDED_ARG).
// But a prefix is dispatched by itself, and leaves the next bytecode to find out at run time how
// wide its operands are: here each form knows, has a length of its own, and costs an opcode.
//
// Wide forms are numbered after all others, in their order, so that marking an operand moves no
// opcode.
#include "frontend/loop/definition.h"

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

static void add_form(LoopDefinition *definition, LoopBytecode *narrow) {
    Arena *arena = definition->arena;
    IrTable *table = definition->table;
    const IrBytecode *base = &table->bytecodes.items[narrow->opcode];
    LoopBytecode *wide = ARENA_NEW(arena, LoopBytecode);
    *wide = (LoopBytecode){.ast = narrow->ast,
                           .roles = narrow->roles,
                           .fixed = narrow->fixed,
                           .narrow = narrow,
                           .opcode = table->bytecodes.count};
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
    for (size_t i = 0; i < narrow->operands.count; i++) {
        LoopType type = narrow->operands.items[i];
        if (narrow->is_wide.items[i])
            type.cell = twice_as_wide(type.cell);
        ARENA_PUSH(arena, &wide->operands, type);
    }
    narrow->wide = wide;
    ARENA_PUSH(arena, &table->bytecodes, made);
    ARENA_PUSH(arena, &definition->bytecodes, wide);
}

void loop_declare_wide_forms(LoopDefinition *definition) {
    size_t count = definition->bytecodes.count;
    for (size_t i = 0; i < count; i++)
        if (has_wide(definition->bytecodes.items[i]))
            add_form(definition, definition->bytecodes.items[i]);
}
