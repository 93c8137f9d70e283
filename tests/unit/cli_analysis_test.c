// What a campaign says: medians, reasons, verdicts, how many runs are wanted; of data of any kind.
#include "cli/bench/analysis.h"

#include "tests/unit/bench_campaign.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
    Arena *arena;
    Campaign *campaign;
    RandomNumbers random;
} Fixture;

static Fixture fixture(size_t subjects, size_t programs) {
    Arena *arena = arena_new();
    return (Fixture){arena, made_up_campaign(arena, subjects, programs), random_numbers_begin(42)};
}

// So many runs of the subject on each program, as much longer than 10 ms, more or less.
static void add_noisy_runs(Fixture *fixture, size_t subject, size_t count, double factor) {
    for (size_t program = 0; program < fixture->campaign->programs.count; program++)
        for (size_t i = 0; i < count; i++)
            made_up_run(fixture->campaign, subject, program, 0,
                        10000 * factor * made_up_noise(&fixture->random));
}

static const Analysis *analyse(const Fixture *fixture) {
    return analysis_of(fixture->arena, fixture->campaign);
}

static bool is_about(double number, double expected) {
    return fabs(number - expected) < 1e-9 * fabs(expected);
}

// ---- A row by itself ----------------------------------------------------------------------------

static void a_row_has_its_placements_medians(void **state) {
    (void)state;
    Fixture all = fixture(1, 1);
    const double times[3][3] = {{3000, 1000, 2000}, {5000, 4000, 6000}, {9000, 7000, 8000}};
    for (int placement = 0; placement < 3; placement++)
        for (int i = 0; i < 3; i++)
            made_up_run(all.campaign, 0, 0, placement, times[placement][i]);
    const AnalysisRow *row = analysis_row(analyse(&all), 0, 0);
    assert_true(row->median == 5000 && row->least == 2000 && row->greatest == 8000);
    assert_true(row->processes == 9 && row->failures == 0 && row->verdict == RUN_VERIFIED);
    assert_true(row->user == RUN_NO_FIGURE && row->first_iteration == RUN_NO_FIGURE);
    assert_int_equal(row->difference, DIFFERENCE_BASELINE);
    assert_true(row->has_ratio && row->ratio.median == 1);
    arena_free(all.arena);
}

static void a_failure_is_counted_and_takes_the_ratio_but_not_the_median(void **state) {
    (void)state;
    Fixture all = fixture(2, 1);
    add_noisy_runs(&all, 0, 9, 1);
    add_noisy_runs(&all, 1, 9, 2);
    CampaignRun *failed = made_up_run(all.campaign, 1, 0, 0, RUN_NO_FIGURE);
    failed->verdict = RUN_WRONG;
    failed->reason = "exit status 1";
    made_up_run(all.campaign, 1, 0, 0, 1)->verdict = RUN_WRONG; // its time is of nothing
    const AnalysisRow *row = analysis_row(analyse(&all), 1, 0);
    assert_true(row->verdict == RUN_WRONG && row->processes == 9 && row->failures == 2);
    assert_string_equal(row->reason, "exit status 1");
    assert_true(!row->has_ratio && row->median > 15000 && row->least > 15000);
    assert_int_equal(row->difference, DIFFERENCE_CANT_TELL);
    arena_free(all.arena);
}

static void others_have_no_ratio_to_a_first_row_that_is_not_verified(void **state) {
    (void)state;
    Fixture all = fixture(2, 2);
    add_noisy_runs(&all, 0, 9, 1);
    add_noisy_runs(&all, 1, 9, 1.5);
    all.campaign->measured.items[0].verdict = RUN_UNKNOWN;
    all.campaign->measured.items[0].reason = "no known result for size 3";
    const Analysis *analysis = analyse(&all);
    assert_string_equal(analysis_row(analysis, 1, 0)->reason, "the first row is not verified");
    assert_string_equal(analysis_row(analysis, 0, 0)->reason, "no known result for size 3");
    // The mean is that of the other program, for all of them.
    const AnalysisRow *row = analysis_row(analysis, 1, 1), *mean = &analysis->means[1];
    assert_true(row->has_ratio && mean->has_ratio && mean->ratio.median == row->ratio.median);
    assert_true(analysis->means[0].verdict == RUN_UNKNOWN);
    arena_free(all.arena);
}

