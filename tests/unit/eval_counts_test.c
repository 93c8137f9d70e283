// The evaluator's counters, what prepare refuses, and the example of docs/ir.md.
#include "support/text.h"
#include "tests/unit/eval_fixture.h"

#include <jansson.h>
#include <stdlib.h>

// ---- The example of docs/ir.md ---------------------------------------------------------

typedef struct CounterFrame {
    const uint8_t *code;
    int64_t pc, count;
} CounterFrame;

static int64_t reported;

static void report(void *thread, CounterFrame *frame, int64_t count) {
    (void)thread;
    reported = count + frame->pc;
}

static const EvalSymbol counter_symbols[] = {{"unused", NULL}, {"report", (void *)report}};

// The first code block of docs/ir.md: the module Counter.
static char *documented_module(void) {
    Text page = {0};
    assert_true(text_read_file(&page, "docs/ir.md")); // tests run in the source folder
    const char *start = strstr(text_chars(&page), "\nmodule Counter\n");
    assert_non_null(start);
    const char *end = strstr(start, "```");
    assert_non_null(end);
    char *module = strndup(start, (size_t)(end - start));
    text_free(&page);
    return module;
}

static Fixture open_documented(void) {
    char *module = documented_module();
    Fixture fixture = fixture_open(module, counter_symbols, 2);
    free(module);
    return fixture;
}

static bool run_documented(Fixture *fixture, const uint8_t *code) {
    CounterFrame frame = {.code = code, .count = 100};
    EvalWord arguments[] = {word_pointer(&frame), word_pointer(&frame)};
    return fixture_try(fixture, NULL, arguments, 2);
}

static void test_the_example_of_the_manual_runs(void **state) {
    (void)state;
    Fixture fixture = open_documented();
    reported = 0;
    assert_true(run_documented(&fixture, (const uint8_t[]){0, 5, 0, 200, 1}));
    assert_int_equal(reported, 305 + 4);
    assert_false(run_documented(&fixture, (const uint8_t[]){2}));
    assert_string_equal(fixture.failure.message, "'unreachable' was reached");
    assert_string_equal(fixture.failure.region, "unknown");
    fixture_close(&fixture);
}

// ---- Counters --------------------------------------------------------------------------

static void check_counts(EvalCounts counts, EvalCounts expected) {
    assert_int_equal(counts.count, expected.count);
    assert_int_equal(counts.frame_reads_const, expected.frame_reads_const);
    assert_int_equal(counts.frame_reads_state, expected.frame_reads_state);
    assert_int_equal(counts.frame_writes, expected.frame_writes);
    assert_int_equal(counts.stack_loads, expected.stack_loads);
    assert_int_equal(counts.stack_stores, expected.stack_stores);
    assert_int_equal(counts.dispatches, expected.dispatches);
    assert_int_equal(counts.range_checks, expected.range_checks);
    assert_int_equal(counts.polls, expected.polls);
}

static void test_work_counts_for_the_bytecode_up_to_the_next_dispatch(void **state) {
    (void)state;
    Fixture fixture = open_documented();
    assert_true(run_documented(&fixture, (const uint8_t[]){0, 5, 0, 200, 1}));
    const IrTable *table = fixture.module->tables.items[0];
    // Each increment reads code, pc, count, and then the header reads code and pc.
    check_counts(eval_counts(fixture.program, table, 0), (EvalCounts){.count = 2,
                                                                      .frame_reads_const = 4,
                                                                      .frame_reads_state = 6,
                                                                      .frame_writes = 4,
                                                                      .dispatches = 2,
                                                                      .range_checks = 2});
    check_counts(eval_counts(fixture.program, table, 1),
                 (EvalCounts){.count = 1, .frame_reads_state = 1});
    check_counts(eval_counts(fixture.program, table, -1), (EvalCounts){.count = 0});
    check_counts(eval_counts_outside(fixture.program), (EvalCounts){.frame_reads_const = 1,
                                                                    .frame_reads_state = 1,
                                                                    .dispatches = 1,
                                                                    .range_checks = 1});
    check_counts(eval_totals(fixture.program), (EvalCounts){.count = 3,
                                                            .frame_reads_const = 5,
                                                            .frame_reads_state = 8,
                                                            .frame_writes = 4,
                                                            .dispatches = 3,
                                                            .range_checks = 3});
    assert_int_equal(*eval_clock(fixture.program), 3);
    fixture_close(&fixture);
}

typedef struct Method {
    const uint16_t *code;
    int64_t uses;
} Method;

