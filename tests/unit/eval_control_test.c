// The evaluator's control flow: edges with arguments, switches, dispatches in all
// three forms, polls, tail calls, and how each of them can fail.
#include "tests/unit/eval_fixture.h"

#include <stdlib.h>
#include <unistd.h>

static Fixture open_body(const char *parameters, const char *body) {
    char text[4096];
    snprintf(text, sizeof text,
             "module Test\nform handlers\nfunction @f -> i64 {\ntrunk {\n^entry(%s):\n%s\n}\n}\n",
             parameters, body);
    return fixture_open(text, NULL, 0);
}

static int64_t run3(Fixture *fixture, int64_t a, int64_t b, int64_t c) {
    EvalWord arguments[] = {word_integer(a), word_integer(b), word_integer(c)};
    return fixture_call(fixture, arguments, 3).integer;
}

static void test_a_loop_may_swap_its_parameters(void **state) {
    (void)state;
    Fixture fixture = open_body("%n: i64, %a: i64, %b: i64",
                                "  br ^loop(%n, %a, %b)\n"
                                "^loop(%i: i64, %x: i64, %y: i64):\n"
                                "  %more = cmp.sgt %i, 0\n  %j = sub %i, 1\n"
                                "  if %more, ^loop(%j, %y, %x), ^end\n"
                                "^end:\n  %t = mul %x, 100\n  %r = add %t, %y\n  ret %r");
    assert_int_equal(run3(&fixture, 0, 1, 2), 102);
    assert_int_equal(run3(&fixture, 1, 1, 2), 201);
    assert_int_equal(run3(&fixture, 2, 1, 2), 102);
    assert_int_equal(run3(&fixture, 7, 1, 2), 201);
    fixture_close(&fixture);
}

static void test_copies_rotate_fan_out_and_chain(void **state) {
    (void)state;
    // Each round: (a b c d e f) becomes (b c a a d d), a cycle with branches on it.
    Fixture fixture =
        open_body("%n: i64, %x: i64, %y: i64",
                  "  br ^loop(%n, 1, 2, 3, 4, 5, 6)\n"
                  "^loop(%i: i64, %a: i64, %b: i64, %c: i64, %d: i64, %e: i64, %f: i64):\n"
                  "  %more = cmp.sgt %i, 0\n  %j = sub %i, 1\n"
                  "  if %more, ^loop(%j, %b, %c, %a, %a, %d, %d), ^end\n"
                  "^end:\n"
                  "  %r1 = mul %a, 100000\n  %r2 = mul %b, 10000\n  %r3 = mul %c, 1000\n"
                  "  %r4 = mul %d, 100\n  %r5 = mul %e, 10\n"
                  "  %s1 = add %r1, %r2\n  %s2 = add %s1, %r3\n  %s3 = add %s2, %r4\n"
                  "  %s4 = add %s3, %r5\n  %s5 = add %s4, %f\n  ret %s5");
    int expected[6] = {1, 2, 3, 4, 5, 6};
    for (int n = 0; n < 8; n++) {
        int number = 0;
        for (int i = 0; i < 6; i++)
            number = number * 10 + expected[i];
        assert_int_equal(run3(&fixture, n, 0, 0), number);
        int next[6] = {expected[1], expected[2], expected[0],
                       expected[0], expected[3], expected[3]};
        memcpy(expected, next, sizeof next);
    }
    fixture_close(&fixture);
}

static void test_an_edge_reads_what_another_parameter_overwrites(void **state) {
    (void)state;
    // Conversions share registers with their operands: %bits is %x's word.
    Fixture fixture = open_body("%n: i64, %a: i64, %b: i64",
                                "  %p = ptr.from_bits %a\n  br ^loop(%n, %p, %b)\n"
                                "^loop(%i: i64, %x: ptr, %y: i64):\n"
                                "  %bits = ptr.bits %x\n  %swapped = ptr.from_bits %y\n"
                                "  %more = cmp.sgt %i, 0\n  %j = sub %i, 1\n"
                                "  if %more, ^loop(%j, %swapped, %bits), ^end\n"
                                "^end:\n  %t = mul %bits, 100\n  %r = add %t, %y\n  ret %r");
    assert_int_equal(run3(&fixture, 1, 1, 2), 201);
    assert_int_equal(run3(&fixture, 2, 1, 2), 102);
    fixture_close(&fixture);
}

