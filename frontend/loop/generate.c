// See generate.h.
#include "frontend/loop/generate.h"

#include "frontend/loop/include.h"
#include "frontend/loop/loop.h"
#include "support/output_file.h"

static bool write_rule(const Diagnostics *diagnostics, const char *target, const char *depfile) {
    Text rule = {0};
    loop_depend(&diagnostics->source, target, &rule);
    bool written = output_file_write(depfile, &rule);
    text_free(&rule);
    return written;
}

LoopGenerated loop_generate(Arena *arena, const char *input, const char **output,
                            const char *depfile) {
    Text source = {0}, header = {0};
    LoopGenerated result = LOOP_UNREADABLE;
    if (text_read_file(&source, input)) {
        Diagnostics diagnostics = {
            .source = {.name = input, .text = text_chars(&source), .length = source.length},
            .stream = stderr};
        AstFile *file = loop_parse(arena, &diagnostics);
        result = LOOP_HAS_ERRORS;
        if (file && loop_header(arena, &diagnostics, file, &header)) {
            if (!*output)
                *output = loop_header_name(arena, file);
            result = output_file_write(*output, &header) ? LOOP_GENERATED : LOOP_UNWRITABLE;
            if (result == LOOP_GENERATED && depfile && !write_rule(&diagnostics, *output, depfile))
                result = LOOP_NO_RULE;
        }
    }
    text_free(&source);
    text_free(&header);
    return result;
}
