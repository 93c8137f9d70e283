// Logs of schedules, read and written. They come from interpreters, which may be killed at any
// moment, and from people.
#include "cli/race/schedule_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char example[] = "schedule 1\n"
                              "line 1 Main>>run dir/Main.som:3:5\n"
                              "switch 1 7 2 poll Main>>run dir/Main.som:4:9\n"
                              "switch 2 1 1 wait - -\n"
                              "switch 1 9 2 end - -\n"
                              "switch 2 4 1 yield []Main>>>> a b/M.som:10:1\n"
                              "steps 21\n";

// Reads a text of that length; the messages go to `said`, if it isn't NULL.
static bool read(ScheduleLog *log, Arena *arena, const char *chars, size_t length, Text *said) {
    Text text = {0};
    text_add_bytes(&text, chars, length);
    char *message = NULL;
    size_t size;
    FILE *stream = said ? open_memstream(&message, &size) : NULL;
    bool good = schedule_log_read(log, arena, "log", &text, stream);
    if (stream) {
        fclose(stream);
        text_add(said, message);
        free(message);
    }
    text_free(&text);
    return good;
}

static void each_field_of_a_record_is_read(void **state) {
    (void)state;
    Arena *arena = arena_new();
    ScheduleLog log;
    assert_true(read(&log, arena, example, strlen(example), NULL));
    assert_int_equal(log.records.count, 5);
    assert_int_equal(log.switches, 4);
    assert_int_equal(log.steps, 21);
    const LogRecord *records = log.records.items;
    assert_int_equal(records[0].kind, LOG_LINE);
    assert_string_equal(records[0].place.method, "Main>>run");
    assert_string_equal(records[0].place.file, "dir/Main.som");
    assert_int_equal(records[0].place.line, 3);
    assert_int_equal(records[0].place.column, 5);
    assert_int_equal(records[1].kind, LOG_POLL);
    assert_int_equal(records[1].thread, 1);
    assert_int_equal(records[1].count, 7);
    assert_int_equal(records[1].next, 2);
    assert_int_equal(records[2].kind, LOG_WAIT);
    assert_null(records[2].place.method);
    assert_null(records[2].place.file);
    assert_int_equal(records[3].kind, LOG_END);
    assert_int_equal(records[4].kind, LOG_YIELD);
    assert_string_equal(records[4].place.method, "[]Main>>>>");
    assert_string_equal(records[4].place.file, "a b/M.som");
    arena_free(arena);
}

static void what_is_left_of_it_is_written_as_it_was_read(void **state) {
    (void)state;
    Arena *arena = arena_new();
    ScheduleLog log;
    assert_true(read(&log, arena, example, strlen(example), NULL));
    Text text = {0};
    schedule_log_print(&log, (const bool[]){true, false, false, true}, &text);
    assert_string_equal(text_chars(&text), "schedule 1\n"
                                           "switch 1 7 2 poll Main>>run dir/Main.som:4:9\n"
                                           "switch 2 4 1 yield []Main>>>> a b/M.som:10:1\n"
                                           "steps 21\n");
    ScheduleLog again;
    assert_true(read(&again, arena, text_chars(&text), text.length, NULL));
    assert_int_equal(again.switches, 2);
    text_free(&text);
    arena_free(arena);
}

static void a_decision_needs_no_more_than_its_numbers(void **state) {
    (void)state;
    static const char text[] =
        "schedule 1\n# by hand\n\nswitch 1 2 3\nswitch 2 5 1 wait\nswitch 3 1 1 end X>>y\n";
    Arena *arena = arena_new();
    ScheduleLog log;
    assert_true(read(&log, arena, text, strlen(text), NULL));
    assert_int_equal(log.switches, 3);
    assert_int_equal(log.records.items[0].kind, LOG_POLL);
    assert_null(log.records.items[2].place.file);
    assert_int_equal(log.steps, 0);
    arena_free(arena);
}

static void a_line_that_is_cut_off_is_left_out(void **state) {
    (void)state;
    Arena *arena = arena_new();
    for (size_t length = strlen("schedule 1\n"); length <= strlen(example); length++) {
        ScheduleLog log;
        size_t lines = 0;
        for (size_t i = 0; i < length; i++)
            lines += example[i] == '\n';
        assert_true(read(&log, arena, example, length, NULL));
        assert_int_equal(log.records.count, lines - 1 - (log.steps != 0));
    }
    arena_free(arena);
}

