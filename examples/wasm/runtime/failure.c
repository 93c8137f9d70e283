// See failure.h.
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>

_Noreturn void failure_raise(Failure *failure, FailureKind kind, size_t offset, const char *format,
                             ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(failure->text, sizeof failure->text, format, arguments);
    va_end(arguments);
    failure->kind = kind;
    failure->offset = offset;
    longjmp(failure->back, 1);
}

const char *failure_kind_text(FailureKind kind) {
    static const char *const texts[] = {
        [MALFORMED] = "malformed module", [INVALID] = "invalid module",
        [UNLINKABLE] = "can't be linked", [TRAPPED] = "trap",
        [UNSUPPORTED] = "not supported",
    };
    return texts[kind];
}
