// The system's C compiler, `cc`: it compiles the sources of a runtime, and links. What it says of a
// source is for the user, and goes to stderr as it is.
#ifndef CLI_LINKING_C_COMPILER_H
#define CLI_LINKING_C_COMPILER_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>
#include <stdint.h>

// How a source is compiled.
typedef struct CSource {
    const char *path;
    const char *header_folder; // where the generated header is; NULL: there is none
    const char *sanitizers;    // for -fsanitize=; "": none
} CSource;

// The object of a source: its path, which may be a temporary file's. It is compiled anew only if
// what the preprocessor makes of it has changed, its headers' contents therefore too. Adds to
// `hash` what the object depends on. NULL after an error on stderr.
const char *c_compiler_object(Arena *arena, const CSource *source, uint64_t *hash);

// The object of a text. NULL after an error on stderr.
const char *c_compiler_text_object(Arena *arena, const Text *source);

// Starts the linker with the words, NULL after the last; `name` is what messages call the result.
// False after an error on stderr.
bool c_compiler_link(const char *const *words, const char *name);

#endif
