// Variances that many rows tell together: what they come to where they are alike, where they are
// not, and how often intervals hold what they are to hold.
#include "cli/bench/variance_prior.h"

#include "cli/bench/random_numbers.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ROWS = 200, PLACEMENTS = 4 };

// Normal numbers (Box and Muller, 1958).
static double normal(RandomNumbers *random) {
    double radius = sqrt(-2 * log(1 - random_numbers_fraction(random)));
    return radius * cos(2 * acos(-1) * random_numbers_fraction(random));
}

// Rows of numbers that scatter so far around 0; `spread` is how much that differs among rows.
static void draw(RandomNumbers *random, double deviation, double spread,
                 double rows[ROWS][PLACEMENTS]) {
    for (int row = 0; row < ROWS; row++) {
        double own = deviation * exp(spread * normal(random));
        for (int i = 0; i < PLACEMENTS; i++)
            rows[row][i] = own * normal(random);
    }
}

static VariancePrior prior_of(double rows[ROWS][PLACEMENTS]) {
    double variances[ROWS], freedoms[ROWS];
    for (int row = 0; row < ROWS; row++) {
        variances[row] = variance_of(rows[row], PLACEMENTS);
        freedoms[row] = PLACEMENTS - 1;
    }
    return variance_prior(variances, freedoms, ROWS);
}

static void a_variance_is_by_one_less_than_there_are(void **state) {
    (void)state;
    assert_true(fabs(variance_of((double[]){1, 2, 3, 4}, 4) - 5.0 / 3) < 1e-12);
}

static void where_variances_are_alike_all_of_them_count(void **state) {
    (void)state;
    RandomNumbers random = random_numbers_begin(1);
    double rows[ROWS][PLACEMENTS];
    draw(&random, 0.02, 0, rows);
    const VariancePrior prior = prior_of(rows);
    assert_true(prior.freedom > 30);
    assert_true(fabs(prior.variance / 0.0004 - 1) < 0.15);
}

static void where_they_are_not_each_row_is_left_more_to_itself(void **state) {
    (void)state;
    RandomNumbers random = random_numbers_begin(1);
    double rows[ROWS][PLACEMENTS];
    draw(&random, 0.02, 1, rows);
    const VariancePrior prior = prior_of(rows);
    assert_true(prior.freedom > 0.3 && prior.freedom < 5);
}

static void too_few_rows_tell_nothing(void **state) {
    (void)state;
    const VariancePrior prior = variance_prior((double[]){1, 2}, (double[]){3, 3}, 2);
    assert_true(prior.freedom == 0);
    // It is Student's interval then: three degrees of freedom, 3.182.
    const ModeratedMean mean = variance_moderated(1, 4, 4, &prior, 0.95);
    assert_true(fabs(mean.interval.high - 1 - 3.1824) < 1e-3);
    assert_true(fabs(mean.chance - 0.391) < 1e-3);
}

// The true mean is 0. Of 4000 intervals 95 % are to hold it, give or take three times the error.
static void intervals_hold_the_mean(void **state) {
    (void)state;
    static const double spreads[] = {0, 0.5};
    for (int which = 0; which < 2; which++) {
        RandomNumbers random = random_numbers_begin(7);
        int held = 0, surprises = 0;
        for (int campaign = 0; campaign < 20; campaign++) {
            double rows[ROWS][PLACEMENTS];
            draw(&random, 0.02, spreads[which], rows);
            const VariancePrior prior = prior_of(rows);
            for (int row = 0; row < ROWS; row++) {
                double mean = 0;
                for (int i = 0; i < PLACEMENTS; i++)
                    mean += rows[row][i] / PLACEMENTS;
                const ModeratedMean known = variance_moderated(
                    mean, variance_of(rows[row], PLACEMENTS), PLACEMENTS, &prior, 0.95);
                held += known.interval.low <= 0 && known.interval.high >= 0;
                surprises += known.chance <= 0.01;
            }
        }
        assert_in_range(held, 3760, 3840);
        assert_in_range(surprises, 20, 60);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_variance_is_by_one_less_than_there_are),
        cmocka_unit_test(where_variances_are_alike_all_of_them_count),
        cmocka_unit_test(where_they_are_not_each_row_is_left_more_to_itself),
        cmocka_unit_test(too_few_rows_tell_nothing),
        cmocka_unit_test(intervals_hold_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
