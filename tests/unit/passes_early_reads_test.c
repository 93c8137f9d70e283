// Loops that never come to read a chain of const fields, as something before that leaves:
// a call that doesn't return, a poll's, a barrier's, a test for null. The record that the
// chain leads through isn't there then, so no pass may read from it any earlier. Each loop
// runs under the evaluator, in a process of its own, naively and after each of the passes.
#include "backend/eval/eval.h"
#include "ir/text/text.h"
#include "passes/manager/pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LEFT = 7, RETURNED = 3, FAILED = 1 };

typedef struct Object {
    int64_t header;
    struct Object *reference;
} Object;

typedef struct Thread {
    int64_t request;
    Object *object;
} Thread;

typedef struct Frame {
    const uint16_t *code;
    void *aux;
    int64_t pc;
    struct Frame *caller;
} Frame;

static const char declarations[] =
    "module Test\n"
    "form loop\n"
    "code verified\n"
    "record Thread { request: i64 @0 thread  object: object @8 thread }\n"
    "record Object moves size 16 { header: i64 @0 heap  reference: object @8 heap }\n"
    "record Aux { code: ptr @0 const  literals: ptr @8 const  value: i64 @16 heap }\n"
    "record Frame {\n"
    "  code: ptr @0 const\n"
    "  aux: ptr Aux @8 const\n"
    "  pc: i64 @16 frame cursor aux.code u16\n"
    "  caller: ptr Frame @24 const\n"
    "}\n"
    "thread Thread\n"
    "frame Frame\n"
    "external leave(ptr, ptr) raises reads all writes all\n"
    "external leave_frameless(ptr, object) writes thread\n"
    "external nothing() -> ptr\n"
    "poll Thread.request call leave\n"
    "barrier Object.header mask 1 call leave_frameless\n"
    "table @bytecodes(%thread: ptr, %frame: ptr) u16 {\n"
    "  0 next() -> ^next\n"
    "  1 halt() leaves -> ^halt\n"
    "}\n"
    "function @interpret {\n"
    "trunk {\n"
    "^entry(%thread: ptr, %frame: ptr):\n"
    "  br ^loop(%thread, %frame)\n"
    "^loop(%thread.1: ptr, %frame.1: ptr):\n";

// What comes after: both chains are read, and each bytecode reads them again.
static const char fetch[] = "  %aux = load %frame.1, Frame.aux\n"
                            "  %literals = load %aux, Aux.literals\n"
                            "  %code = load %aux, Aux.code\n"
                            "  %pc = load %frame.1, Frame.pc\n"
                            "  %literal = load.u16 %literals, %pc in code\n"
                            "  %opcode = load.u16 %code, %pc in code\n"
                            "  %sum = and %opcode, %literal\n"
                            "  dispatch %sum, @bytecodes(%thread.1, %frame.1)\n";

static const char regions[] = "}\n"
                              "region next {\n"
                              "^next(%thread: ptr, %frame: ptr):\n"
                              "  %aux = load %frame, Frame.aux\n"
                              "  %literals = load %aux, Aux.literals\n"
                              "  %pc = load %frame, Frame.pc\n"
                              "  %by = load.u16 %literals, %pc in code\n"
                              "  %next = add %pc, %by\n"
                              "  store %frame, Frame.pc, %next\n"
                              "  br ^loop(%thread, %frame)\n"
                              "}\n"
                              "region halt {\n"
                              "^halt(%thread: ptr, %frame: ptr):\n"
                              "  ret\n"
                              "}\n"
                              "}\n";

typedef struct Loop {
    const char *what;
    int outcome;
    const char *trunk;       // before `fetch`
    const char *rest;        // after it; NULL: nothing
    const char *own_fetch;   // in the place of `fetch`; NULL: that one
    const char *own_regions; // in the place of `regions`; NULL: those
} Loop;

static const char dispatch_in_caller[] = "  %aux = load %frame.1, Frame.aux\n"
                                         "  %literals = load %aux, Aux.literals\n"
                                         "  %code = load %aux, Aux.code\n"
                                         "  %pc = load %frame.1, Frame.pc\n"
                                         "  %literal = load.u16 %literals, %pc in code\n"
                                         "  %opcode = load.u16 %code, %pc in code\n"
                                         "  %caller = load %frame.1, Frame.caller\n"
                                         "  %sum = and %opcode, %literal\n"
                                         "  dispatch %sum, @bytecodes(%thread.1, %caller)\n";