static void a_short_run_has_no_ratio_and_says_what_helps(void **state) {
    (void)state;
    Fixture all = fixture(2, 2);
    add_noisy_runs(&all, 0, 5, 1);
    add_noisy_runs(&all, 1, 5, 1);
    all.campaign->measured.items[7].microseconds = 0;   // first, second program
    all.campaign->measured.items[12].microseconds = 12; // second, first program
    const Analysis *analysis = analyse(&all);
    assert_string_equal(analysis_row(analysis, 1, 0)->reason,
                        "a run of 12 us is too short for the clock; give it a larger size");
    assert_string_equal(analysis_row(analysis, 1, 1)->reason,
                        "a run of 0 us, of the first row, is too short for the clock; give it a "
                        "larger size");
    assert_false(analysis_row(analysis, 1, 0)->has_ratio ||
                 analysis_row(analysis, 1, 1)->has_ratio);
    assert_string_equal(analysis->means[1].reason, "no ratio on Sieve");
    arena_free(all.arena);
}

static void a_run_of_a_hundred_microseconds_is_long_enough(void **state) {
    (void)state;
    Fixture all = fixture(2, 1);
    made_up_runs(all.campaign, 0, 0, (const double[]){100, 101}, 2);
    made_up_runs(all.campaign, 1, 0, (const double[]){200, 202}, 2);
    assert_true(is_about(analysis_row(analyse(&all), 1, 0)->ratio.median, 2));
    arena_free(all.arena);
}

static void outliers_are_shown_and_stay(void **state) {
    (void)state;
    Fixture all = fixture(1, 1);
    made_up_runs(all.campaign, 0, 0, (const double[]){1000, 1001, 1002, 1003, 1004, 9000}, 6);
    const AnalysisRow *row = analysis_row(analyse(&all), 0, 0);
    assert_true(row->outliers == 1 && row->processes == 6 && row->median == 1002.5);
    arena_free(all.arena);
}

static void warming_up_is_the_first_iteration_by_the_last(void **state) {
    (void)state;
    Fixture all = fixture(1, 1);
    double cold[] = {3000, 1000, 1000}, warm[] = {2000, 2000}, odd[] = {1};
    double *iterations[] = {cold, warm, odd};
    const size_t counts[] = {3, 2, 1};
    for (int i = 0; i < 3; i++) {
        CampaignRun *run = made_up_run(all.campaign, 0, 0, 0, 1000);
        run->iterations = iterations[i];
        run->iteration_count = counts[i];
        run->user = 500 * (i + 1);
        run->wall = 700;
        run->repeated = i;
    }
    const AnalysisRow *row = analysis_row(analyse(&all), 0, 0);
    assert_true(is_about(row->first_iteration, 2500.0 / 1500));
    assert_true(row->user == 1000 && row->wall == 700 && row->repeated == 2);
    arena_free(all.arena);
}

// ---- Verdicts -----------------------------------------------------------------------------------

static Difference difference_of(double factor, size_t runs) {
    Fixture all = fixture(2, 1);
    add_noisy_runs(&all, 0, runs, 1);
    add_noisy_runs(&all, 1, runs, factor);
    Difference difference = analysis_row(analyse(&all), 1, 0)->difference;
    assert_int_equal(analyse(&all)->means[1].difference, difference);
    arena_free(all.arena);
    return difference;
}

static void what_differs_is_faster_or_slower(void **state) {
    (void)state;
    assert_int_equal(difference_of(1.5, 9), DIFFERENCE_SLOWER);
    assert_int_equal(difference_of(0.7, 9), DIFFERENCE_FASTER);
    assert_int_equal(difference_of(1.03, 200), DIFFERENCE_SLOWER);
}

static void what_is_alike_is_no_difference_if_there_are_runs_enough(void **state) {
    (void)state;
    assert_int_equal(difference_of(1, 60), DIFFERENCE_NONE);
    assert_int_equal(difference_of(1, 3), DIFFERENCE_CANT_TELL);
    assert_int_equal(difference_of(1.5, 3), DIFFERENCE_CANT_TELL); // one of ten orders
    assert_int_equal(difference_of(1.5, 1), DIFFERENCE_CANT_TELL);
}

