// Editing that several passes share: substituting values, splitting edges, entries of
// regions. Each leaves a region that keeps the rules if it kept them before, and works in
// time linear in the region. What has become superfluous is tidy.h's.
#ifndef PASSES_SUPPORT_EDIT_H
#define PASSES_SUPPORT_EDIT_H

#include "ir/builder.h"
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

// Takes parameter `index` off the function's table, its header and what the table leads to, and
// from what dispatches, exits and edges to the header pass. Nothing may use it any more.
void edit_remove_table_parameter(IrFunction *function, IrTable *table, size_t index);

// `name`, or with a number after it where a function, an external or a table has that name.
const char *edit_free_name(const IrModule *module, const char *name);

// The code that an entry of a table leads to, by a block or a function; NULL: none.
IrRegion *edit_code_of(const IrBlock *block, const IrFunction *function);

// Is `block` the header that ends a round of `function`'s loop?
static inline bool edit_is_header(const IrFunction *function, const IrBlock *block) {
    return function->header && block == function->header;
}

// A builder that inserts before `instruction`, at its location.
IrBuilder edit_before(IrModule *module, IrInstruction *instruction);
// A builder that inserts after `instruction`, which is no terminator.
IrBuilder edit_after(IrModule *module, IrInstruction *instruction);

// Puts a new block on an edge, in the source's region and after its block; the
// block branches on with the edge's arguments, and the edge has none. Returns the
// block.
IrBlock *edit_split_edge(IrModule *module, IrInstruction *terminator, size_t edge,
                         const char *name);

// Makes a terminator an unconditional branch along one of its edges.
void edit_make_branch(IrInstruction *terminator, size_t edge);

// If blocks of the region lead back to its entry, moves what the entry does to a block
// after it, so that what comes from the dispatch comes once. Parameters that stay as
// they were on the ways back stay the entry's. Not for the trunk.
void edit_give_own_entry(IrModule *module, IrRegion *region);
// Do all ways back to the region's entry pass its parameter `index` on as it is?
bool edit_entry_keeps(const IrRegion *region, size_t index);

#endif
