// What copies.c remembers while it collects parallel copies.
#ifndef BACKEND_EVAL_COPIER_H
#define BACKEND_EVAL_COPIER_H

#include "backend/eval/code.h"

typedef struct EvalCopier {
    ARENA_VECTOR(uint32_t) targets, sources, ready;
    uint32_t *location; // by register: where its value is now, if a copy reads it
    uint32_t *source;   // by register: what is to be copied to it
} EvalCopier;

// To be called once the registers are numbered.
void eval_copier_init(EvalCompiler *compiler);

#endif
