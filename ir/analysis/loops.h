// Natural loops of one region: for each block that dominates the source of an edge
// leading to it, the blocks that reach that edge without passing the header. Loops
// with one header are one loop. In the trunk the interpreter's own loop, through
// the dispatch, is one of them.
#ifndef IR_ANALYSIS_LOOPS_H
#define IR_ANALYSIS_LOOPS_H

#include "ir/analysis/dominators.h"

typedef struct IrLoop {
    int header;                  // position
    ARENA_VECTOR(int) blocks;    // positions, the header first
    ARENA_VECTOR(int) back_from; // positions of the blocks with edges back to the header
    int parent;                  // index of the loop around this one, -1: none
    int depth;                   // 1: outermost
} IrLoop;

typedef struct IrLoops {
    const IrCfg *cfg;
    IrLoop *loops; // outer ones before inner ones
    size_t count;
    int *innermost; // by position: index of the innermost loop around it, -1: none
} IrLoops;

// In `arena`; `cfg` must stay as long as the result does. Irreducible cycles (which
// no single block dominates) are not loops here.
IrLoops *ir_loops_compute(Arena *arena, const IrCfg *cfg, const IrDominators *dominators);

// How many loops are around the block.
int ir_loop_depth(const IrLoops *loops, const IrBlock *block);

#endif
