// What one emitted interpreter is to be like: the part of a variant's identity
// that the LLVM backend decides. Filled from the command line by emit_command.c.
#ifndef BACKEND_LLVM_EMIT_OPTIONS_H
#define BACKEND_LLVM_EMIT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum EmitKind {
    EMIT_OBJECT,
    EMIT_ASSEMBLY,
    EMIT_LLVM_IR,
} EmitKind;

typedef enum EmitSanitizer {
    EMIT_SANITIZE_NONE,
    EMIT_SANITIZE_ADDRESS,
    EMIT_SANITIZE_THREAD,
} EmitSanitizer;

enum { EMIT_EXTRA_OPTIONS = 32 };

typedef struct EmitOptions {
    EmitKind kind;
    EmitSanitizer sanitizer;
    bool tail_duplication; // LLVM may duplicate a shared dispatch as far as it likes
    bool alias_facts;      // tell LLVM that the IR's memory regions don't overlap
    bool native;           // for this machine's processor, not for any of its kind
    const char *flags;     // the variant's flags as the image shows them; NULL: none
    const char *input, *output;
    // Further options of LLVM's own, `-name=value`.
    const char *extra[EMIT_EXTRA_OPTIONS];
    size_t extra_count;
} EmitOptions;

#endif
