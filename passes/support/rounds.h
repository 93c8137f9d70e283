// A loop's *round* is what the trunk does from the header to the dispatch: it fetches the next
// opcode and jumps. Where each way that leads to the header has a round of its own instead,
// there is no loop any more, and what follows a bytecode is predicted by that bytecode's jump.
#ifndef PASSES_SUPPORT_ROUNDS_H
#define PASSES_SUPPORT_ROUNDS_H

#include "passes/support/copy.h"

typedef struct Rounds {
    IrModule *module;
    IrFunction *function;
    ARENA_VECTOR(IrBlock *) blocks; // the round's, the header first
    bool is_turning;                // one of them leads back to the header without a dispatch
} Rounds;

// Finds the loop's round in a module of form `loop`. False if there is none, or if it uses
// values of what comes before the loop, which regions don't know; `reason` says which.
bool rounds_find(IrModule *module, Rounds *rounds, Arena *scratch, const char **reason);

// Gives each edge of a region to the header a copy of the round. The trunk keeps the round
// itself; the function has no header then, and the module's form is `replicated`. How many
// copies there are.
size_t rounds_replicate(const Rounds *rounds);

// How many instructions a round has.
size_t rounds_length(const Rounds *rounds);

#endif
