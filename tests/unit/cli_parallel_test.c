// Several programs at a time: what each prints and how it ends is its own; what hangs is ended, and
// so is what it has started.
#include "cli/parallel.h"

#include "support/interruption.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHELL(script) ((char *const[]){"/bin/sh", "-c", (char *)(script), NULL})

enum { PATIENCE = 600, MOST_OUTPUT = 1 << 20 };

#define PROGRAM(argv, limit)                                                                       \
    { .words = (argv), .seconds = (limit), .output = MOST_OUTPUT }

// ---- One ---------------------------------------------------------------------------------------

static ParallelOutcome run(char *const *words, double seconds) {
    return parallel_run_one(&(ParallelProgram)PROGRAM(words, seconds));
}

static void an_end_is_told_as_it_was(void **state) {
    (void)state;
    ParallelOutcome outcome = run(SHELL("echo out; echo err >&2; exit 200"), PATIENCE);
    assert_int_equal(outcome.end, PARALLEL_EXITED);
    assert_int_equal(outcome.number, 200);
    assert_string_equal(text_chars(&outcome.output), "out\n");
    assert_string_equal(text_chars(&outcome.errors), "err\n");
    parallel_outcome_free(&outcome);
    outcome = run(SHELL("kill -TERM $$"), PATIENCE);
    assert_int_equal(outcome.end, PARALLEL_KILLED);
    assert_int_equal(outcome.number, SIGTERM);
    parallel_outcome_free(&outcome);
    outcome = run((char *const[]){"/nowhere/at/all", NULL}, PATIENCE);
    assert_int_equal(outcome.end, PARALLEL_UNSTARTED);
    assert_int_equal(outcome.number, ENOENT);
    parallel_outcome_free(&outcome);
}

static void no_byte_ends_what_is_read(void **state) {
    (void)state;
    ParallelOutcome outcome = run(SHELL("printf 'a\\000b'"), PATIENCE);
    assert_string_equal(text_chars(&outcome.output), "a?b");
    parallel_outcome_free(&outcome);
}

static ParallelOutcome run_in(const char *directory, char *const *words) {
    return parallel_run_one(&(ParallelProgram){
        .words = words, .seconds = PATIENCE, .output = MOST_OUTPUT, .directory = directory});
}

static void a_program_works_where_it_is_told_to(void **state) {
    (void)state;
    ParallelOutcome outcome = run_in("/usr/..", SHELL("pwd -P"));
    assert_string_equal(text_chars(&outcome.output), "/\n");
    parallel_outcome_free(&outcome);
    // That is where a name with a slash is looked for.
    outcome = run_in("/bin", (char *const[]){"./sh", "-c", "echo found", NULL});
    assert_string_equal(text_chars(&outcome.output), "found\n");
    parallel_outcome_free(&outcome);
    outcome = run_in("/nowhere/at/all", SHELL("echo here"));
    assert_int_equal(outcome.end, PARALLEL_UNSTARTED);
    assert_int_equal(outcome.number, ENOENT);
    parallel_outcome_free(&outcome);
}

static void of_much_output_the_first_is_kept(void **state) {
    (void)state;
    static const char *const scripts[] = {"exec yes 1234567", "exec yes 1234567 >&2"};
    for (size_t i = 0; i < 2; i++) {
        ParallelOutcome outcome = run(SHELL(scripts[i]), PATIENCE);
        const Text *text = i ? &outcome.errors : &outcome.output;
        assert_int_equal(outcome.end, PARALLEL_TALKATIVE);
        assert_int_equal(text->length, MOST_OUTPUT);
        assert_memory_equal(text_chars(text), "1234567\n1234567\n", 16);
        parallel_outcome_free(&outcome);
    }
    ParallelOutcome outcome = run(SHELL("head -c 1048576 /dev/zero"), PATIENCE);
    assert_int_equal(outcome.end, PARALLEL_EXITED);
    assert_int_equal(outcome.output.length, MOST_OUTPUT);
    parallel_outcome_free(&outcome);
}

// ---- Several -----------------------------------------------------------------------------------

enum { RUNS = 40 };

typedef struct Several {
    ParallelProgram programs[RUNS];
    ParallelOutcome outcomes[RUNS];
    bool ended[RUNS];
} Several;

static ParallelProgram begin(void *context, size_t index) {
    return ((Several *)context)->programs[index];
}

static bool end(void *context, size_t index, ParallelOutcome *outcome) {
    Several *several = context;
    assert_false(several->ended[index]);
    several->ended[index] = true;
    several->outcomes[index] = *outcome;
    return true;
}

static void run_all(Several *several, size_t count, size_t width) {
    parallel_run(&(ParallelRuns){count, width, several, begin, end});
    for (size_t i = 0; i < count; i++)
        assert_true(several->ended[i]);
}

static void free_all(Several *several, size_t count) {
    for (size_t i = 0; i < count; i++)
        parallel_outcome_free(&several->outcomes[i]);
}

