// Words as a shell takes them: what is quoted comes back as it was, and what is written for a shell
// is taken apart as one does.
#include "support/shell_word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// The words, each in brackets; "!N": what begins at byte N has no end.
static const char *split(Arena *arena, const char *text) {
    ShellWords words;
    const char *wrong = shell_words_split(arena, text, &words);
    if (wrong)
        return arena_printf(arena, "!%d", (int)(wrong - text));
    assert_null(words.items[words.count]);
    const char *all = "";
    for (size_t i = 0; i < words.count; i++)
        all = arena_printf(arena, "%s[%s]", all, words.items[i]);
    return all;
}

static void a_text_is_taken_apart_as_by_a_shell(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {" \t\n", ""},
        {"one", "[one]"},
        {"  lua5.4  -e\t'print(1)'\n", "[lua5.4][-e][print(1)]"},
        {"'' \"\"", "[][]"},
        {"a'b c'd\"e f\"g", "[ab cde fg]"},
        {"\"a\\\"b\" \"\\\\\" \"\\$x\" \"\\n\"", "[a\"b][\\][$x][\\n]"},
        {"'\\'", "[\\]"},
        {"a\\ b \\'", "[a b][']"},
        {"$HOME * | ; # &", "[$HOME][*][|][;][#][&]"},
        {"'open", "!0"},
        {"two \"open", "!4"},
        {"end\\", "!3"},
        {"\"end\\", "!0"},
    };
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(split(arena, cases[i][0]), cases[i][1]);
    arena_free(arena);
}

static void what_was_quoted_comes_back(void **state) {
    (void)state;
    Arena *arena = arena_new();
    char hostile[256];
    for (int i = 1; i < 256; i++)
        hostile[i - 1] = (char)i;
    hostile[255] = '\0';
    const char *const words[] = {"plain", "", "it's", "a b", "\"\\$`", "''", hostile};
    Text text = {0};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        text_add(&text, i ? " " : "");
        text_add_shell_word(&text, words[i]);
    }
    ShellWords back;
    assert_null(shell_words_split(arena, text_chars(&text), &back));
    assert_int_equal(back.count, sizeof words / sizeof *words);
    for (size_t i = 0; i < back.count; i++)
        assert_string_equal(back.items[i], words[i]);
    text_free(&text);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_taken_apart_as_by_a_shell),
        cmocka_unit_test(what_was_quoted_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