static void test_if_takes_either_edge(void **state) {
    (void)state;
    Fixture fixture =
        open_body("%a: i64, %b: i64, %c: i64", "  %t = cmp.slt %a, %b\n"
                                               "  if %t, ^join(%a), ^join(%b) likely\n"
                                               "^join(%r: i64):\n  %s = add %r, %c\n  ret %s");
    assert_int_equal(run3(&fixture, 1, 2, 10), 11);
    assert_int_equal(run3(&fixture, 3, 2, 10), 12);
    fixture_close(&fixture);
}

static void test_switch_finds_cases_and_default(void **state) {
    (void)state;
    Fixture fixture =
        open_body("%a: i64, %b: i64, %c: i64",
                  "  switch %a { 5 -> ^x(%b) -1 -> ^y 9223372036854775807 -> ^x(77) 0 -> ^x(%c) "
                  "default -> ^z(%a) }\n"
                  "^x(%r: i64):\n  ret %r\n^y:\n  ret 1000\n^z(%d: i64):\n"
                  "  %e = mul %d, 2\n  ret %e");
    assert_int_equal(run3(&fixture, 5, 6, 7), 6);
    assert_int_equal(run3(&fixture, -1, 6, 7), 1000);
    assert_int_equal(run3(&fixture, INT64_MAX, 6, 7), 77);
    assert_int_equal(run3(&fixture, 0, 6, 7), 7);
    assert_int_equal(run3(&fixture, 1, 6, 7), 2);
    assert_int_equal(run3(&fixture, 6, 6, 7), 12);
    assert_int_equal(run3(&fixture, INT64_MIN, 6, 7), 0);
    fixture_close(&fixture);
}

static void test_switch_on_a_narrow_value(void **state) {
    (void)state;
    Fixture fixture =
        open_body("%a: i64, %b: i64, %c: i64", "  %n = trunc.i8 %a\n"
                                               "  switch %n { -1 -> ^x 127 -> ^y default -> ^z }\n"
                                               "^x:\n  ret 1\n^y:\n  ret 2\n^z:\n  ret 3");
    assert_int_equal(run3(&fixture, 255, 0, 0), 1);
    assert_int_equal(run3(&fixture, 127, 0, 0), 2);
    assert_int_equal(run3(&fixture, 128, 0, 0), 3);
    fixture_close(&fixture);
}

static void test_a_wrong_number_of_arguments_is_refused(void **state) {
    (void)state;
    Fixture fixture = open_body("%a: i64", "  ret %a");
    EvalWord arguments[] = {word_integer(1), word_integer(2)};
    assert_false(fixture_try(&fixture, NULL, arguments, 2));
    assert_string_equal(fixture.failure.message, "called with 2 arguments, but takes 1");
    assert_string_equal(fixture.failure.function, "f");
    fixture_close(&fixture);
}

static void test_unreachable_stops_and_says_where(void **state) {
    (void)state;
    static const char text[] = "module Test\nsource \"nowhere.som\"\nform handlers\n"
                               "function @work {\ntrunk {\n^entry(%a: i1):\n"
                               "  if %a, ^bad, ^good !3:1\n^bad:\n  unreachable !4:5\n^good:\n"
                               "  ret\n}\n}\n";
    Fixture fixture = fixture_open(text, NULL, 0);
    EvalWord yes = word_integer(1), no = word_integer(0);
    assert_true(fixture_try(&fixture, NULL, &no, 1));
    assert_null(fixture.failure.message);
    assert_false(fixture_try(&fixture, NULL, &yes, 1));
    assert_string_equal(fixture.failure.message, "'unreachable' was reached");
    assert_string_equal(fixture.failure.function, "work");
    assert_string_equal(fixture.failure.region, "trunk");
    assert_string_equal(fixture.failure.block, "bad");
    assert_int_equal(fixture.failure.at.line, 4);
    char report[512] = "";
    FILE *stream = fmemopen(report, sizeof report, "w");
    eval_report(fixture.program, &fixture.failure, stream);
    fclose(stream);
    assert_string_equal(report, "nowhere.som:4:5: error: 'unreachable' was reached (in @work, "
                                "region trunk, block ^bad)\n");
    fixture_close(&fixture);
}

