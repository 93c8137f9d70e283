// Each pass, in each order with the others, leaves a machine that does the same: random
// programs run under the evaluator, and everything that an external can see (the
// frame's state, its stack, its references) must be what the naive loop shows.
//
// The collector here "moves" by adding to every word that it finds through the frame:
// whoever holds on to an old one is found out.
#include "backend/eval/eval.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "passes/manager/pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Method {
    uint16_t *code;
    uint64_t *literals;
    struct Method **methods;
    int64_t length;
} Method;

typedef struct Frame {
    struct Frame *caller;
    Method *method;
    uint64_t self;
    int64_t pc;
    uint64_t *sp;
    uint64_t acc;
    int64_t rare;
    uint64_t slots[];
} Frame;

typedef struct Thread {
    int64_t request, fuel;
    uint64_t result;
    int64_t seen; // what the dispatch stores, each time
} Thread;

enum {
    METHODS = 3,
    LONGEST = 64,
    STACK_WORDS = 1 << 15,
    LOG_WORDS = 1 << 13,
    PROGRAMS = 40,
    MOVE = 2,
};

// The world that a run works on; the same addresses in each run, so that words agree.
static uint16_t code[METHODS][LONGEST];
static uint64_t literals[4];
static Method methods[METHODS];
static Method *callable[METHODS];
static uint64_t stack[STACK_WORDS];
static uint64_t observed[LOG_WORDS];
static size_t observations;

// What doesn't fit any more is mixed into the last word.
static void observe(uint64_t word) {
    if (observations < LOG_WORDS)
        observed[observations++] = word;
    else
        observed[LOG_WORDS - 1] = observed[LOG_WORDS - 1] * 31 + word;
}

static uint64_t *stack_bottom(const Frame *frame) {
    return (uint64_t *)(uintptr_t)frame->slots;
}

static void see(uint64_t kind, const Thread *thread, const Frame *frame) {
    observe(kind);
    observe((uint64_t)thread->fuel);
    observe((uint64_t)thread->seen);
    for (const Frame *at = frame; at; at = at->caller) {
        observe((uint64_t)((const uint64_t *)at - stack));
        observe((uint64_t)at->pc);
        observe((uint64_t)(at->sp - stack));
        observe(at->acc);
        observe(at->self);
        observe((uint64_t)at->rare);
        uint64_t sum = 0;
        for (const uint64_t *word = stack_bottom(at); word < at->sp; word++)
            sum = sum * 31 + *word;
        observe(sum);
    }
}

static void move_everything(Frame *frame) {
    for (Frame *at = frame; at; at = at->caller) {
        at->acc += MOVE;
        at->self += MOVE;
        for (uint64_t *word = stack_bottom(at); word < at->sp; word++)
            *word += MOVE;
    }
}

static void machine_look(Thread *thread, Frame *frame) {
    see(1, thread, frame);
}

static void machine_collect(Thread *thread, Frame *frame) {
    see(2, thread, frame);
    move_everything(frame);
}

static void machine_poll(Thread *thread, Frame *frame) {
    see(3, thread, frame);
    thread->request = 0;
    move_everything(frame);
}

// Goes on in the same frame, or one that it makes for the first method, or changes the
// present one's state.
static Frame *machine_control(Thread *thread, Frame *frame, int64_t what) {
    see(4, thread, frame);
    thread->request = 1;
    move_everything(frame);
    if (what % 3 == 0 || thread->fuel <= 0)
        return frame;
    if (what % 3 == 1) {
        frame->acc ^= 85;
        frame->sp[-1] += 1;
        return frame;
    }
    thread->fuel--;
    Frame *made = (Frame *)frame->sp;
    memset(made, 0, sizeof *made);
    made->caller = frame;
    made->method = &methods[0];
    made->self = frame->self + 9;
    made->sp = made->slots;
    *made->sp++ = 77;
    return made;
}

static Frame *machine_identity(Frame *frame) {
    return frame;
}

static const EvalSymbol symbols[] = {
    {"look", (void *)machine_look},         {"collect", (void *)machine_collect},
    {"poll", (void *)machine_poll},         {"control", (void *)machine_control},
    {"identity", (void *)machine_identity},
};

// ---- Random programs -----------------------------------------------------------------

enum {
    HALT,
    PUSH,
    ADD,
    SELF,
    SET_ACC,
    GET_ACC,
    COLLECT,
    LOOP,
    CALL,
    RETURN,
    CONTROL,
    CALLER_STATE,
    POKE,
    FILL,
    LITERAL,
    AGAIN,
    LOOK,
    RARE,
    MAYBE,
    BYTECODES
};

static uint32_t random_state;

static unsigned pick(unsigned below) {
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % below;
}

