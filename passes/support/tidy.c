// See tidy.h. Dead code is found from the other side: whatever has an effect is needed,
// and so is what a needed instruction uses; what is never reached that way can go, circles
// of values that only use each other included (the marking of Cytron et al.'s dead code
// elimination, "Efficiently Computing Static Single Assignment Form", 1991, section 7.1).
#include "passes/support/tidy.h"

#include "ir/analysis/cfg.h"
#include "ir/builder.h"

// ---- What nothing leads to -------------------------------------------------------------

size_t tidy_remove_orphans(IrModule *module) {
    Arena *scratch = arena_new();
    PointerMap targets = {0};
    size_t removed = 0;
    for (size_t t = 0; t < module->tables.count; t++)
        ir_add_targets(module->tables.items[t], scratch, &targets);
    for (size_t f = 0; f < module->functions.count; f++) {
        IrFunction *function = module->functions.items[f];
        size_t kept = 1;
        for (size_t r = 1; r < function->regions.count; r++)
            if (pointer_map_find(&targets, function->regions.items[r]->blocks.items[0]) >= 0)
                function->regions.items[kept++] = function->regions.items[r];
        if (function->regions.count > kept) {
            removed += function->regions.count - kept;
            function->regions.count = kept;
        }
    }
    arena_free(scratch);
    return removed;
}

// Leaves an unreachable header without what it did, as the blocks that it leads to go. False
// if it did nothing.
static bool empty_header(IrBlock *header) {
    if (header->first->op == IR_UNREACHABLE)
        return false;
    IrBuilder builder = {header->region->function->module, header, NULL, header->first->at,
                         header->first->inlined};
    while (header->last)
        ir_remove(header->last);
    ir_build_unreachable(&builder);
    return true;
}

// What is removed may be named by other blocks that go as well, and by none that stays: those
// would be a way to it.
size_t tidy_remove_unreachable(IrRegion *region) {
    Arena *scratch = arena_new();
    const IrCfg *cfg = ir_cfg_compute(scratch, region);
    size_t kept = 0, count = region->blocks.count, emptied = 0;
    for (size_t b = 0; b < count; b++) {
        IrBlock *block = region->blocks.items[b];
        bool is_header = edit_is_header(region->function, block);
        if (cfg->nodes[b].order >= 0 || is_header)
            region->blocks.items[kept++] = block;
        if (cfg->nodes[b].order < 0 && is_header)
            emptied += empty_header(block);
    }
    region->blocks.count = kept;
    for (size_t b = 0; b < kept; b++)
        region->blocks.items[b]->index = (int)b;
    arena_free(scratch);
    return count - kept + emptied;
}

// ---- Parameters that get one value from everywhere -----------------------------------------

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

// Numbers the parameters that may go.
static size_t number_parameters(const IrRegion *region, const TidyBaseline *since, Arena *scratch,
                                PointerMap *numbers) {
    size_t count = 0;
    for (size_t b = 0; b < region->blocks.count; b++) {
        const IrBlock *block = region->blocks.items[b];
        if (has_fixed_parameters(region, block))
            continue;
        for (size_t i = 0; i < block->parameters.count; i++)
            if (!since || pointer_map_find(&since->parameters, block->parameters.items[i]) < 0)
                pointer_map_add(scratch, numbers, block->parameters.items[i], (int)count++);
    }
    return count;
}

typedef ARENA_VECTOR(IrEdge *) Edges;

// The edges within the region that lead to each of its blocks, by position.
// Once for the region, since asking the graph for predecessors would give blocks, not the
// edges with their arguments.
static Edges *edges_by_target(const IrRegion *region, Arena *scratch, PointerMap *positions) {
    Edges *incoming = ARENA_ARRAY(scratch, Edges, region->blocks.count + 1);
    for (size_t b = 0; b < region->blocks.count; b++)
        pointer_map_add(scratch, positions, region->blocks.items[b], (int)b);
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        for (size_t e = 0; last && e < last->edges.count; e++) {
            int position = pointer_map_find(positions, last->edges.items[e].block);
            if (position >= 0)
                ARENA_PUSH(scratch, &incoming[position], &last->edges.items[e]);
        }
    }
    return incoming;
}

