// Schedules made smaller, of decisions that are made up: the test knows which of them it takes.
#include "cli/race/shrink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 50000 };

// Fails if all `needed` are there and, of `couple`, both or none.
typedef struct Made {
    size_t needed[4], needed_count;
    size_t couple[2];
    bool has_couple;
    size_t asked;
} Made;

static bool fails(void *context, const bool *kept, size_t count) {
    (void)count;
    Made *made = context;
    made->asked++;
    for (size_t i = 0; i < made->needed_count; i++)
        if (!kept[made->needed[i]])
            return false;
    return !made->has_couple || kept[made->couple[0]] == kept[made->couple[1]];
}

static bool kept[MOST];

static void expect_needed(const Made *made, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool is_needed = false;
        for (size_t j = 0; j < made->needed_count; j++)
            is_needed = is_needed || made->needed[j] == i;
        assert_int_equal(kept[i], is_needed);
    }
}

static void only_what_is_needed_is_left(void **state) {
    (void)state;
    static const size_t counts[] = {3, 4, 17, 500, 5000, MOST};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t count = counts[i];
        Made made = {.needed = {0, count / 2, count - 1}, .needed_count = 3};
        Shrinking shrinking = shrink(kept, count, 1000, fails, &made);
        assert_true(shrinking.fails && shrinking.is_least);
        assert_int_equal(shrinking.left, 3);
        assert_int_equal(shrinking.runs, made.asked);
        expect_needed(&made, count);
    }
}

static void what_fails_by_itself_keeps_nothing(void **state) {
    (void)state;
    Made made = {0};
    Shrinking shrinking = shrink(kept, 1000, 100, fails, &made);
    assert_true(shrinking.fails && shrinking.is_least);
    assert_int_equal(shrinking.left, 0);
    assert_int_equal(made.asked, 2); // as it is, and without any
    shrinking = shrink(kept, 0, 100, fails, &made);
    assert_true(shrinking.fails && shrinking.is_least);
    assert_int_equal(shrinking.left, 0);
}

// There and back: neither goes alone.
static void twos_go_together(void **state) {
    (void)state;
    Made made = {.needed = {1}, .needed_count = 1, .couple = {0, 3}, .has_couple = true};
    Shrinking shrinking = shrink(kept, 4, 100, fails, &made);
    assert_true(shrinking.is_least);
    assert_int_equal(shrinking.left, 1);
    expect_needed(&made, 4);
}

static void what_does_not_fail_again_is_left_as_it_is(void **state) {
    (void)state;
    // One is needed that isn't among them.
    Made made = {.needed = {MOST - 1}, .needed_count = 1};
    kept[MOST - 1] = false;
    Shrinking shrinking = shrink(kept, 10, 100, fails, &made);
    assert_false(shrinking.fails || shrinking.is_least);
    assert_int_equal(shrinking.left, 10);
    assert_int_equal(shrinking.runs, 1);
}

static void it_asks_no_more_often_than_it_may(void **state) {
    (void)state;
    for (size_t most = 0; most < 40; most++) {
        Made made = {.needed = {10, 400, 900}, .needed_count = 3};
        Shrinking shrinking = shrink(kept, 1000, most, fails, &made);
        assert_true(made.asked <= most);
        assert_int_equal(shrinking.runs, made.asked);
        assert_true(shrinking.left >= 3);
        assert_false(shrinking.is_least && shrinking.left > 3);
        assert_true(kept[10] && kept[400] && kept[900]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_needed_is_left),
        cmocka_unit_test(what_fails_by_itself_keeps_nothing),
        cmocka_unit_test(twos_go_together),
        cmocka_unit_test(what_does_not_fail_again_is_left_as_it_is),
        cmocka_unit_test(it_asks_no_more_often_than_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