static void test_a_report_shows_the_source_line(void **state) {
    (void)state;
    char path[] = "/tmp/eval_control_testXXXXXX";
    int file = mkstemp(path);
    assert_int_equal(write(file, "first\n  second\n", 15), 15);
    close(file);
    char text[1024], report[1024] = "", expected[1024];
    snprintf(text, sizeof text,
             "module Test\nsource \"%s\"\nform handlers\nfunction @f {\ntrunk {\n^entry:\n"
             "  unreachable !2:3\n}\n}\n",
             path);
    Fixture fixture = fixture_open(text, NULL, 0);
    assert_false(fixture_try(&fixture, NULL, NULL, 0));
    FILE *stream = fmemopen(report, sizeof report, "w");
    eval_report(fixture.program, &fixture.failure, stream);
    fclose(stream);
    unlink(path);
    snprintf(expected, sizeof expected,
             "%s:2:3: error: 'unreachable' was reached (in @f, region trunk, block ^entry)\n"
             "  second\n  ^\n",
             path);
    assert_string_equal(report, expected);
    fixture_close(&fixture);
}

// ---- Dispatch, in the three forms ----------------------------------------------------

// A machine with an accumulator and another register: bytes 0 (add the next byte), 1
// (swap the two), 2 (halt).
static const char machine_head[] =
    "module Machine\nform %s\ncode %s\n"
    "record Thread {\n  asked: u32 @0 thread\n}\n"
    "record Frame {\n  code: ptr @0 const\n  pc: i64 @8 frame cursor code u8\n}\n"
    "thread Thread\nframe Frame\n"
    "external let_go(ptr, ptr) reads thread writes thread\n"
    "poll Thread.asked call let_go\n";

static const char loop_code[] =
    "table @codes(%%thread: ptr, %%frame: ptr, %%a: i64, %%b: i64) u8 {\n"
    "  0 add(by: u8) -> ^add\n  1 swap() -> ^swap\n  2 halt() leaves -> ^halt\n"
    "%s}\n"
    "function @interpret -> i64 {\ntrunk {\n^entry(%%thread: ptr, %%frame: ptr):\n"
    "  br ^loop(%%thread, %%frame, 0, 0)\n"
    "^loop(%%thread.1: ptr, %%frame.1: ptr, %%a: i64, %%b: i64):\n"
    "  %%code = load %%frame.1, Frame.code\n  %%pc = load %%frame.1, Frame.pc\n"
    "  %%opcode = load.u8 %%code, %%pc in code\n"
    "  dispatch %%opcode, @codes(%%thread.1, %%frame.1, %%a, %%b)\n}\n"
    "region add {\n^add(%%thread: ptr, %%frame: ptr, %%a: i64, %%b: i64):\n"
    "  poll call, ^go, ^cold\n"
    "^cold:\n  call @let_go(%%thread, %%frame)\n  br ^go\n"
    "^go:\n"
    "  %%code = load %%frame, Frame.code\n  %%pc = load %%frame, Frame.pc\n"
    "  %%at = add %%pc, 1\n  %%by = load.u8 %%code, %%at in code\n  %%sum = add %%a, %%by\n"
    "  %%next = add %%pc, 2\n  store %%frame, Frame.pc, %%next\n"
    "  br ^loop(%%thread, %%frame, %%sum, %%b)\n}\n"
    "region swap {\n^swap(%%thread: ptr, %%frame: ptr, %%a: i64, %%b: i64):\n"
    "  %%pc = load %%frame, Frame.pc\n  %%next = add %%pc, 1\n"
    "  store %%frame, Frame.pc, %%next\n  br ^loop(%%thread, %%frame, %%b, %%a)\n}\n"
    "region halt {\n^halt(%%thread: ptr, %%frame: ptr, %%a: i64, %%b: i64):\n"
    "  %%high = mul %%b, 1000\n  %%r = add %%high, %%a\n  ret %%r\n}\n";

