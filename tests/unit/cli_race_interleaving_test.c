// What a log looks like by source line: of logs that are made up, and of a source file that is.
#include "cli/race/interleaving.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char source[] = "Sample = (\n"
                             "    run = (\n"
                             "        x := 1. y := 2.\n"
                             "        [ z ] whileTrue: [\n"
                             "            z := self work ] )\n"
                             ")\n";

static char folder[] = "/tmp/loopwright-interleaving-XXXXXX", file[64];

static int write_source(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(file, sizeof file, "%s/S.som", folder);
    FILE *stream = fopen(file, "w");
    return stream && fputs(source, stream) >= 0 && fclose(stream) == 0 ? 0 : -1;
}

static int remove_source(void **state) {
    (void)state;
    return unlink(file) || rmdir(folder);
}

// `@` stands for the source file's name.
static void make(Interleaving *interleaving, Arena *arena, const char *records) {
    Text text = {0};
    text_add(&text, "schedule 1\n");
    for (; *records; records++)
        if (*records == '@')
            text_add(&text, file);
        else
            text_add_bytes(&text, records, 1);
    ScheduleLog *log = ARENA_NEW(arena, ScheduleLog);
    schedule_log_read(log, arena, "log", &text, NULL);
    interleaving_make(interleaving, arena, log);
    text_free(&text);
}

static void expect(const char *records, size_t most_lines, const char *expected) {
    Arena *arena = arena_new();
    Interleaving interleaving;
    make(&interleaving, arena, records);
    Text text = {0};
    interleaving_print(&interleaving, source_lines_new(arena), most_lines, &text);
    assert_string_equal(text_chars(&text), expected);
    text_free(&text);
    arena_free(arena);
}

static void a_caret_shows_where_a_thread_is_stopped(void **state) {
    (void)state;
    expect("line 1 S>>run @:3:9\n"
           "switch 1 3 2 poll S>>run @:3:17\n"
           "line 2 S>>run @:3:9\n"
           "switch 2 1 1 end - -\n"
           "line 1 S>>run @:4:9\n",
           0,
           "thread 1\n"
           "  S.som:3  x := 1. y := 2.\n"
           "                   ^ stopped here; thread 2 goes on\n"
           "    thread 2\n"
           "      S.som:3  x := 1. y := 2.\n"
           "      ends; thread 1 goes on\n"
           "thread 1\n"
           "  S.som:3  x := 1. y := 2.\n"
           "  S.som:4  [ z ] whileTrue: [\n");
}

static void of_the_core_library_there_is_where_a_thread_stands(void **state) {
    (void)state;
    expect("line 1 S>>run @:5:13\n"
           "line 1 Mutex>>lock Nowhere.som:7:1\n"
           "switch 1 3 2 wait Mutex>>lock Nowhere.som:8:1\n"
           "switch 2 1 1 yield Thread>>yield Nowhere.som:8:1\n"
           "switch 1 4 2 poll Mutex>>lock Nowhere.som:9:1\n",
           0,
           "thread 1\n"
           "  S.som:5  z := self work ] )\n"
           "  waits in Mutex>>lock; thread 2 goes on\n"
           "    thread 2\n"
           "      yields in Thread>>yield; thread 1 goes on\n"
           "thread 1\n"
           "  S.som:5  z := self work ] )\n"
           "  stopped here in Mutex>>lock; thread 2 goes on\n"
           "    thread 2\n");
}

static void rounds_of_a_loop_are_folded(void **state) {
    (void)state;
    expect("line 1 S>>run @:3:9\n"
           "line 1 S>>run @:4:9\nline 1 S>>run @:5:9\n"
           "line 1 S>>run @:4:9\nline 1 S>>run @:5:9\n"
           "line 1 S>>run @:4:9\nline 1 S>>run @:5:9\n"
           "switch 1 30 2 poll S>>run @:4:11\n",
           0,
           "thread 1\n"
           "  S.som:3  x := 1. y := 2.\n"
           "  S.som:4  [ z ] whileTrue: [\n"
           "  S.som:5  z := self work ] )\n"
           "  … these 2 lines 3 times\n"
           "  S.som:4  [ z ] whileTrue: [\n"
           "             ^ stopped here; thread 2 goes on\n"
           "    thread 2\n");
}

