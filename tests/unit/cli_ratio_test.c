// Ratios and their intervals: what they are with known numbers, and how often intervals hold the
// true ratio of simulated runs.
#include "cli/bench/ratio.h"

#include "cli/bench/bootstrap.h"
#include "cli/bench/pair_differences.h"
#include "tests/unit/bench_campaign.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_about(double number, double expected) {
    return fabs(number - expected) < 1e-9 * fabs(expected);
}

// ---- Random numbers -----------------------------------------------------------------------------

// The first numbers that SplitMix64 and xoshiro256** give are those that other implementations of
// them print for this seed.
static void random_numbers_are_the_same_everywhere(void **state) {
    (void)state;
    RandomNumbers random = random_numbers_begin(0);
    assert_true(random.state[0] == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(random.state[1] == UINT64_C(0x6e789e6aa1b965f4));
    RandomNumbers known = {{1, 2, 3, 4}};
    assert_true(random_numbers_next(&known) == 11520);
    assert_true(random_numbers_next(&known) == 0);
    assert_true(random_numbers_next(&known) == 1509978240);
}

static void random_numbers_are_evenly_spread(void **state) {
    (void)state;
    RandomNumbers random = random_numbers_begin(7);
    int counts[3] = {0};
    double sum = 0;
    for (int i = 0; i < 30000; i++) {
        counts[random_numbers_below(&random, 3)]++;
        double fraction = random_numbers_fraction(&random);
        assert_true(fraction >= 0 && fraction < 1);
        sum += fraction;
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(counts[i], 9700, 10300);
    assert_true(fabs(sum / 30000 - 0.5) < 0.01);
    assert_true(random_numbers_below(&random, 1) == 0);
}

// How often each number is the median of a resample: as often as with all numbers drawn.
static void check_bootstrap_median(size_t count) {
    enum { DRAWS = 40000 };
    RandomNumbers random = random_numbers_begin(count);
    double sorted[12], drawn[12], sums[2] = {0}, squares[2] = {0};
    for (size_t i = 0; i < count; i++)
        sorted[i] = (double)(i * i);
    for (int i = 0; i < DRAWS; i++) {
        for (size_t j = 0; j < count; j++)
            drawn[j] = sorted[random_numbers_below(&random, count)];
        const double medians[] = {statistics_median(drawn, count),
                                  bootstrap_median(sorted, count, &random)};
        for (int way = 0; way < 2; way++) {
            sums[way] += medians[way] / DRAWS;
            squares[way] += medians[way] * medians[way] / DRAWS;
        }
    }
    double deviation = sqrt(squares[0] - sums[0] * sums[0]);
    assert_true(fabs(sums[0] - sums[1]) < 0.03 * deviation);
    assert_true(fabs(sqrt(squares[1] - sums[1] * sums[1]) - deviation) < 0.03 * deviation);
}

static void a_median_is_drawn_as_if_all_numbers_were(void **state) {
    (void)state;
    for (size_t count = 2; count <= 12; count++)
        check_bootstrap_median(count);
    RandomNumbers random = random_numbers_begin(1);
    const double one = 5;
    assert_true(bootstrap_median(&one, 1, &random) == 5);
}

// ---- Differences --------------------------------------------------------------------------------

static void differences_are_found_in_order_without_listing_them(void **state) {
    (void)state;
    RandomNumbers random = random_numbers_begin(3);
    for (int i = 0; i < 200; i++) {
        size_t left_count = 1 + random_numbers_below(&random, 9), count = 0;
        size_t right_count = 1 + random_numbers_below(&random, 9);
        double left[9], right[9], all[81];
        for (size_t j = 0; j < 9; j++) {
            left[j] = (double)random_numbers_below(&random, i % 2 ? 5 : 100000) / 7;
            right[j] = (double)random_numbers_below(&random, i % 2 ? 5 : 100000) / 7;
        }
        statistics_sort(left, left_count);
        statistics_sort(right, right_count);
        for (size_t j = 0; j < left_count; j++)
            for (size_t k = 0; k < right_count; k++)
                all[count++] = left[j] - right[k];
        statistics_sort(all, count);
        for (size_t j = 0; j < count; j++)
            assert_true(pair_difference(left, left_count, right, right_count, j) == all[j]);
        assert_true(pair_difference_median(left, left_count, right, right_count) ==
                    statistics_sorted_median(all, count));
    }
}

// ---- What a ratio is ----------------------------------------------------------------------------

// The ratio of the second subject to the first.
static RatioData data_of(Arena *arena, const Campaign *campaign, bool has_rounds) {
    const Samples *samples = samples_of(arena, campaign);
    return ratio_data(arena, &samples[campaign->programs.count], &samples[0], has_rounds);
}

// The machine becomes slower with every round, for both.
static void runs_of_a_round_are_compared_with_each_other(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Campaign *campaign = made_up_campaign(arena, 2, 1);
    for (int i = 0; i < 9; i++) {
        made_up_run(campaign, 0, 0, 0, 1000 * (i + 1));
        made_up_run(campaign, 1, 0, 0, 1100 * (i + 1));
    }
    RatioData data = data_of(arena, campaign, true);
    Ratio ratio = ratio_of(&data);
    assert_true(data.kind == RATIO_ROUNDS && ratio.has_interval);
    assert_true(is_about(ratio.interval.median, 1.1) && is_about(ratio.interval.low, 1.1));
    // All nine are longer: two of 512 ways to give them signs, and that is the better one of two
    // tests.
    assert_true(data.go_together && is_about(ratio.chance, 4.0 / 512));
    arena_free(arena);
}

// An interrupted campaign has one run less of some; a missing one in the midst is another matter.
static void rounds_pair_up_where_one_has_all_runs_of_the_other(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Campaign *campaign = made_up_campaign(arena, 2, 1);
    for (int i = 0; i < 6; i++) {
        made_up_run(campaign, 0, 0, 0, 1000 + i);
        if (i < 5)
            made_up_run(campaign, 1, 0, 0, 2000 + i);
    }
    RatioData data = data_of(arena, campaign, true);
    assert_true(data.kind == RATIO_ROUNDS && data.count == 5);
    campaign->measured.items[1].run = 17; // of the second subject
    data = data_of(arena, campaign, true);
    assert_true(data.kind == RATIO_RUNS);
    campaign->measured.items[1].run = 1; // twice
    data = data_of(arena, campaign, true);
    assert_true(data.kind == RATIO_RUNS);
    data = data_of(arena, campaign, false);
    assert_true(data.kind == RATIO_RUNS);
    arena_free(arena);
}

// A file that was made from another one, or two that one session wrote: runs with the same number
// were disturbed alike.
static void runs_that_go_up_and_down_together_are_pairs(void **state) {
    (void)state;
    Arena *arena = arena_new();
    for (int step = 0; step < 3; step++) {
        Campaign *campaign = made_up_campaign(arena, 2, 1);
        RandomNumbers random = random_numbers_begin(5);
        for (int i = 0; i < 9; i++) {
            double time = 1000 * exp(made_up_normal(&random));
            made_up_run(campaign, 0, 0, 0, time);
            made_up_run(campaign, 1, 0, 0,
                        step == 0   ? 1.5 * time
                        : step == 1 ? 1500 * exp(made_up_normal(&random))
                                    : 1500);
        }
        RatioData data = data_of(arena, campaign, false);
        Ratio ratio = ratio_of(&data);
        assert_true(data.go_together == (step == 0));
        assert_true(data.kind == (step == 0 ? RATIO_ROUNDS : RATIO_RUNS));
        if (step == 0)
            assert_true(is_about(ratio.interval.low, 1.5) && is_about(ratio.chance, 4.0 / 512));
    }
    arena_free(arena);
}

static void runs_that_dont_pair_up_are_all_compared(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Campaign *campaign = made_up_campaign(arena, 2, 1);
    made_up_runs(campaign, 0, 0, (const double[]){1000, 2000}, 2);
    made_up_runs(campaign, 1, 0, (const double[]){3000, 4000, 8000}, 3);
    RatioData data = data_of(arena, campaign, false);
    Ratio ratio = ratio_of(&data);
    // 3, 1.5, 4, 2, 8, 4: the median is between 3 and 4, of logarithms.
    assert_true(is_about(ratio.interval.median, sqrt(3 * 4.0)));
    assert_true(is_about(ratio.interval.low, 1.5) && is_about(ratio.interval.high, 8));
    assert_true(is_about(ratio.interval.confidence, 0.8) && is_about(ratio.chance, 0.2));
    arena_free(arena);
}

static void a_single_run_has_a_ratio_without_an_interval(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Campaign *campaign = made_up_campaign(arena, 2, 1);
    made_up_run(campaign, 0, 0, 0, 1000);
    made_up_run(campaign, 1, 0, 0, 1500);
    for (int rounds = 0; rounds < 2; rounds++) {
        RatioData data = data_of(arena, campaign, rounds);
        Ratio ratio = ratio_of(&data);
        assert_true(is_about(ratio.interval.median, 1.5) && !ratio.has_interval);
        assert_true(ratio.chance == 1 && ratio.interval.confidence == 0);
    }
    arena_free(arena);
}

// What a placement does to both is no difference; the interval is that of three ratios.
static void placements_are_compared_one_by_one(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Campaign *campaign = made_up_campaign(arena, 2, 1);
    const double base[] = {1000, 1500, 3000}, ratios[] = {1.1, 1.2, 1.3};
    for (int placement = 0; placement < 3; placement++)
        for (int i = 0; i < 5; i++) {
            made_up_run(campaign, 0, 0, placement, base[placement]);
            made_up_run(campaign, 1, 0, placement, base[placement] * ratios[placement]);
        }
    made_up_run(campaign, 1, 0, 7, 99999); // the other wasn't run in it
    RatioData data = data_of(arena, campaign, true);
    Ratio ratio = ratio_of(&data);
    assert_true(data.kind == RATIO_PLACEMENTS && data.count == 3 && ratio.has_interval);
    assert_true(is_about(ratio.interval.median, cbrt(1.1 * 1.2 * 1.3)));
    assert_true(ratio.interval.low < 1 && ratio.interval.high > 1.4);
    arena_free(arena);
}

static void a_placement_that_only_one_has_leaves_the_ratio_alone(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Campaign *campaign = made_up_campaign(arena, 2, 1);
    made_up_run(campaign, 0, 0, 0, 1000);
    made_up_run(campaign, 0, 0, 1, 1000);
    made_up_run(campaign, 1, 0, 1, 2000);
    RatioData data = data_of(arena, campaign, true);
    Ratio ratio = ratio_of(&data);
    assert_true(data.kind == RATIO_ALONE && !ratio.has_interval && ratio.chance == 1);
    assert_true(is_about(ratio.interval.median, 2));
    arena_free(arena);
}

static void huge_and_tiny_times_have_a_ratio(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Campaign *campaign = made_up_campaign(arena, 2, 1);
    for (int i = 0; i < 6; i++) {
        made_up_run(campaign, 0, 0, 0, 1e-300);
        made_up_run(campaign, 1, 0, 0, 1e-292 + i * 1e-300);
    }
    RatioData data = data_of(arena, campaign, false);
    Ratio ratio = ratio_of(&data);
    assert_true(fabs(ratio.interval.median - 1e8) < 10 && ratio.interval.low > 9e7);
    arena_free(arena);
}

// ---- Means --------------------------------------------------------------------------------------

static void the_mean_of_ratios_is_geometric(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Campaign *campaign = made_up_campaign(arena, 2, 2);
    for (int i = 0; i < 9; i++) {
        made_up_run(campaign, 0, 0, 0, 1000 + i);
        made_up_run(campaign, 1, 0, 0, (1000 + i) * 4);
        made_up_run(campaign, 0, 1, 0, 1000 - i);
        made_up_run(campaign, 1, 1, 0, (1000 - i) / 4.0);
    }
    const Samples *samples = samples_of(arena, campaign);
    RatioData data[] = {ratio_data(arena, &samples[2], &samples[0], true),
                        ratio_data(arena, &samples[3], &samples[1], true)};
    Ratio mean = ratio_mean(arena, (RatioData *[]){&data[0], &data[1]}, 2, 1);
    assert_true(is_about(mean.interval.median, 1) && mean.has_interval);
    assert_true(is_about(mean.interval.low, 1) && is_about(mean.interval.high, 1));
    arena_free(arena);
}

// A placement makes all programs slower alike, so there are three means and not fifteen ratios.
static void the_mean_of_placements_knows_that_programs_share_them(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Campaign *campaign = made_up_campaign(arena, 2, 5);
    const double effects[] = {1, 1.1, 1.21};
    for (size_t program = 0; program < 5; program++)
        for (int placement = 0; placement < 3; placement++) {
            made_up_run(campaign, 0, program, placement, 1000);
            made_up_run(campaign, 1, program, placement, 1000 * effects[placement]);
        }
    const Samples *samples = samples_of(arena, campaign);
    RatioData data[5], *list[5];
    for (size_t i = 0; i < 5; i++) {
        data[i] = ratio_data(arena, &samples[5 + i], &samples[i], true);
        list[i] = &data[i];
    }
    Ratio mean = ratio_mean(arena, list, 5, 1), one = ratio_of(&data[0]);
    assert_true(is_about(mean.interval.median, 1.1));
    assert_true(is_about(mean.interval.low, one.interval.low));
    assert_true(is_about(mean.chance, one.chance));
    arena_free(arena);
}

// ---- Coverage -----------------------------------------------------------------------------------

enum { TRIALS = 500 };

// How many of a hundred intervals hold the true ratio, 1.25, of runs that a machine disturbs; the
// rounds' disturbances are those of both.
static double coverage(size_t programs, size_t runs, bool has_rounds, bool of_mean) {
    RandomNumbers random = random_numbers_begin(programs * 1000 + runs);
    int held = 0;
    for (int i = 0; i < TRIALS; i++) {
        Arena *arena = arena_new();
        Campaign *campaign = made_up_campaign(arena, 2, programs);
        for (size_t program = 0; program < programs; program++)
            for (size_t run = 0; run < runs; run++) {
                double round = 1000 * made_up_noise(&random);
                made_up_run(campaign, 0, program, 0, round * made_up_noise(&random));
                made_up_run(campaign, 1, program, 0, 1.25 * round * made_up_noise(&random));
            }
        const Samples *samples = samples_of(arena, campaign);
        RatioData data[8], *list[8];
        for (size_t j = 0; j < programs; j++) {
            data[j] = ratio_data(arena, &samples[programs + j], &samples[j], has_rounds);
            list[j] = &data[j];
        }
        Ratio ratio = of_mean ? ratio_mean(arena, list, programs, random_numbers_next(&random))
                              : ratio_of(&data[0]);
        held += ratio.interval.low <= 1.25 && ratio.interval.high >= 1.25;
        arena_free(arena);
    }
    return 100.0 * held / TRIALS;
}

// Of five hundred intervals that hold it in 95 of 100, less than 92 of 100 is a matter of once in a
// thousand such tests; and the seed is always the same.
static void check_coverage(size_t programs, size_t runs, bool has_rounds, bool of_mean) {
    double held = coverage(programs, runs, has_rounds, of_mean);
    if (held < 92)
        fail_msg("%zu programs, %zu runs, %s: the interval holds the ratio in %.1f of 100",
                 programs, runs, has_rounds ? "rounds" : "no rounds", held);
}

static void intervals_of_ratios_hold_what_they_promise(void **state) {
    (void)state;
    const size_t runs[] = {6, 9, 10, 11, 20, 30};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        check_coverage(1, runs[i], true, false);
        check_coverage(1, runs[i], false, false);
    }
    check_coverage(1, 4, false, false);
}

static void intervals_of_means_hold_what_they_promise(void **state) {
    (void)state;
    const size_t runs[] = {2, 3, 9};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        check_coverage(3, runs[i], true, true);
    check_coverage(8, 3, true, true);
    check_coverage(3, 4, false, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_numbers_are_the_same_everywhere),
        cmocka_unit_test(random_numbers_are_evenly_spread),
        cmocka_unit_test(a_median_is_drawn_as_if_all_numbers_were),
        cmocka_unit_test(differences_are_found_in_order_without_listing_them),
        cmocka_unit_test(runs_of_a_round_are_compared_with_each_other),
        cmocka_unit_test(rounds_pair_up_where_one_has_all_runs_of_the_other),
        cmocka_unit_test(runs_that_go_up_and_down_together_are_pairs),
        cmocka_unit_test(runs_that_dont_pair_up_are_all_compared),
        cmocka_unit_test(a_single_run_has_a_ratio_without_an_interval),
        cmocka_unit_test(placements_are_compared_one_by_one),
        cmocka_unit_test(a_placement_that_only_one_has_leaves_the_ratio_alone),
        cmocka_unit_test(huge_and_tiny_times_have_a_ratio),
        cmocka_unit_test(the_mean_of_ratios_is_geometric),
        cmocka_unit_test(the_mean_of_placements_knows_that_programs_share_them),
        cmocka_unit_test(intervals_of_ratios_hold_what_they_promise),
        cmocka_unit_test(intervals_of_means_hold_what_they_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