static const char loop_default[] =
    "region unknown {\n^unknown(%thread: ptr, %frame: ptr, %a: i64, %b: i64):\n  ret -1\n}\n";

static const char replicated_code[] =
    "table @codes(%thread: ptr, %frame: ptr, %opcode: i64, %a: i64, %b: i64) u8 {\n"
    "  0 add(by: u8) -> ^add\n  1 swap() -> ^swap\n  2 halt() leaves -> ^halt\n"
    "  default -> none\n}\n"
    "function @interpret -> i64 {\ntrunk {\n^entry(%thread: ptr, %frame: ptr):\n"
    "  %code = load %frame, Frame.code\n  %opcode = load.u8 %code, 0 in code\n"
    "  dispatch %opcode, @codes(%thread, %frame, %opcode, 0, 0)\n}\n"
    "region add {\n^add(%thread: ptr, %frame: ptr, %opcode: i64, %a: i64, %b: i64):\n"
    "  %code = load %frame, Frame.code\n  %pc = load %frame, Frame.pc\n"
    "  %at = add %pc, 1\n  %by = load.u8 %code, %at in code\n  %sum = add %a, %by\n"
    "  %next = add %pc, 2\n  store %frame, Frame.pc, %next\n"
    "  %following = load.u8 %code, %next in code\n"
    "  dispatch %following, @codes(%thread, %frame, %following, %sum, %b)\n}\n"
    "region swap {\n^swap(%thread: ptr, %frame: ptr, %opcode: i64, %a: i64, %b: i64):\n"
    "  %code = load %frame, Frame.code\n  %pc = load %frame, Frame.pc\n"
    "  %next = add %pc, 1\n  store %frame, Frame.pc, %next\n"
    "  %following = load.u8 %code, %next in code\n"
    "  dispatch %following, @codes(%thread, %frame, %following, %b, %a)\n}\n"
    "region halt {\n^halt(%thread: ptr, %frame: ptr, %opcode: i64, %a: i64, %b: i64):\n"
    "  %high = mul %b, 1000\n  %r = add %high, %a\n  ret %r\n}\n}\n";

static const char handlers_code[] =
    "table @codes(%thread: ptr, %frame: ptr, %a: i64, %b: i64) u8 {\n"
    "  0 add(by: u8) -> @add\n  1 swap() -> @swap\n  2 halt() leaves -> @halt\n"
    "  default -> none\n}\n"
    "function @interpret -> i64 {\ntrunk {\n^entry(%thread: ptr, %frame: ptr):\n"
    "  %code = load %frame, Frame.code\n  %opcode = load.u8 %code, 0 in code\n"
    "  dispatch %opcode, @codes(%thread, %frame, 0, 0)\n}\n}\n"
    "function @add -> i64 {\ntrunk {\n^add(%thread: ptr, %frame: ptr, %a: i64, %b: i64):\n"
    "  poll call, ^go, ^cold\n"
    "^cold:\n  call @let_go(%thread, %frame)\n  tail @again(%thread, %frame, %a, %b)\n"
    "^go:\n"
    "  %code = load %frame, Frame.code\n  %pc = load %frame, Frame.pc\n"
    "  %at = add %pc, 1\n  %by = load.u8 %code, %at in code\n  %sum = add %a, %by\n"
    "  %next = add %pc, 2\n  store %frame, Frame.pc, %next\n"
    "  %following = load.u8 %code, %next in code\n"
    "  dispatch %following, @codes(%thread, %frame, %sum, %b)\n}\n}\n"
    "function @swap -> i64 {\ntrunk {\n^swap(%thread: ptr, %frame: ptr, %a: i64, %b: i64):\n"
    "  %code = load %frame, Frame.code\n  %pc = load %frame, Frame.pc\n"
    "  %next = add %pc, 1\n  store %frame, Frame.pc, %next\n"
    "  %following = load.u8 %code, %next in code\n"
    "  dispatch %following, @codes(%thread, %frame, %b, %a)\n}\n}\n"
    "function @halt -> i64 {\ntrunk {\n^halt(%thread: ptr, %frame: ptr, %a: i64, %b: i64):\n"
    "  %high = mul %b, 1000\n  %r = add %high, %a\n  ret %r\n}\n}\n"
    "function @again -> i64 {\ntrunk {\n^again(%thread: ptr, %frame: ptr, %a: i64, %b: i64):\n"
    "  tail @add(%thread, %frame, %a, %b)\n}\n}\n";

