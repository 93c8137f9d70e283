// Dominators of one region's blocks: A dominates B if every path from the region's
// entry to B goes through A. By semidominators, after Lengauer and Tarjan, "A Fast
// Algorithm for Finding Dominators in a Flowgraph" (1979), in the form called SEMI-NCA
// (Georgiadis, "Linear-Time Algorithms for Dominators and Related Problems", 2005), as
// regions can be long. The tree is numbered so that a question costs two comparisons.
#ifndef IR_ANALYSIS_DOMINATORS_H
#define IR_ANALYSIS_DOMINATORS_H

#include "ir/analysis/cfg.h"

typedef struct IrDominators {
    const IrCfg *cfg;
    int *parent;        // by position: the immediate dominator; the entry's and
                        // unreachable blocks' is -1
    int *enter, *leave; // by position: numbers of a walk over the tree; -1: unreachable
} IrDominators;

// In `arena`; `cfg` must stay as long as the result does.
IrDominators *ir_dominators_compute(Arena *arena, const IrCfg *cfg);

// Does `above` dominate `below`? Each block dominates itself; an unreachable block
// is dominated by every block (no path leads to it) and dominates only such.
bool ir_dominates(const IrDominators *dominators, const IrBlock *above, const IrBlock *below);

// The same for positions.
bool ir_position_dominates(const IrDominators *dominators, int above, int below);

// The immediate dominator, NULL for the entry and for unreachable blocks.
IrBlock *ir_immediate_dominator(const IrDominators *dominators, const IrBlock *block);

#endif
