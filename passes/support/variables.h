// Variables that a pass keeps in values instead of memory, in one region: their
// value at each block's start and end, with block parameters where paths join. The
// walk visits blocks in reverse post-order; between `enter` and `leave` the pass
// keeps the values current. Parameters that turn out to be unneeded are left to
// tidy_remove_redundant_parameters and tidy_remove_dead.
//
// (Where several edges join, each variable gets a parameter first, and minimal SSA
// is what remains after the tidying: simpler than placing by dominance frontiers,
// and regions are small.)
#ifndef PASSES_SUPPORT_VARIABLES_H
#define PASSES_SUPPORT_VARIABLES_H

#include "passes/support/shape.h"

typedef struct Variable {
    const char *name;
    IrType type;
    IrValue *initial; // at the region's start
} Variable;

typedef struct Variables {
    const ShapeRegion *region;
    size_t count;
    const Variable *declared;
    IrValue **at_end;  // position * count + variable
    int *joins_before; // by position: how many parameters the block had; -1: no join
} Variables;

// In `scratch`; `declared` is borrowed.
Variables *variables_new(const ShapeRegion *region, const Variable *declared, size_t count,
                         Arena *scratch);

// Fills `current` with the values at the start of the block at `position`, which lies
// inside the loop and comes next in reverse post-order.
void variables_enter(Variables *variables, int position, IrValue **current);
void variables_leave(Variables *variables, int position, IrValue *const *current);

// After all blocks: passes the variables along the edges to the blocks that join.
void variables_finish(Variables *variables);

#endif
