// What the helper is asked for, as its command line says it. One request makes one file, and
// ends the process: LLVM keeps options and state of its own as long as that lives.
#ifndef BACKEND_LLVM_REQUEST_H
#define BACKEND_LLVM_REQUEST_H

#include "backend/llvm/flags/llvm_flags.h"

typedef struct LlvmRequest {
    LlvmKind kind;
    LlvmFlags flags;
    const char *variant; // the variant's flags, as the image shows them; NULL: not told
    const char *input, *output;
} LlvmRequest;

#endif
