// Located messages: their form, the caret, the limit.
#include "support/diagnostic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *printed;
static size_t printed_size;

static Diagnostics begin(const char *text, size_t length) {
    return (Diagnostics){.source = {.name = "file", .text = text, .length = length},
                         .stream = open_memstream(&printed, &printed_size)};
}

static void assert_printed(Diagnostics *diagnostics, const char *expected) {
    fclose(diagnostics->stream);
    assert_string_equal(printed, expected);
    free(printed);
}

// One error at `where` in `text` prints `expected`.
static void assert_error(const char *text, Location where, const char *expected) {
    Diagnostics diagnostics = begin(text, strlen(text));
    diagnostic_error(&diagnostics, where, "bad %s", "thing");
    assert_int_equal(diagnostics.errors, 1);
    assert_printed(&diagnostics, expected);
}

static void an_error_shows_its_line_and_a_caret(void **state) {
    (void)state;
    assert_error("one\ntwo\nthree", (Location){2, 2}, "file:2:2: error: bad thing\ntwo\n ^\n");
    assert_error("one\ntwo\nthree", (Location){1, 1}, "file:1:1: error: bad thing\none\n^\n");
    assert_error("one\ntwo\nthree", (Location){3, 5}, "file:3:5: error: bad thing\nthree\n    ^\n");
}

static void the_caret_may_stand_after_the_text(void **state) {
    (void)state;
    assert_error("one", (Location){1, 4}, "file:1:4: error: bad thing\none\n   ^\n");
    assert_error("one\n", (Location){2, 1}, "file:2:1: error: bad thing\n\n^\n");
    assert_error("", (Location){1, 1}, "file:1:1: error: bad thing\n\n^\n");
}

static void a_line_that_does_not_exist_is_not_shown(void **state) {
    (void)state;
    assert_error("one", (Location){7, 1}, "file:7:1: error: bad thing\n");
}

static void without_a_place_only_the_file_is_named(void **state) {
    (void)state;
    assert_error("one", (Location){0}, "file: error: bad thing\n");
}

static void tabs_and_wide_characters_keep_the_caret_in_place(void **state) {
    (void)state;
    assert_error("\ta\tb", (Location){1, 4}, "file:1:4: error: bad thing\n\ta\tb\n\t \t^\n");
    assert_error("\xC3\xA9\xE2\x9D\xA4x", (Location){1, 6},
                 "file:1:6: error: bad thing\n\xC3\xA9\xE2\x9D\xA4x\n  ^\n");
}

static void control_characters_do_not_reach_the_reader(void **state) {
    (void)state;
    assert_error("a\x1B[31m\r\n", (Location){1, 1}, "file:1:1: error: bad thing\na [31m \n^\n");
}

// A no-break space, one without width, a mark of the other direction, C1's escape.
static void what_cannot_be_seen_is_shown_as_a_blank(void **state) {
    (void)state;
    assert_error("a\xC2\xA0"
                 "b",
                 (Location){1, 4}, "file:1:4: error: bad thing\na b\n  ^\n");
    assert_error("a\xE2\x80\x8B"
                 "b",
                 (Location){1, 5}, "file:1:5: error: bad thing\na b\n  ^\n");
    assert_error("\xEF\xBB\xBF"
                 "b",
                 (Location){1, 4}, "file:1:4: error: bad thing\n b\n ^\n");
    assert_error("\xE2\x80\xAE\xC2\x9B"
                 "b",
                 (Location){1, 6}, "file:1:6: error: bad thing\n  b\n  ^\n");
    assert_error("a\x7F"
                 "b",
                 (Location){1, 3}, "file:1:3: error: bad thing\na b\n  ^\n");
}

static void a_caret_stands_below_characters_of_any_width(void **state) {
    (void)state;
    // e and an accent that is drawn on it; two wide characters.
    assert_error("e\xCC\x81x", (Location){1, 4}, "file:1:4: error: bad thing\ne\xCC\x81x\n ^\n");
    assert_error("\xE4\xBD\xA0\xE5\xA5\xBDx", (Location){1, 7},
                 "file:1:7: error: bad thing\n\xE4\xBD\xA0\xE5\xA5\xBDx\n    ^\n");
    // The middle of a character is its beginning; bytes that are none are question marks.
    assert_error("\xC3\xA9x", (Location){1, 2}, "file:1:2: error: bad thing\n\xC3\xA9x\n^\n");
    assert_error("a\xE9\x80x", (Location){1, 4}, "file:1:4: error: bad thing\na??x\n   ^\n");
}