static void what_is_wrong_is_told_with_its_place(void **state) {
    (void)state;
    static const struct {
        const char *line, *message;
    } cases[] = {
        {"swich 1 2 3", "log:2:1: error: one of 'switch', 'line', 'steps' and a comment is wanted"},
        {" # no comment", "log:2:1: error: one of"},
        {"switch 1 2 0", "log:2:12: error: the number of the thread that goes on"},
        {"switch", "log:2:7: error: a thread's number is wanted"},
        {"switch 0 2 3", "log:2:8: error: a thread's number is wanted, from 1 on"},
        {"switch 1 x 3", "log:2:10: error: a thread's step is wanted"},
        {"switch 1 0 3", "log:2:10: error: a thread's step is wanted"},
        {"switch 1 2", "log:2:11: error: the number of the thread that goes on"},
        {"switch 1 2 -3", "log:2:12: error: the number of the thread that goes on"},
        {"switch 1 2 9223372036854775808 poll", "log:2:12: error: the number of the thread"},
        {"switch 1 2 3 pol", "log:2:14: error: one of 'poll', 'yield', 'wait' and 'end'"},
        {"switch 1 2 3 line", "log:2:14: error: one of 'poll', 'yield', 'wait' and 'end'"},
        {"switch 1 2 3 poll A>>b File.som:1", "log:2:24: error: FILE:LINE:COLUMN or - is wanted"},
        {"switch 1 2 3 poll A>>b :1:2", "log:2:24: error: FILE:LINE:COLUMN or - is wanted"},
        {"switch 1 2 3 poll A>>b x:99999999999:2", "log:2:24: error: FILE:LINE:COLUMN"},
        {"line", "log:2:5: error: a thread's number is wanted"},
        {"steps", "log:2:6: error: a number of steps is wanted"},
        {"steps 3 4", "log:2:9: error: nothing more is wanted here"},
    };
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ScheduleLog log;
        Text said = {0};
        const char *text = arena_printf(arena, "schedule 1\n%s\n", cases[i].line);
        assert_false(read(&log, arena, text, strlen(text), &said));
        assert_ptr_equal(strstr(text_chars(&said), cases[i].message), text_chars(&said));
        text_free(&said);
    }
    arena_free(arena);
}

static void what_is_no_schedule_is_one_error(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "schedule",
                                        "hello\nswitch\n",
                                        "\n\n",
                                        "schedule 2\n",
                                        "schedule 1 2\n",
                                        "\x7f"
                                        "ELF\n"};
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ScheduleLog log;
        Text said = {0};
        assert_false(read(&log, arena, texts[i], strlen(texts[i]), &said));
        const char *first = strstr(text_chars(&said), "error: ");
        assert_non_null(first);
        assert_null(strstr(first + 1, "error: "));
        text_free(&said);
    }
    arena_free(arena);
}

// Every change of a byte, and what pseudo-random bytes make of it: it is read, or it is not.
static void hostile_logs_do_no_harm(void **state) {
    (void)state;
    static const char bytes[] = {0, '\n', ' ', ':', '-', '>', '9', '\xff'};
    Arena *arena = arena_new();
    char text[sizeof example];
    ScheduleLog log;
    for (size_t i = 0; i < strlen(example); i++)
        for (size_t j = 0; j < sizeof bytes; j++) {
            memcpy(text, example, sizeof example);
            text[i] = bytes[j];
            read(&log, arena, text, strlen(example), NULL);
            assert_true(log.switches <= log.records.count);
        }
    unsigned random = 1;
    for (int round = 0; round < 2000; round++) {
        memcpy(text, example, sizeof example);
        for (int change = 0; change < 6; change++) {
            random = random * 1103515245 + 12345;
            text[(random >> 8) % strlen(example)] = (char)(random >> 20);
        }
        read(&log, arena, text, strlen(example), NULL);
        assert_true(log.switches <= log.records.count);
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_of_a_record_is_read),
        cmocka_unit_test(what_is_left_of_it_is_written_as_it_was_read),
        cmocka_unit_test(a_decision_needs_no_more_than_its_numbers),
        cmocka_unit_test(a_line_that_is_cut_off_is_left_out),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(what_is_no_schedule_is_one_error),
        cmocka_unit_test(hostile_logs_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
