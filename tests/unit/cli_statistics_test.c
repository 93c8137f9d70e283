// Medians and their distribution-free intervals.
#include "cli/bench/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_median_of_an_even_count_is_the_mean_of_the_middle_two(void **state) {
    (void)state;
    double numbers[] = {4, 1, 3, 2};
    assert_true(statistics_median(numbers, 4) == 2.5);
}

static void nine_numbers_give_second_and_eighth_at_95_percent(void **state) {
    (void)state;
    double numbers[] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
    StatisticsInterval interval = statistics_interval(numbers, 9, 0.95);
    assert_true(interval.median == 5 && interval.low == 2 && interval.high == 8);
    assert_true(fabs(interval.confidence - (1 - 20.0 / 512)) < 1e-9);
}

static void three_numbers_give_least_and_greatest_and_say_what_they_are_worth(void **state) {
    (void)state;
    double numbers[] = {3, 1, 2};
    StatisticsInterval interval = statistics_interval(numbers, 3, 0.95);
    assert_true(interval.low == 1 && interval.high == 3);
    assert_true(fabs(interval.confidence - 0.75) < 1e-9);
}

static void one_number_is_its_own_interval_without_confidence(void **state) {
    (void)state;
    double number = 7;
    StatisticsInterval interval = statistics_interval(&number, 1, 0.95);
    assert_true(interval.median == 7 && interval.low == 7 && interval.high == 7);
    assert_true(interval.confidence == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_median_of_an_even_count_is_the_mean_of_the_middle_two),
        cmocka_unit_test(nine_numbers_give_second_and_eighth_at_95_percent),
        cmocka_unit_test(three_numbers_give_least_and_greatest_and_say_what_they_are_worth),
        cmocka_unit_test(one_number_is_its_own_interval_without_confidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