static void lines_that_cannot_be_shown_are_left_out(void **state) {
    (void)state;
    char wide[1000];
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = '\0';
    assert_error(wide, (Location){1, 3}, "file:1:3: error: bad thing\n");
    Diagnostics diagnostics = begin("a\0b", 3);
    diagnostic_error(&diagnostics, (Location){1, 2}, "NUL");
    assert_printed(&diagnostics, "file:1:2: error: NUL\n");
    diagnostics = begin(NULL, 0);
    diagnostic_error(&diagnostics, (Location){1, 1}, "nothing");
    assert_printed(&diagnostics, "file:1:1: error: nothing\n");
}

static void notes_are_not_counted(void **state) {
    (void)state;
    Diagnostics diagnostics = begin("one", 3);
    diagnostic_note(&diagnostics, (Location){1, 3}, "declared %d", 1);
    assert_int_equal(diagnostics.errors, 0);
    assert_printed(&diagnostics, "file:1:3: note: declared 1\none\n  ^\n");
}

static void errors_beyond_the_limit_are_counted_only(void **state) {
    (void)state;
    Diagnostics diagnostics = begin("", 0);
    diagnostics.limit = 2;
    for (int i = 1; i <= 5; i++) {
        diagnostic_error(&diagnostics, (Location){0}, "%d", i);
        diagnostic_note(&diagnostics, (Location){0}, "%d", i);
    }
    assert_int_equal(diagnostics.errors, 5);
    assert_printed(&diagnostics, "file: error: 1\nfile: note: 1\nfile: error: 2\nfile: note: 2\n"
                                 "file: too many errors, the rest is not shown\n");
}

static void the_limit_is_20_unless_told(void **state) {
    (void)state;
    Diagnostics diagnostics = begin("", 0);
    for (int i = 0; i < 30; i++)
        diagnostic_error(&diagnostics, (Location){0}, "x");
    fclose(diagnostics.stream);
    int lines = 0;
    for (const char *at = printed; *at; at++)
        lines += *at == '\n';
    assert_int_equal(lines, 21);
    free(printed);
}

static void without_a_stream_errors_are_counted(void **state) {
    (void)state;
    Diagnostics diagnostics = {.source = {.name = "file", .text = "x", .length = 1}};
    diagnostic_error(&diagnostics, (Location){1, 1}, "x");
    diagnostic_note(&diagnostics, (Location){1, 1}, "x");
    assert_int_equal(diagnostics.errors, 1);
}

static void a_place_in_a_part_is_told_by_its_file(void **state) {
    (void)state;
    Diagnostics diagnostics = begin("one\ntwo\n", 8);
    SourcePart items[] = {{.name = "first", .text = "three\n", .length = 6, .first_line = 4},
                          {.name = "second", .first_line = 6}};
    diagnostics.source.parts = (SourceParts){.items = items, .count = 2};
    diagnostic_error(&diagnostics, (Location){2, 1}, "a");
    diagnostic_error(&diagnostics, (Location){4, 3}, "b");
    diagnostic_note(&diagnostics, (Location){7, 1}, "c");
    assert_printed(&diagnostics, "file:2:1: error: a\ntwo\n^\n"
                                 "first:1:3: error: b\nthree\n  ^\n"
                                 "second:2:1: note: c\n");
    assert_int_equal(source_lines("", 0), 0);
    assert_int_equal(source_lines("a", 1), 1);
    assert_int_equal(source_lines("a\n", 2), 1);
    assert_int_equal(source_lines("a\n\nb", 4), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_shows_its_line_and_a_caret),
        cmocka_unit_test(the_caret_may_stand_after_the_text),
        cmocka_unit_test(a_line_that_does_not_exist_is_not_shown),
        cmocka_unit_test(without_a_place_only_the_file_is_named),
        cmocka_unit_test(tabs_and_wide_characters_keep_the_caret_in_place),
        cmocka_unit_test(control_characters_do_not_reach_the_reader),
        cmocka_unit_test(what_cannot_be_seen_is_shown_as_a_blank),
        cmocka_unit_test(a_caret_stands_below_characters_of_any_width),
        cmocka_unit_test(lines_that_cannot_be_shown_are_left_out),
        cmocka_unit_test(notes_are_not_counted),
        cmocka_unit_test(errors_beyond_the_limit_are_counted_only),
        cmocka_unit_test(the_limit_is_20_unless_told),
        cmocka_unit_test(without_a_stream_errors_are_counted),
        cmocka_unit_test(a_place_in_a_part_is_told_by_its_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