static void long_turns_are_cut_in_their_midst(void **state) {
    (void)state;
    expect("line 1 S>>run @:1:1\nline 1 S>>run @:2:1\nline 1 S>>run @:3:1\n"
           "line 1 S>>run @:4:1\nline 1 S>>run @:5:1\nline 1 S>>run @:6:1\n",
           2,
           "thread 1\n"
           "  S.som:1  Sample = (\n"
           "  … 4 more lines …\n"
           "  S.som:6  )\n");
}

static void data_has_all(void **state) {
    (void)state;
    Arena *arena = arena_new();
    Interleaving interleaving;
    make(&interleaving, arena,
         "line 1 S>>run @:4:9\nswitch 1 3 2 wait Mutex>>lock Nowhere.som:8:1\n");
    json_t *segments = interleaving_json(&interleaving, source_lines_new(arena));
    assert_int_equal(json_array_size(segments), 2);
    const json_t *segment = json_array_get(segments, 0), *lines = json_object_get(segment, "lines");
    assert_int_equal(json_integer_value(json_object_get(segment, "thread")), 1);
    assert_int_equal(json_array_size(lines), 2);
    const json_t *first = json_array_get(lines, 0), *second = json_array_get(lines, 1);
    assert_string_equal(json_string_value(json_object_get(first, "text")),
                        "        [ z ] whileTrue: [");
    assert_true(json_is_null(json_object_get(second, "text")));
    assert_string_equal(json_string_value(json_object_get(second, "method")), "Mutex>>lock");
    const json_t *gives_way = json_object_get(segment, "switch");
    assert_string_equal(json_string_value(json_object_get(gives_way, "kind")), "wait");
    assert_int_equal(json_integer_value(json_object_get(gives_way, "next")), 2);
    assert_true(json_is_null(json_object_get(json_array_get(segments, 1), "switch")));
    json_decref(segments);
    arena_free(arena);
}

// Numbers that no thread has, places that no file has, turns that nobody was given.
static void hostile_logs_do_no_harm(void **state) {
    (void)state;
    static const char *const logs[] = {
        "",
        "switch 9223372036854775807 9223372036854775807 9223372036854775807 poll - -\n",
        "line 5 S>>run @:2147483647:2147483647\nline 900 S>>run @:0:0\n",
        "switch 1 1 2 poll S>>run @:3:2147483647\nswitch 7 1 3 wait S>>run @:3:0\n",
        "line 1 \x1b[31m>>\xff /etc:1:1\nswitch 1 1 2 poll \x1b>>x /dev/full:1:1\n",
        "switch 1 1 1 poll S>>run @:6:1\nswitch 1 1 1 poll S>>run @:7:1\n",
    };
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        Arena *arena = arena_new();
        Interleaving interleaving;
        make(&interleaving, arena, logs[i]);
        Text text = {0};
        interleaving_print(&interleaving, source_lines_new(arena), 1, &text);
        assert_null(memchr(text_chars(&text), '\x1b', text.length));
        json_decref(interleaving_json(&interleaving, source_lines_new(arena)));
        text_free(&text);
        arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caret_shows_where_a_thread_is_stopped),
        cmocka_unit_test(of_the_core_library_there_is_where_a_thread_stands),
        cmocka_unit_test(rounds_of_a_loop_are_folded),
        cmocka_unit_test(long_turns_are_cut_in_their_midst),
        cmocka_unit_test(data_has_all),
        cmocka_unit_test(hostile_logs_do_no_harm),
    };
    return cmocka_run_group_tests(tests, write_source, remove_source);
}
