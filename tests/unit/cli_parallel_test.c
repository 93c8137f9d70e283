// Several programs at a time: what each prints and how it ends is its own; what hangs is ended, and
// so is what it has started.
#include "cli/parallel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHELL(words) ((char *const[]){"/bin/sh", "-c", (char *)(words), NULL})

enum { PATIENCE = 600 };

static size_t ended;

static void count_ended(size_t done) {
    assert_int_equal(done, ++ended);
}

static void run_all(ParallelRun *runs, size_t count, size_t width) {
    ended = 0;
    parallel_run(runs, count, width, count_ended);
    assert_int_equal(ended, count);
}

static void free_all(ParallelRun *runs, size_t count) {
    for (size_t i = 0; i < count; i++) {
        text_free(&runs[i].output);
        text_free(&runs[i].errors);
    }
}

static void each_has_its_own_streams_and_status(void **state) {
    (void)state;
    ParallelRun runs[] = {
        {.argv = SHELL("echo one; echo ONE >&2"), .patience = PATIENCE},
        {.argv = SHELL("echo two; exit 3"), .patience = PATIENCE},
        {.argv = SHELL("kill -9 $$"), .patience = PATIENCE},
        {.argv = (char *const[]){"/nowhere/at/all", NULL}, .patience = PATIENCE},
    };
    for (size_t width = 1; width <= 5; width++) {
        run_all(runs, 4, width);
        assert_string_equal(text_chars(&runs[0].output), "one\n");
        assert_string_equal(text_chars(&runs[0].errors), "ONE\n");
        assert_int_equal(runs[0].status, 0);
        assert_string_equal(text_chars(&runs[1].output), "two\n");
        assert_int_equal(runs[1].status, 3);
        assert_int_equal(runs[2].status, 128 + 9);
        assert_int_equal(runs[3].status, -1);
        assert_int_equal(runs[3].error, ENOENT);
        for (size_t i = 0; i < 4; i++)
            assert_false(runs[i].is_late);
        free_all(runs, 4);
    }
}

// Each waits until the other one is there.
static void they_run_at_the_same_time(void **state) {
    (void)state;
    const char meets[] = "echo >\"$0.$1\"; until [ -e \"$0.$2\" ]; do sleep 0.01; done; echo met";
    char name[] = "/tmp/loopwright-parallel-XXXXXX";
    assert_true(mkdtemp(name));
    char base[64];
    strcat(strcpy(base, name), "/at");
    ParallelRun meeting[] = {
        {.argv = (char *const[]){"/bin/sh", "-c", (char *)meets, base, "a", "b", NULL},
         .patience = PATIENCE},
        {.argv = (char *const[]){"/bin/sh", "-c", (char *)meets, base, "b", "a", NULL},
         .patience = PATIENCE},
    };
    run_all(meeting, 2, 2);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(text_chars(&meeting[i].output), "met\n");
    free_all(meeting, 2);
    ParallelRun tidy = {.argv = (char *const[]){"rm", "-r", name, NULL}, .patience = PATIENCE};
    run_all(&tidy, 1, 1);
    free_all(&tidy, 1);
}

static void what_hangs_is_ended_with_what_it_has_started(void **state) {
    (void)state;
    ParallelRun runs[] = {
        {.argv = SHELL("echo begun; sleep 1000 & wait"), .patience = 1},
        // Its streams are closed, and it goes on.
        {.argv = SHELL("exec >/dev/null 2>&1; sleep 1000"), .patience = 1},
        // What it has started has a group of its own, and keeps the streams open.
        {.argv = SHELL("setsid sleep 5 & wait"), .patience = 1},
        {.argv = SHELL("echo there"), .patience = PATIENCE},
    };
    run_all(runs, 4, 2);
    for (size_t i = 0; i < 3; i++) {
        assert_true(runs[i].is_late);
        assert_int_equal(runs[i].status, 128 + 9);
        assert_true(runs[i].seconds >= 1);
    }
    assert_string_equal(text_chars(&runs[0].output), "begun\n");
    assert_false(runs[3].is_late);
    assert_string_equal(text_chars(&runs[3].output), "there\n");
    free_all(runs, 4);
}

static void of_much_output_the_first_is_kept(void **state) {
    (void)state;
    ParallelRun runs[] = {
        {.argv = SHELL("yes 1234567 | head -n 100000"), .patience = PATIENCE},
        {.argv = SHELL("yes 1234567"), .patience = 1},
    };
    run_all(runs, 2, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(runs[i].output.length, PARALLEL_KEPT);
        assert_memory_equal(text_chars(&runs[i].output), "1234567\n1234567\n", 16);
    }
    assert_int_equal(runs[0].status, 0);
    assert_true(runs[1].is_late);
    free_all(runs, 2);
}

static void there_is_at_least_one_processor(void **state) {
    (void)state;
    assert_true(parallel_processors() >= 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_its_own_streams_and_status),
        cmocka_unit_test(they_run_at_the_same_time),
        cmocka_unit_test(what_hangs_is_ended_with_what_it_has_started),
        cmocka_unit_test(of_much_output_the_first_is_kept),
        cmocka_unit_test(there_is_at_least_one_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