// Six runs that all are slower: by itself that is one of 462 orders, and of thirty rows one is
// that.
static void many_comparisons_ask_for_more(void **state) {
    (void)state;
    for (size_t programs = 1; programs <= 30; programs += 29) {
        Fixture all = fixture(2, programs);
        add_noisy_runs(&all, 0, 6, 1);
        add_noisy_runs(&all, 1, 6, 1);
        for (size_t i = 0; i < all.campaign->measured.count; i++)
            if (all.campaign->measured.items[i].subject == 1 &&
                all.campaign->measured.items[i].program == 0)
                all.campaign->measured.items[i].microseconds *= 1.5;
        const AnalysisRow *row = analysis_row(analyse(&all), 1, 0);
        assert_int_equal(row->difference, programs == 1 ? DIFFERENCE_SLOWER : DIFFERENCE_CANT_TELL);
        // With several programs their mean is one comparison more.
        assert_true(is_about(row->chance, 2.0 / 924 * (programs == 1 ? 1 : 31)));
        arena_free(all.arena);
    }
}

// It is shown how likely noise is to look like that, and yet it is none of the code's.
static void the_same_code_is_never_called_different(void **state) {
    (void)state;
    Fixture all = fixture(3, 1);
    all.campaign->subjects.items[1].kind = SUBJECT_AA;
    all.campaign->subjects.items[2].code_hash = all.campaign->subjects.items[0].code_hash;
    for (size_t subject = 0; subject < 3; subject++)
        add_noisy_runs(&all, subject, 9, 1 + 0.5 * (double)subject);
    const Analysis *analysis = analyse(&all);
    for (size_t subject = 1; subject < 3; subject++) {
        const AnalysisRow *row = analysis_row(analysis, subject, 0);
        assert_int_equal(row->difference, DIFFERENCE_SAME_CODE);
        assert_int_equal(analysis->means[subject].difference, DIFFERENCE_SAME_CODE);
        assert_true(row->has_interval && row->ratio.low > 1.3 && row->chance < 0.001);
    }
    arena_free(all.arena);
}

// Two others that share their code differ from the first all the same.
static void twins_of_each_other_may_differ_from_the_first(void **state) {
    (void)state;
    Fixture all = fixture(3, 1);
    all.campaign->subjects.items[2].code_hash = all.campaign->subjects.items[1].code_hash;
    for (size_t subject = 0; subject < 3; subject++)
        add_noisy_runs(&all, subject, 9, subject ? 1.5 : 1);
    const Analysis *analysis = analyse(&all);
    assert_int_equal(analysis_row(analysis, 1, 0)->difference, DIFFERENCE_SLOWER);
    assert_int_equal(analysis_row(analysis, 2, 0)->difference, DIFFERENCE_SLOWER);
    arena_free(all.arena);
}

// In one placement of five it is half as long: many runs of that are no better than few.
static void placements_decide_where_there_are_several(void **state) {
    (void)state;
    Fixture all = fixture(3, 1);
    for (int placement = 0; placement < 5; placement++)
        for (int i = 0; i < 20; i++) {
            made_up_run(all.campaign, 0, 0, placement, 10000 + i);
            made_up_run(all.campaign, 1, 0, placement, (placement ? 10000 : 5000) + i);
            made_up_run(all.campaign, 2, 0, placement, 12000 + 10 * placement + i);
        }
    const Analysis *analysis = analyse(&all);
    assert_int_equal(analysis_row(analysis, 1, 0)->difference, DIFFERENCE_CANT_TELL);
    assert_int_equal(analysis_row(analysis, 2, 0)->difference, DIFFERENCE_SLOWER);
    assert_int_equal(analysis->wanted_runs, 0);
    arena_free(all.arena);
}

static void the_same_campaign_is_analysed_the_same_way(void **state) {
    (void)state;
    Fixture all = fixture(2, 3);
    add_noisy_runs(&all, 0, 9, 1);
    add_noisy_runs(&all, 1, 9, 1.02);
    const AnalysisRow *once = &analyse(&all)->means[1], *again = &analyse(&all)->means[1];
    assert_memory_equal(&once->ratio, &again->ratio, sizeof once->ratio);
    arena_free(all.arena);
}

// ---- Noise, and how many runs -------------------------------------------------------------------