static const char null_frame_regions[] = "}\n"
                                         "region next {\n"
                                         "^next(%thread: ptr, %frame: ptr):\n"
                                         "  %none = call @nothing()\n"
                                         "  br ^loop(%thread, %none)\n"
                                         "}\n"
                                         "region halt {\n"
                                         "^halt(%thread: ptr, %frame: ptr):\n"
                                         "  %code = load %frame, Frame.code\n"
                                         "  %pc = load %frame, Frame.pc\n"
                                         "  %next = load.u16 %code, %pc in code\n"
                                         "  store %frame, Frame.pc, %next\n"
                                         "  br ^loop(%thread, %frame)\n"
                                         "}\n"
                                         "}\n";

static const Loop loops[] = {
    {.what = "a call in the same block",
     .outcome = LEFT,
     .trunk = "  call @leave(%thread.1, %frame.1)\n"},
    {.what = "a call in the block before",
     .outcome = LEFT,
     .trunk = "  call @leave(%thread.1, %frame.1)\n  br ^fetch\n^fetch:\n"},
    {.what = "a call two blocks before",
     .outcome = LEFT,
     .trunk = "  br ^ask\n^ask:\n  call @leave(%thread.1, %frame.1)\n  br ^fetch\n^fetch:\n"},
    {.what = "a call after a read of the frame",
     .outcome = LEFT,
     .trunk = "  %first = load %frame.1, Frame.pc\n"
              "  store %frame.1, Frame.pc, %first\n"
              "  call @leave(%thread.1, %frame.1)\n  br ^fetch\n^fetch:\n"},
    {.what = "a call on one of two ways",
     .outcome = LEFT,
     .trunk = "  %request = load %thread.1, Thread.request\n"
              "  %asked = cmp.ne %request, 0\n"
              "  if %asked, ^ask, ^fetch\n"
              "^ask:\n  call @leave(%thread.1, %frame.1)\n  br ^fetch\n^fetch:\n"},
    {.what = "a poll's call",
     .outcome = LEFT,
     .trunk = "  poll call, ^fetch, ^cold\n"
              "^cold:\n  call @leave(%thread.1, %frame.1)\n  br ^fetch\n^fetch:\n"},
    {.what = "a barrier's call",
     .outcome = LEFT,
     .trunk = "  %object = load %thread.1, Thread.object\n"
              "  store.ref %object, Object.reference, %object\n  br ^fetch\n^fetch:\n"},
    {.what = "a test for null that returns",
     .outcome = RETURNED,
     .trunk = "  %tested = load %frame.1, Frame.aux\n"
              "  %none = cmp.eq %tested, null\n"
              "  if %none, ^quit, ^fetch\n^fetch:\n",
     .rest = "^quit:\n  ret\n"},
    {.what = "a switch that returns",
     .outcome = RETURNED,
     .trunk = "  %request = load %thread.1, Thread.request\n"
              "  switch %request { 0 -> ^fetch default -> ^quit }\n^fetch:\n",
     .rest = "^quit:\n  ret\n"},
    {.what = "a test of another thing that goes round once more",
     .outcome = RETURNED,
     .trunk = "  %request = load %thread.1, Thread.request\n"
              "  br ^wait(%request)\n"
              "^wait(%left: i64):\n"
              "  %less = sub %left, 1\n"
              "  %zero = cmp.eq %less, 0\n"
              "  if %zero, ^quit, ^more\n"
              "^more:\n"
              "  %negative = cmp.slt %less, 0\n"
              "  if %negative, ^fetch, ^wait(%less)\n^fetch:\n",
     .rest = "^quit:\n  ret\n"},
    {.what = "a frame that is null",
     .outcome = RETURNED,
     .trunk = "  %none = cmp.eq %frame.1, null\n"
              "  if %none, ^quit, ^fetch\n^fetch:\n",
     .own_fetch = "  %code = load %frame.1, Frame.code\n"
                  "  %pc = load %frame.1, Frame.pc\n"
                  "  %opcode = load.u16 %code, %pc in code\n"
                  "  %zero = and %opcode, 0\n"
                  "  dispatch %zero, @bytecodes(%thread.1, %frame.1)\n",
     .rest = "^quit:\n  ret\n",
     .own_regions = null_frame_regions},
    {.what = "a dispatch in another frame",
     .outcome = RETURNED,
     .trunk = "",
     .own_fetch = dispatch_in_caller},
};