static void each_has_its_own_streams_and_end(void **state) {
    (void)state;
    for (size_t width = 1; width <= 5; width++) {
        Several several = {.programs = {
                               PROGRAM(SHELL("echo one; echo ONE >&2"), PATIENCE),
                               PROGRAM(SHELL("echo two; exit 3"), PATIENCE),
                               PROGRAM(SHELL("kill -9 $$"), PATIENCE),
                               PROGRAM(((char *const[]){"/nowhere/at/all", NULL}), PATIENCE),
                           }};
        run_all(&several, 4, width);
        const ParallelOutcome *outcomes = several.outcomes;
        assert_string_equal(text_chars(&outcomes[0].output), "one\n");
        assert_string_equal(text_chars(&outcomes[0].errors), "ONE\n");
        assert_string_equal(text_chars(&outcomes[1].output), "two\n");
        assert_int_equal(outcomes[1].number, 3);
        assert_int_equal(outcomes[2].end, PARALLEL_KILLED);
        assert_int_equal(outcomes[3].end, PARALLEL_UNSTARTED);
        free_all(&several, 4);
    }
}

// Each waits until the other one is there.
static void they_run_at_the_same_time(void **state) {
    (void)state;
    char meets[] = "echo >\"$0.$1\"; until [ -e \"$0.$2\" ]; do sleep 0.01; done; echo met";
    char name[] = "/tmp/loopwright-parallel-XXXXXX";
    assert_true(mkdtemp(name));
    char base[64];
    strcat(strcpy(base, name), "/at");
    Several meeting = {
        .programs = {
            PROGRAM(((char *const[]){"/bin/sh", "-c", meets, base, "a", "b", NULL}), PATIENCE),
            PROGRAM(((char *const[]){"/bin/sh", "-c", meets, base, "b", "a", NULL}), PATIENCE),
        }};
    run_all(&meeting, 2, 2);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(text_chars(&meeting.outcomes[i].output), "met\n");
    free_all(&meeting, 2);
    ParallelOutcome tidy = run((char *const[]){"rm", "-r", name, NULL}, PATIENCE);
    parallel_outcome_free(&tidy);
}

static void what_hangs_is_ended_with_what_it_has_started(void **state) {
    (void)state;
    Several several = {
        .programs = {
            PROGRAM(SHELL("echo begun; sleep 1000 & wait"), 1),
            // Its streams are closed, and it goes on.
            PROGRAM(SHELL("exec >/dev/null 2>&1; sleep 1000"), 1),
            // What it has started has a group of its own, and keeps the streams open.
            PROGRAM(SHELL("setsid sleep 5 & wait"), 1),
            PROGRAM(SHELL("echo there"), PATIENCE),
        }};
    run_all(&several, 4, 2);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(several.outcomes[i].end, PARALLEL_LATE);
        assert_true(several.outcomes[i].seconds >= 1);
    }
    assert_string_equal(text_chars(&several.outcomes[0].output), "begun\n");
    assert_int_equal(several.outcomes[3].end, PARALLEL_EXITED);
    assert_string_equal(text_chars(&several.outcomes[3].output), "there\n");
    free_all(&several, 4);
}

// ---- As many as are wanted ---------------------------------------------------------------------

typedef struct Failing {
    bool ended[RUNS];
    size_t first; // from this one on all fail
    size_t lowest;
} Failing;

static ParallelProgram begin_failing(void *context, size_t index) {
    static char *const good[] = {"true", NULL}, *const bad[] = {"false", NULL};
    bool fails = index >= ((const Failing *)context)->first;
    return (ParallelProgram)PROGRAM(fails ? bad : good, PATIENCE);
}

static bool end_failing(void *context, size_t index, ParallelOutcome *outcome) {
    Failing *failing = context;
    assert_false(failing->ended[index]);
    failing->ended[index] = true;
    bool fails = outcome->number != 0;
    if (fails && index < failing->lowest)
        failing->lowest = index;
    parallel_outcome_free(outcome);
    return !fails;
}

static void the_lowest_that_fails_is_the_same_however_many_run(void **state) {
    (void)state;
    static const size_t widths[] = {1, 2, 7, CHILDREN_MOST};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        Failing failing = {.first = 11, .lowest = RUNS};
        parallel_run(&(ParallelRuns){RUNS, widths[i], &failing, begin_failing, end_failing});
        assert_int_equal(failing.lowest, 11);
        for (size_t each = 0; each <= 11; each++)
            assert_true(failing.ended[each]);
    }
}

static void there_is_at_least_one_processor(void **state) {
    (void)state;
    assert_true(parallel_processors() >= 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_told_as_it_was),
        cmocka_unit_test(no_byte_ends_what_is_read),
        cmocka_unit_test(a_program_works_where_it_is_told_to),
        cmocka_unit_test(of_much_output_the_first_is_kept),
        cmocka_unit_test(each_has_its_own_streams_and_end),
        cmocka_unit_test(they_run_at_the_same_time),
        cmocka_unit_test(what_hangs_is_ended_with_what_it_has_started),
        cmocka_unit_test(the_lowest_that_fails_is_the_same_however_many_run),
        cmocka_unit_test(there_is_at_least_one_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
