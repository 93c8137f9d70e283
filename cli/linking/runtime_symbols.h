// What a runtime's files define, as their symbol tables and their debug information say it: for
// comparing it with what a loop's definition declares (runtime_check.h).
#ifndef CLI_LINKING_RUNTIME_SYMBOLS_H
#define CLI_LINKING_RUNTIME_SYMBOLS_H

#include "support/arena.h"

#include <stdbool.h>
#include <stddef.h>

// What C passes a value as.
typedef enum CKind { C_NOTHING, C_INTEGER, C_DOUBLE, C_POINTER, C_NARROW, C_OTHER } CKind;

// A function's signature out of debug information.
typedef struct CSignature {
    bool is_known;
    bool takes_any; // `f()` in old C, or `...`
    ARENA_VECTOR(CKind) parameters;
    CKind result;
    const char *source; // where it stands; NULL: not known
    int line;
} CSignature;

typedef struct RuntimeFunction {
    const char *name, *file;
    CSignature signature;
} RuntimeFunction;

// A header that an object was compiled with (loop_header in frontend/loop/loop.h writes the text).
typedef struct RuntimeStamp {
    const char *text, *file;
} RuntimeStamp;

typedef struct RuntimeSymbols {
    ARENA_VECTOR(RuntimeFunction) functions; // that others can call
    ARENA_VECTOR(RuntimeStamp) stamps;
    bool has_others; // functions may also come from libraries that aren't read, which these need
} RuntimeSymbols;

// Adds what an object, an archive or a shared library defines; `name` is what messages call it.
// False after an error on stderr: the file can't be read, or is none of these.
bool runtime_symbols_read(Arena *arena, const char *path, const char *name,
                          RuntimeSymbols *symbols);

// The function of that name; NULL: there is none.
const RuntimeFunction *runtime_symbols_find(const RuntimeSymbols *symbols, const char *name);

// A kind in words: "a 64-bit integer".
const char *c_kind_text(CKind kind);

#endif