typedef struct Thread {
    uint32_t asked;
    int calls;
} Thread;

typedef struct Frame {
    const uint8_t *code;
    int64_t pc;
} Frame;

static void let_go(Thread *thread, Frame *frame) {
    (void)frame;
    thread->asked = 0;
    thread->calls++;
}

static const EvalSymbol machine_symbols[] = {{"let_go", (void *)let_go}};

static Fixture open_machine(const char *form, const char *code) {
    char text[8192];
    int length = snprintf(text, sizeof text, machine_head, form, "verified");
    snprintf(text + length, sizeof text - (size_t)length, "%s", code);
    return fixture_open(text, machine_symbols, 1);
}

static Fixture open_loop(bool has_default) {
    char code[6144];
    int length =
        snprintf(code, sizeof code, loop_code, has_default ? "  default -> ^unknown\n" : "");
    snprintf(code + length, sizeof code - (size_t)length, "%s}\n", has_default ? loop_default : "");
    return open_machine("loop", code);
}

static bool run_machine(Fixture *fixture, Thread *thread, const uint8_t *code, int64_t *result) {
    Frame frame = {.code = code};
    EvalWord arguments[] = {word_pointer(thread), word_pointer(&frame)}, value = {.bits = 0};
    bool finished = fixture_try(fixture, &value, arguments, 2);
    *result = value.integer;
    return finished;
}

static const uint8_t program[] = {0, 5, 1, 0, 7, 0, 200, 1, 1, 2};

static void check_machine(Fixture *fixture) {
    Thread thread = {0};
    int64_t result;
    if (!run_machine(fixture, &thread, program, &result))
        fail_msg("failed: %s", fixture->failure.message);
    assert_int_equal(result, 5207);
    assert_int_equal(*eval_clock(fixture->program), 7);
    EvalCounts counts = eval_totals(fixture->program);
    assert_int_equal(counts.count, 7);
    assert_int_equal(counts.dispatches, 7);
    assert_int_equal(counts.frame_writes, 6);
}

static void test_the_loop_form_runs(void **state) {
    (void)state;
    Fixture fixture = open_loop(true);
    check_machine(&fixture);
    assert_int_equal(eval_totals(fixture.program).range_checks, 7);
    fixture_close(&fixture);
}

static void test_the_loop_form_runs_without_default(void **state) {
    (void)state;
    Fixture fixture = open_loop(false);
    check_machine(&fixture);
    assert_int_equal(eval_totals(fixture.program).range_checks, 0);
    fixture_close(&fixture);
}

static void test_the_replicated_form_runs(void **state) {
    (void)state;
    Fixture fixture = open_machine("replicated", replicated_code);
    check_machine(&fixture);
    fixture_close(&fixture);
}

static void test_the_handlers_form_runs(void **state) {
    (void)state;
    Fixture fixture = open_machine("handlers", handlers_code);
    check_machine(&fixture);
    fixture_close(&fixture);
}

static void test_a_dispatch_may_pass_its_opcodes_register_on(void **state) {
    (void)state;
    static const char code[] =
        "table @codes(%thread: ptr, %frame: ptr, %a: i64, %b: i64) u8 {\n"
        "  0 swap() -> ^swap\n  1 halt() leaves -> ^halt\n  default -> none\n}\n"
        "function @interpret -> i64 {\ntrunk {\n^entry(%thread: ptr, %frame: ptr):\n"
        "  dispatch 0, @codes(%thread, %frame, 7, 1)\n}\n"
        "region swap {\n^swap(%thread: ptr, %frame: ptr, %a: i64, %b: i64):\n"
        "  dispatch %b, @codes(%thread, %frame, %b, %a)\n}\n"
        "region halt {\n^halt(%thread: ptr, %frame: ptr, %a: i64, %b: i64):\n"
        "  %high = mul %a, 10\n  %r = add %high, %b\n  ret %r\n}\n}\n";
    Fixture fixture = open_machine("replicated", code);
    EvalWord arguments[] = {word_pointer(&fixture), word_pointer(&fixture)};
    assert_int_equal(fixture_call(&fixture, arguments, 2).integer, 17);
    fixture_close(&fixture);
}

