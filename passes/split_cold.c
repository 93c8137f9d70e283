// split-cold: blocks that are reached only over cold edges stand at their region's end,
// so that what usually runs lies together. Which edges are cold, passes/support/coldness.h
// says. (After Pettis and Hansen, "Profile Guided Code Positioning", 1990, with marks in the
// place of a profile.)
//
// Legal because the order of a region's blocks means nothing, but for the first one,
// which stays. Blocks keep their order among the hot ones and among the cold ones.
//
// What it gains: IR that reads better. LLVM places blocks by the same marks itself, so
// the machine code of SOM's loop was the same byte for byte, and no level runs it.
//
// Costs nothing.
#include "passes/manager/pass.h"
#include "passes/support/coldness.h"

#include <string.h>

// How many blocks stand elsewhere now; `cold` is told how many there are.
// Two rounds over the blocks, hot ones first. Unreachable ones stay among the hot: where they
// stand costs nothing, and moving them would be noise in a difference.
static size_t split(IrRegion *region, Arena *scratch, size_t *cold) {
    const IrCfg *cfg = ir_cfg_compute(scratch, region);
    const bool *hot = coldness_find_hot(coldness_compute(cfg, scratch), scratch);
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
