// See parse.h. The work is done by lexer.l and parser.y.
#include "frontend/syntax/parse.h"
#include "frontend/syntax/state.h"

#include <limits.h>

AstFile *syntax_parse_file(Arena *arena, Diagnostics *diagnostics) {
    int before = diagnostics->errors;
    // The scanner counts in `int`.
    if (diagnostics->source.length > INT_MAX / 2) {
        diagnostic_error(diagnostics, (Location){0}, "the source is too large");
        return NULL;
    }
    if (!syntax_check_encoding(diagnostics))
        return NULL;
    SyntaxState state = {.arena = arena, .diagnostics = diagnostics, .line = 1};
    state.file = ARENA_NEW(arena, AstFile);
    state.file->name = arena_strdup(arena, diagnostics->source.name);
    bool complete = syntax_run(&state);
    return complete && diagnostics->errors == before ? state.file : NULL;
}
