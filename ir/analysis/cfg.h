// The control flow graph of one region: who follows whom, and the reverse
// post-order that forward analyses visit blocks in. Blocks are known by their
// *position* in the region. Edges that leave the region (to the loop's header, or
// through a dispatch) are no edges here, with one exception: in the trunk of a
// function with a header, a dispatch is followed by the header, as that is where
// the bytecodes' regions lead.
//
// A graph is a snapshot: changing the region's blocks or edges makes it stale.
// Works on any region, however wrong, whose instruction lists end.
#ifndef IR_ANALYSIS_CFG_H
#define IR_ANALYSIS_CFG_H

#include "ir/ir.h"
#include "support/pointer_map.h"

typedef struct IrCfgNode {
    // The same as the region's at this position.
    IrBlock *block;
    // Positions. A block that two edges of one terminator lead to is there twice.
    ARENA_VECTOR(int) successors;
    ARENA_VECTOR(int) predecessors;
    int order; // in `reverse_post_order`; -1: not reachable from the region's entry
} IrCfgNode;

typedef struct IrCfg {
    const IrRegion *region;
    IrCfgNode *nodes; // by position
    size_t count;
    int *reverse_post_order; // positions of the reachable blocks; the entry is first
    size_t reachable;
    PointerMap positions;
} IrCfg;

// The region's graph, in `arena`. Linear in blocks and edges; not recursive.
IrCfg *ir_cfg_compute(Arena *arena, const IrRegion *region);

// A block's position in the region, or -1 if it is not one of its blocks.
int ir_cfg_position(const IrCfg *cfg, const IrBlock *block);

bool ir_cfg_is_reachable(const IrCfg *cfg, const IrBlock *block);

#endif
