// What is made of how programs end. They are shells, which are there wherever tests run.
#include "cli/race/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static ParallelOutcome run_shell(const char *script) {
    char *const words[] = {"/bin/sh", "-c", (char *)script, NULL};
    return parallel_run_one(
        &(ParallelProgram){.words = words, .seconds = 600, .output = RACE_MOST_OUTPUT});
}

// The verdict on a shell's run, whose texts live in the arena.
static Verdict judge(Arena *arena, const VerdictRules *rules, const char *script) {
    ParallelOutcome outcome = run_shell(script);
    Verdict verdict = verdict_find(rules, &outcome, true, arena);
    parallel_outcome_free(&outcome);
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
    ParallelOutcome outcome =
        run_shell("echo 'som: error: the schedule has come to 100 steps' >&2; exit 1");
    Verdict fair = verdict_find(&(VerdictRules){0}, &outcome, true, arena);
    Verdict unfair = verdict_find(&(VerdictRules){0}, &outcome, false, arena);
    assert_int_equal(fair.kind, VERDICT_ENDLESS);
    assert_true(verdict_fails(&fair));
    assert_int_equal(unfair.kind, VERDICT_CUT_OFF);
    assert_false(verdict_fails(&unfair));
    parallel_outcome_free(&outcome);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_are_alike_but_for_numbers),
        cmocka_unit_test(what_is_printed_may_be_a_failure),
        cmocka_unit_test(the_most_steps_mean_something_only_where_threads_had_their_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
