// Random bytecodes that push, pop, peek, load and store locals, branch, loop, call what looks at
// the stack, what changes it and what moves all that it refers to, and leave in the middle: after
// forward-stack, alone and with its neighbours, an external sees the same stack at each call, no
// run loads or stores more than before, and a second run of the pass changes nothing. After
// cache-stack-top it sees the same as well.
//
// The collector "moves" by adding to every word below the stack pointer: whoever holds on to an
// old one is found out.
#include "ir/text/text.h"
#include "passes/manager/pass.h"
#include "tests/unit/eval_fixture.h"

#include <stdlib.h>

enum {
    SEEDS = 250,
    RUNS = 6,
    REGIONS = 3,
    LOCALS = 4,
    WORDS = 256,
    START = 40, // words on the stack at first
    CODE = 12,
    LONGEST = 4096,
};

typedef struct Frame {
    uint8_t *code;
    int64_t pc;
    uint64_t *sp;
    uint64_t locals[LOCALS];
    uint64_t stack[WORDS];
} Frame;

static uint64_t observed[LONGEST];
static size_t observations;

static void observe(uint64_t word) {
    if (observations < LONGEST)
        observed[observations++] = word;
    else // what doesn't fit any more is mixed into the last word
        observed[LONGEST - 1] = observed[LONGEST - 1] * 31 + word;
}

static void see(const Frame *frame) {
    observe((uint64_t)frame->pc);
    observe((uint64_t)(frame->sp - frame->stack));
    for (const uint64_t *word = frame->locals; word < frame->sp; word++)
        observe(*word);
}

static void look(void *thread, Frame *frame) {
    (void)thread;
    see(frame);
}

static void collect(void *thread, Frame *frame) {
    (void)thread;
    see(frame);
    for (uint64_t *word = frame->locals; word < frame->sp; word++)
        *word += 1000;
}

static void change(void *thread, Frame *frame) {
    (void)thread;
    frame->sp[-1] ^= 5;
    frame->locals[1] += 3;
}

static void look_at(const uint64_t *slots) {
    observe(slots[0]);
}

static const EvalSymbol symbols[] = {
    {"look", (void *)look},
    {"collect", (void *)collect},
    {"change", (void *)change},
    {"look_at", (void *)look_at},
};

// ---- Random bytecodes ------------------------------------------------------------------------

static const char head[] =
    "module Test form loop code verified\n"
    "record Thread { request: i64 @0 thread }\n"
    "record Frame { code: ptr @0 const pc: i64 @8 frame cursor code u8 sp: ptr @16 frame\n"
    "  locals: value[] @24 stack }\n"
    "thread Thread frame Frame stack Frame.sp value\n"
    "external look(ptr, ptr) reads frame stack writes heap\n"
    "external collect(ptr, ptr) collects reads frame stack writes heap\n"
    "external change(ptr, ptr) reads frame stack writes stack\n"
    "external look_at(ptr) reads stack writes heap\n"
    "poll Thread.request call collect\n"
    "table @bytecodes(%thread: ptr, %frame: ptr) u8 {\n"
    "  0 halt() leaves -> ^halt 1 first() -> ^r1 2 second() -> ^r2 3 third() -> ^r3 }\n"
    "function @interpret { trunk { ^entry(%thread: ptr, %frame: ptr): br ^loop(%thread, %frame)\n"
    "^loop(%thread.1: ptr, %frame.1: ptr): %code = load %frame.1, Frame.code\n"
    "  %pc = load %frame.1, Frame.pc %opcode = load.u8 %code, %pc in code\n"
    "  dispatch %opcode, @bytecodes(%thread.1, %frame.1) }\n"
    "region halt { ^halt(%thread: ptr, %frame: ptr): call @look(%thread, %frame) ret }\n";

typedef struct Writer {
    Text text;
    uint32_t random;
    int names;    // used so far
    int depth;    // of the stack, from where it was at the start
    int numbers;  // i64 values that can be used: the newest of them
    int known[8]; // their names
    int nesting;
} Writer;

static int below(Writer *writer, int limit) {
    writer->random = writer->random * 1664525 + 1013904223;
    return (int)((writer->random >> 8) % (unsigned)limit);
}

static int new_name(Writer *writer) {
    return ++writer->names;
}

static int some_number(Writer *writer) {
    return writer->known[below(writer, writer->numbers)];
}

static void add_number(Writer *writer, int name) {
    if (writer->numbers < 8)
        writer->known[writer->numbers++] = name;
    else
        writer->known[below(writer, 8)] = name;
}

