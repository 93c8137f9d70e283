// Keeps doubles in floating-point registers after LLVM's passes.
#ifndef BACKEND_LLVM_DOUBLE_REGISTERS_H
#define BACKEND_LLVM_DOUBLE_REGISTERS_H

#include "support/arena.h"

#include <llvm-c/Types.h>

// Loads what is used as a double as one, and takes its bits where they are used: changes the
// module in place, which does the same afterwards. `scratch` holds what is needed only meanwhile.
void llvm_keep_doubles(LLVMModuleRef module, Arena *scratch);

#endif
