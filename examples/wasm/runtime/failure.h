// How loading a module fails: what finds a fault says where and what, and control goes back to
// whoever began. Everything that was made by then lies in an pool, so nothing has to be undone.
#ifndef WASM_FAILURE_H
#define WASM_FAILURE_H

#include <setjmp.h>
#include <stddef.h>

// What is wrong with a module, by the standard's own distinction, and a limit of this engine's.
typedef enum FailureKind { MALFORMED, INVALID, UNLINKABLE, TRAPPED, UNSUPPORTED } FailureKind;

typedef struct Failure {
    jmp_buf back; // set by who begins; failure_raise jumps there
    FailureKind kind;
    size_t offset; // in the module's bytes; FAILURE_NOWHERE where none is to blame
    char text[256];
} Failure;

#define FAILURE_NOWHERE ((size_t)-1)

// Doesn't return. The text is made as by printf and says what is wrong, without a full stop.
_Noreturn void failure_raise(Failure *failure, FailureKind kind, size_t offset, const char *format,
                             ...) __attribute__((format(printf, 4, 5)));

// "malformed module", and so on.
const char *failure_kind_text(FailureKind kind);

#endif
