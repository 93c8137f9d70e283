// Putting superinstructions into code. Which there are, the interpreter's image tells; where
// they fit, what the compiler wrote.
#ifndef RUNTIME_BYTECODES_FUSE_H
#define RUNTIME_BYTECODES_FUSE_H

#include "runtime/bytecodes/bytecode.h"
#include "support/arena.h"

// What makes finding them quick: the sequences as a tree. NULL if the interpreter has none.
typedef struct FuseTree FuseTree;
const FuseTree *fuse_tree_new(const Bytecodes *bytecodes, Arena *arena);

// Writes a fused opcode over the first one of a sequence, wherever that saves dispatches, in
// `count` units of verified code. Fused opcodes that are there already make room for it.
void fuse_code(const FuseTree *tree, InterpreterUnit *code, int64_t count);

#endif
