// What is changed in the assembly that LLVM prints, before it is assembled: where dispatches are,
// where they lie, what the code of each bytecode is called (code_symbols.h), and which lines it
// comes from (code_lines.h).
#ifndef BACKEND_LLVM_ASSEMBLY_H
#define BACKEND_LLVM_ASSEMBLY_H

#include "backend/llvm/code_lines.h"
#include "backend/llvm/request.h"
#include "ir/ir.h"
#include "support/text.h"

// A comment in the assembly, in the block that all dispatches of form `replicated` share.
extern const char llvm_assembly_jump_mark[];

// Appends to `finished` what the module's assembly is to be. In form `replicated`
// each dispatch gets a jump of its own, and leads past what only jumps on. In the neutral layout a
// dispatch that all bytecodes of form `loop` share begins a line, and in form `replicated` so does
// what stands behind the shared jump, and each bytecode. In form `handlers` see
// assembly_handlers.h.
void llvm_assembly_finish(const LlvmRequest *request, const IrModule *module,
                          const LlvmPlaces *places, const char *assembly, Text *finished);

#endif