static int write_sp(Writer *writer) {
    int sp = new_name(writer);
    text_addf(&writer->text, "  %%v%d = load %%frame, Frame.sp\n", sp);
    return sp;
}

static void move_sp(Writer *writer, int sp, int slots) {
    int moved = new_name(writer);
    text_addf(&writer->text, "  %%v%d = ptr.add %%v%d, %d\n  store %%frame, Frame.sp, %%v%d\n",
              moved, sp, 8 * slots, moved);
    writer->depth += slots;
}

static int write_value(Writer *writer) {
    int value = new_name(writer);
    text_addf(&writer->text, "  %%v%d = value.from_bits %%v%d\n", value, some_number(writer));
    return value;
}

static void write_bits(Writer *writer, int value) {
    int bits = new_name(writer);
    text_addf(&writer->text, "  %%v%d = value.bits %%v%d\n", bits, value);
    add_number(writer, bits);
}

static void write_push(Writer *writer) {
    int sp = write_sp(writer), value = write_value(writer);
    text_addf(&writer->text, "  store.value %%v%d, 0, %%v%d in stack\n", sp, value);
    move_sp(writer, sp, 1);
}

static void write_peek(Writer *writer, int slot, bool pops) {
    int sp = write_sp(writer), value = new_name(writer);
    text_addf(&writer->text, "  %%v%d = load.value %%v%d, %d in stack\n", value, sp, -slot);
    write_bits(writer, value);
    if (pops)
        move_sp(writer, sp, -1);
}

static void write_poke(Writer *writer) {
    int sp = write_sp(writer), value = write_value(writer);
    text_addf(&writer->text, "  store.value %%v%d, %d, %%v%d in stack\n", sp, -1 - below(writer, 3),
              value);
}

// The index of a local: a constant, or a number that is cut to be one.
static void write_index(Writer *writer, char *index, size_t size) {
    int name = new_name(writer);
    if (below(writer, 2)) {
        snprintf(index, size, "%d", below(writer, LOCALS));
        return;
    }
    text_addf(&writer->text, "  %%v%d = and %%v%d, %d\n", name, some_number(writer), LOCALS - 1);
    snprintf(index, size, "%%v%d", name);
}

static void write_local(Writer *writer) {
    char index[24];
    write_index(writer, index, sizeof index);
    for (int times = 1 + below(writer, 2); times; times--) {
        int value = below(writer, 2) ? write_value(writer) : 0, loaded = new_name(writer);
        if (value) {
            text_addf(&writer->text, "  store %%frame, Frame.locals, %s, %%v%d\n", index, value);
            continue;
        }
        text_addf(&writer->text, "  %%v%d = load %%frame, Frame.locals, %s\n", loaded, index);
        write_bits(writer, loaded);
    }
}

// An access whose place depends on a number, among the uppermost three slots.
static void write_indexed(Writer *writer) {
    int sp = write_sp(writer), few = new_name(writer), index = new_name(writer);
    text_addf(&writer->text, "  %%v%d = and %%v%d, 1\n  %%v%d = sub %%v%d, %d\n", few,
              some_number(writer), index, few, 2 + below(writer, 2));
    if (below(writer, 2)) {
        int value = write_value(writer);
        text_addf(&writer->text, "  store.value %%v%d, %%v%d, %%v%d in stack\n", sp, index, value);
        return;
    }
    int loaded = new_name(writer);
    text_addf(&writer->text, "  %%v%d = load.value %%v%d, %%v%d in stack\n", loaded, sp, index);
    write_bits(writer, loaded);
}

static void write_call(Writer *writer) {
    static const char *const names[] = {"look", "collect", "change"};
    if (below(writer, 4))
        text_addf(&writer->text, "  call @%s(%%thread, %%frame)\n", names[below(writer, 3)]);
    else {
        int sp = write_sp(writer), address = new_name(writer);
        text_addf(&writer->text, "  %%v%d = ptr.add %%v%d, -8\n  call @look_at(%%v%d)\n", address,
                  sp, address);
    }
}

static void write_code(Writer *writer, int length);

static void write_leave(Writer *writer) {
    int pc = new_name(writer), next = new_name(writer);
    text_addf(&writer->text,
              "  %%v%d = load %%frame, Frame.pc\n  %%v%d = add %%v%d, 1\n"
              "  store %%frame, Frame.pc, %%v%d\n  br ^loop(%%thread, %%frame)\n",
              pc, next, pc, next);
}

static int write_test(Writer *writer) {
    int bit = new_name(writer), test = new_name(writer);
    text_addf(&writer->text, "  %%v%d = and %%v%d, %d\n  %%v%d = cmp.eq %%v%d, 0\n", bit,
              some_number(writer), 1 << below(writer, 3), test, bit);
    return test;
}