typedef struct StackFrame {
    Method *method;
    uint64_t *stack;
    int64_t sp;
    uint64_t locals[2];
} StackFrame;

static void test_reads_through_const_fields_and_the_stack_are_told_apart(void **state) {
    (void)state;
    static const char text[] =
        "module Test\nform loop\ncode verified\n"
        "record Thread {\n}\n"
        "record Method {\n  code: ptr @0 const\n  uses: i64 @8 heap\n}\n"
        "record Frame {\n  method: ptr Method @0 const\n  stack: ptr @8 const\n"
        "  sp: i64 @16 frame\n  locals: value[] @24 stack\n}\n"
        "thread Thread\nframe Frame\n"
        "table @codes(%thread: ptr, %frame: ptr) u16 {\n  0 work() leaves -> ^work\n"
        "  default -> none\n}\n"
        "function @interpret {\ntrunk {\n^entry(%thread: ptr, %frame: ptr):\n"
        "  br ^loop(%thread, %frame)\n^loop(%thread.1: ptr, %frame.1: ptr):\n"
        "  %method = load %frame.1, Frame.method\n  %code = load %method, Method.code\n"
        "  %opcode = load.u16 %code, 0 in code\n"
        "  dispatch %opcode, @codes(%thread.1, %frame.1)\n}\n"
        "region work {\n^work(%thread: ptr, %frame: ptr):\n"
        "  %method = load %frame, Frame.method\n"
        "  %uses = load %method, Method.uses\n  store %method, Method.uses, 3\n"
        "  %local = load %frame, Frame.locals, 1\n"
        "  %stack = load %frame, Frame.stack\n  %sp = load %frame, Frame.sp\n"
        "  store.value %stack, %sp, %local in stack\n"
        "  %again = load.value %stack, %sp in stack\n"
        "  store %frame, Frame.locals, 0, %again\n"
        "  %up = add %sp, 1\n  store %frame, Frame.sp, %up\n  ret\n}\n}\n";
    Fixture fixture = fixture_open(text, NULL, 0);
    uint16_t code[] = {0};
    uint64_t stack[2] = {0};
    Method method = {.code = code};
    StackFrame frame = {.method = &method, .stack = stack, .sp = 1, .locals = {0, 42}};
    EvalWord arguments[] = {word_pointer(&frame), word_pointer(&frame)};
    fixture_call(&fixture, arguments, 2);
    assert_int_equal(stack[1], 42);
    assert_int_equal(frame.locals[0], 42);
    assert_int_equal(frame.sp, 2);
    check_counts(eval_counts_outside(fixture.program),
                 (EvalCounts){.frame_reads_const = 2, .dispatches = 1});
    check_counts(eval_counts(fixture.program, fixture.module->tables.items[0], 0),
                 (EvalCounts){.count = 1,
                              .frame_reads_const = 2,
                              .frame_reads_state = 1,
                              .frame_writes = 1,
                              .stack_loads = 2,
                              .stack_stores = 2});
    fixture_close(&fixture);
}

