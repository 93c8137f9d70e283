// The rank-sum test against counting by hand and printed tables; Student's; and what many tests
// together allow.
#include "cli/bench/significance.h"

#include "cli/bench/random_numbers.h"
#include "cli/bench/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static double chance_of(const double *left, size_t left_count, const double *right,
                        size_t right_count) {
    return significance_rank_sum(left, left_count, right, right_count);
}

// ---- By hand ------------------------------------------------------------------------------------

// Twice the rank that a number has among all: one more for each below it, and for each equal one.
static int doubled_rank(const double *all, int count, double number) {
    int rank = 1;
    for (int i = 0; i < count; i++)
        rank += all[i] < number ? 2 : all[i] == number;
    return rank;
}

// Over all ways to choose `chosen` of the numbers, how many have a sum of ranks that is at least as
// far from the mean as that of the first ones.
static double chance_by_hand(const double *all, int count, int chosen) {
    int ranks[16], mean = chosen * (count + 1), given = 0, far = 0, ways = 0;
    for (int i = 0; i < count; i++)
        ranks[i] = doubled_rank(all, count, all[i]);
    for (int i = 0; i < chosen; i++)
        given += ranks[i];
    for (unsigned set = 0; set < 1u << count; set++) {
        int sum = 0;
        if (__builtin_popcount(set) != chosen)
            continue;
        for (int i = 0; i < count; i++)
            sum += set >> i & 1 ? ranks[i] : 0;
        ways++;
        far += abs(sum - mean) >= abs(given - mean);
    }
    return (double)far / ways;
}

static void check_by_hand(const double *numbers, int left, int right) {
    double samples[16];
    memcpy(samples, numbers, (size_t)(left + right) * sizeof *samples);
    statistics_sort(samples, (size_t)left);
    statistics_sort(samples + left, (size_t)right);
    double expected = chance_by_hand(samples, left + right, left);
    double chance = chance_of(samples, (size_t)left, samples + left, (size_t)right);
    if (fabs(chance - expected) > 1e-12)
        fail_msg("%d and %d numbers: %.15f, and by hand %.15f", left, right, chance, expected);
}

// With few different values most numbers have equal ones; with many hardly any.
static void the_chance_is_what_counting_by_hand_gives(void **state) {
    (void)state;
    RandomNumbers random = random_numbers_begin(1);
    const size_t values[] = {2, 5, 1000000};
    for (int i = 0; i < 300; i++) {
        double numbers[12];
        for (int j = 0; j < 12; j++)
            numbers[j] = (double)random_numbers_below(&random, values[i % 3]);
        int left = 1 + (int)random_numbers_below(&random, 6);
        int right = 1 + (int)random_numbers_below(&random, 6);
        check_by_hand(numbers, left, right);
    }
}

// ---- Tables -------------------------------------------------------------------------------------

