// See edit.h. A substitution is a map with chains: what stands for what may itself be
// replaced later, and following shortens the chain, as in union-find. So passes note
// replacements as they walk, and apply them once at the end, instead of searching all uses
// for each.
#include "passes/support/edit.h"
#include "ir/builder.h"

#include <string.h>

// ---- Substitution --------------------------------------------------------------------

void substitution_add(Substitution *substitution, const IrValue *old, IrValue *replacement) {
    int index = pointer_map_find(&substitution->indices, old);
    if (index >= 0) {
        substitution->replacements.items[index] = replacement;
        return;
    }
    pointer_map_add(substitution->arena, &substitution->indices, old,
                    (int)substitution->replacements.count);
    ARENA_PUSH(substitution->arena, &substitution->replacements, replacement);
}

IrValue *substitution_of(const Substitution *substitution, IrValue *value) {
    // Two walks, as the chain's end has to be known before what leads there can be led to it
    // at once.
    IrValue *end = value;
    int index;
    while ((index = pointer_map_find(&substitution->indices, end)) >= 0)
        end = substitution->replacements.items[index];
    // Shorten the chain, so that long ones are walked once.
    while (value != end && (index = pointer_map_find(&substitution->indices, value)) >= 0) {
        value = substitution->replacements.items[index];
        substitution->replacements.items[index] = end;
    }
    return end;
}

void substitution_apply(const Substitution *substitution, IrRegion *region) {
    if (!substitution->replacements.count)
        return;
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first; at; at = at->next) {
            for (size_t i = 0; i < at->operands.count; i++)
                at->operands.items[i] = substitution_of(substitution, at->operands.items[i]);
            for (size_t e = 0; e < at->edges.count; e++)
                for (size_t i = 0; i < at->edges.items[e].arguments.count; i++) {
                    IrValue **argument = &at->edges.items[e].arguments.items[i];
                    *argument = substitution_of(substitution, *argument);
                }
        }
}

// ---- Places ----------------------------------------------------------------------------

IrRegion *edit_code_of(const IrBlock *block, const IrFunction *function) {
    if (function)
        return function->regions.items[0];
    return block ? block->region : NULL;
}

static bool is_taken(const IrModule *module, const char *name) {
    return ir_find_function(module, name) || ir_find_external(module, name) ||
           ir_find_table(module, name);
}

const char *edit_free_name(const IrModule *module, const char *name) {
    const char *candidate = name;
    for (int suffix = 1; is_taken(module, candidate); suffix++)
        candidate = arena_printf(module->arena, "%s.%d", name, suffix);
    return candidate;
}

IrTable *edit_dispatch_table(const IrFunction *function) {
    for (size_t r = 0; r < function->regions.count; r++) {
        const IrRegion *region = function->regions.items[r];
        for (size_t b = 0; b < region->blocks.count; b++) {
            const IrInstruction *last = region->blocks.items[b]->last;
            if (last && last->op == IR_DISPATCH)
                return last->table;
        }
    }
    return NULL;
}

static void drop_value(IrValue **items, size_t *count, size_t index) {
    memmove(&items[index], &items[index + 1], (*count - index - 1) * sizeof *items);
    (*count)--;
}

static void drop_argument(const IrFunction *function, const IrTable *table, IrInstruction *last,
                          size_t index) {
    if (ir_op_leaves_by_table(last->op) && last->table == table)
        drop_value(last->operands.items, &last->operands.count, 1 + index);
    for (size_t e = 0; e < last->edges.count; e++)
        if (edit_is_header(function, last->edges.items[e].block))
            drop_value(last->edges.items[e].arguments.items, &last->edges.items[e].arguments.count,
                       index);
}

void edit_remove_table_parameter(IrFunction *function, IrTable *table, size_t index) {
    for (size_t r = 0; r < function->regions.count; r++) {
        IrRegion *region = function->regions.items[r];
        if (r > 0 && ir_leads_to(table, region->blocks.items[0]))
            ir_remove_parameter(region->blocks.items[0], index);
        for (size_t b = 0; b < region->blocks.count; b++)
            drop_argument(function, table, region->blocks.items[b]->last, index);
    }
    ir_remove_parameter(function->header, index);
    IrTableParameter *items = table->parameters.items;
    memmove(&items[index], &items[index + 1],
            (table->parameters.count - index - 1) * sizeof *items);
    table->parameters.count--;
}

IrBuilder edit_before(IrModule *module, IrInstruction *instruction) {
    return (IrBuilder){module, instruction->block, instruction, instruction->at,
                       instruction->inlined};
}

IrBuilder edit_after(IrModule *module, IrInstruction *instruction) {
    return (IrBuilder){module, instruction->block, instruction->next, instruction->at,
                       instruction->inlined};
}