// Brings the depth back to what it was.
static void write_balance(Writer *writer, int depth) {
    while (writer->depth < depth)
        write_push(writer);
    if (writer->depth > depth)
        move_sp(writer, write_sp(writer), depth - writer->depth);
}

static void restore_numbers(Writer *writer, const Writer *before) {
    writer->numbers = before->numbers;
    memcpy(writer->known, before->known, sizeof before->known);
}

// Two ways, one of which may leave, or a poll; or a loop of two or three rounds.
static void write_fork(Writer *writer) {
    int block = new_name(writer);
    Writer before = *writer;
    bool is_poll = below(writer, 4) == 0, leaves = below(writer, 3) == 0;
    bool skips = below(writer, 3) == 0; // one way is an edge only
    if (is_poll) {
        text_addf(&writer->text, "  poll call, ^b%d%c, ^b%dy\n^b%dy:\n", block, skips ? 'j' : 'n',
                  block, block);
        text_addf(&writer->text, "  call @collect(%%thread, %%frame)\n");
    } else {
        int test = write_test(writer);
        text_addf(&writer->text, "  if %%v%d, ^b%dy, ^b%d%c %s\n^b%dy:\n", test, block, block,
                  skips ? 'j' : 'n', below(writer, 2) ? "likely" : "", block);
    }
    write_code(writer, 1 + below(writer, 5));
    if (leaves) {
        write_leave(writer);
    } else {
        write_balance(writer, before.depth);
        text_addf(&writer->text, "  br ^b%dj\n", block);
    }
    writer->depth = before.depth;
    restore_numbers(writer, &before);
    if (!skips) {
        text_addf(&writer->text, "^b%dn:\n", block);
        write_code(writer, below(writer, 4));
        write_balance(writer, before.depth);
        text_addf(&writer->text, "  br ^b%dj\n", block);
        restore_numbers(writer, &before);
    }
    text_addf(&writer->text, "^b%dj:\n", block);
}

static void write_loop(Writer *writer) {
    int block = new_name(writer), start = new_name(writer), round = new_name(writer);
    int next = new_name(writer), more = new_name(writer), depth = writer->depth;
    text_addf(&writer->text, "  %%v%d = add 0, 0\n  br ^b%d(%%v%d)\n^b%d(%%v%d: i64):\n", start,
              block, start, block, round);
    Writer before = *writer;
    add_number(writer, round);
    write_code(writer, 1 + below(writer, 5));
    write_balance(writer, depth);
    text_addf(&writer->text,
              "  %%v%d = add %%v%d, 1\n  %%v%d = cmp.slt %%v%d, %d\n"
              "  if %%v%d, ^b%d(%%v%d), ^b%de\n^b%de:\n",
              next, round, more, next, 2 + below(writer, 2), more, block, next, block, block);
    restore_numbers(writer, &before);
}

static void write_code(Writer *writer, int length) {
    writer->nesting++;
    for (int i = 0; i < length; i++) {
        int choice = below(writer, 20);
        if (choice < 6 && writer->depth < 8)
            write_push(writer);
        else if (choice < 9 && writer->depth > -3)
            write_peek(writer, 1, true);
        else if (choice < 11)
            write_peek(writer, 1 + below(writer, 3), false);
        else if (choice < 13)
            write_poke(writer);
        else if (choice < 15)
            write_local(writer);
        else if (choice < 16)
            write_indexed(writer);
        else if (choice < 17)
            write_call(writer);
        else if (writer->nesting < 4)
            choice < 19 ? write_fork(writer) : write_loop(writer);
    }
    writer->nesting--;
}

static char *write_module(uint32_t seed) {
    Writer writer = {.random = seed * 2654435761u + 1};
    text_addf(&writer.text, "%s", head);
    for (int region = 1; region <= REGIONS; region++) {
        writer.depth = writer.numbers = 0;
        text_addf(&writer.text, "region r%d { ^r%d(%%thread: ptr, %%frame: ptr):\n", region,
                  region);
        for (int i = 0; i < 2; i++) {
            int number = new_name(&writer);
            text_addf(&writer.text, "  %%v%d = add %d, 0\n", number, below(&writer, 1000));
            add_number(&writer, number);
        }
        write_peek(&writer, 1, false);
        write_code(&writer, 4 + below(&writer, 10));
        write_leave(&writer);
        text_addf(&writer.text, "}\n");
    }
    text_addf(&writer.text, "}\n");
    return writer.text.chars;
}