static void noise_is_how_far_runs_are_apart(void **state) {
    (void)state;
    Fixture all = fixture(1, 1);
    for (int i = 0; i < 200; i++)
        made_up_run(all.campaign, 0, 0, 0, 10000 * (1 + 0.03 * made_up_normal(&all.random)));
    double noise = analyse(&all)->noise;
    assert_true(noise > 0.025 && noise < 0.035);
    arena_free(all.arena);
}

// With noise of this size.
static size_t wanted_for(double noise, size_t subjects) {
    Fixture all = fixture(subjects, 2);
    for (size_t subject = 0; subject < subjects; subject++)
        for (size_t program = 0; program < 2; program++)
            for (int i = 0; i < 50; i++)
                made_up_run(all.campaign, subject, program, 0,
                            10000 * exp(noise * made_up_normal(&all.random)));
    size_t wanted = analyse(&all)->wanted_runs;
    arena_free(all.arena);
    return wanted;
}

static void more_noise_and_more_comparisons_want_more_runs(void **state) {
    (void)state;
    assert_in_range(wanted_for(0.001, 2), 6, 7);
    assert_in_range(wanted_for(0.02, 2), 18, 40);
    // Four times the variance.
    assert_in_range(wanted_for(0.04, 2), 3 * wanted_for(0.02, 2), 5 * wanted_for(0.02, 2));
    assert_true(wanted_for(0.02, 9) > wanted_for(0.02, 2));
}

static void too_few_runs_say_nothing_of_how_many_are_wanted(void **state) {
    (void)state;
    Fixture all = fixture(2, 1);
    add_noisy_runs(&all, 0, 4, 1);
    add_noisy_runs(&all, 1, 4, 1);
    assert_int_equal(analyse(&all)->wanted_runs, 0);
    arena_free(all.arena);
}

// ---- Any data -----------------------------------------------------------------------------------

static void a_campaign_without_anything_is_analysed(void **state) {
    (void)state;
    for (size_t subjects = 0; subjects < 2; subjects++)
        for (size_t programs = 0; programs < 2; programs++) {
            Fixture all = fixture(subjects, programs);
            const Analysis *analysis = analyse(&all);
            assert_true(analysis->noise == 0 && analysis->wanted_runs == 0);
            if (subjects && programs) {
                const AnalysisRow *row = analysis_row(analysis, 0, 0);
                assert_string_equal(row->reason, "not measured");
                assert_true(row->median == RUN_NO_FIGURE && !row->has_ratio);
            }
            arena_free(all.arena);
        }
}

static void a_subject_without_runs_is_not_measured(void **state) {
    (void)state;
    Fixture all = fixture(3, 1);
    add_noisy_runs(&all, 1, 9, 1);
    const Analysis *analysis = analyse(&all);
    assert_string_equal(analysis_row(analysis, 1, 0)->reason, "the first row was not measured");
    assert_string_equal(analysis_row(analysis, 2, 0)->reason, "not measured");
    assert_false(analysis->means[1].has_ratio);
    arena_free(all.arena);
}

static void equal_times_are_no_difference_and_others_are_one(void **state) {
    (void)state;
    Fixture all = fixture(3, 2);
    for (size_t subject = 0; subject < 3; subject++)
        for (size_t program = 0; program < 2; program++)
            for (int i = 0; i < 9; i++)
                made_up_run(all.campaign, subject, program, 0, subject == 2 ? 10100 : 10000);
    const Analysis *analysis = analyse(&all);
    assert_int_equal(analysis_row(analysis, 1, 0)->difference, DIFFERENCE_NONE);
    assert_int_equal(analysis->means[1].difference, DIFFERENCE_NONE);
    assert_int_equal(analysis_row(analysis, 2, 0)->difference, DIFFERENCE_SLOWER);
    assert_int_equal(analysis->means[2].difference, DIFFERENCE_SLOWER);
    arena_free(all.arena);
}

static void check_figures(const AnalysisRow *row) {
    assert_true(row->chance >= 0 && row->chance <= 1);
    assert_true(!isnan(row->median) && !isnan(row->least) && !isnan(row->greatest));
    if (row->has_ratio)
        assert_true(row->ratio.low <= row->ratio.median && row->ratio.median <= row->ratio.high);
}