// One method: the stack never runs below what it pushed itself.
static void make_method(int index) {
    uint16_t *to = code[index];
    int at = 0, depth = 0, place_of_depth[LONGEST];
    for (int i = 0; i < LONGEST; i++)
        place_of_depth[i] = -1;
    while (at < LONGEST - 8) {
        if (pick(4) == 0 && depth < LONGEST)
            place_of_depth[depth] = at;
        unsigned opcode = 1 + pick(BYTECODES - 1);
        if (opcode == RETURN || (opcode == ADD && depth < 2) || (opcode == SET_ACC && depth < 1) ||
            (opcode == CONTROL && depth < 1) || depth > 40)
            opcode = depth > 40 ? SET_ACC : PUSH;
        if (opcode == LOOP && place_of_depth[depth] < 0)
            opcode = LOOK;
        to[at++] = (uint16_t)opcode;
        int from = at + 1;
        switch (opcode) {
        case PUSH: to[at++] = (uint16_t)pick(65536), depth++; break;
        case LITERAL: to[at++] = (uint16_t)pick(4), depth++; break;
        case FILL: depth += to[at++] = (uint16_t)pick(4); break;
        case CALL: to[at++] = (uint16_t)pick(METHODS), depth++; break;
        case CONTROL:
            to[at] = (uint16_t)pick(8);
            depth += to[at++] % 3 == 2;
            break;
        case LOOP: to[at++] = (uint16_t)(place_of_depth[depth] - from); break;
        case ADD:
        case SET_ACC: depth--; break;
        case SELF:
        case GET_ACC:
        case CALLER_STATE:
        case RARE:
        case MAYBE: depth++; break;
        default: break;
        }
        // What control pushes depends on the fuel, so nothing loops across it.
        for (int i = 0; opcode == CONTROL && i < LONGEST; i++)
            place_of_depth[i] = -1;
    }
    to[at++] = GET_ACC;
    to[at++] = index == METHODS - 1 ? HALT : RETURN;
}

static void make_program(uint32_t seed) {
    random_state = seed * 2654435761u + 1;
    for (int i = 0; i < METHODS; i++) {
        make_method(i);
        callable[i] = &methods[pick(METHODS - 1)];
        methods[i] = (Method){code[i], literals, callable, LONGEST};
    }
    for (size_t i = 0; i < 4; i++)
        literals[i] = pick(1000);
}

// ---- Running -------------------------------------------------------------------------

typedef struct Machine {
    Arena *arena;
    EvalProgram *program;
    IrModule *module;
} Machine;

static char *read_machine(void) {
    Text text = {0};
    assert_true(text_read_file(&text, LOOPWRIGHT_SOURCE_DIR "/tests/passes/Inputs/machine.mir"));
    return text.chars;
}

static Machine open_machine(const char *text, const char *passes) {
    Machine machine = {.arena = arena_new()};
    Diagnostics diagnostics = {
        {.name = "machine.mir", .text = text, .length = strlen(text)}, stderr, 0, 0};
    machine.module = ir_parse(machine.arena, &diagnostics);
    assert_non_null(machine.module);
    PipelineRequest request = {.passes = passes};
    Pipeline pipeline;
    Text error = {0};
    if (!pipeline_build(&request, -1, IR_FORM_LOOP, machine.arena, &pipeline, &error))
        fail_msg("%s", text_chars(&error));
    PipelineRun run = {.verify_each = true, .stream = stderr};
    if (!pipeline_run(&pipeline, machine.module, &run))
        fail_msg("--passes=%s", passes);
    EvalSymbols table = {symbols, sizeof symbols / sizeof symbols[0]};
    machine.program =
        eval_prepare(machine.arena, machine.module, eval_lookup_symbol, &table, stderr);
    assert_non_null(machine.program);
    return machine;
}

static uint64_t run_machine(const Machine *machine) {
    memset(stack, 0, sizeof stack);
    observations = 0;
    Thread thread = {.request = 1, .fuel = 40};
    Frame *frame = (Frame *)stack;
    frame->method = &methods[METHODS - 1];
    frame->self = 1000;
    frame->sp = frame->slots;
    EvalWord arguments[] = {{.pointer = &thread}, {.pointer = frame}}, result;
    EvalFailure failure;
    if (!eval_call(machine->program, machine->module->functions.items[0], arguments, 2, &result,
                   &failure))
        fail_msg("%s in %s", failure.message, failure.region ? failure.region : "?");
    see(5, &thread, frame);
    return thread.result;
}

typedef struct Expected {
    uint64_t result, *log;
    size_t length;
} Expected;