// Pushes as many numbers, and adds them up.
static char *write_deep_module(int depth) {
    Writer writer = {.names = 0};
    text_addf(&writer.text, "%sregion r1 { ^r1(%%thread: ptr, %%frame: ptr):\n  %%v1 = add 1, 0\n",
              head);
    add_number(&writer, new_name(&writer));
    for (int i = 0; i < depth; i++)
        write_push(&writer);
    int sum = 1;
    for (int i = 0; i < depth; i++) {
        writer.numbers = 0;
        write_peek(&writer, 1, true);
        int next = new_name(&writer);
        text_addf(&writer.text, "  %%v%d = add %%v%d, %%v%d\n", next, sum, writer.known[0]);
        sum = next;
    }
    writer.known[0] = sum;
    write_push(&writer);
    write_leave(&writer);
    text_addf(&writer.text,
              "}\nregion r2 { ^r2(%%thread: ptr, %%frame: ptr): br "
              "^r2(%%thread, %%frame) }\nregion r3 { ^r3(%%thread: ptr, %%frame: ptr): "
              "unreachable }\n}\n");
    return writer.text.chars;
}

// ---- Running -----------------------------------------------------------------------------------

static void make_frame(Frame *frame, uint8_t *code, uint32_t seed) {
    Writer random = {.random = seed + 99};
    for (int i = 0; i < CODE; i++)
        code[i] = (uint8_t)(i + 1 < CODE ? 1 + below(&random, REGIONS) : 0);
    memset(frame, 0, sizeof *frame);
    frame->code = code;
    frame->sp = frame->stack + START;
    for (int i = 0; i < LOCALS; i++)
        frame->locals[i] = (uint64_t)below(&random, 1000);
    for (int i = 0; i < START; i++)
        frame->stack[i] = (uint64_t)below(&random, 1000);
}

// How often all runs up to each one have loaded from the stack and stored to it.
typedef struct Work {
    uint64_t loads[RUNS], stores[RUNS];
} Work;

// Observes what is seen in all runs of the module.
static Work run_all(const char *text) {
    Work work;
    Fixture fixture = fixture_open(text, symbols, sizeof symbols / sizeof symbols[0]);
    observations = 0;
    for (uint32_t seed = 0; seed < RUNS; seed++) {
        static Frame frame;
        uint8_t code[CODE];
        int64_t request = seed % 2;
        make_frame(&frame, code, seed);
        EvalWord arguments[] = {{.pointer = &request}, {.pointer = &frame}};
        fixture_call(&fixture, arguments, 2);
        EvalCounts counts = eval_totals(fixture.program);
        work.loads[seed] = counts.stack_loads;
        work.stores[seed] = counts.stack_stores;
    }
    fixture_close(&fixture);
    return work;
}

static uint64_t since_last(const uint64_t *sums, int run) {
    return sums[run] - (run ? sums[run - 1] : 0);
}

static char *pass_over(const char *text, const char *passes) {
    Arena *arena = arena_new();
    IrModule *module = fixture_parse(arena, text);
    PipelineRequest request = {.passes = passes};
    Pipeline pipeline;
    Text error = {0}, printed = {0};
    assert_non_null(module);
    if (!pipeline_build(&request, -1, IR_FORM_LOOP, arena, &pipeline, &error))
        fail_msg("%s", text_chars(&error));
    PipelineRun run = {.verify_each = true, .stream = stderr};
    if (!pipeline_run(&pipeline, module, &run)) {
        fprintf(stderr, "%s\n", text);
        fail_msg("--passes=%s", passes);
    }
    ir_print(module, &printed);
    arena_free(arena);
    return printed.chars;
}

typedef struct Expected {
    uint32_t seed;
    const char *text;
    Work work;
    size_t count;
    uint64_t observed[LONGEST];
} Expected;

static Work compare(const Expected *expected, const char *passes, bool may_do_more) {
    char *changed = pass_over(expected->text, passes);
    Work work = run_all(changed);
    size_t same = 0, count = expected->count;
    while (same < count && same < observations && observed[same] == expected->observed[same])
        same++;
    bool is_more = false;
    for (int run = 0; run < RUNS && !may_do_more; run++)
        is_more |= since_last(work.loads, run) > since_last(expected->work.loads, run) ||
                   since_last(work.stores, run) > since_last(expected->work.stores, run);
    if (same != count || same != observations || is_more) {
        fprintf(stderr, "%s\nbecomes:\n%s\n", expected->text, changed);
        fail_msg("seed %u, --passes=%s: %s, at observation %zu", expected->seed, passes,
                 is_more ? "more loads or stores" : "something else is seen", same);
    }
    free(changed);
    return work;
}

