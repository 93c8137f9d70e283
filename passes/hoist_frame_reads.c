// hoist-frame-reads: what a chain of const fields gives, `frame.method.code`, is the
// same as long as the frame is. So the loop carries it along as a parameter. An edge
// to the header that keeps the frame passes the parameter on; one that changes it
// reads the chain again from the new frame, or takes what the region has just stored
// there.
//
// It is loop-invariant code motion, with two twists that interpreters need: a compiler
// sees one loop around the dispatch in which everything may change, while here each way
// back to the header says by itself whether the frame has changed; and the reads move to
// the edges that change it, not to one place before the loop, as partial redundancy
// elimination would (Knoop, Rüthing and Steffen, "Lazy Code Motion", 1992).
//
// Legal because
//  - a const field is written once, when its record is made, before anyone reads it;
//  - reading early is harmless: each record on the chain, the frame included, is one that
//    each round is sure to access before anything can leave it (passes/support/
//    anticipated.h). Other chains are refused;
//  - what moves (`value`, `object`) changes its address where something collects, and
//    is read again after each such operation.
//
// Worth it only for chains that are read on a way that keeps the frame. A chain that
// only leads to others that are hoisted gets no parameter of its own.
//
// Costs a register a chain, and the reads at calls and returns. By hand: Lua's loop keeps `base`
// and `k` in variables, wren's the frame's function.
#include "passes/hoist_frame_reads.h"

// Is a chain read that a parameter holds already, as the module came? Then there is something
// to do although no chain is chosen.
static bool has_needless_reads(const HoistView *view) {
    for (size_t r = 0; r < view->regions.count; r++) {
        const IrCfg *cfg = view->regions.items[r]->cfg;
        for (size_t b = 0; b < cfg->count; b++)
            for (const IrInstruction *at = cfg->nodes[b].block->first; at; at = at->next)
                if (hoist_fixed_parameter(view->values[r], at))
                    return true;
    }
    return false;
}

void hoist_frame_reads_run(PassContext *context) {
    HoistView view = {.context = context};
    const char *reason;
    if (!shape_find(context->module, &view.shape, &reason)) {
        pass_remark(context->report, "nothing done: %s", reason);
        return;
    }
    view.paths = frame_paths_new(&view.shape, context->scratch);
    view.regions = shape_regions(&view.shape, context->scratch);
    view.values = frame_path_values_of_all(view.paths, &view.regions, context->scratch);
    HoistChoice choice = hoist_choose(&view);
    if (choice.count || has_needless_reads(&view))
        hoist_rewrite(&view, &choice);
}
