// Several programs at a time, and what is made of how they end. They are shells, which are there
// wherever tests run.
#include "cli/race/verdict.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static RaceOutcome run_shell(const char *script, int seconds) {
    char *words[] = {"/bin/sh", "-c", (char *)script, NULL};
    return race_run(words, seconds);
}

static void an_end_is_told_as_it_was(void **state) {
    (void)state;
    RaceOutcome outcome = run_shell("echo out; echo err >&2; exit 200", 60);
    assert_int_equal(outcome.end, RACE_EXITED);
    assert_int_equal(outcome.number, 200);
    assert_string_equal(text_chars(&outcome.output), "out\n");
    assert_string_equal(text_chars(&outcome.errors), "err\n");
    race_outcome_free(&outcome);
    outcome = run_shell("kill -TERM $$", 60);
    assert_int_equal(outcome.end, RACE_KILLED);
    assert_int_equal(outcome.number, SIGTERM);
    race_outcome_free(&outcome);
    outcome = race_run((char *[]){"/nowhere/at/all", NULL}, 60);
    assert_int_equal(outcome.end, RACE_NEVER_STARTED);
    race_outcome_free(&outcome);
}

static void who_takes_too_long_or_prints_too_much_is_ended(void **state) {
    (void)state;
    RaceOutcome outcome = run_shell("exec sleep 1000", 1);
    assert_int_equal(outcome.end, RACE_OUT_OF_TIME);
    race_outcome_free(&outcome);
    outcome = run_shell("exec 1>&- 2>&-; exec sleep 1000", 1);
    assert_int_equal(outcome.end, RACE_OUT_OF_TIME);
    race_outcome_free(&outcome);
    outcome = run_shell("exec yes", 60);
    assert_int_equal(outcome.end, RACE_TOO_TALKATIVE);
    race_outcome_free(&outcome);
}

static void no_byte_ends_what_is_read(void **state) {
    (void)state;
    RaceOutcome outcome = run_shell("printf 'a\\000b'", 60);
    assert_string_equal(text_chars(&outcome.output), "a?b");
    race_outcome_free(&outcome);
}

// ---- Several ----------------------------------------------------------------------------------

enum { RUNS = 40 };

typedef struct Several {
    char scripts[RUNS][64];
    char *words[RUNS][4];
    bool ended[RUNS];
    size_t failing; // from this one on all fail
    size_t lowest;
} Several;

static char *const *begin(void *context, size_t index) {
    Several *several = context;
    snprintf(several->scripts[index], sizeof *several->scripts, "exit %d",
             index >= several->failing);
    char *words[] = {"/bin/sh", "-c", several->scripts[index], NULL};
    memcpy(several->words[index], words, sizeof words);
    return several->words[index];
}

static bool end(void *context, size_t index, RaceOutcome *outcome) {
    Several *several = context;
    assert_false(several->ended[index]);
    several->ended[index] = true;
    bool fails = outcome->number != 0;
    if (fails && index < several->lowest)
        several->lowest = index;
    race_outcome_free(outcome);
    return !fails;
}

static void the_lowest_that_fails_is_the_same_however_many_run(void **state) {
    (void)state;
    static const int jobs[] = {1, 2, 7, RACE_MOST_JOBS};
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        Several several = {.failing = 11, .lowest = RUNS};
        race_run_all(&(RaceRuns){.count = RUNS,
                                 .jobs = jobs[i],
                                 .seconds = 60,
                                 .context = &several,
                                 .begin = begin,
                                 .end = end});
        assert_int_equal(several.lowest, 11);
        for (size_t run = 0; run <= 11; run++)
            assert_true(several.ended[run]);
    }
}

// ---- Verdicts ---------------------------------------------------------------------------------

// The verdict on a shell's run, whose texts live in the arena.
static Verdict judge(Arena *arena, const VerdictRules *rules, const char *script) {
    RaceOutcome outcome = run_shell(script, 60);
    Verdict verdict = verdict_find(rules, &outcome, true, arena);
    race_outcome_free(&outcome);
    return verdict;
}

static void failures_are_alike_but_for_numbers(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
        bool same;
    } cases[] = {
        {"exit 0", "exit 0", false},
        {"exit 1", "exit 1", true},
        {"exit 1", "exit 2", false},
        {"exit 1", "kill -9 $$", false},
        {"kill -9 $$", "kill -9 $$", true},
        {"kill -9 $$", "kill -15 $$", false},
        {"echo 'is 12 of 130' >&2; exit 1", "echo 'is 7 of 130' >&2; exit 1", true},
        {"echo 'is 12 of 130' >&2; exit 1", "echo 'is x of 130' >&2; exit 1", false},
        {"echo 'is 12' >&2; exit 1", "echo 'is 12 of 130' >&2; exit 1", false},
        {"echo lost >&2; exit 1", "exit 1", false},
        {"echo a; exit 1", "echo b; exit 1", true},
    };
    Arena *arena = arena_new();
    const VerdictRules rules = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Verdict one = judge(arena, &rules, cases[i].one),
                other = judge(arena, &rules, cases[i].other);
        assert_int_equal(verdict_is_same(&one, &other), cases[i].same);
    }
    arena_free(arena);
}

static void what_is_printed_may_be_a_failure(void **state) {
    (void)state;
    Arena *arena = arena_new();
    regex_t expression;
    assert_int_equal(regcomp(&expression, "^violated", REG_EXTENDED | REG_NEWLINE), 0);
    const VerdictRules rules = {.mustnt_match = &expression};
    Verdict verdict = judge(arena, &rules, "echo holds 3; echo violated 7");
    assert_int_equal(verdict.kind, VERDICT_MATCH);
    assert_string_equal(verdict.line, "violated 7");
    assert_int_equal(judge(arena, &rules, "echo violated >&2").kind, VERDICT_MATCH);
    assert_int_equal(judge(arena, &rules, "echo not violated").kind, VERDICT_GOOD);
    regfree(&expression);
    const uint64_t wanted = judge(arena, &(VerdictRules){0}, "echo 1").output;
    const VerdictRules same = {.must_print = &wanted};
    assert_int_equal(judge(arena, &same, "echo 1").kind, VERDICT_GOOD);
    Verdict two = judge(arena, &same, "echo 2"), three = judge(arena, &same, "echo 3");
    assert_int_equal(two.kind, VERDICT_OUTPUT);
    assert_false(verdict_is_same(&two, &three));
    arena_free(arena);
}

static void the_most_steps_mean_something_only_where_threads_had_their_turns(void **state) {
    (void)state;
    Arena *arena = arena_new();
    RaceOutcome outcome =
        run_shell("echo 'som: error: the schedule has come to 100 steps' >&2; exit 1", 60);
    Verdict fair = verdict_find(&(VerdictRules){0}, &outcome, true, arena);
    Verdict unfair = verdict_find(&(VerdictRules){0}, &outcome, false, arena);
    assert_int_equal(fair.kind, VERDICT_ENDLESS);
    assert_true(verdict_fails(&fair));
    assert_int_equal(unfair.kind, VERDICT_CUT_OFF);
    assert_false(verdict_fails(&unfair));
    race_outcome_free(&outcome);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_told_as_it_was),
        cmocka_unit_test(who_takes_too_long_or_prints_too_much_is_ended),
        cmocka_unit_test(no_byte_ends_what_is_read),
        cmocka_unit_test(the_lowest_that_fails_is_the_same_however_many_run),
        cmocka_unit_test(failures_are_alike_but_for_numbers),
        cmocka_unit_test(what_is_printed_may_be_a_failure),
        cmocka_unit_test(the_most_steps_mean_something_only_where_threads_had_their_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
