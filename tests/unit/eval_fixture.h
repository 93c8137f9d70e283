// What the evaluator's unit tests share: a module from text, verified, prepared
// with a table of externals, and called.
#ifndef TESTS_UNIT_EVAL_FIXTURE_H
#define TESTS_UNIT_EVAL_FIXTURE_H

#include "backend/eval/eval.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
    Arena *arena;
    IrModule *module;
    EvalProgram *program;
    EvalFailure failure;
} Fixture;

static inline IrModule *fixture_parse(Arena *arena, const char *text) {
    Diagnostics diagnostics = {
        .source = {.name = "test.mir", .text = text, .length = strlen(text)},
        .stream = stderr,
    };
    return ir_parse(arena, &diagnostics);
}

// `symbols` are `count` externals.
static inline Fixture fixture_open(const char *text, const EvalSymbol *symbols, size_t count) {
    Fixture fixture = {.arena = arena_new()};
    EvalSymbols table = {.items = symbols, .count = count};
    fixture.module = fixture_parse(fixture.arena, text);
    if (!fixture.module)
        fprintf(stderr, "%s", text);
    assert_non_null(fixture.module);
    if (!ir_verify_or_report(fixture.module, stderr))
        fail_msg("doesn't verify:\n%s", text);
    fixture.program =
        eval_prepare(fixture.arena, fixture.module, eval_lookup_symbol, &table, stderr);
    assert_non_null(fixture.program);
    return fixture;
}

static inline void fixture_close(Fixture *fixture) {
    arena_free(fixture->arena);
}

// Calls the first function. False: fixture->failure says why.
static inline bool fixture_try(Fixture *fixture, EvalWord *result, const EvalWord *arguments,
                               size_t count) {
    return eval_call(fixture->program, fixture->module->functions.items[0], arguments, count,
                     result, &fixture->failure);
}

static inline EvalWord fixture_call(Fixture *fixture, const EvalWord *arguments, size_t count) {
    EvalWord result = {.bits = 0};
    if (!fixture_try(fixture, &result, arguments, count))
        fail_msg("failed: %s", fixture->failure.message);
    return result;
}

static inline EvalWord word_integer(int64_t integer) {
    return (EvalWord){.integer = integer};
}

static inline EvalWord word_number(double number) {
    return (EvalWord){.number = number};
}

static inline EvalWord word_pointer(void *pointer) {
    return (EvalWord){.pointer = pointer};
}

#endif
