// Changing code in place: the few primitives that passes share. Each leaves the module well
// linked: lists are lists, each block knows its region. That the code is right again (an
// edge passes what its block takes, a use comes after its definition) is the pass's work,
// and the verifier's to find out.
#include "ir/ir.h"

#include <string.h>

void ir_remove(IrInstruction *instruction) {
    IrBlock *block = instruction->block;
    if (instruction->previous)
        instruction->previous->next = instruction->next;
    else
        block->first = instruction->next;
    if (instruction->next)
        instruction->next->previous = instruction->previous;
    else
        block->last = instruction->previous;
    // So that whoever holds on to it sees that it is in no block.
    instruction->previous = instruction->next = NULL;
    instruction->block = NULL;
}

static void replace_in(IrValue **items, size_t count, const IrValue *old, IrValue *replacement) {
    for (size_t i = 0; i < count; i++)
        if (items[i] == old)
            items[i] = replacement;
}

void ir_replace_uses(IrRegion *region, const IrValue *old, IrValue *replacement) {
    for (size_t i = 0; i < region->blocks.count; i++) {
        IrInstruction *at = region->blocks.items[i]->first;
        for (; at; at = at->next) {
            replace_in(at->operands.items, at->operands.count, old, replacement);
            for (size_t j = 0; j < at->edges.count; j++)
                replace_in(at->edges.items[j].arguments.items, at->edges.items[j].arguments.count,
                           old, replacement);
        }
    }
}

static void renumber_region(IrRegion *region) {
    for (size_t i = 0; i < region->blocks.count; i++)
        region->blocks.items[i]->index = (int)i;
}

// Moves the region's last block to right after `block`.
static void move_last_after(IrRegion *region, const IrBlock *block) {
    IrBlock **items = region->blocks.items;
    size_t last = region->blocks.count - 1, place = 0;
    IrBlock *moved = items[last];
    while (items[place] != block)
        place++;
    memmove(&items[place + 2], &items[place + 1], (last - place - 1) * sizeof *items);
    items[place + 1] = moved;
    renumber_region(region);
}

// The second half is the new block, so that edges to the old one still lead to its beginning.
IrBlock *ir_split_before(IrModule *module, IrInstruction *instruction, const char *name) {
    (void)module;
    IrBlock *old = instruction->block;
    IrBlock *block = ir_block_new(old->region, name);
    move_last_after(old->region, old);
    block->first = instruction;
    block->last = old->last;
    old->last = instruction->previous;
    if (old->last)
        old->last->next = NULL;
    else
        old->first = NULL;
    instruction->previous = NULL;
    for (IrInstruction *at = instruction; at; at = at->next)
        at->block = block;
    return block;
}

void ir_remove_parameter(IrBlock *block, size_t index) {
    IrValues *parameters = &block->parameters;
    memmove(&parameters->items[index], &parameters->items[index + 1],
            (parameters->count - index - 1) * sizeof *parameters->items);
    parameters->count--;
    // Each parameter knows its own index.
    for (size_t i = index; i < parameters->count; i++)
        parameters->items[i]->parameter.index = (int)i;
}

void ir_renumber(IrFunction *function) {
    for (size_t i = 0; i < function->regions.count; i++)
        renumber_region(function->regions.items[i]);
}

size_t ir_table_parameter_new(IrTable *table, IrFunction *function, const char *name, IrType type,
                              IrPath *mirrors, bool is_cursor) {
    Arena *arena = function->module->arena;
    IrTableParameter parameter = {.name = arena_strdup(arena, name),
                                  .type = type,
                                  .mirrors = mirrors,
                                  .is_cursor = is_cursor};
    ARENA_PUSH(arena, &table->parameters, parameter);
    if (function->module->form == IR_FORM_LOOP && function->header)
        ir_parameter_new(function->header, type, name);
    // The trunk's own first block has the function's parameters, not the table's.
    for (size_t i = 1; i < function->regions.count; i++)
        if (function->regions.items[i]->blocks.count)
            ir_parameter_new(function->regions.items[i]->blocks.items[0], type, name);
    return table->parameters.count - 1;
}
