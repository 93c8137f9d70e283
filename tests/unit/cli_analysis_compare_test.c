// Two campaigns, compared row by row.
#include "cli/bench/analysis.h"

#include "tests/unit/bench_campaign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct Pair {
    Arena *arena;
    Campaign *before, *after;
} Pair;

static Pair begin(size_t subjects, size_t programs) {
    Arena *arena = arena_new();
    return (Pair){arena, made_up_campaign(arena, subjects, programs),
                  made_up_campaign(arena, subjects, programs)};
}

static const Comparison *compare(const Pair *pair) {
    return analysis_compare(pair->arena, analysis_of(pair->arena, pair->before),
                            analysis_of(pair->arena, pair->after));
}

// Runs of all rows, with a quarter more or less at random.
static void add_wild_runs(Campaign *campaign, size_t count, uint64_t seed) {
    RandomNumbers random = random_numbers_begin(seed);
    for (size_t subject = 0; subject < campaign->subjects.count; subject++)
        for (size_t program = 0; program < campaign->programs.count; program++)
            for (size_t i = 0; i < count; i++)
                made_up_run(campaign, subject, program, 0,
                            10000 * exp(0.25 * made_up_normal(&random)));
}

static void identical_campaigns_have_no_difference(void **state) {
    (void)state;
    for (size_t runs = 1; runs < 30; runs += 4) {
        Pair pair = begin(3, 3);
        add_wild_runs(pair.before, runs, runs);
        add_wild_runs(pair.after, runs, runs);
        pair.before->subjects.items[2].kind = pair.after->subjects.items[2].kind = SUBJECT_AA;
        const Comparison *comparison = compare(&pair);
        assert_true(comparison->rows.count == 9 && comparison->same_machine);
        for (size_t i = 0; i < 9; i++) {
            const ComparisonRow *row = &comparison->rows.items[i];
            assert_int_equal(row->difference, DIFFERENCE_NONE);
            assert_true(row->has_ratio && row->chance == 1 && !row->reason);
            assert_true(row->has_interval == (runs > 1));
        }
        arena_free(pair.arena);
    }
}

static void identical_placements_have_no_difference(void **state) {
    (void)state;
    Pair pair = begin(1, 1);
    RandomNumbers random = random_numbers_begin(1);
    for (int i = 0; i < 12; i++) {
        double time = 10000 * exp(made_up_normal(&random));
        made_up_run(pair.before, 0, 0, i % 3, time);
        made_up_run(pair.after, 0, 0, i % 3, time);
    }
    assert_int_equal(compare(&pair)->rows.items[0].difference, DIFFERENCE_NONE);
    arena_free(pair.arena);
}

static void one_half_longer_is_slower_in_its_rows_alone(void **state) {
    (void)state;
    Pair pair = begin(3, 2);
    RandomNumbers random = random_numbers_begin(9);
    for (size_t subject = 0; subject < 3; subject++)
        for (size_t program = 0; program < 2; program++)
            for (int i = 0; i < 9; i++) {
                double time = 10000 * made_up_noise(&random);
                made_up_run(pair.before, subject, program, 0, time);
                made_up_run(pair.after, subject, program, 0, subject == 1 ? time * 1.5 : time);
            }
    const Comparison *comparison = compare(&pair);
    for (size_t i = 0; i < 6; i++) {
        const ComparisonRow *row = &comparison->rows.items[i];
        bool is_slowed = strcmp(row->subject, "-O1") == 0;
        assert_int_equal(row->difference, is_slowed ? DIFFERENCE_SLOWER : DIFFERENCE_NONE);
        if (is_slowed)
            assert_true(row->ratio.median > 1.4 && row->ratio.low > 1.3 && row->chance < 0.001);
    }
    assert_true(comparison->shift == 1); // of most rows
    // The other way round it is faster.
    Pair back = {pair.arena, pair.after, pair.before};
    assert_int_equal(compare(&back)->rows.items[2].difference, DIFFERENCE_FASTER);
    arena_free(pair.arena);
}

// However wild the machine was: each run of the one has its run of the other.
static void nine_runs_that_all_take_half_as_long_again_are_slower(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        Pair pair = begin(2, 2);
        RandomNumbers random = random_numbers_begin(seed);
        for (size_t row = 0; row < 4; row++)
            for (int i = 0; i < 9; i++) {
                double time = round(10000 * exp(made_up_normal(&random)));
                made_up_run(pair.before, row / 2, row % 2, 0, time);
                made_up_run(pair.after, row / 2, row % 2, 0, row < 2 ? time : round(time * 1.5));
            }
        const Comparison *comparison = compare(&pair);
        for (size_t row = 0; row < 4; row++)
            assert_int_equal(comparison->rows.items[row].difference,
                             row < 2 ? DIFFERENCE_NONE : DIFFERENCE_SLOWER);
        arena_free(pair.arena);
    }
}

