// Messages with blocks: conditionals, `and:` and `or:`, loops. The blocks are expanded in
// place. They are no values: they can't be kept in variables or handed on, so the loop needs no
// closures. Each construct makes its blocks, branches, lowers what is in between and goes on
// where the ways meet. Sealing (ssa.h) is done as soon as the last branch to a block is built;
// only the head of a loop has to wait, for the branch at the end of its body.
#include "frontend/loop/expand.h"
#include "ir/builder.h"

#include <string.h>

const AstBlock *loop_block_argument(LoopLowering *lowering, const AstExpression *e,
                                    size_t arguments) {
    if (e->kind != AST_BLOCK) {
        LOOP_ERROR(lowering, e->at, "this must be a block, written in place");
        return NULL;
    }
    if (e->block->arguments.count != arguments) {
        LOOP_ERROR(lowering, e->at, "this block must take %s argument", arguments ? "one" : "no");
        return NULL;
    }
    return e->block;
}

// A Boolean with its likelihood, which loop_check_type loses. After an error the value is any
// i1, because a branch takes nothing else.
static LoopResult condition(LoopLowering *lowering, LoopResult result, const char *what,
                            Location at) {
    IrLikely likely = result.likely;
    result = loop_check_type(lowering, result, loop_type(LOOP_BOOLEAN), what, at);
    if (result.value->type != IR_I1)
        result.value = ir_integer(lowering->module, IR_I1, 0);
    result.likely = likely;
    return result;
}

// One arm of a conditional. Its block is entered from the branch alone.
static LoopExit arm(LoopLowering *lowering, LoopBlock *block, const AstBlock *body, bool wanted,
                    Location at) {
    loop_seal_block(lowering, block);
    loop_start_block(lowering, block);
    LoopExit exit = {.result = loop_body(lowering, body, wanted), .at = at};
    exit.from = lowering->block;
    return exit;
}

// `ifTrue:` and `ifFalse:`.
static LoopResult one_armed(LoopLowering *lowering, const AstExpression *e, LoopResult test) {
    const AstBlock *body = loop_block_argument(lowering, e->send.arguments.items[0], 0);
    if (!body || !loop_is_live(lowering))
        return loop_nothing();
    LoopBlock *then = loop_block_new(lowering, "then"), *next = loop_block_new(lowering, "next");
    bool if_true = !strcmp(e->send.selector, "ifTrue:");
    loop_branch(lowering, test.value, test.likely, if_true ? then : next, if_true ? next : then,
                e->at);
    loop_seal_block(lowering, then);
    loop_start_block(lowering, then);
    loop_body(lowering, body, false);
    loop_go_to(lowering, next, body->end);
    loop_seal_block(lowering, next);
    loop_start_block(lowering, next);
    return loop_nothing();
}

// If nobody uses the value, the arms need not have one, and the join gets no parameter for it.
static LoopResult two_armed(LoopLowering *lowering, const AstExpression *e, LoopResult test,
                            bool wanted) {
    const AstBlock *first = loop_block_argument(lowering, e->send.arguments.items[0], 0);
    const AstBlock *second = loop_block_argument(lowering, e->send.arguments.items[1], 0);
    if (!first || !second || !loop_is_live(lowering))
        return loop_unknown(lowering);
    LoopBlock *then = loop_block_new(lowering, "then"), *other = loop_block_new(lowering, "else");
    bool if_true = !strcmp(e->send.selector, "ifTrue:ifFalse:");
    loop_branch(lowering, test.value, test.likely, if_true ? then : other, if_true ? other : then,
                e->at);
    LoopExits exits = {0};
    LoopExit exit = arm(lowering, then, first, wanted, first->end);
    ARENA_PUSH(lowering->arena, &exits, exit);
    exit = arm(lowering, other, second, wanted, second->end);
    ARENA_PUSH(lowering->arena, &exits, exit);
    for (size_t i = 0; !wanted && i < exits.count; i++)
        exits.items[i].result = loop_nothing();
    return loop_join(lowering, &exits, "next", e->at);
}

