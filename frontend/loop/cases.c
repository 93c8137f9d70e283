// `x case: 1 do: [ … ] case: 2 do: [ … ] otherwise: [ … ]`: one of several blocks, by a number. It
// becomes the IR's switch and with that a jump through a table, where a row of conditionals would
// be a row of tests. So one bytecode can have many operations, of which an operand says one. As SOM
// has no message of any length, this one is told by its parts.
#include "frontend/loop/expand.h"

#include <string.h>

// What stands behind a number of `case: … do:`, with `otherwise:` or without.
typedef struct Cases {
    LoopLowering *lowering;
    const AstExpression *send;
    LoopCases targets;
    LoopExits exits;
    bool is_good;
} Cases;

// How many pairs of `case:` and `do:` the selector has; 0: it is another one.
static size_t count_cases(const char *selector, bool *has_otherwise) {
    static const char pair[] = "case:do:";
    size_t count = 0;
    for (; !strncmp(selector, pair, sizeof pair - 1); count++)
        selector += sizeof pair - 1;
    *has_otherwise = count && !strcmp(selector, "otherwise:");
    return *has_otherwise || !*selector ? count : 0;
}

static void add_case(Cases *cases, int64_t number, LoopBlock *block, Location at) {
    for (size_t i = 0; i < cases->targets.count; i++)
        if (cases->targets.items[i].number == number) {
            LOOP_ERROR(cases->lowering, at, "a second case %lld", (long long)number);
            cases->is_good = false;
            return;
        }
    LoopCase made = {number, block};
    ARENA_PUSH(cases->lowering->arena, &cases->targets, made);
}

// Helpers that are constants are named like others, so what counts is what comes out.
static void add_number(Cases *cases, const AstExpression *e, LoopBlock *block) {
    LoopLowering *lowering = cases->lowering;
    LoopResult number =
        loop_check_type(lowering, loop_value(lowering, e), loop_type(LOOP_INT64), "a case", e->at);
    if (number.value->kind == IR_CONSTANT && number.value->type == IR_I64) {
        add_case(cases, number.value->integer, block, e->at);
        return;
    }
    LOOP_ERROR(lowering, e->at, "a case must be a constant");
    cases->is_good = false;
}

// A number, or a literal array of them.
static void add_numbers(Cases *cases, const AstExpression *e, LoopBlock *block) {
    if (e->kind != AST_ARRAY) {
        add_number(cases, e, block);
        return;
    }
    for (size_t i = 0; i < e->elements.count; i++)
        add_number(cases, e->elements.items[i], block);
}

static const AstBlock *body_of(Cases *cases, size_t argument) {
    const AstBlock *body =
        loop_block_argument(cases->lowering, cases->send->send.arguments.items[argument], 0);
    cases->is_good = cases->is_good && body;
    return body;
}

static void lower_arm(Cases *cases, LoopBlock *block, const AstBlock *body, bool wanted) {
    LoopLowering *lowering = cases->lowering;
    loop_seal_block(lowering, block);
    loop_start_block(lowering, block);
    LoopExit exit = {.result = body ? loop_body(lowering, body, wanted) : loop_nothing(),
                     .at = body ? body->end : cases->send->at};
    exit.from = lowering->block;
    if (!wanted)
        exit.result = loop_nothing();
    ARENA_PUSH(lowering->arena, &cases->exits, exit);
}

static LoopResult lower_cases(LoopLowering *lowering, const AstExpression *e, size_t count,
                              bool has_otherwise, bool wanted) {
    Cases cases = {.lowering = lowering, .send = e, .is_good = true};
    LoopResult chosen = loop_check_type(lowering, loop_value(lowering, e->send.receiver),
                                        loop_type(LOOP_INT64), "what chooses a case", e->at);
    LoopBlock **blocks = ARENA_ARRAY(lowering->arena, LoopBlock *, count);
    const AstBlock **bodies = ARENA_ARRAY(lowering->arena, const AstBlock *, count + 1);
    for (size_t i = 0; i < count; i++) {
        blocks[i] = loop_block_new(lowering, "case");
        add_numbers(&cases, e->send.arguments.items[2 * i], blocks[i]);
        bodies[i] = body_of(&cases, 2 * i + 1);
    }
    if (has_otherwise)
        bodies[count] = body_of(&cases, 2 * count);
    if (!cases.is_good || chosen.value->type != IR_I64 || !loop_is_live(lowering))
        return has_otherwise && wanted ? loop_unknown(lowering) : loop_nothing();
    LoopBlock *otherwise = loop_block_new(lowering, "otherwise");
    loop_switch(lowering, chosen.value, &cases.targets, otherwise, e->at);
    // Without a block for all others there is no value for these.
    bool has_value = wanted && has_otherwise;
    for (size_t i = 0; i < count; i++)
        lower_arm(&cases, blocks[i], bodies[i], has_value);
    lower_arm(&cases, otherwise, bodies[count], has_value);
    return loop_join(lowering, &cases.exits, "next", e->at);
}

bool loop_case_send(LoopLowering *lowering, const AstExpression *e, bool wanted,
                    LoopResult *result) {
    bool has_otherwise;
    size_t count = count_cases(e->send.selector, &has_otherwise);
    if (count)
        *result = lower_cases(lowering, e, count, has_otherwise, wanted);
    return count > 0;
}