static void compare(const char *text, const char *passes, const Expected *expected) {
    Machine machine = open_machine(text, passes);
    for (uint32_t seed = 0; seed < PROGRAMS; seed++) {
        make_program(seed);
        uint64_t result = run_machine(&machine);
        size_t same = 0;
        while (same < observations && same < expected[seed].length &&
               observed[same] == expected[seed].log[same])
            same++;
        if (result != expected[seed].result || same != observations ||
            same != expected[seed].length)
            fail_msg("--passes=%s: program %u differs at observation %zu of %zu", passes, seed,
                     same, expected[seed].length);
    }
    arena_free(machine.arena);
}

static const char *const orders[] = {
    "hoist-frame-reads",
    "eliminate-default-case",
    "cache-frame-state",
    "hoist-frame-reads,eliminate-default-case",
    "eliminate-default-case,hoist-frame-reads",
    "hoist-frame-reads,cache-frame-state",
    "cache-frame-state,hoist-frame-reads",
    "eliminate-default-case,cache-frame-state",
    "cache-frame-state,eliminate-default-case",
    "hoist-frame-reads,eliminate-default-case,cache-frame-state",
    "hoist-frame-reads,cache-frame-state,eliminate-default-case",
    "eliminate-default-case,hoist-frame-reads,cache-frame-state",
    "eliminate-default-case,cache-frame-state,hoist-frame-reads",
    "cache-frame-state,hoist-frame-reads,eliminate-default-case",
    "cache-frame-state,eliminate-default-case,hoist-frame-reads",
    "hoist-frame-reads,hoist-frame-reads,cache-frame-state,cache-frame-state",
    "hoist-frame-reads,eliminate-default-case,fold-ranges,cache-frame-state",
    "fold-ranges,cache-frame-state,fold-ranges,hoist-frame-reads,eliminate-default-case",
    "fold-ranges",
    "fold",
    "cse",
    "dce",
    "simplify-cfg",
    "forward-stack",
    "sink-address-arithmetic",
    "hoist-frame-reads,cache-frame-state,sink-address-arithmetic,replicate-dispatch",
    "cache-frame-state,forward-stack",
    "forward-stack,hoist-frame-reads,cache-frame-state,forward-stack,replicate-dispatch",
    "replicate-dispatch",
    "cache-frame-state,replicate-dispatch,cache-stack-top",
    "cache-frame-state,replicate-dispatch,cache-stack-top=3,forward-stack,cache-stack-top",
    "hoist-frame-reads,cache-frame-state,forward-stack,replicate-dispatch,cache-stack-top=2",
    "replicate-dispatch,eliminate-default-case,fold-ranges",
    "hoist-frame-reads,eliminate-default-case,cache-frame-state,replicate-dispatch",
    "tail-call-handlers",
    "tail-call-handlers,outline-cold,eliminate-default-case,fold-ranges",
    "cache-frame-state,tail-call-handlers,outline-cold,cache-stack-top",
    "hoist-frame-reads,cache-frame-state,tail-call-handlers,cache-stack-top=2,outline-cold",
    "hoist-frame-reads,cache-frame-state,tail-call-handlers,simplify-cfg,cse,outline-cold",
};

static void compare_all(const char *polls) {
    char *text = read_machine();
    Arena *arena = arena_new();
    Machine naive = open_machine(text, polls);
    Expected expected[PROGRAMS];
    for (uint32_t seed = 0; seed < PROGRAMS; seed++) {
        make_program(seed);
        expected[seed].result = run_machine(&naive);
        expected[seed].length = observations;
        expected[seed].log = ARENA_ARRAY(arena, uint64_t, observations);
        memcpy(expected[seed].log, observed, observations * sizeof *observed);
    }
    arena_free(naive.arena);
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        compare(text, arena_printf(arena, "%s,%s", polls, orders[i]), expected);
        compare(text, arena_printf(arena, "%s,%s,fold,cse,dce,simplify-cfg", polls, orders[i]),
                expected);
        compare(text, arena_printf(arena, "%s,simplify-cfg,cse,fold,dce,%s", polls, orders[i]),
                expected);
        // Polls go first, so placed after these there are none. They need the loop.
        bool is_loop = !strstr(orders[i], "dispatch") && !strstr(orders[i], "handlers");
        if (strstr(polls, "none") && strstr(orders[i], "frame") && is_loop)
            compare(text, arena_printf(arena, "%s,place-gil-checks", orders[i]), expected);
    }
    arena_free(arena);
    free(text);
}

static void every_order_of_passes_does_the_same_with_polls(void **state) {
    (void)state;
    compare_all("place-gil-checks=calls-and-back-edges");
}

static void every_order_of_passes_does_the_same_without_polls(void **state) {
    (void)state;
    compare_all("place-gil-checks=none");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_passes_does_the_same_with_polls),
        cmocka_unit_test(every_order_of_passes_does_the_same_without_polls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
