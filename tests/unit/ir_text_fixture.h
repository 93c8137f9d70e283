// Parsing and printing strings, for the tests of the IR's text.
#ifndef IR_TEXT_FIXTURE_H
#define IR_TEXT_FIXTURE_H

#include "ir/text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// The module that the text gives; NULL after errors. What was reported is put into
// `messages` (malloc'ed) if that isn't NULL.
static inline IrModule *parse_text(Arena *arena, const char *text, size_t length, char **messages) {
    size_t size;
    char *shown = NULL;
    FILE *stream = open_memstream(&shown, &size);
    assert_non_null(stream);
    Diagnostics diagnostics = {.source = {.name = "in.mir", .text = text, .length = length},
                               .stream = stream};
    IrModule *module = ir_parse(arena, &diagnostics);
    fclose(stream);
    assert_int_equal(module == NULL, diagnostics.errors > 0);
    if (messages)
        *messages = shown;
    else
        free(shown);
    return module;
}

// Does `text` parse, and print to `expected`, and that to itself?
static inline void assert_prints(const char *text, const char *expected) {
    for (int i = 0; i < 2; i++) {
        Arena *arena = arena_new();
        char *messages;
        Text printed = {0};
        IrModule *module =
            parse_text(arena, i ? expected : text, strlen(i ? expected : text), &messages);
        assert_string_equal(messages, "");
        assert_non_null(module);
        ir_print(module, &printed);
        assert_string_equal(text_chars(&printed), expected);
        text_free(&printed);
        free(messages);
        arena_free(arena);
    }
}

// Does `text` fail with `message` among what is reported?
static inline void assert_fails(const char *text, const char *message) {
    Arena *arena = arena_new();
    char *messages;
    assert_null(parse_text(arena, text, strlen(text), &messages));
    if (!strstr(messages, message))
        fail_msg("expected: %s\nin: %s", message, messages);
    free(messages);
    arena_free(arena);
}

#endif
