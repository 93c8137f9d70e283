// What passes over form `loop` ask about it: which value is the frame that a region
// began with, and where the region ends its round, with which frame. A region's *own
// frame* is the frame parameter of its entry; the trunk's is the header's.
//
// Looking changes nothing: a pass first finds out whether there is something for it to
// do, and opens the loop only then.
#ifndef PASSES_SUPPORT_SHAPE_H
#define PASSES_SUPPORT_SHAPE_H

#include "ir/analysis/dominators.h"
#include "passes/support/edit.h"

typedef struct Shape {
    IrModule *module;
    IrFunction *function;
    IrTable *table;
} Shape;

// Finds the loop of a module of form `loop`. False if there is no loop, no frame record,
// or a trunk whose blocks can be reached both through the header and past it; `reason`
// says which.
bool shape_find(IrModule *module, Shape *shape, const char **reason);

// Makes the loop ready for new parameters, each of which every edge to the header and
// every dispatch has to pass: the header, and each region, gets an entry that nothing in
// it leads back to; an exit that changes the frame gets a block with no other successor,
// where the new frame can be read from; and regions that no table leads to and blocks
// that no path leads to, which have nothing to pass, are removed.
void shape_open(const Shape *shape);

// A way out of a region that ends a round: an edge to the header, a dispatch or an exit.
typedef struct ShapeExit {
    IrInstruction *terminator;
    int edge; // -1: the dispatch or exit itself
} ShapeExit;

// One region as passes work on it; `start` is where the loop's parameters stand: the
// region's entry, or the header.
typedef struct ShapeRegion {
    const Shape *shape;
    IrRegion *region;
    IrBlock *start;
    IrValue *frame;    // its own; NULL: it goes back to its start with others
    Substitution same; // parameters of blocks that get one value from everywhere
    IrCfg *cfg;
    IrDominators *dominators;
    ARENA_VECTOR(ShapeExit) exits;
} ShapeRegion;

typedef ARENA_VECTOR(ShapeRegion *) ShapeRegions;

// Those of the loop: the trunk, then what the table leads to. A snapshot, in `scratch`;
// changing a region's blocks or edges makes it stale.
ShapeRegions shape_regions(const Shape *shape, Arena *scratch);

// The loop's parameter of that index, as the region got it.
IrValue *shape_parameter(const ShapeRegion *region, size_t index);
// Does it stay the same where the region goes back to its own start?
bool shape_parameter_stays(const ShapeRegion *region, size_t index);

// The value itself, or the one that a block's parameter always stands for.
IrValue *shape_value(const ShapeRegion *region, IrValue *value);

// Is the block executed in a round that began at `start`? Blocks before the header are
// not, nor are unreachable ones.
bool shape_is_inside(const ShapeRegion *region, const IrBlock *block);

// What an exit passes for parameter `index`, NULL if nothing yet.
IrValue *shape_exit_argument(const ShapeExit *exit, size_t index);
void shape_exit_add(const Shape *shape, const ShapeExit *exit, IrValue *argument);
// Does the exit go on in the region's own frame? Exits from before the header don't.
bool shape_exit_keeps_frame(const ShapeRegion *region, const ShapeExit *exit);

// Can `block` be followed, within the region, by an exit that keeps the frame? By
// position in the region's graph, in `scratch`.
bool *shape_leads_to_keeping(const ShapeRegion *region, Arena *scratch);

// Does `instruction` come before `place` on every way to it?
bool shape_comes_before(const ShapeRegion *region, const IrInstruction *instruction,
                        const IrInstruction *place);

#endif
