// Loop definitions: parsed, checked, lowered, and the header made from them. What is
// lowered has to pass the IR's verifier.
#include "frontend/loop/loop.h"
#include "frontend/syntax/parse.h"
#include "ir/verify/verify.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *arena = arena_new();
    Diagnostics diagnostics = {
        .source = {.name = "fuzz.som", .text = (const char *)data, .length = size}};
    const AstFile *file = syntax_parse_file(arena, &diagnostics);
    if (file) {
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
