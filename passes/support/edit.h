// Editing that several passes share: substituting values, splitting edges, and
// tidying a region behind a pass. Each leaves a region that keeps the rules if it
// kept them before, and works in time linear in the region, times a few rounds.
#ifndef PASSES_SUPPORT_EDIT_H
#define PASSES_SUPPORT_EDIT_H

#include "ir/ir.h"
#include "support/pointer_map.h"

// Values that are to be replaced by others, all at once; chains are followed.
typedef struct Substitution {
    Arena *arena;
    PointerMap indices;
    ARENA_VECTOR(IrValue *) replacements;
} Substitution;

// From now on `old` stands for `replacement`; what replaced `old` before is forgotten.
void substitution_add(Substitution *substitution, const IrValue *old, IrValue *replacement);
// What `value` stands for: itself, if nothing was said about it.
IrValue *substitution_of(const Substitution *substitution, IrValue *value);
// Applies it to all operands and arguments of the region.
void substitution_apply(const Substitution *substitution, IrRegion *region);

// The table that the function's dispatches go through, by the first one; NULL: none.
IrTable *edit_dispatch_table(const IrFunction *function);

// Is `block` the header that ends a round of `function`'s loop?
static inline bool edit_is_header(const IrFunction *function, const IrBlock *block) {
    return function->header && block == function->header;
}

// A builder that inserts before `instruction`, at its location.
IrBuilder edit_before(IrModule *module, IrInstruction *instruction);
// A builder that inserts behind `instruction`, which is no terminator.
IrBuilder edit_behind(IrModule *module, IrInstruction *instruction);
// A builder that inserts at the start of `block`, which has a terminator.
IrBuilder edit_at_start(IrModule *module, IrBlock *block);

// Puts a new block on an edge, in the source's region and behind its block; the
// block branches on with the edge's arguments, and the edge has none. Returns the
// block.
IrBlock *edit_split_edge(IrModule *module, IrInstruction *terminator, size_t edge,
                         const char *name);

// Makes a terminator an unconditional branch along one of its edges.
void edit_make_branch(IrInstruction *terminator, size_t edge);

// If blocks of the region lead back to its entry, puts an empty block before it, so
// that the entry's parameters are what came from the dispatch. Not for the trunk.
void edit_give_own_entry(IrModule *module, IrRegion *region);

// Removes regions, other than trunks, that no table leads to. How many there were.
size_t edit_remove_orphans(IrModule *module);

// Removes blocks that no path from the region's entry (in the trunk of a function
// with a header: through dispatch and header too) leads to. How many there were.
size_t edit_remove_unreachable(IrModule *module, IrRegion *region);

// Removes parameters of blocks (the region's entry and the loop's header excepted)
// that get the same value on each edge. How many there were.
size_t edit_remove_redundant_parameters(IrModule *module, IrRegion *region);

// What edit_remove_dead has removed.
typedef struct Removed {
    size_t instructions, parameters;
} Removed;

// Removes instructions without effect but their unused result, loads included, and
// unused parameters (with the same exceptions), also such as only use each other.
Removed edit_remove_dead(IrModule *module, IrRegion *region);

#endif