// Anything that may stand in a file: no figure is nonsense.
static void hostile_data_have_figures(void **state) {
    (void)state;
    const double times[] = {0, 1e-300, 1, 99, 100, 1e4, 1e4, 1e4, 1e15, 1e308, RUN_NO_FIGURE};
    for (uint64_t seed = 0; seed < 100; seed++) {
        Fixture all = fixture(3, 2);
        all.random = random_numbers_begin(seed);
        size_t count = random_numbers_below(&all.random, 60);
        size_t kinds = 4 + random_numbers_below(&all.random, 7);
        for (size_t i = 0; i < count; i++) {
            double time = times[10 - random_numbers_below(&all.random, kinds)];
            CampaignRun *run = made_up_run(all.campaign, random_numbers_below(&all.random, 3),
                                           random_numbers_below(&all.random, 2),
                                           random_numbers_below(&all.random, 5)
                                               ? 0
                                               : (int)random_numbers_below(&all.random, 3),
                                           time);
            run->run = (int)random_numbers_below(&all.random, 20);
            if (random_numbers_below(&all.random, 40) == 0)
                run->verdict = RUN_UNKNOWN;
        }
        const Analysis *analysis = analyse(&all);
        for (size_t i = 0; i < 6; i++)
            check_figures(&analysis->rows[i]);
        for (size_t i = 0; i < 3; i++)
            check_figures(&analysis->means[i]);
        arena_free(all.arena);
    }
}

// A hundred subjects on fourteen programs, and one with ten thousand runs: a second or so, and not
// minutes.
static void large_campaigns_are_analysed_at_once(void **state) {
    (void)state;
    Fixture all = fixture(100, 14);
    for (size_t subject = 0; subject < 100; subject++)
        for (size_t program = 0; program < 14; program++)
            for (int i = 0; i < 9; i++) {
                CampaignRun run = {.subject = subject, .program = program, .run = i};
                run.microseconds = 10000 * made_up_noise(&all.random);
                run.user = run.wall = RUN_NO_FIGURE;
                ARENA_PUSH(all.arena, &all.campaign->measured, run);
            }
    for (int i = 9; i < 10000; i++) {
        CampaignRun run = {
            .subject = i % 2, .run = i, .user = RUN_NO_FIGURE, .wall = RUN_NO_FIGURE};
        run.microseconds = 10000 * made_up_noise(&all.random);
        ARENA_PUSH(all.arena, &all.campaign->measured, run);
    }
    const Analysis *analysis = analyse(&all);
    assert_true(analysis_row(analysis, 99, 13)->has_interval);
    assert_true(analysis_row(analysis, 1, 0)->processes > 4990);
    arena_free(all.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_has_its_placements_medians),
        cmocka_unit_test(a_failure_is_counted_and_takes_the_ratio_but_not_the_median),
        cmocka_unit_test(others_have_no_ratio_to_a_first_row_that_is_not_verified),
        cmocka_unit_test(a_short_run_has_no_ratio_and_says_what_helps),
        cmocka_unit_test(a_run_of_a_hundred_microseconds_is_long_enough),
        cmocka_unit_test(outliers_are_shown_and_stay),
        cmocka_unit_test(warming_up_is_the_first_iteration_by_the_last),
        cmocka_unit_test(what_differs_is_faster_or_slower),
        cmocka_unit_test(what_is_alike_is_no_difference_if_there_are_runs_enough),
        cmocka_unit_test(many_comparisons_ask_for_more),
        cmocka_unit_test(the_same_code_is_never_called_different),
        cmocka_unit_test(twins_of_each_other_may_differ_from_the_first),
        cmocka_unit_test(placements_decide_where_there_are_several),
        cmocka_unit_test(the_same_campaign_is_analysed_the_same_way),
        cmocka_unit_test(noise_is_how_far_runs_are_apart),
        cmocka_unit_test(more_noise_and_more_comparisons_want_more_runs),
        cmocka_unit_test(too_few_runs_say_nothing_of_how_many_are_wanted),
        cmocka_unit_test(a_campaign_without_anything_is_analysed),
        cmocka_unit_test(a_subject_without_runs_is_not_measured),
        cmocka_unit_test(equal_times_are_no_difference_and_others_are_one),
        cmocka_unit_test(hostile_data_have_figures),
        cmocka_unit_test(large_campaigns_are_analysed_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
