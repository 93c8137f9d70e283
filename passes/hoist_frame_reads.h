// Inside hoist-frame-reads: what its files share. Not for other passes. First the loop is only
// looked at, and the chains are chosen (hoist_choose.c): a pass that finds nothing leaves the
// module as it was. Then the loop is changed (hoist_rewrite.c).
#ifndef PASSES_HOIST_FRAME_READS_H
#define PASSES_HOIST_FRAME_READS_H

#include "passes/manager/pass.h"
#include "passes/support/frame_paths.h"

// The loop as the pass looks at it: its regions, the trunk first, and in each the chains
// that its values give.
typedef struct HoistView {
    PassContext *context;
    Shape shape;
    FramePaths *paths;
    ShapeRegions regions;
    FramePathValues **values; // by region
} HoistView;

typedef ARENA_VECTOR(FramePath *) HoistChoice;

// Which chains get a parameter, in the order in which they do (hoist_choose.c). Reports
// why others don't. Changes nothing.
HoistChoice hoist_choose(const HoistView *view);

// The chain that a load reads although a parameter of the loop holds what it gives, and
// doesn't move; else NULL.
const FramePath *hoist_fixed_parameter(const FramePathValues *values, const IrInstruction *at);

// Gives them their parameters, and lets the loop use them (hoist_rewrite.c). The view is
// stale then.
void hoist_rewrite(const HoistView *view, const HoistChoice *choice);

#endif