static void test_an_unknown_opcode_goes_to_the_default(void **state) {
    (void)state;
    Fixture fixture = open_loop(true);
    Thread thread = {0};
    int64_t result;
    assert_true(run_machine(&fixture, &thread, (const uint8_t[]){0, 1, 3}, &result));
    assert_int_equal(result, -1);
    assert_int_equal(eval_counts(fixture.program, fixture.module->tables.items[0], -1).count, 1);
    assert_int_equal(*eval_clock(fixture.program), 2);
    fixture_close(&fixture);
}

static void test_an_unknown_opcode_stops_where_there_is_no_default(void **state) {
    (void)state;
    static const char *const forms[] = {"loop", "replicated", "handlers"};
    for (int i = 0; i < 3; i++) {
        Fixture fixture = i == 0   ? open_loop(false)
                          : i == 1 ? open_machine(forms[i], replicated_code)
                                   : open_machine(forms[i], handlers_code);
        Thread thread = {0};
        int64_t result;
        assert_false(run_machine(&fixture, &thread, (const uint8_t[]){0, 1, 255}, &result));
        assert_string_equal(fixture.failure.message,
                            "opcode 255 is outside @codes, which has no default");
        fixture_close(&fixture);
    }
}

static void test_a_case_found_unreachable_stops(void **state) {
    (void)state;
    static const char code[] =
        "table @codes(%thread: ptr, %frame: ptr) u8 {\n"
        "  0 halt() leaves -> ^halt\n  1 lost() -> none\n  default -> none\n}\n"
        "function @interpret {\ntrunk {\n^entry(%thread: ptr, %frame: ptr):\n"
        "  br ^loop(%thread, %frame)\n^loop(%thread.1: ptr, %frame.1: ptr):\n"
        "  dispatch 1, @codes(%thread.1, %frame.1)\n}\n"
        "region halt {\n^halt(%thread: ptr, %frame: ptr):\n  ret\n}\n}\n";
    Fixture fixture = open_machine("loop", code);
    Thread thread = {0};
    int64_t result;
    assert_false(run_machine(&fixture, &thread, NULL, &result));
    assert_string_equal(fixture.failure.message, "opcode 1 (lost) of @codes was found unreachable");
    fixture_close(&fixture);
}

static void test_a_poll_goes_the_cold_way_only_when_asked(void **state) {
    (void)state;
    for (int handlers = 0; handlers < 2; handlers++) {
        Fixture fixture = handlers ? open_machine("handlers", handlers_code) : open_loop(true);
        Thread thread = {0};
        int64_t result;
        assert_true(run_machine(&fixture, &thread, program, &result));
        assert_int_equal(thread.calls, 0);
        assert_int_equal(eval_totals(fixture.program).polls, 3);
        thread.asked = 1u << 31;
        assert_true(run_machine(&fixture, &thread, program, &result));
        assert_int_equal(result, 5207);
        assert_int_equal(thread.calls, 1);
        // A handler that starts over after the cold path polls again, but is still the
        // same bytecode.
        assert_int_equal(eval_totals(fixture.program).polls, handlers ? 7 : 6);
        assert_int_equal(eval_totals(fixture.program).count, 14);
        assert_int_equal(*eval_clock(fixture.program), 14);
        fixture_close(&fixture);
    }
}

static void test_a_poll_of_a_null_thread_stops(void **state) {
    (void)state;
    Fixture fixture = open_loop(true);
    int64_t result;
    assert_false(run_machine(&fixture, NULL, program, &result));
    assert_string_equal(fixture.failure.message, "null dereference: poll of a null thread");
    assert_string_equal(fixture.failure.region, "add");
    fixture_close(&fixture);
}

