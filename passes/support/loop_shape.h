// What passes over form `loop` ask about it: which value is the frame that a region
// began with, and where the region ends its round, with which frame. A region's
// *own frame* is the frame parameter of its entry; the trunk's is the header's.
#ifndef PASSES_SUPPORT_LOOP_SHAPE_H
#define PASSES_SUPPORT_LOOP_SHAPE_H

#include "ir/analysis/dominators.h"
#include "ir/ir.h"

enum {
    FRAME_PARAMETER = 1,     // its place among the table's parameters
    INTEGER_PARAMETERS = 10, // as many as a calling convention keeps in registers
    FLOAT_PARAMETERS = 8,
};

typedef struct LoopShape {
    IrModule *module;
    IrFunction *function;
    IrTable *table;
} LoopShape;

// Finds the loop of a module of form `loop`, takes from its regions what can't be
// reached, and gives each an entry of its own. False if there is no loop, no frame
// record, or a trunk whose blocks can be reached both through the header and past
// it; `reason` says which.
bool loop_shape_prepare(IrModule *module, LoopShape *shape, const char **reason);

// Does the loop have a register left for a parameter of the type?
bool loop_has_room(const LoopShape *shape, IrType type);

// A way out of a region that ends a round: an edge to the header, or a dispatch.
typedef struct LoopExit {
    IrInstruction *terminator;
    int edge; // -1: the dispatch itself
} LoopExit;

typedef ARENA_VECTOR(LoopExit) LoopExits;

// One region as passes work on it; `start` is where the loop's parameters stand: the
// region's entry, or the header.
typedef struct LoopRegion {
    const LoopShape *shape;
    IrRegion *region;
    IrBlock *start;
    IrCfg *cfg;
    IrDominators *dominators;
    LoopExits exits;
} LoopRegion;

// A snapshot, in `scratch`; changing the region's blocks or edges makes it stale. A
// first round splits edges so that each exit that changes the frame leaves a block
// with no other successor.
LoopRegion *loop_region_prepare(const LoopShape *shape, IrRegion *region, Arena *scratch);

IrValue *loop_own_frame(const LoopRegion *region);
// The loop's parameter of that index, as the region got it.
IrValue *loop_parameter(const LoopRegion *region, size_t index);

// Is the block executed in a round that began at `start`? Blocks before the header are not.
bool loop_is_inside(const LoopRegion *region, const IrBlock *block);

// What an exit passes for parameter `index`, NULL if nothing yet.
IrValue *loop_exit_argument(const LoopExit *exit, size_t index);
void loop_exit_add(const LoopShape *shape, const LoopExit *exit, IrValue *argument);
// Does the exit go on in the region's own frame? Exits from before the header don't.
bool loop_exit_keeps_frame(const LoopRegion *region, const LoopExit *exit);

// Can `block` be followed, within the region, by an exit that keeps the frame? By
// position in the region's graph, in `scratch`.
bool *loop_leads_to_keeping(const LoopRegion *region, Arena *scratch);

// Does `instruction` come before `place` on every way to it?
bool loop_comes_before(const LoopRegion *region, const IrInstruction *instruction,
                       const IrInstruction *place);

#endif