static int64_t json_number(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

// Runs the example once more and gives the counts as JSON, to be freed.
static Text counts_printed(void) {
    Fixture fixture = open_documented();
    assert_true(run_documented(&fixture, (const uint8_t[]){0, 5, 0, 200, 1}));
    Text text = {0};
    eval_counts_json(fixture.program, &text);
    fixture_close(&fixture);
    return text;
}

static void test_json_holds_the_counts_and_is_the_same_every_run(void **state) {
    (void)state;
    Text first = counts_printed(), second = counts_printed();
    assert_string_equal(text_chars(&first), text_chars(&second));
    json_t *root = json_loads(text_chars(&first), 0, NULL);
    assert_non_null(root);
    assert_int_equal(json_number(root, "bytecodes"), 3);
    assert_int_equal(json_number(root, "frame_reads"), 13);
    assert_int_equal(json_number(root, "frame_reads_const"), 5);
    assert_int_equal(json_number(root, "frame_reads_state"), 8);
    assert_int_equal(json_number(root, "frame_writes"), 4);
    assert_int_equal(json_number(root, "range_checks"), 3);
    assert_int_equal(json_number(root, "dispatches"), 3);
    assert_int_equal(json_number(root, "polls"), 0);
    assert_int_equal(json_number(root, "stack_stores"), 0);
    double reads = json_real_value(json_object_get(root, "frame_reads_per_bytecode"));
    assert_true(reads > 4.333 && reads < 4.334);
    assert_int_equal(json_number(json_object_get(root, "outside"), "frame_reads"), 2);
    json_t *list = json_object_get(root, "per_bytecode");
    assert_int_equal(json_array_size(list), 3);
    json_t *increment = json_array_get(list, 0), *unknown = json_array_get(list, 2);
    assert_string_equal(json_string_value(json_object_get(increment, "name")), "increment");
    assert_string_equal(json_string_value(json_object_get(increment, "table")), "bytecodes");
    assert_int_equal(json_number(increment, "opcode"), 0);
    assert_int_equal(json_number(increment, "count"), 2);
    assert_int_equal(json_number(increment, "frame_reads"), 10);
    assert_string_equal(json_string_value(json_object_get(unknown, "name")), "(default)");
    assert_int_equal(json_number(unknown, "opcode"), -1);
    json_decref(root);
    text_free(&first);
    text_free(&second);
}

// The running clock is what an external sees in the middle of a run.
static const uint64_t *running_clock;
static uint64_t clock_seen;

static void look_at_clock(void *thread, void *frame, int64_t count) {
    (void)thread, (void)frame, (void)count;
    clock_seen = *running_clock;
}

static void test_the_clock_runs_while_the_program_does(void **state) {
    (void)state;
    EvalSymbol symbols[] = {{"report", (void *)look_at_clock}};
    char *module = documented_module();
    Fixture fixture = fixture_open(module, symbols, 1);
    free(module);
    running_clock = eval_clock(fixture.program);
    assert_true(run_documented(&fixture, (const uint8_t[]){0, 5, 0, 200, 1}));
    assert_int_equal(clock_seen, 3);
    fixture_close(&fixture);
}

// ---- What prepare refuses ----------------------------------------------------------------

static void check_refused(const char *text, const EvalSymbol *symbols, size_t count,
                          const char *expected) {
    Arena *arena = arena_new();
    IrModule *module = fixture_parse(arena, text);
    assert_non_null(module);
    char errors[2048] = "";
    FILE *stream = fmemopen(errors, sizeof errors, "w");
    EvalSymbols table = {.items = symbols, .count = count};
    assert_null(eval_prepare(arena, module, eval_lookup_symbol, &table, stream));
    fclose(stream);
    assert_string_equal(errors, expected);
    arena_free(arena);
}

static void test_every_missing_external_is_named_once(void **state) {
    (void)state;
    check_refused("module Test\nsource \"x.som\"\nform handlers\n"
                  "external first(i64)\nexternal second()\nexternal third()\n"
                  "external not_called()\n"
                  "function @f {\ntrunk {\n^entry(%a: i64):\n  call @first(%a) !7:3\n"
                  "  call @second() !8:3\n  call @third()\n  call @first(%a)\n  ret\n}\n}\n",
                  (const EvalSymbol[]){{"second", (void *)look_at_clock}}, 1,
                  "x.som:7:3: error: there is no address for the external 'first'\n"
                  "x.som:8:3: error: there is no address for the external 'third'\n");
}

static void test_a_poll_needs_a_declaration_and_a_thread(void **state) {
    (void)state;
    check_refused("module Test\nform handlers\nfunction @f {\ntrunk {\n^entry(%a: ptr):\n"
                  "  poll call, ^x, ^y\n^x:\n  ret\n^y:\n  ret\n}\n}\n",
                  NULL, 0,
                  "test.mir:6:3: error: a poll in a module that doesn't declare what to poll\n"
                  "  poll call, ^x, ^y\n  ^\n");
    check_refused("module Test\nform handlers\nrecord Thread {\n  asked: u32 @0 thread\n}\n"
                  "thread Thread\nexternal let_go(ptr, ptr)\npoll Thread.asked call let_go\n"
                  "function @f {\ntrunk {\n^entry:\n"
                  "  poll call, ^x, ^y\n^x:\n  ret\n^y:\n  ret\n}\n}\n",
                  NULL, 0,
                  "test.mir:12:3: error: poll in 'trunk', which has no parameter for the thread\n"
                  "  poll call, ^x, ^y\n  ^\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example_of_the_manual_runs),
        cmocka_unit_test(test_work_counts_for_the_bytecode_up_to_the_next_dispatch),
        cmocka_unit_test(test_reads_through_const_fields_and_the_stack_are_told_apart),
        cmocka_unit_test(test_json_holds_the_counts_and_is_the_same_every_run),
        cmocka_unit_test(test_the_clock_runs_while_the_program_does),
        cmocka_unit_test(test_every_missing_external_is_named_once),
        cmocka_unit_test(test_a_poll_needs_a_declaration_and_a_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
