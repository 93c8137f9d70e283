// What copies.c remembers while it collects parallel copies. Between two sets of copies the lists
// are empty and both arrays hold nothing, at every register: each set tidies up after itself, so
// that a set costs what it holds and not what there are registers.
#ifndef BACKEND_EVAL_COPIER_H
#define BACKEND_EVAL_COPIER_H

#include "backend/eval/code.h"

typedef struct EvalCopier {
    ARENA_VECTOR(uint32_t) targets; // of the copies, in the order they were added
    ARENA_VECTOR(uint32_t) sources; // theirs, for tidying up
    ARENA_VECTOR(uint32_t) ready;   // targets that nobody has to read any more
    uint32_t *location;             // by register: where its value is now, if a copy reads it
    uint32_t *source;               // by register: what is to be copied to it
} EvalCopier;

// To be called once the registers are numbered.
void eval_copier_init(EvalCompiler *compiler);

#endif
