// See internal_error.h. Nothing here may depend on the rest of the program being sound.
#define _GNU_SOURCE // program_invocation_short_name
#include "support/internal_error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void internal_error(const char *format, ...) {
    fprintf(stderr, "%s: internal error: ", program_invocation_short_name);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    abort();
}