static const char *const pipelines[] = {
    "forward-stack",
    "place-gil-checks=none,cache-frame-state,forward-stack",
    "forward-stack,cache-frame-state,forward-stack",
    "hoist-frame-reads,cache-frame-state,forward-stack,fold,cse,dce,simplify-cfg",
    "cache-frame-state,fold,cse,simplify-cfg,forward-stack,dce",
    "replicate-dispatch,forward-stack",
    "cache-frame-state,replicate-dispatch,forward-stack,fold,cse,dce,simplify-cfg",
    "cache-frame-state,forward-stack,split-cold,replicate-dispatch",
};

static void the_same_is_seen_after_it_with_less_work(void **state) {
    (void)state;
    static Expected expected;
    uint64_t before = 0, after = 0;
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        char *text = write_module(seed);
        expected = (Expected){.seed = seed, .text = text, .work = run_all(text)};
        expected.count = observations;
        memcpy(expected.observed, observed, sizeof observed);
        for (size_t i = 0; i < sizeof pipelines / sizeof pipelines[0]; i++) {
            Work work = compare(&expected, pipelines[i], false);
            before += expected.work.loads[RUNS - 1] + expected.work.stores[RUNS - 1];
            after += work.loads[RUNS - 1] + work.stores[RUNS - 1];
        }
        free(text);
    }
    assert_true(after < before / 4 * 3);
}

// A slot that was loaded is passed on too, and stored once more if something comes to lie on it. So
// a run may store more; all together store and load less.
static void the_same_is_seen_with_the_top_in_registers(void **state) {
    (void)state;
    static const char *const caching[] = {
        "cache-frame-state,replicate-dispatch,cache-stack-top",
        "cache-frame-state,replicate-dispatch,cache-stack-top=2,fold,cse,dce,simplify-cfg",
        "cache-frame-state,forward-stack,replicate-dispatch,cache-stack-top=5,forward-stack",
        "cache-frame-state,tail-call-handlers,cache-stack-top=3,cse,outline-cold,simplify-cfg",
    };
    static Expected expected;
    uint64_t before = 0, after = 0;
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        char *text = write_module(seed);
        expected = (Expected){.seed = seed, .text = text, .work = run_all(text)};
        expected.count = observations;
        memcpy(expected.observed, observed, sizeof observed);
        for (size_t i = 0; i < sizeof caching / sizeof caching[0]; i++) {
            Work work = compare(&expected, caching[i], true);
            before += expected.work.loads[RUNS - 1] + expected.work.stores[RUNS - 1];
            after += work.loads[RUNS - 1] + work.stores[RUNS - 1];
        }
        free(text);
    }
    assert_true(after < before / 4 * 3);
}

static void a_second_run_changes_nothing(void **state) {
    (void)state;
    for (uint32_t seed = 0; seed < SEEDS; seed++)
        for (int caches = 0; caches < 2; caches++) {
            char *text = write_module(seed);
            char *once =
                pass_over(text, caches ? "cache-frame-state,forward-stack" : "forward-stack");
            char *twice = pass_over(once, "forward-stack");
            if (strcmp(once, twice) != 0) {
                fprintf(stderr, "%s\nbecomes:\n%s\n", once, twice);
                fail_msg("seed %u", seed);
            }
            free(text);
            free(once);
            free(twice);
        }
}

// Cells are followed in sets of a machine word, several after each other.
static void deep_stacks_are_followed_slot_by_slot(void **state) {
    (void)state;
    for (int depth = 60; depth <= 200; depth += 35) {
        char *text = write_deep_module(depth), *changed = pass_over(text, "forward-stack");
        static Frame frame;
        uint8_t code[] = {1, 0};
        Fixture fixture = fixture_open(changed, symbols, sizeof symbols / sizeof symbols[0]);
        frame = (Frame){.code = code, .sp = frame.stack};
        EvalWord arguments[] = {{.pointer = NULL}, {.pointer = &frame}};
        fixture_call(&fixture, arguments, 2);
        assert_int_equal(frame.stack[0], 1 + depth);
        assert_ptr_equal(frame.sp, frame.stack + 1);
        assert_int_equal(eval_totals(fixture.program).stack_loads, 0);
        assert_int_equal(eval_totals(fixture.program).stack_stores, 1);
        fixture_close(&fixture);
        free(changed);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deep_stacks_are_followed_slot_by_slot),
        cmocka_unit_test(the_same_is_seen_after_it_with_less_work),
        cmocka_unit_test(the_same_is_seen_with_the_top_in_registers),
        cmocka_unit_test(a_second_run_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
