// What the helper is asked for, as its command line says it. One request makes one file, and
// ends the process: LLVM keeps options and state of its own as long as that lives.
#ifndef BACKEND_LLVM_REQUEST_H
#define BACKEND_LLVM_REQUEST_H

#include "backend/llvm/flags/llvm_flags.h"

typedef struct LlvmRequest {
    LlvmKind kind;
    LlvmFlags flags;
    // The variant's flags on one line, for people to read in the image; NULL: not told. Nothing
    // is decided by them: the passes have run, and what concerns LLVM is in `flags`.
    const char *variant;
    const char *input, *output; // files; "-": standard input, standard output
} LlvmRequest;

#endif
