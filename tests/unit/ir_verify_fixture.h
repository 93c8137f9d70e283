// A module for tests of the verifier to break, and what is expected of it then.
#ifndef TESTS_UNIT_IR_VERIFY_FIXTURE_H
#define TESTS_UNIT_IR_VERIFY_FIXTURE_H

#include "ir/text/text.h"
#include "ir/verify/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char counter[] =
    "module Counter\nform loop\ncode verified\n"
    "record Thread {\n  request: i64 @0 thread\n}\n"
    "record Frame {\n  code: ptr @0 const\n  pc: i64 @8 frame cursor code u8\n"
    "  count: i64 @16 frame\n}\n"
    "thread Thread\nframe Frame\n"
    "external report(ptr, ptr, i64) -> value collects reads frame\n"
    "external stop(ptr, ptr) collects\n"
    "poll Thread.request call stop\n"
    "table @bytecodes(%thread: ptr, %frame: ptr) u8 {\n"
    "  0 increment(by: u8) -> ^increment\n  1 halt() leaves -> ^halt\n"
    "  default -> ^unknown\n}\n"
    "function @interpret {\ntrunk {\n^entry(%thread: ptr, %frame: ptr):\n"
    "  br ^loop(%thread, %frame)\n^loop(%thread.1: ptr, %frame.1: ptr):\n"
    "  %code = load %frame.1, Frame.code\n  %pc = load %frame.1, Frame.pc\n"
    "  %opcode = load.u8 %code, %pc in code\n"
    "  dispatch %opcode, @bytecodes(%thread.1, %frame.1)\n}\n"
    "region increment restartable {\n^increment(%thread: ptr, %frame: ptr):\n"
    "  %count = load %frame, Frame.count\n  %sum = add %count, 1\n"
    "  %c = cmp.slt %sum, 100\n  if %c, ^store(%sum), ^poll\n"
    "^store(%s: i64):\n  store %frame, Frame.count, %s\n  br ^loop(%thread, %frame)\n"
    "^poll:\n  poll backEdge, ^warm, ^cold\n"
    "^cold:\n  call @stop(%thread, %frame)\n  br ^warm\n"
    "^warm:\n  switch %count { 1 -> ^store(0) default -> ^store(%count) }\n}\n"
    "region halt {\n^halt(%thread: ptr, %frame: ptr):\n"
    "  %count = load %frame, Frame.count\n  %v = call @report(%thread, %frame, %count)\n"
    "  %bits = value.bits %v\n  %z = select 1, %bits, 0\n  ret\n}\n"
    "region unknown {\n^unknown(%thread: ptr, %frame: ptr):\n  unreachable\n}\n}\n";

static inline IrModule *parse(Arena *arena, const char *text) {
    Diagnostics diagnostics = {
        .source = {.name = "test.mir", .text = text, .length = strlen(text)},
        .stream = stderr,
    };
    IrModule *module = ir_parse(arena, &diagnostics);
    assert_non_null(module);
    return module;
}

// A module to break, and its parts.
typedef struct Sample {
    Arena *arena;
    IrModule *module;
    IrFunction *function;
    IrRegion *trunk, *increment, *halt;
} Sample;

static inline Sample sample_new(void) {
    Sample sample = {.arena = arena_new()};
    sample.module = parse(sample.arena, counter);
    assert_true(ir_verify_or_report(sample.module, stderr));
    sample.function = sample.module->functions.items[0];
    sample.trunk = sample.function->regions.items[0];
    sample.increment = sample.function->regions.items[1];
    sample.halt = sample.function->regions.items[2];
    return sample;
}

// The module is wrong, and one complaint is of this rule and holds this text.
static inline void expect_complaint(Sample *sample, const char *rule, const char *text) {
    IrComplaints complaints = {0};
    assert_false(ir_verify(sample->module, sample->arena, &complaints));
    bool found = false;
    for (size_t i = 0; i < complaints.count; i++)
        if (!strcmp(complaints.items[i].rule, rule) && strstr(complaints.items[i].message, text))
            found = true;
    if (!found)
        fail_msg("no [%s] %s, but [%s] %s", rule, text, complaints.items[0].rule,
                 complaints.items[0].message);
    FILE *null = fopen("/dev/null", "w");
    assert_false(ir_verify_or_report(sample->module, null));
    fclose(null);
    arena_free(sample->arena);
}

#endif
