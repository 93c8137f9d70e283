// See generate.h.
#include "frontend/loop/generate.h"

#include "frontend/loop/loop.h"
#include "frontend/syntax/parse.h"
#include "support/output_file.h"

LoopGenerated loop_generate(Arena *arena, const char *input, const char **output) {
    Text source = {0}, header = {0};
    LoopGenerated result = LOOP_UNREADABLE;
    if (text_read_file(&source, input)) {
        Diagnostics diagnostics = {
            .source = {.name = input, .text = text_chars(&source), .length = source.length},
            .stream = stderr};
        AstFile *file = syntax_parse_file(arena, &diagnostics);
        result = LOOP_HAS_ERRORS;
        if (file && loop_header(arena, &diagnostics, file, &header)) {
            if (!*output)
                *output = loop_header_name(arena, file);
            result = output_file_write(*output, &header) ? LOOP_GENERATED : LOOP_UNWRITABLE;
        }
    }
    text_free(&source);
    text_free(&header);
    return result;
}