// `and:` and `or:`: the second operand is evaluated if the first doesn't decide.
static LoopResult short_circuit(LoopLowering *lowering, const AstExpression *e, LoopResult test) {
    bool is_and = !strcmp(e->send.selector, "and:");
    const AstBlock *body = loop_block_argument(lowering, e->send.arguments.items[0], 0);
    if (!body || !loop_is_live(lowering))
        return loop_unknown(lowering);
    LoopBlock *more = loop_block_new(lowering, is_and ? "and" : "or");
    LoopBlock *decided = loop_block_new(lowering, "decided");
    loop_branch(lowering, test.value, test.likely, is_and ? more : decided, is_and ? decided : more,
                e->at);
    LoopExits exits = {0};
    LoopExit exit = arm(lowering, more, body, true, e->at);
    if (exit.from != lowering->dead) {
        if (!exit.result.value)
            LOOP_ERROR(lowering, body->end, "this block must have a Boolean value");
        exit.result = condition(lowering, exit.result.value ? exit.result : loop_unknown(lowering),
                                "the block's value", body->end);
    }
    ARENA_PUSH(lowering->arena, &exits, exit);
    loop_seal_block(lowering, decided);
    loop_start_block(lowering, decided);
    IrValue *value = ir_integer(lowering->module, IR_I1, !is_and);
    LoopExit early = {decided, loop_result(loop_type(LOOP_BOOLEAN), value), e->at};
    ARENA_PUSH(lowering->arena, &exits, early);
    return loop_join(lowering, &exits, is_and ? "both" : "either", e->at);
}

// The test is lowered in the loop's head, so its value is that of each turn. A test that never
// ends in a value (it ends the bytecode) makes a loop without a body; a loop that is never left
// by its test has nothing after it.
static LoopResult while_loop(LoopLowering *lowering, const AstExpression *e) {
    const AstBlock *test = loop_block_argument(lowering, e->send.receiver, 0);
    const AstBlock *body = loop_block_argument(lowering, e->send.arguments.items[0], 0);
    if (!test || !body || !loop_is_live(lowering))
        return loop_nothing();
    bool while_true = !strcmp(e->send.selector, "whileTrue:");
    LoopBlock *again = loop_block_new(lowering, "while"), *inside = loop_block_new(lowering, "do");
    LoopBlock *done = loop_block_new(lowering, "done");
    loop_go_to(lowering, again, e->at);
    loop_start_block(lowering, again); // not sealed: the body will lead here
    LoopResult result = loop_body(lowering, test, true);
    if (loop_is_live(lowering)) {
        if (!result.value)
            LOOP_ERROR(lowering, test->end, "this block must have a Boolean value");
        result = condition(lowering, result.value ? result : loop_unknown(lowering),
                           "the block's value", test->end);
        loop_branch(lowering, result.value, result.likely, while_true ? inside : done,
                    while_true ? done : inside, e->at);
        loop_seal_block(lowering, inside);
        loop_start_block(lowering, inside);
        loop_body(lowering, body, false);
        loop_go_to(lowering, again, body->end);
    }
    loop_seal_block(lowering, again);
    loop_seal_block(lowering, done);
    if (!done->predecessors.count)
        return loop_never(lowering);
    loop_start_block(lowering, done);
    return loop_nothing();
}

