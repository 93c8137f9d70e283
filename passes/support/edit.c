// See edit.h.
#include "passes/support/edit.h"

#include "ir/analysis/cfg.h"

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

IrBuilder edit_before(IrModule *module, IrInstruction *instruction) {
    return (IrBuilder){module, instruction->block, instruction, instruction->at};
}

IrBuilder edit_behind(IrModule *module, IrInstruction *instruction) {
    return (IrBuilder){module, instruction->block, instruction->next, instruction->at};
}

IrBuilder edit_at_start(IrModule *module, IrBlock *block) {
    return (IrBuilder){module, block, block->first, block->first->at};
}

// Moves the region's last block to stand right behind `before`.
static void place_behind(IrRegion *region, const IrBlock *before) {
    size_t from = region->blocks.count - 1, to = from;
    IrBlock *moved = region->blocks.items[from];
    while (to > 0 && region->blocks.items[to - 1] != before)
        to--;
    memmove(region->blocks.items + to + 1, region->blocks.items + to,
            (from - to) * sizeof *region->blocks.items);
    region->blocks.items[to] = moved;
}

IrBlock *edit_split_edge(IrModule *module, IrInstruction *terminator, size_t edge,
                         const char *name) {
    IrRegion *region = terminator->block->region;
    IrBlock *block = ir_block_new(region, name);
    place_behind(region, terminator->block);
    IrEdge *split = &terminator->edges.items[edge];
    IrBuilder builder = {module, block, NULL, terminator->at};
    ir_build_br(&builder, split->block, split->arguments.items, split->arguments.count);
    split->block = block;
    split->arguments.count = 0;
    return block;
}

void edit_make_branch(IrInstruction *terminator, size_t edge) {
    terminator->op = IR_BR;
    terminator->edges.items[0] = terminator->edges.items[edge];
    terminator->edges.items[0].case_value = 0;
    terminator->edges.count = 1;
    terminator->operands.count = 0;
    terminator->likely = IR_LIKELY_UNKNOWN;
}

void edit_give_own_entry(IrModule *module, IrRegion *region) {
    IrBlock *entry = region->blocks.items[0];
    bool led_back = false;
    for (size_t b = 0; b < region->blocks.count; b++) {
        const IrInstruction *last = region->blocks.items[b]->last;
        for (size_t e = 0; last && e < last->edges.count; e++)
            led_back |= last->edges.items[e].block == entry;
    }
    if (!led_back)
        return;
    // The new block takes the old one's place and identity in table and region; the
    // old one's contents move on to a block of their own.
    IrBlock *body = ir_block_new(region, entry->name);
    place_behind(region, entry);
    body->first = entry->first;
    body->last = entry->last;
    for (IrInstruction *at = body->first; at; at = at->next)
        at->block = body;
    entry->first = entry->last = NULL;
    body->parameters = entry->parameters;
    for (size_t i = 0; i < body->parameters.count; i++)
        body->parameters.items[i]->parameter.block = body;
    entry->parameters = (IrValues){0};
    for (size_t i = 0; i < body->parameters.count; i++) {
        const IrValue *parameter = body->parameters.items[i];
        ir_parameter_new(entry, parameter->type, parameter->name);
    }
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        for (size_t e = 0; last && e < last->edges.count; e++)
            if (last->edges.items[e].block == entry)
                last->edges.items[e].block = body;
    }
    IrBuilder builder = {module, entry, NULL, body->first->at};
    ir_build_br(&builder, body, entry->parameters.items, entry->parameters.count);
}

// ---- Tidying ---------------------------------------------------------------------------

static bool is_target(const IrModule *module, const IrBlock *block) {
    for (size_t t = 0; t < module->tables.count; t++)
        if (ir_leads_to(module->tables.items[t], block))
            return true;
    return false;
}

size_t edit_remove_orphans(IrModule *module) {
    size_t removed = 0;
    for (size_t f = 0; f < module->functions.count; f++) {
        IrFunction *function = module->functions.items[f];
        size_t kept = 1;
        for (size_t r = 1; r < function->regions.count; r++)
            if (is_target(module, function->regions.items[r]->blocks.items[0]))
                function->regions.items[kept++] = function->regions.items[r];
        if (function->regions.count > kept) {
            removed += function->regions.count - kept;
            function->regions.count = kept;
        }
    }
    return removed;
}