// Looks for the one value that each parameter gets.
typedef struct Agreement {
    const IrRegion *region;
    const IrCfg *cfg;
    const Edges *incoming;     // by position
    PointerMap numbers;        // of the parameters that may go
    bool *doomed;              // by number: gets one value, and so goes
    Substitution substitution; // which value the doomed stand for
} Agreement;

// The one value that all edges pass for a parameter, itself not counted; NULL: there are two.
static IrValue *agreed_value(const Agreement *agreement, const IrValue *parameter,
                             const Edges *incoming) {
    IrValue *only = NULL;
    size_t index = (size_t)parameter->parameter.index;
    for (size_t e = 0; e < incoming->count; e++) {
        const IrEdge *edge = incoming->items[e];
        if (index >= edge->arguments.count)
            return NULL;
        IrValue *argument = substitution_of(&agreement->substitution, edge->arguments.items[index]);
        // A loop that passes the parameter on to itself adds nothing: it stays what came in.
        if (argument == parameter)
            continue;
        if (only && !ir_same_value(only, argument))
            return NULL;
        only = argument;
    }
    return only;
}

// Dooms the block's parameters that get one value. How many are new.
static size_t doom_redundant(Agreement *agreement, int position) {
    const IrBlock *block = agreement->cfg->nodes[position].block;
    size_t found = 0;
    for (size_t i = 0; i < block->parameters.count; i++) {
        const IrValue *parameter = block->parameters.items[i];
        int number = pointer_map_find(&agreement->numbers, parameter);
        if (number < 0 || agreement->doomed[number])
            continue;
        IrValue *value = agreed_value(agreement, parameter, &agreement->incoming[position]);
        if (!value)
            continue;
        substitution_add(&agreement->substitution, parameter, value);
        agreement->doomed[number] = true;
        found++;
    }
    return found;
}

// Dooms all of the region that get one value. One that goes can leave others with one value:
// those after it, which a walk downwards comes to next, or those of the loop around it, which
// a walk upwards does. So both are done in turn, and two or three are enough as a rule, where
// walks in one direction might be as many as there are joins.
static size_t find_redundant(Agreement *agreement) {
    const IrCfg *cfg = agreement->cfg;
    size_t found = 0, before;
    do {
        before = found;
        for (size_t i = 0; i < cfg->reachable; i++)
            found += doom_redundant(agreement, cfg->reverse_post_order[i]);
        for (size_t i = cfg->reachable; found > before && i-- > 0;)
            found += doom_redundant(agreement, cfg->reverse_post_order[i]);
    } while (found != before);
    return found;
}

// The substitution is kept in `arena`, all else in `scratch`. How many were found is stored.
static Agreement agree(const IrRegion *region, const TidyBaseline *since, Arena *scratch,
                       Arena *arena, size_t *found) {
    Agreement agreement = {.region = region, .substitution = {.arena = arena}};
    PointerMap positions = {0};
    size_t count = number_parameters(region, since, scratch, &agreement.numbers);
    *found = 0;
    if (!count)
        return agreement;
    agreement.cfg = ir_cfg_compute(scratch, region);
    agreement.incoming = edges_by_target(region, scratch, &positions);
    agreement.doomed = ARENA_ARRAY(scratch, bool, count);
    *found = find_redundant(&agreement);
    return agreement;
}

// The same search without the removal, for who may not change the region yet.
Substitution tidy_find_redundant_parameters(const IrRegion *region, Arena *arena) {
    Arena *scratch = arena_new();
    size_t found;
    Agreement agreement = agree(region, NULL, scratch, arena, &found);
    arena_free(scratch);
    return agreement.substitution;
}

size_t tidy_remove_redundant_parameters(IrRegion *region, const TidyBaseline *since) {
    Arena *scratch = arena_new();
    size_t removed;
    Agreement agreement = agree(region, since, scratch, scratch, &removed);
    if (removed) {
        substitution_apply(&agreement.substitution, region);
        remove_parameters(region, &agreement.numbers, agreement.doomed);
    }
    arena_free(scratch);
    return removed;
}

