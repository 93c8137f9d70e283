// What the files of forward-stack share: which cells of the stack and of the locals one region
// accesses, and what each of its instructions does to them. The pass follows up to 64 cells at a
// time, each by a bit, and asks two questions of them: what does a cell hold (forward_loads.c),
// and will anybody look at it (forward_stores.c).
#ifndef PASSES_FORWARD_STACK_H
#define PASSES_FORWARD_STACK_H

#include "ir/analysis/trace.h"
#include "passes/manager/pass.h"
#include "passes/support/tidy.h"

enum {
    FORWARD_CELLS = 64, // bits of a set
    FORWARD_MOST = 512, // what a region accesses beyond so many different cells stays as it is
};

// Where an access lies: `offset` bytes, and `index` elements of its cell, from `root`.
typedef struct StackPlace {
    const IrValue *root;  // NULL: the stack pointer with which the bytecode began
    const IrValue *index; // NULL: none
    int64_t offset;
    IrCell cell;
    bool in_frame; // through a field of the region's own frame: no slot of the operand stack
} StackPlace;

// What an instruction does to the cells that are followed.
typedef struct StackTouch {
    int exact;       // the one that it loads or stores, -1: none of them
    uint64_t reads;  // may be looked at
    uint64_t writes; // may hold something else afterwards
    uint64_t stops;  // whose store has to be made before it, though nobody looks
    // Those whose root or index it is: in a loop they are other cells from here on. (What an
    // access before it has left in them is known on some ways at most, never on all.)
    uint64_t renews;
} StackTouch;

typedef struct ForwardCounts {
    int64_t loads, joined, stores, sunk;
} ForwardCounts;

// One region, as it stands. Changing its blocks or edges makes all of it stale.
typedef struct ForwardRegion {
    IrModule *module;
    IrRegion *region;
    const IrTable *table;
    Arena *scratch;
    ForwardCounts *counts;
    const IrCfg *cfg;
    const IrProgress *progress;
    const IrTrace *trace; // of a fused bytecode; NULL: it is none
    Substitution same;    // parameters of blocks that get one value from everywhere
    // The cells that are followed; `moving` are those whose content the collector may change.
    StackPlace *places;
    size_t count;
    uint64_t all, moving;
    // A value of the first block, which comes before all others, and how many bytes it lies from
    // where the stack pointer stood; NULL: there is none.
    IrValue *anchor;
    int64_t anchored_at;
    PointerMap definitions;         // value to an index of `defines`
    ARENA_VECTOR(uint64_t) defines; // the cells whose root or index it is
} ForwardRegion;

// ---- A region (forward_stack.c) --------------------------------------------------------------

// Does all of it to a region that the table leads to by `bytecode` (NULL: by default).
void forward_region(IrModule *module, const IrTable *table, const IrBytecode *bytecode,
                    IrRegion *region, ForwardCounts *counts);

// ---- Places (forward_places.c) ---------------------------------------------------------------

// Looks at a region that the table leads to (`fused`: by that bytecode alone, which is fused; else
// NULL), and follows its cells from the one with number `first` on. False: there are none left.
bool forward_open(ForwardRegion *region, const IrBytecode *fused, size_t first);

StackTouch forward_touch(const ForwardRegion *region, const IrInstruction *at);
// The same for the block's parameters, where it is entered.
uint64_t forward_renewed_by(const ForwardRegion *region, const IrBlock *block);

// Is the cell a slot of the operand stack at a known distance from where the pointer stood?
bool forward_is_slot(const ForwardRegion *region, int cell);
// Can its address be computed everywhere, from the anchor? Then it is the element `forward_index`.
bool forward_can_reach(const ForwardRegion *region, int cell);
IrValue *forward_index(const ForwardRegion *region, int cell);

// The cell of a slot below the stack pointer `top`, the first is 1; -1: it is not followed.
int forward_find_slot(const ForwardRegion *region, IrValue *top, int slot);

// Does who goes on with those arguments have the region's own frame?
bool forward_keeps_frame(const ForwardRegion *region, IrValue *const *arguments, size_t count);

// Where the stack pointer stands for who goes on with those arguments, in bytes from where it
// stood. False: with another frame, or nobody knows where.
bool forward_find_top(const ForwardRegion *region, const IrPosition *position,
                      IrValue *const *arguments, size_t count, int64_t *top);

// What is known of the frame where the block ends.
IrPosition forward_position_at_end(const ForwardRegion *region, int block);

// ---- Loads (forward_loads.c) -----------------------------------------------------------------

// By position, in the region's `scratch`: the cells that are known at each block's end. With `hot`
// (by position, else NULL) a hot block may know what all hot ways to it know, of cells that other
// ways can load (forward_can_reach).
const uint64_t *forward_known(ForwardRegion *region, const bool *hot);

// Replaces loads of what a cell is known to hold. False: there are none, nothing was changed.
bool forward_loads(ForwardRegion *region);

// ---- Stores (forward_stores.c) ---------------------------------------------------------------

// Drops stores that nobody looks at, and makes those that few look at where these do. False:
// there are none, nothing was changed.
bool forward_stores(ForwardRegion *region);

#endif
