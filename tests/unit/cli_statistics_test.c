// Medians and their distribution-free intervals, quartiles, and the distributions that tests need.
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

static void the_median_of_the_largest_numbers_is_one_of_them(void **state) {
    (void)state;
    double numbers[] = {1.7e308, 1.7e308};
    assert_true(statistics_median(numbers, 2) == 1.7e308);
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

// The median of n numbers has a normal interval of n/2 - 0.98 sqrt(n) for large n.
static void ten_thousand_numbers_give_a_narrow_interval(void **state) {
    (void)state;
    static double numbers[10000];
    for (size_t i = 0; i < 10000; i++)
        numbers[i] = (double)(i * 7919 % 10000);
    StatisticsInterval interval = statistics_interval(numbers, 10000, 0.95);
    assert_true(interval.low >= 4900 && interval.low <= 4903);
    assert_true(interval.high >= 5096 && interval.high <= 5099);
    assert_true(interval.confidence >= 0.95 && interval.confidence < 0.96);
    assert_true(statistics_interval_cut(10000, 0.95) == (size_t)interval.low);
}

static void quantiles_lie_between_numbers_in_proportion(void **state) {
    (void)state;
    const double sorted[] = {10, 20, 30, 50};
    assert_true(statistics_quantile(sorted, 4, 0) == 10);
    assert_true(statistics_quantile(sorted, 4, 0.5) == 25);
    assert_true(fabs(statistics_quantile(sorted, 4, 0.75) - 35) < 1e-9);
    assert_true(statistics_quantile(sorted, 4, 1) == 50);
    assert_true(statistics_quantile(sorted, 1, 0.25) == 10);
}

static void the_spread_of_normal_numbers_is_their_standard_deviation(void **state) {
    (void)state;
    double sorted[999];
    for (int i = 0; i < 999; i++)
        sorted[i] = 500 - 10 * statistics_normal_quantile((i + 1) / 1000.0);
    assert_true(fabs(statistics_spread(sorted, 999) - 0.02) < 1e-4);
    const double nothing[] = {0, 0, 1};
    assert_true(statistics_spread(nothing, 3) == 0);
}

static void a_number_far_outside_of_the_quartiles_is_an_outlier(void **state) {
    (void)state;
    const double sorted[] = {100, 110, 120, 130, 140, 190, 400};
    // The quartiles are 115 and 165, so up to 315 is within three times their distance.
    assert_int_equal(statistics_outliers(sorted, 7, 1), 1);
    assert_int_equal(statistics_outliers(sorted, 6, 1), 0);
}

static void a_step_of_the_clock_is_no_outlier(void **state) {
    (void)state;
    const double sorted[] = {100, 100, 100, 100, 103}, far[] = {100, 100, 100, 100, 104};
    assert_int_equal(statistics_outliers(sorted, 5, 1), 0);
    assert_int_equal(statistics_outliers(far, 5, 1), 1);
}

static bool is_about(double number, double expected) {
    return fabs(number - expected) < 1e-5 * fabs(expected);
}

// Values from printed tables.
static void distributions_have_the_values_of_the_tables(void **state) {
    (void)state;
    assert_true(is_about(statistics_normal_quantile(0.025), 1.959964));
    assert_true(is_about(statistics_normal_tail(3), 0.001349898));
    assert_true(is_about(statistics_student_quantile(0.05, 1), 12.70620));
    assert_true(is_about(statistics_student_quantile(0.05, 2), 4.302653));
    assert_true(is_about(statistics_student_quantile(0.05, 3), 3.182446));
    assert_true(is_about(statistics_student_quantile(0.01, 10), 3.169273));
    assert_true(is_about(statistics_student_quantile(0.05, 29), 2.045230));
    assert_true(fabs(statistics_student_quantile(0.05, 100000) - 1.95996) < 1e-4);
    assert_true(is_about(statistics_binomial(4, 9, 0.5), 0.5));
    assert_true(is_about(statistics_binomial(1, 10, 0.1), 0.7360989));
    assert_true(statistics_binomial(0, 10, 1) == 0 && statistics_binomial(10, 10, 1) == 1);
}

static void the_tails_of_students_distribution_end_at_nothing(void **state) {
    (void)state;
    assert_true(statistics_student_tails(INFINITY, 1) == 0);
    assert_true(statistics_student_tails(0, 4) == 1);
    assert_true(is_about(statistics_student_tails(-12.70620, 1), 0.05));
}

static void a_mean_has_students_interval(void **state) {
    (void)state;
    const double numbers[] = {1, 2, 3};
    StatisticsInterval interval = statistics_mean_interval(numbers, 3, 0.95);
    assert_true(is_about(interval.median, 2));
    assert_true(is_about(interval.high, 2 + 4.302653 / sqrt(3)));
    assert_true(is_about(interval.low, 2 - 4.302653 / sqrt(3)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_median_of_an_even_count_is_the_mean_of_the_middle_two),
        cmocka_unit_test(the_median_of_the_largest_numbers_is_one_of_them),
        cmocka_unit_test(nine_numbers_give_second_and_eighth_at_95_percent),
        cmocka_unit_test(three_numbers_give_least_and_greatest_and_say_what_they_are_worth),
        cmocka_unit_test(one_number_is_its_own_interval_without_confidence),
        cmocka_unit_test(ten_thousand_numbers_give_a_narrow_interval),
        cmocka_unit_test(quantiles_lie_between_numbers_in_proportion),
        cmocka_unit_test(the_spread_of_normal_numbers_is_their_standard_deviation),
        cmocka_unit_test(a_number_far_outside_of_the_quartiles_is_an_outlier),
        cmocka_unit_test(a_step_of_the_clock_is_no_outlier),
        cmocka_unit_test(distributions_have_the_values_of_the_tables),
        cmocka_unit_test(the_tails_of_students_distribution_end_at_nothing),
        cmocka_unit_test(a_mean_has_students_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
