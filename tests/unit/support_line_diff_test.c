// Differences by lines: hunks as `diff -u` has them, shortest edits, and that a
// difference, applied, gives the other text.
#include "support/line_diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_diff(const char *before, const char *after, const char *expected) {
    Text out = {0};
    assert_int_equal(line_diff(before, after, &out), *expected != '\0');
    assert_string_equal(text_chars(&out), expected);
    text_free(&out);
}

static void equal_texts_have_no_difference(void **state) {
    (void)state;
    assert_diff("", "", "");
    assert_diff("a\nb\n", "a\nb\n", "");
    assert_diff("a\nb", "a\nb\n", "");
}

static void lines_are_added_and_taken_away(void **state) {
    (void)state;
    assert_diff("", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n");
    assert_diff("a\n", "", "@@ -1,1 +0,0 @@\n-a\n");
    assert_diff("a\nb\nc\n", "a\nc\n", "@@ -1,3 +1,2 @@\n a\n-b\n c\n");
    assert_diff("a\nx\nc\n", "a\ny\nc\n", "@@ -1,3 +1,3 @@\n a\n-x\n+y\n c\n");
}

static void context_is_three_lines_and_near_changes_share_a_hunk(void **state) {
    (void)state;
    assert_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
                "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
    assert_diff("a\n1\n2\n3\n4\n5\n6\nb\n", "x\n1\n2\n3\n4\n5\n6\ny\n",
                "@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n");
    assert_diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n",
                "@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n"
                "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+y\n");
}

static void changes_as_data_count_lines_from_0(void **state) {
    (void)state;
    Arena *arena = arena_new();
    LineChanges changes = line_changes(arena, "a\nb\nc\nd\n", "a\nx\ny\nd\ne\n");
    assert_int_equal(changes.count, 2);
    assert_memory_equal(&changes.items[0], (&(LineChange){1, 2, 1, 2}), sizeof(LineChange));
    assert_memory_equal(&changes.items[1], (&(LineChange){4, 0, 4, 1}), sizeof(LineChange));
    assert_int_equal(line_changes(arena, "a\n", "a\n").count, 0);
    arena_free(arena);
}

// ---- Random texts ----------------------------------------------------------------------

enum { LONGEST = 40 };

static uint32_t random_state = 7;

static unsigned pick(unsigned below) {
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % below;
}

static void make_text(char *text, char letters[]) {
    size_t count = pick(LONGEST), used = 0;
    for (size_t i = 0; i < count; i++) {
        letters[i] = (char)('a' + pick(4));
        text[used++] = letters[i];
        text[used++] = '\n';
    }
    letters[count] = text[used] = '\0';
}

// The length of a longest common subsequence, by the textbook's table.
static int common(const char *a, const char *b) {
    int table[LONGEST + 1][LONGEST + 1] = {{0}};
    int rows = (int)strlen(a), columns = (int)strlen(b);
    for (int i = 1; i <= rows; i++)
        for (int k = 1; k <= columns; k++) {
            int above = table[i - 1][k], left = table[i][k - 1];
            table[i][k] =
                a[i - 1] == b[k - 1] ? table[i - 1][k - 1] + 1 : (above > left ? above : left);
        }
    return table[rows][columns];
}

// Follows the hunks through `before`: what comes out has to be `after`.
static void apply(const char *before, const char *hunks, char *result, int *changes) {
    size_t at = 0, used = 0;
    *changes = 0;
    while (*hunks) {
        if (*hunks == '@') {
            long start = strtol(hunks + 4, NULL, 10), count;
            count = strtol(strchr(hunks, ',') + 1, NULL, 10);
            for (size_t to = (size_t)(start - (count > 0)); at < to;)
                result[used++] = before[at++];
        } else if (*hunks == '+') {
            result[used++] = hunks[1];
            ++*changes;
        } else {
            assert_int_equal(hunks[1], before[at]);
            if (*hunks == ' ')
                result[used++] = before[at];
            else
                ++*changes;
            at++;
        }
        hunks = strchr(hunks, '\n') + 1;
    }
    while (before[at])
        result[used++] = before[at++];
    result[used] = '\0';
}

// The same with changes as data.
static void apply_changes(const char *before, const char *after, const LineChanges *changes,
                          char *result) {
    size_t at = 0, used = 0;
    for (size_t i = 0; i < changes->count; i++) {
        const LineChange *change = &changes->items[i];
        while (at < (size_t)change->before)
            result[used++] = before[at++];
        assert_int_equal(used, change->after);
        at += (size_t)change->removed;
        for (int line = 0; line < change->added; line++)
            result[used++] = after[change->after + line];
    }
    while (before[at])
        result[used++] = before[at++];
    result[used] = '\0';
}

static void differences_are_shortest_and_lead_to_the_other_text(void **state) {
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char texts[2][2 * LONGEST + 1], letters[2][LONGEST + 1], result[2 * LONGEST + 1];
        make_text(texts[0], letters[0]);
        make_text(texts[1], letters[1]);
        Text out = {0};
        line_diff(texts[0], texts[1], &out);
        int changes;
        apply(letters[0], text_chars(&out), result, &changes);
        assert_string_equal(result, letters[1]);
        int least =
            (int)(strlen(letters[0]) + strlen(letters[1])) - 2 * common(letters[0], letters[1]);
        assert_int_equal(changes, least);
        Arena *arena = arena_new();
        LineChanges data = line_changes(arena, texts[0], texts[1]);
        apply_changes(letters[0], letters[1], &data, result);
        assert_string_equal(result, letters[1]);
        arena_free(arena);
        text_free(&out);
    }
}

// Two texts of letters that agree in about half of them, in what a quadratic search would take
// minutes for.
static void large_texts_are_compared_in_time(void **state) {
    (void)state;
    enum { COUNT = 400000 };
    char *texts[2], *letters[2], *result = malloc(2 * COUNT + 1);
    for (int t = 0; t < 2; t++) {
        texts[t] = malloc(2 * COUNT + 1);
        letters[t] = malloc(COUNT + 1);
        for (int i = 0; i < COUNT; i++) {
            texts[t][2 * i] = letters[t][i] = (char)('a' + pick(26));
            texts[t][2 * i + 1] = '\n';
        }
        texts[t][2 * COUNT] = letters[t][COUNT] = '\0';
    }
    Text out = {0};
    line_diff(texts[0], texts[1], &out);
    int changes;
    apply(letters[0], text_chars(&out), result, &changes);
    assert_string_equal(result, letters[1]);
    assert_true(changes < 3 * COUNT / 2);
    text_free(&out);
    for (int t = 0; t < 2; t++) {
        free(texts[t]);
        free(letters[t]);
    }
    free(result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_have_no_difference),
        cmocka_unit_test(lines_are_added_and_taken_away),
        cmocka_unit_test(context_is_three_lines_and_near_changes_share_a_hunk),
        cmocka_unit_test(changes_as_data_count_lines_from_0),
        cmocka_unit_test(differences_are_shortest_and_lead_to_the_other_text),
        cmocka_unit_test(large_texts_are_compared_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