static const char *const lists[] = {
    "hoist-frame-reads",
    "cache-frame-state",
    "hoist-frame-reads,cache-frame-state",
    "cache-frame-state,hoist-frame-reads",
    "hoist-frame-reads,hoist-frame-reads",
    "simplify-cfg,hoist-frame-reads",
    "simplify-cfg,cse,cache-frame-state",
    "fold,cse,dce,simplify-cfg,split-cold",
    "hoist-frame-reads,eliminate-default-case,cache-frame-state,fold,cse,dce,simplify-cfg",
};

static void leave(Thread *thread, Frame *frame) {
    (void)thread, (void)frame;
    _exit(LEFT);
}

static void leave_frameless(Thread *thread, Object *object) {
    (void)thread, (void)object;
    _exit(LEFT);
}

static void *nothing(void) {
    return NULL;
}

static const EvalSymbol symbols[] = {
    {"leave", (void *)leave},
    {"leave_frameless", (void *)leave_frameless},
    {"nothing", (void *)nothing},
};

static IrModule *parse(Arena *arena, const char *text) {
    Diagnostics diagnostics = {
        {.name = "test.mir", .text = text, .length = strlen(text)}, stderr, 0, 0};
    IrModule *module = ir_parse(arena, &diagnostics);
    assert_non_null(module);
    return module;
}

// In the process that ends so: the loop's first frame has no record to read from, but the
// one that dispatches in its caller has.
static void run_and_exit(Arena *arena, const IrModule *module, const Loop *loop) {
    static const uint16_t code[] = {1, 1, 1};
    struct {
        const uint16_t *code, *literals;
        int64_t value;
    } aux = {code, code, 0};
    Object object = {1, NULL};
    Thread thread = {1, &object};
    Frame caller = {.code = code};
    Frame frame = {.code = code, .caller = &caller};
    if (loop->own_fetch == dispatch_in_caller)
        frame.aux = &aux;
    EvalSymbols table = {symbols, sizeof symbols / sizeof *symbols};
    EvalProgram *program = eval_prepare(arena, module, eval_lookup_symbol, &table, stderr);
    EvalWord arguments[] = {{.pointer = &thread}, {.pointer = &frame}};
    EvalFailure failure = {0};
    if (eval_call(program, module->functions.items[0], arguments, 2, NULL, &failure))
        _exit(RETURNED);
    fprintf(stderr, "%s in %s\n", failure.message, failure.block);
    _exit(FAILED);
}

// Does the loop, after these passes, end as it should?
static bool ends_right(const Loop *loop, const char *passes) {
    Arena *arena = arena_new();
    const char *text = arena_printf(
        arena, "%s%s%s%s%s", declarations, loop->trunk, loop->own_fetch ? loop->own_fetch : fetch,
        loop->rest ? loop->rest : "", loop->own_regions ? loop->own_regions : regions);
    IrModule *module = parse(arena, text);
    PipelineRequest request = {.passes = passes};
    Pipeline pipeline;
    Text error = {0};
    if (!pipeline_build(&request, -1, IR_FORM_LOOP, arena, &pipeline, &error))
        fail_msg("%s", text_chars(&error));
    PipelineRun run = {.verify_each = true, .stream = stderr};
    if (!pipeline_run(&pipeline, module, &run))
        fail_msg("%s: --passes=%s", loop->what, passes);
    fflush(stderr);
    pid_t child = fork();
    if (child == 0)
        run_and_exit(arena, module, loop);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    bool right = WIFEXITED(status) && WEXITSTATUS(status) == loop->outcome;
    if (!right)
        print_error("%s: --passes=%s ends with wait status %d, not with %d\n", loop->what, passes,
                    status, loop->outcome);
    arena_free(arena);
    return right;
}

static void what_leaves_comes_before_what_is_read(void **state) {
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        wrong += !ends_right(&loops[i], "");
        for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
            wrong += !ends_right(&loops[i], lists[k]);
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_leaves_comes_before_what_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
