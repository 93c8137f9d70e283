// See parse.h. The work is done by lexer.l and parser.y.
#include "frontend/syntax/parse.h"
#include "frontend/syntax/state.h"

#include <limits.h>

// Runs the parser with a fresh state. False if there were errors.
static bool parse(SyntaxState *state) {
    Diagnostics *diagnostics = state->diagnostics;
    int before = diagnostics->errors;
    // The scanner counts in `int`.
    if (diagnostics->source.length > INT_MAX / 2) {
        diagnostic_error(diagnostics, (Location){0}, "the source is too large");
        return false;
    }
    if (!syntax_check_encoding(diagnostics))
        return false;
    state->line = source_first_line(&diagnostics->source);
    state->file = ARENA_NEW(state->arena, AstFile);
    state->file->name = arena_strdup(state->arena, diagnostics->source.name);
    return syntax_run(state) && diagnostics->errors == before;
}

AstFile *syntax_parse_file(Arena *arena, Diagnostics *diagnostics) {
    SyntaxState state = {.arena = arena, .diagnostics = diagnostics};
    return parse(&state) ? state.file : NULL;
}

// To who reads its text the part is a source; messages go by the whole one's lines.
AstFile *syntax_parse_part(Arena *arena, Diagnostics *diagnostics) {
    const SourceParts parts = diagnostics->source.parts;
    const SourcePart *part = &parts.items[parts.count - 1];
    Source whole = diagnostics->source;
    diagnostics->source = (Source){.name = whole.name,
                                   .text = part->text,
                                   .length = part->length,
                                   .first_line = part->first_line,
                                   .parts = parts};
    AstFile *file = syntax_parse_file(arena, diagnostics);
    diagnostics->source = whole;
    return file;
}

// One grammar has two starts, a file and a body, but a bison parser has one. So, as bison's
// manual recommends, the lexer makes a first token up that says which is meant.
AstFile *syntax_parse_statements(Arena *arena, Diagnostics *diagnostics) {
    SyntaxState state = {.arena = arena, .diagnostics = diagnostics, .wants_statements = true};
    return parse(&state) ? state.file : NULL;
}
