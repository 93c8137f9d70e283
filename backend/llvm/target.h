// From LLVM IR to a file: the target machine, LLVM's passes, and writing. The same
// pipeline follows every variant, so that a difference between two is not LLVM's.
#ifndef BACKEND_LLVM_TARGET_H
#define BACKEND_LLVM_TARGET_H

#include "backend/llvm/code_lines.h"
#include "backend/llvm/request.h"
#include "ir/ir.h"

#include <llvm-c/TargetMachine.h>
#include <llvm-c/Types.h>

#include <stdbool.h>

// The target machine for this computer's architecture: any processor of its kind,
// or this very one, as the flags say; addresses fixed at link time (-no-pie). NULL after an
// error on stderr. The caller disposes of it.
LLVMTargetMachineRef llvm_target_new(const LlvmFlags *flags);

// Runs LLVM's -O3 (and the sanitizer's instrumentation, if asked for) over `module`, and keeps
// doubles where they are computed (double_registers.h). False after an error on stderr.
bool llvm_target_optimise(LLVMTargetMachineRef machine, LLVMModuleRef module,
                          const LlvmRequest *request, Arena *scratch);

// Writes the module, made of `source`, in the kind asked for to the output file ("-" is standard
// output), with dispatches as the form and the layout want them, symbols for bytecodes and lines
// of the definition (assembly.h). False after an error on stderr; no half-written file is left.
bool llvm_target_write(LLVMTargetMachineRef machine, LLVMModuleRef module,
                       const LlvmRequest *request, const IrModule *source,
                       const LlvmPlaces *places);

#endif