// Moves the region's last block to stand right after `before`.
// Where a block stands means nothing to the IR; a reader expects it next to what it was split
// from.
static void place_after(IrRegion *region, const IrBlock *before) {
    size_t from = region->blocks.count - 1, to = from;
    IrBlock *moved = region->blocks.items[from];
    while (to > 0 && region->blocks.items[to - 1] != before)
        to--;
    memmove(region->blocks.items + to + 1, region->blocks.items + to,
            (from - to) * sizeof *region->blocks.items);
    region->blocks.items[to] = moved;
}

// Only the edge's own arguments move. The block has no parameters: its source dominates it, so
// it may use any value that could be used there.
IrBlock *edit_split_edge(IrModule *module, IrInstruction *terminator, size_t edge,
                         const char *name) {
    IrRegion *region = terminator->block->region;
    IrBlock *block = ir_block_new(region, name);
    place_after(region, terminator->block);
    IrEdge *split = &terminator->edges.items[edge];
    IrBuilder builder = {module, block, NULL, terminator->at, terminator->inlined};
    ir_build_br(&builder, split->block, split->arguments.items, split->arguments.count);
    split->block = block;
    split->arguments.count = 0;
    return block;
}

// In place, so that whoever holds on to the terminator holds on to what it has become.
void edit_make_branch(IrInstruction *terminator, size_t edge) {
    terminator->op = IR_BR;
    terminator->edges.items[0] = terminator->edges.items[edge];
    terminator->edges.items[0].case_value = 0;
    terminator->edges.count = 1;
    terminator->operands.count = 0;
    terminator->likely = IR_LIKELY_UNKNOWN;
}

// ---- Entries of regions --------------------------------------------------------------

typedef ARENA_VECTOR(IrEdge *) Edges;

static Edges edges_to_entry(const IrRegion *region, Arena *arena) {
    Edges edges = {0};
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        for (size_t e = 0; last && e < last->edges.count; e++)
            if (last->edges.items[e].block == region->blocks.items[0])
                ARENA_PUSH(arena, &edges, &last->edges.items[e]);
    }
    return edges;
}

// True also if there are no edges: then the parameter is what it was at the dispatch.
static bool all_pass(const Edges *edges, const IrValue *parameter) {
    for (size_t e = 0; e < edges->count; e++) {
        const IrEdge *edge = edges->items[e];
        size_t index = (size_t)parameter->parameter.index;
        if (index >= edge->arguments.count || edge->arguments.items[index] != parameter)
            return false;
    }
    return true;
}

bool edit_entry_keeps(const IrRegion *region, size_t index) {
    Arena *scratch = arena_new();
    Edges edges = edges_to_entry(region, scratch);
    bool keeps = all_pass(&edges, region->blocks.items[0]->parameters.items[index]);
    arena_free(scratch);
    return keeps;
}

// The instructions of `from` become those of `to`, which has none.
static void move_instructions(IrBlock *from, IrBlock *to) {
    to->first = from->first;
    to->last = from->last;
    for (IrInstruction *at = to->first; at; at = at->next)
        at->block = to;
    from->first = from->last = NULL;
}

void edit_give_own_entry(IrModule *module, IrRegion *region) {
    IrBlock *entry = region->blocks.items[0];
    Arena *scratch = arena_new();
    Edges edges = edges_to_entry(region, scratch);
    if (!edges.count) {
        arena_free(scratch);
        return;
    }
    // A parameter that every way back passes on as it is need not be one of the loop inside.
    bool *varies = ARENA_ARRAY(scratch, bool, entry->parameters.count + 1);
    for (size_t i = 0; i < entry->parameters.count; i++)
        varies[i] = !all_pass(&edges, entry->parameters.items[i]);
    IrBlock *body = ir_block_new(region, entry->name);
    place_after(region, entry);
    move_instructions(entry, body);
    IrValues arguments = {0};
    for (size_t i = 0; i < entry->parameters.count; i++) {
        IrValue *parameter = entry->parameters.items[i];
        if (!varies[i])
            continue;
        ir_replace_uses(region, parameter,
                        ir_parameter_new(body, parameter->type, parameter->name));
        ARENA_PUSH(scratch, &arguments, parameter);
    }
    for (size_t e = 0; e < edges.count; e++) {
        IrEdge *edge = edges.items[e];
        size_t kept = 0;
        for (size_t i = 0; i < edge->arguments.count; i++)
            if (varies[i])
                edge->arguments.items[kept++] = edge->arguments.items[i];
        edge->arguments.count = kept;
        edge->block = body;
    }
    IrBuilder builder = {module, entry, NULL, body->first->at, body->first->inlined};
    ir_build_br(&builder, body, arguments.items, arguments.count);
    arena_free(scratch);
}