// Also where the code is the same as that of the first subject: it is compared with its own past.
static void a_row_of_the_same_code_is_compared_like_any_other(void **state) {
    (void)state;
    Pair pair = begin(2, 1);
    add_wild_runs(pair.before, 30, 1);
    add_wild_runs(pair.after, 30, 2);
    pair.before->subjects.items[1].kind = pair.after->subjects.items[1].kind = SUBJECT_AA;
    for (size_t i = 30; i < 60; i++)
        pair.after->measured.items[i].microseconds *= 3;
    assert_int_equal(compare(&pair)->rows.items[1].difference, DIFFERENCE_SLOWER);
    arena_free(pair.arena);
}

static void single_runs_that_differ_tell_nothing(void **state) {
    (void)state;
    Pair pair = begin(1, 1);
    made_up_run(pair.before, 0, 0, 0, 1000);
    made_up_run(pair.after, 0, 0, 0, 5000);
    const ComparisonRow *row = &compare(&pair)->rows.items[0];
    assert_int_equal(row->difference, DIFFERENCE_CANT_TELL);
    assert_true(row->has_ratio && !row->has_interval && !row->reason);
    arena_free(pair.arena);
}

static void what_only_one_has_comes_last_with_a_reason(void **state) {
    (void)state;
    Pair pair = begin(2, 2);
    pair.before->subjects.items[0].name = "an old one";
    pair.after->programs.items[1] = "a new one";
    add_wild_runs(pair.before, 9, 1);
    add_wild_runs(pair.after, 9, 1);
    const Comparison *comparison = compare(&pair);
    assert_int_equal(comparison->rows.count, 7);
    const ComparisonRow *rows = comparison->rows.items;
    assert_true(rows[0].old_row && rows[0].new_row && !rows[0].reason);
    assert_string_equal(rows[0].subject, "-O1");
    assert_string_equal(rows[0].program, "Sieve");
    for (size_t i = 1; i < 4; i++) {
        assert_string_equal(rows[i].reason, "only the old one has it");
        assert_true(rows[i].old_row && !rows[i].new_row);
    }
    for (size_t i = 4; i < 7; i++) {
        assert_string_equal(rows[i].reason, "only the new one has it");
        assert_true(!rows[i].old_row && rows[i].new_row);
        assert_int_equal(rows[i].difference, DIFFERENCE_CANT_TELL);
    }
    arena_free(pair.arena);
}

static void failures_and_missing_runs_are_reasons(void **state) {
    (void)state;
    Pair pair = begin(3, 1);
    add_wild_runs(pair.before, 9, 1);
    add_wild_runs(pair.after, 9, 1);
    pair.after->measured.items[3].verdict = RUN_WRONG; // -O0
    pair.after->measured.items[3].reason = "exit status 3";
    pair.before->measured.items[10].microseconds = 7; // -O1
    pair.after->measured.count = 18;                  // without -O2
    const ComparisonRow *rows = compare(&pair)->rows.items;
    assert_string_equal(rows[0].reason, "the new one: exit status 3");
    assert_string_equal(rows[1].reason, "the old one: a run of 7 us is too short for the clock; "
                                        "give it a larger size");
    assert_string_equal(rows[2].reason, "the new one: not measured");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(rows[i].difference, DIFFERENCE_CANT_TELL);
        assert_false(rows[i].has_ratio);
    }
    arena_free(pair.arena);
}

static void what_all_rows_have_in_common_is_said(void **state) {
    (void)state;
    Pair pair = begin(3, 1);
    for (size_t subject = 0; subject < 3; subject++)
        for (int i = 0; i < 9; i++) {
            made_up_run(pair.before, subject, 0, 0, 10000 + i);
            made_up_run(pair.after, subject, 0, 0, (10000 + i) * (1.02 + 0.01 * (double)subject));
        }
    assert_true(fabs(compare(&pair)->shift - 1.03) < 1e-9);
    arena_free(pair.arena);
}

static void another_machine_is_seen(void **state) {
    (void)state;
    Pair pair = begin(1, 1);
    assert_true(compare(&pair)->same_machine);
    pair.after->machine.cores = 3;
    assert_false(compare(&pair)->same_machine);
    pair.after->machine.cores = 2;
    pair.after->machine.processor = NULL; // it isn't known
    assert_true(compare(&pair)->same_machine);
    arena_free(pair.arena);
}

static void nothing_is_compared_with_nothing(void **state) {
    (void)state;
    Pair pair = begin(0, 0);
    assert_true(compare(&pair)->rows.count == 0 && compare(&pair)->shift == 1);
    arena_free(pair.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identical_campaigns_have_no_difference),
        cmocka_unit_test(identical_placements_have_no_difference),
        cmocka_unit_test(one_half_longer_is_slower_in_its_rows_alone),
        cmocka_unit_test(nine_runs_that_all_take_half_as_long_again_are_slower),
        cmocka_unit_test(a_row_of_the_same_code_is_compared_like_any_other),
        cmocka_unit_test(single_runs_that_differ_tell_nothing),
        cmocka_unit_test(what_only_one_has_comes_last_with_a_reason),
        cmocka_unit_test(failures_and_missing_runs_are_reasons),
        cmocka_unit_test(what_all_rows_have_in_common_is_said),
        cmocka_unit_test(another_machine_is_seen),
        cmocka_unit_test(nothing_is_compared_with_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