static void nine_below_nine_are_two_of_48620_orders(void **state) {
    (void)state;
    const double low[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, high[] = {11, 12, 13, 14, 15, 16, 17, 18, 19};
    assert_true(fabs(chance_of(low, 9, high, 9) - 2.0 / 48620) < 1e-12);
    assert_true(fabs(chance_of(high, 9, low, 9) - 2.0 / 48620) < 1e-12);
    assert_true(fabs(significance_extreme(9, 9) - 2.0 / 48620) < 1e-12);
    assert_true(fabs(chance_of(low, 3, high, 3) - 0.1) < 1e-12);
}

// The table that every textbook has, for 5 %, two-sided.
static void critical_values_are_those_of_the_tables(void **state) {
    (void)state;
    Arena *arena = arena_new();
    const struct {
        size_t left, right;
        double critical;
    } table[] = {{3, 3, -1}, {4, 4, 0},    {5, 5, 2},    {5, 9, 7},    {9, 5, 7},
                 {9, 9, 17}, {10, 10, 23}, {15, 15, 64}, {20, 20, 127}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        double tails,
            critical = significance_critical_u(arena, table[i].left, table[i].right, 0.05, &tails);
        assert_true(critical == table[i].critical);
        assert_true(tails <= 0.05 && (critical < 0 || tails > 0.02));
    }
    arena_free(arena);
}

// ---- Large samples ------------------------------------------------------------------------------

// The first numbers of both alternate, so that neither is greater on the whole; `shift` of the
// second ones have been moved above all.
static double shifted_chance(size_t count, size_t shift) {
    static double left[10000], right[10000];
    for (size_t i = 0; i < count; i++) {
        left[i] = (double)(2 * i);
        right[i] = (double)(2 * i + 1);
    }
    for (size_t i = 0; i < shift; i++)
        right[i] += 1e6;
    statistics_sort(right, count);
    return chance_of(left, count, right, count);
}

// 27 and 27 are counted, 28 and 28 are not: the chances are about the same.
static void the_normal_distribution_goes_on_where_counting_ends(void **state) {
    (void)state;
    double counted = shifted_chance(27, 6), normal = shifted_chance(28, 6);
    assert_true(counted > 0.002 && counted < 0.01);
    assert_true(normal > 0.8 * counted && normal < 1.5 * counted);
}

static void ten_thousand_of_each_take_no_time(void **state) {
    (void)state;
    assert_true(shifted_chance(10000, 0) > 0.9);
    assert_true(shifted_chance(10000, 2000) < 1e-9);
    static double same[10000];
    assert_true(chance_of(same, 10000, same, 10000) == 1);
    assert_true(chance_of(same, 3, same, 10000) == 1);
}

// ---- Signs --------------------------------------------------------------------------------------

// Over all signs that the numbers may have.
static double signs_by_hand(const double *numbers, int count) {
    double sizes[16];
    int ranks[16], used = 0, given = 0, all = 0, far = 0;
    for (int i = 0; i < count; i++)
        if (numbers[i] != 0)
            sizes[used++] = fabs(numbers[i]);
    for (int i = 0; i < used; i++)
        all += ranks[i] = doubled_rank(sizes, used, sizes[i]);
    for (int i = 0, at = 0; i < count; i++) {
        given += numbers[i] > 0 ? ranks[at] : 0;
        at += numbers[i] != 0;
    }
    for (unsigned signs = 0; signs < 1u << used; signs++) {
        int sum = 0;
        for (int i = 0; i < used; i++)
            sum += signs >> i & 1 ? ranks[i] : 0;
        far += abs(2 * sum - all) >= abs(2 * given - all);
    }
    return (double)far / (1u << used);
}

static void the_chance_of_signs_is_what_counting_by_hand_gives(void **state) {
    (void)state;
    RandomNumbers random = random_numbers_begin(2);
    const size_t values[] = {3, 9, 1000000};
    for (int i = 0; i < 200; i++) {
        double numbers[11], half = (double)(values[i % 3] / 2);
        for (int j = 0; j < 11; j++)
            numbers[j] = (double)random_numbers_below(&random, values[i % 3]) - half + (j < i % 11);
        int count = 1 + (int)random_numbers_below(&random, 11);
        assert_true(fabs(significance_signed_rank(numbers, (size_t)count) -
                         signs_by_hand(numbers, count)) < 1e-12);
    }
    const double nine[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, none[] = {0, 0};
    assert_true(fabs(significance_signed_rank(nine, 9) - 2.0 / 512) < 1e-12);
    assert_true(significance_signed_rank(none, 2) == 1 && significance_signed_rank(NULL, 0) == 1);
}

// Fifty are counted, and fifty-two are not.
static void many_signs_are_about_normal(void **state) {
    (void)state;
    double numbers[52], chances[2];
    for (size_t i = 0; i < 52; i++)
        numbers[i] = (double)(i + 1) * (i % 4 ? 1 : -1);
    chances[0] = significance_signed_rank(numbers, 50);
    chances[1] = significance_signed_rank(numbers, 52);
    assert_true(chances[0] > 1e-5 && chances[0] < 0.01);
    assert_true(chances[1] < chances[0] && chances[1] > chances[0] / 3);
}

static void nothing_differs_from_nothing(void **state) {
    (void)state;
    const double number = 1;
    assert_true(chance_of(NULL, 0, NULL, 0) == 1 && chance_of(&number, 1, NULL, 0) == 1);
    assert_true(chance_of(&number, 1, &number, 1) == 1);
}

// ---- Means, and many tests ----------------------------------------------------------------------

static void means_are_tested_by_students_distribution(void **state) {
    (void)state;
    const double numbers[] = {1, 2, 3}, same[] = {2, 2}, none[] = {0, 0}, one[] = {-1, 1};
    assert_true(fabs(significance_mean(numbers, 3) - 0.0741799) < 1e-6);
    assert_true(significance_mean(same, 2) == 0 && significance_mean(none, 2) == 1);
    assert_true(significance_mean(one, 2) == 1 && significance_mean(numbers, 1) == 1);
}

static void chances_are_adjusted_from_the_least_on(void **state) {
    (void)state;
    double chances[] = {0.04, 0.01, 0.03, 0.6},
           *list[] = {chances, chances + 1, chances + 2, chances + 3};
    significance_adjust(list, 4);
    assert_true(fabs(chances[1] - 0.04) < 1e-12);
    assert_true(fabs(chances[2] - 0.09) < 1e-12);
    assert_true(fabs(chances[0] - 0.09) < 1e-12); // never less than one before it
    assert_true(fabs(chances[3] - 0.6) < 1e-12);
    double likely[] = {0.7, 0.8}, *both[] = {likely, likely + 1};
    significance_adjust(both, 2);
    assert_true(likely[0] == 1 && likely[1] == 1);
    significance_adjust(NULL, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chance_is_what_counting_by_hand_gives),
        cmocka_unit_test(nine_below_nine_are_two_of_48620_orders),
        cmocka_unit_test(critical_values_are_those_of_the_tables),
        cmocka_unit_test(the_normal_distribution_goes_on_where_counting_ends),
        cmocka_unit_test(ten_thousand_of_each_take_no_time),
        cmocka_unit_test(the_chance_of_signs_is_what_counting_by_hand_gives),
        cmocka_unit_test(many_signs_are_about_normal),
        cmocka_unit_test(nothing_differs_from_nothing),
        cmocka_unit_test(means_are_tested_by_students_distribution),
        cmocka_unit_test(chances_are_adjusted_from_the_least_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
