// Lines of the definition in the assembly that LLVM prints: beside the line that an instruction
// stands at, others that a debugger is to find there as well.
//
// The body of `pushNil` is `self push: self nilBits asValue`. Its first instruction stands at that
// line, for the message (debug_calls.c), and has one of `push:` besides. Without a second row in
// the line table nobody could stop at a helper of which no other instruction is left; and nobody at
// a message whose instruction LLVM has dropped.
#ifndef BACKEND_LLVM_CODE_LINES_H
#define BACKEND_LLVM_CODE_LINES_H

#include "backend/llvm/code_files.h"

#include <stdbool.h>

// What the number N of a place says, which LLVM carries along as a discriminator: the method that
// an instruction stands in, where it was inlined, and a line besides. Numbers begin with 1.
typedef struct LlvmPlace {
    const char *method;
    int line, column; // of the message that asked for the method; of a call: its own place
    int within;       // the number of the place that the message stands in; 0: none
    bool is_call;     // an instruction that stands for a message
} LlvmPlace;

typedef struct LlvmPlaces {
    Arena *arena;
    const SourceParts *parts;      // of the definition
    ARENA_VECTOR(LlvmPlace) items; // number 1 is the first
} LlvmPlaces;

// Adds a place and returns its number.
int llvm_place_new(LlvmPlaces *places, LlvmPlace place);

// Appends the assembly with these rows and without numbers. With `comments`, LLVM's comments at
// each row say in which methods it is.
void llvm_code_lines_add(const LlvmPlaces *places, bool comments, const char *assembly,
                         Text *finished);

#endif
