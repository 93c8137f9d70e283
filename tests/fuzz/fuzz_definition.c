// Loop definitions: parsed, laid out anew, checked, lowered, and the header made from them. What is
// lowered has to pass the IR's verifier; what is laid out has to say the same, which the formatter
// sees to itself, and laid out again to stay as it is.
#include "frontend/format/format.h"
#include "frontend/loop/loop.h"
#include "frontend/syntax/parse.h"
#include "ir/verify/verify.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void lay_out(Arena *arena, Diagnostics diagnostics) {
    Text once = {0}, twice = {0};
    if (!format_source(arena, &diagnostics, &once))
        abort();
    diagnostics.source.text = text_chars(&once);
    diagnostics.source.length = once.length;
    if (!format_source(arena, &diagnostics, &twice) || twice.length != once.length ||
        memcmp(text_chars(&once), text_chars(&twice), once.length) != 0)
        abort();
    text_free(&once);
    text_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_new();
    Diagnostics diagnostics = {
        .source = {.name = "fuzz.som", .text = (const char *)data, .length = size}};
    const AstFile *file = syntax_parse_file(arena, &diagnostics);
    if (file) {
        lay_out(arena, diagnostics);
        LoopOptions options = {.verified = size % 2 == 0};
        const IrModule *module = loop_lower(arena, &diagnostics, file, options);
        if (module && !ir_verify_or_report(module, stderr))
            abort();
        Text header = {0};
        diagnostics.errors = 0;
        loop_header(arena, &diagnostics, file, &header);
        text_free(&header);
    }
    arena_free(arena);
    return 0;
}
