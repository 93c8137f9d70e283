// From a module of mini IR to a module of LLVM's: functions, blocks, operations,
// debug information, alias facts and the image. Nothing here optimises, and LLVM is told
// nothing that would let it do by itself what a pass is to be measured by; LLVM's passes run
// afterwards (target.h).
#ifndef BACKEND_LLVM_LOWER_H
#define BACKEND_LLVM_LOWER_H

#include "backend/llvm/code_lines.h"
#include "backend/llvm/request.h"
#include "ir/ir.h"

#include <llvm-c/Target.h>
#include <llvm-c/Types.h>

// Lowers a verified module into a new LLVM module of `context`, which the caller
// disposes of. `layout` and `triple` are the target's. NULL after reporting what
// can't be lowered (two symbols of one name, too many handler parameters) to stderr
// as `file: error: …`. Numbers of inlinings, which LLVM's assembly will have, are added to
// `places`. Scratch memory is `arena`'s.
LLVMModuleRef llvm_lower_module(LLVMContextRef context, const IrModule *module,
                                const LlvmRequest *request, const char *triple,
                                LLVMTargetDataRef layout, LlvmPlaces *places, Arena *arena);

#endif
