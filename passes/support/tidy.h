// Taking away what is superfluous: what nothing leads to, and what nobody needs. That is
// what dce and simplify-cfg are for; another pass takes away only what it has itself made
// superfluous, by a baseline that it notes before it begins (docs/writing-a-pass.md).
// Each leaves a region that keeps the rules if it kept them before, and works in time
// linear in the region, times a few rounds.
#ifndef PASSES_SUPPORT_TIDY_H
#define PASSES_SUPPORT_TIDY_H

#include "passes/support/edit.h"

// Removes regions, other than trunks, that no table leads to. How many there were.
size_t tidy_remove_orphans(IrModule *module);

// Removes blocks that no path from the region's entry (in the trunk of a function
// with a header: through dispatch and header too) leads to. A header stays, since regions
// lead to it, but does nothing any more. How many there were.
size_t tidy_remove_unreachable(IrRegion *region);

// How a region was before a pass began to change it, so that the pass can take away
// what it has itself made superfluous, and nothing else: the rest is dce's work.
typedef struct TidyBaseline {
    PointerMap parameters; // those that there were
    PointerMap dead;       // instructions that nobody needed even then
} TidyBaseline;

TidyBaseline *tidy_baseline(const IrRegion *region, Arena *arena);

// Removes parameters of blocks (the region's entry and the loop's header excepted)
// that get the same value on each edge. How many there were. With `since`, only of
// parameters that have come since.
// (Such a parameter is a phi that Aycock and Horspool, "Simple Generation of Static Single-
// Assignment Form", 2000, call trivial; all of them gone, minimal SSA is left.)
size_t tidy_remove_redundant_parameters(IrRegion *region, const TidyBaseline *since);

// Only finds them, all: which value each stands for. In `arena`.
Substitution tidy_find_redundant_parameters(const IrRegion *region, Arena *arena);

// What tidy_remove_dead has removed.
typedef struct TidyRemoved {
    size_t instructions, parameters;
} TidyRemoved;

// Removes instructions without effect but their unused result, loads included, and
// unused parameters (with the same exceptions), also such as only use each other. With
// `since`, only instructions that were needed or not there at that time, and parameters
// that have come since.
TidyRemoved tidy_remove_dead(IrRegion *region, const TidyBaseline *since);

#endif
