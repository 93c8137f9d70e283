// Files of decisions: what is read from them, and what is wrong with those that aren't any.
#include "runtime/threads/schedule.h"

#include "support/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Read {
    bool good;
    ScheduleDecision *decisions;
    size_t count;
    char *errors;
} Read;

// What a file with these bytes gives.
static Read read_bytes(const char *bytes, size_t length) {
    char name[] = "/tmp/scheduleXXXXXX";
    int file = mkstemp(name);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, length), length);
    close(file);
    Read read = {0};
    size_t size;
    FILE *errors = open_memstream(&read.errors, &size);
    read.good = schedule_read(name, errors, &read.decisions, &read.count);
    fclose(errors);
    unlink(name);
    return read;
}

static Read read_text(const char *text) {
    return read_bytes(text, strlen(text));
}

static void release(Read *read) {
    free(read->decisions);
    free(read->errors);
}

static void assert_refused(const char *text, const char *where, const char *why) {
    Read read = read_text(text);
    assert_false(read.good);
    assert_non_null(strstr(read.errors, where));
    assert_non_null(strstr(read.errors, why));
    release(&read);
}

// The last line isn't ended.
static void decisions_are_sorted_and_the_rest_is_passed_over(void **state) {
    (void)state;
    Read read = read_text("schedule 1\n"
                          "# a comment\n"
                          "\n"
                          "switch 2 10 1 poll Some>>thing a file.som:1:2\n"
                          "line 1 Some>>thing a file.som:1:2\n"
                          "switch 2 9 3\n"
                          "switch 1 70000000000 2 end - -\n"
                          "steps 5\n"
                          "switch 1 3 2");
    assert_true(read.good);
    assert_string_equal(read.errors, "");
    assert_int_equal(read.count, 3);
    assert_int_equal(read.decisions[0].thread, 1);
    assert_int_equal(read.decisions[0].count, 70000000000);
    assert_int_equal(read.decisions[0].next, 2);
    assert_int_equal(read.decisions[1].count, 9);
    assert_int_equal(read.decisions[1].next, 3);
    assert_int_equal(read.decisions[2].count, 10);
    release(&read);
}

static void a_file_without_decisions_is_one(void **state) {
    (void)state;
    Read read = read_text("schedule 1\n");
    assert_true(read.good);
    assert_int_equal(read.count, 0);
    release(&read);
}

static void what_is_wrong_is_told_with_its_place(void **state) {
    (void)state;
    assert_refused("", ":1:1: error:", "'schedule 1'");
    assert_refused("schedule 2\n", ":1:1: error:", "'schedule 1'");
    assert_refused("schedule 1\nswitch 1 2\n", ":2:11: error:", "a number is wanted");
    assert_refused("schedule 1\nswitch 1 0 2 poll\n", ":2:10: error:", "from 1 on");
    assert_refused("schedule 1\nswitch 1 -3 2\n", ":2:10: error:", "a number is wanted");
    assert_refused("schedule 1\nswitch 1 2x 2\n", ":2:10: error:", "a number is wanted");
    assert_refused("schedule 1\nswitch 99999999999999999999 2 2\n", ":2:8: error:", "wanted");
    assert_refused("schedule 1\n\nswap 1 2 3\n", ":3:1: error:", "'switch', 'line'");
    assert_refused("schedule 1\nswitch 1 2 3\nswitch 1 2 1\n",
                   "error:", "step 2 of thread 1 is decided twice");
    Read read = read_bytes("schedule 1\n\0", 12);
    assert_false(read.good);
    assert_non_null(strstr(read.errors, "NUL byte"));
    release(&read);
}

static void a_file_that_is_not_there_is_told(void **state) {
    (void)state;
    Read read = {0};
    size_t size;
    FILE *errors = open_memstream(&read.errors, &size);
    assert_false(schedule_read("no/such/file", errors, &read.decisions, &read.count));
    fclose(errors);
    assert_non_null(strstr(read.errors, "can't read the schedule no/such/file: No such file"));
    release(&read);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_are_sorted_and_the_rest_is_passed_over),
        cmocka_unit_test(a_file_without_decisions_is_one),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(a_file_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