// ---- Dead code -----------------------------------------------------------------------

typedef struct Marking {
    const IrRegion *region;
    const TidyBaseline *since;
    Arena *scratch;
    PointerMap numbers; // parameters that may go
    bool *live;         // by their number
    PointerMap kept;    // instructions that stay
    IrValues work;
} Marking;

// Parameters that may go are marked alone, and what is passed for them only if they turn out
// to be needed; parameters that stay anyway (the entry's, the header's) need no mark.
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

// A live parameter keeps what is passed for it alive.
static void mark_arguments(Marking *marking, const IrValue *parameter, const Edges *to_block) {
    for (size_t e = 0; e < to_block->count; e++)
        if ((size_t)parameter->parameter.index < to_block->items[e]->arguments.count)
            mark_value(marking, to_block->items[e]->arguments.items[parameter->parameter.index]);
}

// What was dead before the pass began is left to dce: a pass that cleaned up besides would get
// the credit for it in every comparison.
static bool must_stay(const Marking *marking, const IrInstruction *at) {
    return !ir_is_removable(at) ||
           (marking->since && pointer_map_find(&marking->since->dead, at) >= 0);
}

// An effect is what the program is for; all else is needed for an effect, or not at all.
static void mark_roots(Marking *marking, const IrBlock *block) {
    for (IrInstruction *at = block->first; at; at = at->next) {
        if (!must_stay(marking, at))
            continue;
        if (at->result)
            mark_value(marking, at->result);
        else
            mark_instruction(marking, at);
    }
}

static void mark_live(Marking *marking) {
    const IrRegion *region = marking->region;
    PointerMap positions = {0};
    const Edges *incoming = edges_by_target(region, marking->scratch, &positions);
    for (size_t b = 0; b < region->blocks.count; b++)
        mark_roots(marking, region->blocks.items[b]);
    while (marking->work.count) {
        IrValue *value = marking->work.items[--marking->work.count];
        if (value->kind == IR_RESULT)
            mark_instruction(marking, value->instruction);
        else
            mark_arguments(marking, value,
                           &incoming[pointer_map_find(&positions, value->parameter.block)]);
    }
}

// The region with what is needed in it marked; how many parameters may go is stored.
static Marking mark(const IrRegion *region, const TidyBaseline *since, size_t *parameters) {
    Marking marking = {.region = region, .since = since, .scratch = arena_new()};
    *parameters = number_parameters(region, since, marking.scratch, &marking.numbers);
    marking.live = ARENA_ARRAY(marking.scratch, bool, *parameters + 1);
    mark_live(&marking);
    return marking;
}

static bool is_dead(const Marking *marking, const IrInstruction *at) {
    return !must_stay(marking, at) && pointer_map_find(&marking->kept, at) < 0;
}

// By the same marking as the removal, so that both mean the same by "needed".
TidyBaseline *tidy_baseline(const IrRegion *region, Arena *arena) {
    TidyBaseline *baseline = ARENA_NEW(arena, TidyBaseline);
    size_t parameters;
    Marking marking = mark(region, NULL, &parameters);
    for (size_t b = 0; b < region->blocks.count; b++) {
        const IrBlock *block = region->blocks.items[b];
        for (size_t i = 0; i < block->parameters.count; i++)
            pointer_map_add(arena, &baseline->parameters, block->parameters.items[i], 0);
        for (const IrInstruction *at = block->first; at; at = at->next)
            if (is_dead(&marking, at))
                pointer_map_add(arena, &baseline->dead, at, 0);
    }
    arena_free(marking.scratch);
    return baseline;
}

TidyRemoved tidy_remove_dead(IrRegion *region, const TidyBaseline *since) {
    // Instructions first: whether parameters may go doesn't depend on them any more, as all is
    // marked.
    TidyRemoved removed = {0};
    size_t count;
    Marking marking = mark(region, since, &count);
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first, *next; at; at = next) {
            next = at->next;
            if (is_dead(&marking, at)) {
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