// One turn of a counted loop, in `inside`, and then on to the next one unless this was the last.
static void counted_turn(LoopLowering *lowering, const AstExpression *e, LoopVariable *counter,
                         IrValue *limit, LoopBlock *inside, LoopBlock *done) {
    const AstBlock *body = e->send.arguments.items[1]->block;
    loop_start_block(lowering, inside); // not sealed: the next turn will lead here
    IrValue *now = loop_read(lowering, counter, e->at);
    LoopScope scope = {.parent = lowering->scope};
    lowering->scope = &scope;
    loop_declare_variable(lowering, counter->name, counter->type, now, counter->at);
    loop_body(lowering, body, false);
    lowering->scope = scope.parent;
    if (loop_is_live(lowering)) {
        LoopBlock *onward = loop_block_new(lowering, "onward");
        IrValue *last = ir_build(loop_builder(lowering, e->at), IR_CMP_EQ, now, limit);
        loop_branch(lowering, last, IR_LIKELY_UNKNOWN, done, onward, e->at);
        loop_seal_block(lowering, onward);
        loop_start_block(lowering, onward);
        IrValue *next = ir_build(loop_builder(lowering, e->at), IR_ADD, now,
                                 ir_integer(lowering->module, IR_I64, 1));
        loop_define(lowering, counter, next);
        loop_go_to(lowering, inside, body->end);
    }
    loop_seal_block(lowering, inside);
}

// `from to: limit do: [ :i | … ]`: start and limit are evaluated once, the counter is a variable
// without a name in scope. What the body sees is its value in this turn, which can't be assigned:
// the number of turns is settled when the loop begins. After a turn the counter is compared before
// it is incremented: beyond the largest number there is none, so `<=` would always hold there.
static LoopResult counted_loop(LoopLowering *lowering, const AstExpression *e) {
    LoopType integer = loop_type(LOOP_INT64);
    LoopResult from = loop_check_type(lowering, loop_value(lowering, e->send.receiver), integer,
                                      "the start", e->at);
    LoopResult to = loop_check_type(lowering, loop_value(lowering, e->send.arguments.items[0]),
                                    integer, "the end", e->at);
    const AstBlock *body = loop_block_argument(lowering, e->send.arguments.items[1], 1);
    if (!body || !loop_is_live(lowering))
        return loop_nothing();
    const AstVariable *argument = &body->arguments.items[0];
    LoopVariable *counter = ARENA_NEW(lowering->arena, LoopVariable);
    *counter = (LoopVariable){
        .name = arena_strdup(lowering->arena, argument->name), .type = integer, .at = argument->at};
    loop_define(lowering, counter, from.value);
    LoopBlock *inside = loop_block_new(lowering, "do"), *done = loop_block_new(lowering, "done");
    IrValue *any = ir_build(loop_builder(lowering, e->at), IR_CMP_SLE, from.value, to.value);
    loop_branch(lowering, any, IR_LIKELY_UNKNOWN, inside, done, e->at);
    counted_turn(lowering, e, counter, to.value, inside, done);
    loop_seal_block(lowering, done);
    loop_start_block(lowering, done);
    return loop_nothing();
}

bool loop_control_send(LoopLowering *lowering, const AstExpression *e, bool wanted,
                       LoopResult *result) {
    const char *selector = e->send.selector;
    bool one = !strcmp(selector, "ifTrue:") || !strcmp(selector, "ifFalse:");
    bool two = !strcmp(selector, "ifTrue:ifFalse:") || !strcmp(selector, "ifFalse:ifTrue:");
    bool logic = !strcmp(selector, "and:") || !strcmp(selector, "or:");
    if (one || two || logic) {
        LoopResult test = condition(lowering, loop_value(lowering, e->send.receiver),
                                    "the condition", e->send.receiver->at);
        *result = one   ? one_armed(lowering, e, test)
                  : two ? two_armed(lowering, e, test, wanted)
                        : short_circuit(lowering, e, test);
        return true;
    }
    if (!strcmp(selector, "whileTrue:") || !strcmp(selector, "whileFalse:")) {
        *result = while_loop(lowering, e);
        return true;
    }
    if (!strcmp(selector, "to:do:")) {
        *result = counted_loop(lowering, e);
        return true;
    }
    return loop_case_send(lowering, e, wanted, result);
}