size_t edit_remove_unreachable(IrModule *module, IrRegion *region) {
    (void)module;
    Arena *scratch = arena_new();
    const IrCfg *cfg = ir_cfg_compute(scratch, region);
    size_t kept = 0, count = region->blocks.count;
    for (size_t b = 0; b < count; b++) {
        IrBlock *block = region->blocks.items[b];
        if (cfg->nodes[b].order >= 0 || edit_is_header(region->function, block))
            region->blocks.items[kept++] = block;
    }
    region->blocks.count = kept;
    for (size_t b = 0; b < kept; b++)
        region->blocks.items[b]->index = (int)b;
    arena_free(scratch);
    return count - kept;
}

// Do parameters of this block come from outside the region?
static bool has_fixed_parameters(const IrRegion *region, const IrBlock *block) {
    return block == region->blocks.items[0] || edit_is_header(region->function, block);
}

// Drops the parameters of a region's blocks whose slot in `doomed` (by number) is set,
// and the arguments for them. `numbers` numbers the parameters.
static void remove_parameters(IrRegion *region, const PointerMap *numbers, const bool *doomed) {
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        for (size_t e = 0; last && e < last->edges.count; e++) {
            IrEdge *edge = &last->edges.items[e];
            if (edge->block->region != region)
                continue;
            size_t kept = 0;
            for (size_t i = 0; i < edge->arguments.count; i++) {
                int number = i < edge->block->parameters.count
                                 ? pointer_map_find(numbers, edge->block->parameters.items[i])
                                 : -1;
                if (number < 0 || !doomed[number])
                    edge->arguments.items[kept++] = edge->arguments.items[i];
            }
            edge->arguments.count = kept;
        }
    }
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrBlock *block = region->blocks.items[b];
        for (size_t i = block->parameters.count; i-- > 0;) {
            int number = pointer_map_find(numbers, block->parameters.items[i]);
            if (number >= 0 && doomed[number])
                ir_remove_parameter(block, i);
        }
    }
}

static size_t number_parameters(const IrRegion *region, Arena *scratch, PointerMap *numbers) {
    size_t count = 0;
    for (size_t b = 0; b < region->blocks.count; b++) {
        const IrBlock *block = region->blocks.items[b];
        if (has_fixed_parameters(region, block))
            continue;
        for (size_t i = 0; i < block->parameters.count; i++)
            pointer_map_add(scratch, numbers, block->parameters.items[i], (int)count++);
    }
    return count;
}

static bool same_value(const IrValue *a, const IrValue *b) {
    if (a == b)
        return true;
    if (!a || !b || a->kind != IR_CONSTANT || b->kind != IR_CONSTANT || a->type != b->type)
        return false;
    return a->type == IR_F64 ? memcmp(&a->number, &b->number, sizeof a->number) == 0
                             : a->integer == b->integer;
}

size_t edit_remove_redundant_parameters(IrModule *module, IrRegion *region) {
    (void)module;
    Arena *scratch = arena_new();
    PointerMap numbers = {0};
    size_t count = number_parameters(region, scratch, &numbers), removed = 0;
    bool *doomed = ARENA_ARRAY(scratch, bool, count + 1);
    Substitution substitution = {.arena = scratch};
    // The one value that each parameter gets, so far; `several` once there are two.
    IrValue **only = ARENA_ARRAY(scratch, IrValue *, count + 1);
    bool *several = ARENA_ARRAY(scratch, bool, count + 1);
    for (bool again = count > 0; again;) {
        again = false;
        memset(only, 0, count * sizeof *only);
        memset(several, 0, count * sizeof *several);
        for (size_t b = 0; b < region->blocks.count; b++) {
            const IrInstruction *last = region->blocks.items[b]->last;
            for (size_t e = 0; last && e < last->edges.count; e++) {
                const IrEdge *edge = &last->edges.items[e];
                for (size_t i = 0; edge->block->region == region && i < edge->arguments.count;
                     i++) {
                    IrValue *parameter = edge->block->parameters.items[i];
                    int number = pointer_map_find(&numbers, parameter);
                    if (number < 0 || doomed[number])
                        continue;
                    IrValue *argument = substitution_of(&substitution, edge->arguments.items[i]);
                    if (argument == parameter)
                        continue;
                    if (!only[number])
                        only[number] = argument;
                    else if (!same_value(only[number], argument))
                        several[number] = true;
                }
            }
        }
        for (size_t b = 0; b < region->blocks.count; b++) {
            const IrBlock *block = region->blocks.items[b];
            for (size_t i = 0; i < block->parameters.count; i++) {
                IrValue *parameter = block->parameters.items[i];
                int number = pointer_map_find(&numbers, parameter);
                if (number < 0 || doomed[number] || several[number] || !only[number])
                    continue;
                IrValue *value = substitution_of(&substitution, only[number]);
                if (value == parameter)
                    continue;
                substitution_add(&substitution, parameter, value);
                doomed[number] = again = true;
                removed++;
            }
        }
    }
    if (removed) {
        substitution_apply(&substitution, region);
        remove_parameters(region, &numbers, doomed);
    }
    arena_free(scratch);
    return removed;
}

