// LLVM's own command-line options. They are global to the process, and LLVM ignores
// unknown ones without a word; here they are looked up before they are set.
#ifndef BACKEND_LLVM_LLVM_OPTIONS_H
#define BACKEND_LLVM_LLVM_OPTIONS_H

#include "backend/llvm/emit_options.h"

#include <stdbool.h>

// Sets what `options` asks for: whether LLVM may duplicate code, and the extra
// options. False after an error on stderr that names the option LLVM doesn't know.
// To be called once, before anything of LLVM runs; starts a child process.
bool llvm_options_set(const EmitOptions *options);

// This library's version as "19.1.7"; valid for the life of the process.
const char *llvm_version(void);

#endif
