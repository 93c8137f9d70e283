// Where in memory the code lies: nobody's merit, but it shows on the clock. One number chooses
// among placements of the same code, of which 0 is the usual one.
#ifndef BACKEND_LLVM_PLACEMENT_H
#define BACKEND_LLVM_PLACEMENT_H

#include "backend/llvm/flags/llvm_flags.h"
#include "support/arena.h"

#include <llvm-c/Core.h>

// Bytes of a line of the cache, and what a placement moves code by within one.
enum { LLVM_CODE_LINE = 64, LLVM_CODE_STEP = 16 };

// The order in which `count` > 0 regions or functions are written: indices, the first of them
// first. Lives in the arena.
size_t *llvm_placement_order(const LlvmFlags *flags, size_t count, Arena *arena);

// Moves the module's first function on: by lines in the neutral layout, where each block is to
// keep its place in a line, and else within its line. To be called before any is added.
void llvm_placement_begin(const LlvmFlags *flags, LLVMModuleRef llvm);

// Aligns a function. The one that holds the loop begins a line, or where the placement says, so
// that it doesn't depend on what it is linked with; handlers begin one in the neutral layout.
void llvm_placement_align(const LlvmFlags *flags, LLVMValueRef function, bool is_handler);

#endif
