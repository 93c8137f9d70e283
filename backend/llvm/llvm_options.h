// LLVM's own command-line options. They are meant for LLVM's developers and not for those
// who link it: they are global to the process, come and go with versions, unknown ones are
// ignored without a word, and so, but for a complaint, is one whose value is wrong. Here they are
// looked up and tried in child processes before they are set.
#ifndef BACKEND_LLVM_LLVM_OPTIONS_H
#define BACKEND_LLVM_LLVM_OPTIONS_H

#include "backend/llvm/flags/llvm_flags.h"
#include "ir/ir.h"

#include <stdbool.h>

// Sets what the module's form and the flags ask for: whether LLVM may
// duplicate code, how it places blocks, and options of LLVM's own, whose text lives in the arena or
// was borrowed by the flags. False after an error on stderr: of an option that LLVM doesn't know,
// of a value that it can't take, or when it ends instead of going on (-help). To be called once,
// before anything of LLVM runs; starts child processes.
bool llvm_options_set(const LlvmFlags *flags, const IrModule *module, Arena *arena);

// This library's version as "19.1.7"; valid for the life of the process.
const char *llvm_version(void);

#endif
