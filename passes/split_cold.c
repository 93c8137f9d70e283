// split-cold: blocks that are reached only over cold edges stand at their region's end,
// so that what usually runs lies together. Cold are the edge of an `if` that is marked
// unlikely, and the slow way of a poll; not the one way out of a loop, which is taken
// as often as the loop is entered. (After Pettis and Hansen, "Profile Guided Code
// Positioning", 1990, with marks in the place of a profile.)
//
// Legal because the order of a region's blocks means nothing, but for the first one,
// which stays. Blocks keep their order among the hot ones and among the cold ones.
//
// What it gains: IR that reads better. LLVM places blocks by the same marks itself, so
// the machine code of SOM's loop was the same byte for byte, and no level runs it.
#include "ir/analysis/loops.h"
#include "passes/manager/pass.h"

#include <string.h>

static bool is_marked_cold(const IrInstruction *terminator, size_t edge) {
    if (terminator->op == IR_POLL)
        return edge == 1;
    return terminator->op == IR_IF &&
           terminator->likely == (edge == 0 ? IR_LIKELY_FALSE : IR_LIKELY_TRUE);
}

typedef struct Search {
    const IrCfg *cfg;
    const IrLoops *loops;
    size_t *ways_out; // by loop
} Search;

// Is the block at `position` (-1: one of another region) in the loop?
static bool is_in(const IrLoops *loops, int loop, int position) {
    int at = position < 0 ? -1 : loops->innermost[position];
    while (at >= 0 && at != loop)
        at = loops->loops[at].parent;
    return at >= 0;
}

static int target_of(const Search *search, const IrInstruction *terminator, size_t edge) {
    return ir_cfg_position(search->cfg, terminator->edges.items[edge].block);
}

// An edge out of an inner loop may leave outer ones as well, and counts for each.
static void count_ways_out(Search *search, Arena *scratch) {
    search->ways_out = ARENA_ARRAY(scratch, size_t, search->loops->count + 1);
    for (size_t b = 0; b < search->cfg->count; b++) {
        const IrInstruction *last = search->cfg->nodes[b].block->last;
        for (int loop = search->loops->innermost[b]; loop >= 0;
             loop = search->loops->loops[loop].parent)
            for (size_t e = 0; e < last->edges.count; e++)
                search->ways_out[loop] += !is_in(search->loops, loop, target_of(search, last, e));
    }
}

// The one way out of a loop is taken once for each time that it is entered, however seldom
// that is compared with going round; it is as hot as the loop.
static bool is_cold_edge(const Search *search, int from, const IrInstruction *last, size_t edge) {
    if (!is_marked_cold(last, edge))
        return false;
    int loop = search->loops->innermost[from];
    bool leaves = loop >= 0 && !is_in(search->loops, loop, target_of(search, last, edge));
    return !leaves || search->ways_out[loop] > 1;
}

// By position: can the block be reached without a cold edge?
static bool *find_hot(const Search *search, Arena *scratch) {
    const IrCfg *cfg = search->cfg;
    bool *hot = ARENA_ARRAY(scratch, bool, cfg->count + 1);
    int *stack = ARENA_ARRAY(scratch, int, cfg->count + 1);
    size_t depth = 0;
    hot[0] = true;
    stack[depth++] = 0;
    while (depth) {
        int from = stack[--depth];
        const IrCfgNode *node = &cfg->nodes[from];
        const IrInstruction *last = node->block->last;
        // Those of a dispatch (to the header, in the trunk) are no edges of its own.
        bool own = last->edges.count > 0;
        size_t count = own ? last->edges.count : node->successors.count;
        for (size_t e = 0; e < count; e++) {
            int to = own ? target_of(search, last, e) : node->successors.items[e];
            if (to < 0 || hot[to] || (own && is_cold_edge(search, from, last, e)))
                continue;
            hot[to] = true;
            stack[depth++] = to;
        }
    }
    return hot;
}

// How many blocks stand elsewhere now; `cold` is told how many there are.
// Two rounds over the blocks, hot ones first. Unreachable ones stay among the hot: where they
// stand costs nothing, and moving them would be noise in a difference.
static size_t split(IrRegion *region, Arena *scratch, size_t *cold) {
    const IrCfg *cfg = ir_cfg_compute(scratch, region);
    const IrDominators *dominators = ir_dominators_compute(scratch, cfg);
    Search search = {.cfg = cfg, .loops = ir_loops_compute(scratch, cfg, dominators)};
    count_ways_out(&search, scratch);
    const bool *hot = find_hot(&search, scratch);
    IrBlock **order = ARENA_ARRAY(scratch, IrBlock *, cfg->count);
    size_t placed = 0, moved = 0;
    for (int at_end = 0; at_end < 2; at_end++)
        for (size_t b = 0; b < cfg->count; b++) {
            bool is_cold = !hot[b] && cfg->nodes[b].order >= 0;
            if (is_cold != (at_end == 1))
                continue;
            *cold += is_cold;
            moved += is_cold && b != placed;
            order[placed++] = region->blocks.items[b];
        }
    memcpy(region->blocks.items, order, sizeof *order * cfg->count);
    return moved;
}

void split_cold_run(PassContext *context) {
    size_t moved = 0, cold = 0;
    for (size_t f = 0; f < context->module->functions.count; f++) {
        IrFunction *function = context->module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++)
            moved += split(function->regions.items[r], context->scratch, &cold);
        ir_renumber(function);
    }
    pass_count_add(context->report, "cold blocks", (int64_t)cold);
    pass_count_add(context->report, "blocks moved to their region's end", (int64_t)moved);
}
