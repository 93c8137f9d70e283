// Folded stacks, and the pictures that are drawn from them.
#include "cli/profile/flame_graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void add(FoldedStacks *stacks, Arena *arena, const char *first, const char *second,
                uint64_t count) {
    const char *frames[] = {first, second};
    folded_stacks_add(stacks, arena, frames, second ? 2 : 1, count);
}

static void a_frame_stands_before_all_within_it(void **state) {
    (void)state;
    Arena *arena = arena_new();
    FoldedStacks stacks = {0};
    add(&stacks, arena, "a b", "x", 1);
    add(&stacks, arena, "a", "y", 2);
    add(&stacks, arena, "a", NULL, 3);
    folded_stacks_sort(&stacks);
    Text text = {0};
    folded_stacks_print(&stacks, &text);
    assert_string_equal(text_chars(&text), "a 3\na;y 2\na b;x 1\n");
    text_free(&text);
    arena_free(arena);
}

static void names_part_no_frames_and_nothing_is_counted_for_none(void **state) {
    (void)state;
    Arena *arena = arena_new();
    FoldedStacks stacks = {0};
    add(&stacks, arena, "a;b\nc", "d", 7);
    add(&stacks, arena, "never", NULL, 0);
    Text text = {0};
    folded_stacks_print(&stacks, &text);
    assert_string_equal(text_chars(&text), "a b c;d 7\n");
    text_free(&text);
    arena_free(arena);
}

static const char *draw(FoldedStacks *stacks, Text *picture) {
    flame_graph_draw(stacks, &(FlameGraphWords){"What & where", "samples"}, picture);
    return text_chars(picture);
}

static int count_of(const char *text, const char *part) {
    int count = 0;
    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

static void boxes_are_as_wide_as_their_counts(void **state) {
    (void)state;
    Arena *arena = arena_new();
    FoldedStacks stacks = {0};
    add(&stacks, arena, "program", "b", 1);
    add(&stacks, arena, "program", "a", 3);
    Text picture = {0};
    const char *drawn = draw(&stacks, &picture);
    assert_non_null(strstr(drawn, "<title>all (4 samples, 100.00%)</title>"));
    assert_non_null(strstr(drawn, "<title>program (4 samples, 100.00%)</title>"));
    assert_non_null(strstr(
        drawn, "<title>a (3 samples, 75.00%)</title><rect x=\"10.0\" y=\"37\" width=\"885.0\""));
    assert_non_null(strstr(
        drawn, "<title>b (1 samples, 25.00%)</title><rect x=\"895.0\" y=\"37\" width=\"295.0\""));
    assert_int_equal(count_of(drawn, "<title>"), 4);
    text_free(&picture);
    arena_free(arena);
}

static void the_same_frame_in_neighbours_is_one_box(void **state) {
    (void)state;
    Arena *arena = arena_new();
    FoldedStacks stacks = {0};
    const char *deep[] = {"program", "a", "c"};
    folded_stacks_add(&stacks, arena, deep, 3, 1);
    add(&stacks, arena, "program", "a", 1);
    add(&stacks, arena, "program", "a", 1);
    Text picture = {0};
    const char *drawn = draw(&stacks, &picture);
    assert_int_equal(count_of(drawn, "<title>a (3 samples, 100.00%)</title>"), 1);
    assert_int_equal(count_of(drawn, "<title>c (1 samples, 33.33%)</title>"), 1);
    text_free(&picture);
    arena_free(arena);
}

static void a_picture_needs_nothing_and_names_are_no_markup(void **state) {
    (void)state;
    Arena *arena = arena_new();
    FoldedStacks stacks = {0};
    add(&stacks, arena, "less<than", NULL, 1);
    Text picture = {0};
    const char *drawn = draw(&stacks, &picture);
    assert_non_null(strstr(drawn, "What &amp; where"));
    assert_non_null(strstr(drawn, "less&lt;than"));
    assert_null(strstr(drawn, "less<than"));
    assert_int_equal(count_of(drawn, "http"), 1); // the name of SVG's own words
    assert_null(strstr(drawn, "<script"));
    text_free(&picture);
    arena_free(arena);
}

// The label of a box that has `count` of all.
static void assert_label(const char *name, uint64_t count, uint64_t all, const char *label) {
    Arena *arena = arena_new();
    FoldedStacks stacks = {0};
    add(&stacks, arena, name, NULL, count);
    add(&stacks, arena, "~", NULL, all - count);
    Text picture = {0};
    const char *wanted = arena_printf(arena, "\">%s</text>", label);
    assert_non_null(strstr(draw(&stacks, &picture), wanted));
    text_free(&picture);
    arena_free(arena);
}

// A box of 5 in 100 is 59 pixels wide: room for eight letters, six and two dots.
static void labels_are_cut_between_characters(void **state) {
    (void)state;
    assert_label("abcdefgh", 5, 100, "abcdefgh");
    assert_label("abcdefghi", 5, 100, "abcdef..");
    assert_label("\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4", 5, 100,
                 "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4");
    assert_label("abcde\u00e4\u00e4\u00e4\u00e4", 5, 100, "abcde\u00e4..");
    assert_label("abcde\u4e00\u4e00", 5, 100, "abcde.."); // of two columns each
    assert_label("abcdefe\u0301fg", 5, 100, "abcdef..");
    assert_label("abcdee\u0301fgh", 5, 100, "abcdee\u0301.."); // drawn on the letter before it
}

// No XML parser takes control characters, nor bytes that are no characters.
static void what_is_no_character_of_xml_is_told(void **state) {
    (void)state;
    Arena *arena = arena_new();
    FoldedStacks stacks = {0};
    add(&stacks, arena, "a\xff\x7f", "\xc3", 1);
    Text picture = {0};
    flame_graph_draw(&stacks, &(FlameGraphWords){"b\x01\xe4\uffff", "samples"}, &picture);
    const char *drawn = text_chars(&picture);
    assert_non_null(strstr(drawn, "<title>a0xFFU+007F (1 samples, 100.00%)</title>"));
    assert_non_null(strstr(drawn, "<title>0xC3 (1 samples, 100.00%)</title>"));
    assert_non_null(strstr(drawn, ">bU+00010xE4U+FFFF</text>"));
    for (const char *at = drawn; *at; at++)
        assert_in_range(*at, '\n', '~');
    text_free(&picture);
    arena_free(arena);
}

static void no_stacks_are_an_empty_picture(void **state) {
    (void)state;
    FoldedStacks stacks = {0};
    Text picture = {0};
    const char *drawn = draw(&stacks, &picture);
    assert_int_equal(count_of(drawn, "<title>"), 0);
    assert_non_null(strstr(drawn, "</svg>"));
    text_free(&picture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_stands_before_all_within_it),
        cmocka_unit_test(names_part_no_frames_and_nothing_is_counted_for_none),
        cmocka_unit_test(boxes_are_as_wide_as_their_counts),
        cmocka_unit_test(the_same_frame_in_neighbours_is_one_box),
        cmocka_unit_test(a_picture_needs_nothing_and_names_are_no_markup),
        cmocka_unit_test(labels_are_cut_between_characters),
        cmocka_unit_test(what_is_no_character_of_xml_is_told),
        cmocka_unit_test(no_stacks_are_an_empty_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