// ---- Dead code -----------------------------------------------------------------------

typedef struct Marking {
    IrRegion *region;
    Arena *scratch;
    PointerMap numbers; // parameters that may go
    bool *live;         // by their number
    PointerMap kept;    // instructions that stay
    IrValues work;
} Marking;

static void mark_value(Marking *marking, IrValue *value) {
    if (!value || value->kind == IR_CONSTANT)
        return;
    if (value->kind == IR_PARAMETER) {
        int number = pointer_map_find(&marking->numbers, value);
        if (number < 0 || marking->live[number])
            return;
        marking->live[number] = true;
    } else if (!pointer_map_add(marking->scratch, &marking->kept, value->instruction, 0)) {
        return;
    }
    ARENA_PUSH(marking->scratch, &marking->work, value);
}

// The arguments that a terminator must pass whatever happens: those for parameters
// that stay.
static void mark_instruction(Marking *marking, const IrInstruction *at) {
    for (size_t i = 0; i < at->operands.count; i++)
        mark_value(marking, at->operands.items[i]);
    for (size_t e = 0; e < at->edges.count; e++) {
        const IrEdge *edge = &at->edges.items[e];
        for (size_t i = 0; i < edge->arguments.count; i++) {
            const IrValue *parameter =
                i < edge->block->parameters.count ? edge->block->parameters.items[i] : NULL;
            if (edge->block->region != marking->region || !parameter ||
                pointer_map_find(&marking->numbers, parameter) < 0)
                mark_value(marking, edge->arguments.items[i]);
        }
    }
}

typedef ARENA_VECTOR(IrEdge *) Edges;

// A live parameter keeps what is passed for it alive.
static void mark_arguments(Marking *marking, const IrValue *parameter, const Edges *to_block) {
    for (size_t e = 0; e < to_block->count; e++)
        if ((size_t)parameter->parameter.index < to_block->items[e]->arguments.count)
            mark_value(marking, to_block->items[e]->arguments.items[parameter->parameter.index]);
}

static void mark_live(Marking *marking) {
    IrRegion *region = marking->region;
    PointerMap positions = {0};
    Edges *incoming = ARENA_ARRAY(marking->scratch, Edges, region->blocks.count);
    for (size_t b = 0; b < region->blocks.count; b++)
        pointer_map_add(marking->scratch, &positions, region->blocks.items[b], (int)b);
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        for (size_t e = 0; last && e < last->edges.count; e++) {
            int position = pointer_map_find(&positions, last->edges.items[e].block);
            if (position >= 0)
                ARENA_PUSH(marking->scratch, &incoming[position], &last->edges.items[e]);
        }
        for (IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
            if (!ir_is_removable(at)) {
                if (at->result)
                    mark_value(marking, at->result);
                else
                    mark_instruction(marking, at);
            }
    }
    while (marking->work.count) {
        IrValue *value = marking->work.items[--marking->work.count];
        if (value->kind == IR_RESULT)
            mark_instruction(marking, value->instruction);
        else
            mark_arguments(marking, value,
                           &incoming[pointer_map_find(&positions, value->parameter.block)]);
    }
}

Removed edit_remove_dead(IrModule *module, IrRegion *region) {
    (void)module;
    Removed removed = {0};
    Marking marking = {.region = region, .scratch = arena_new()};
    size_t count = number_parameters(region, marking.scratch, &marking.numbers);
    marking.live = ARENA_ARRAY(marking.scratch, bool, count + 1);
    mark_live(&marking);
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first, *next; at; at = next) {
            next = at->next;
            if (ir_is_removable(at) && pointer_map_find(&marking.kept, at) < 0) {
                ir_remove(at);
                removed.instructions++;
            }
        }
    bool *doomed = ARENA_ARRAY(marking.scratch, bool, count + 1);
    for (size_t i = 0; i < count; i++) {
        doomed[i] = !marking.live[i];
        removed.parameters += doomed[i];
    }
    if (removed.parameters)
        remove_parameters(region, &marking.numbers, doomed);
    arena_free(marking.scratch);
    return removed;
}