// A bytecode that is observed where it begins.
typedef struct Seen {
    int opcodes[2];
    uint64_t numbers[2];
    void *threads[2];
    int count;
} Seen;

static void see_beginning(void *context, const EvalBeginning *beginning) {
    Seen *seen = context;
    assert_true(seen->count < 2);
    seen->opcodes[seen->count] = beginning->opcode;
    seen->numbers[seen->count] = beginning->number;
    seen->threads[seen->count++] = beginning->parameters[0].pointer;
}

static void test_a_tail_call_to_another_bytecode_starts_it(void **state) {
    (void)state;
    static const char code[] =
        "table @codes(%thread: ptr, %frame: ptr) u8 {\n"
        "  0 first() leaves -> @first\n  1 second() leaves -> @second\n  default -> none\n}\n"
        "function @interpret -> i64 {\ntrunk {\n^entry(%thread: ptr, %frame: ptr):\n"
        "  dispatch 0, @codes(%thread, %frame)\n}\n}\n"
        "function @first -> i64 {\ntrunk {\n^first(%thread: ptr, %frame: ptr):\n"
        "  tail @second(%frame, %thread)\n}\n}\n"
        "function @second -> i64 {\ntrunk {\n^second(%thread: ptr, %frame: ptr):\n"
        "  %d = ptr.sub %thread, %frame\n  ret %d\n}\n}\n";
    Fixture fixture = open_machine("handlers", code);
    Thread threads[2] = {{0}, {0}};
    EvalWord arguments[] = {word_pointer(threads), word_pointer(threads + 1)};
    assert_int_equal(fixture_call(&fixture, arguments, 2).integer, sizeof(Thread));
    const IrTable *table = fixture.module->tables.items[0];
    assert_int_equal(eval_counts(fixture.program, table, 1).count, 1);
    assert_int_equal(eval_totals(fixture.program).dispatches, 1);
    assert_int_equal(*eval_clock(fixture.program), 2);

    // The opcode comes from nowhere in code, which only a `see` would need.
    Seen seen = {.count = 0};
    EvalObserver observer = {.context = &seen, .begin = see_beginning};
    EvalSymbols none = {0};
    fixture.program = eval_prepare_observed(fixture.arena, fixture.module, eval_lookup_symbol,
                                            &none, &observer, stderr);
    assert_non_null(fixture.program);
    fixture_call(&fixture, arguments, 2);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.opcodes[0], 0);
    assert_int_equal(seen.opcodes[1], 1);
    assert_int_equal(seen.numbers[0], 1);
    assert_int_equal(seen.numbers[1], 2);
    assert_ptr_equal(seen.threads[0], threads);
    assert_ptr_equal(seen.threads[1], threads + 1);
    fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_loop_may_swap_its_parameters),
        cmocka_unit_test(test_copies_rotate_fan_out_and_chain),
        cmocka_unit_test(test_an_edge_reads_what_another_parameter_overwrites),
        cmocka_unit_test(test_if_takes_either_edge),
        cmocka_unit_test(test_switch_finds_cases_and_default),
        cmocka_unit_test(test_switch_on_a_narrow_value),
        cmocka_unit_test(test_a_wrong_number_of_arguments_is_refused),
        cmocka_unit_test(test_unreachable_stops_and_says_where),
        cmocka_unit_test(test_a_report_shows_the_source_line),
        cmocka_unit_test(test_the_loop_form_runs),
        cmocka_unit_test(test_the_loop_form_runs_without_default),
        cmocka_unit_test(test_the_replicated_form_runs),
        cmocka_unit_test(test_the_handlers_form_runs),
        cmocka_unit_test(test_a_dispatch_may_pass_its_opcodes_register_on),
        cmocka_unit_test(test_an_unknown_opcode_goes_to_the_default),
        cmocka_unit_test(test_an_unknown_opcode_stops_where_there_is_no_default),
        cmocka_unit_test(test_a_case_found_unreachable_stops),
        cmocka_unit_test(test_a_poll_goes_the_cold_way_only_when_asked),
        cmocka_unit_test(test_a_poll_of_a_null_thread_stops),
        cmocka_unit_test(test_a_tail_call_to_another_bytecode_starts_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
