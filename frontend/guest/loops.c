// Inlined loops: a test at the top, the body, a jump back. A counted loop runs over a hidden
// counter, so its block's argument may be assigned to without changing how often it runs; and it
// counts with the operators that the library's method would send (counting.c), so what a program
// puts in their place is what counts. The way back is `jumpBack`, where the interpreter looks
// whether somebody wants it to stop.
#include "frontend/guest/code.h"

#include <stdlib.h>
#include <string.h>

// ---- whileTrue: ----------------------------------------------------------------------

// The condition may replace what `whileTrue:` sends to its value; so the test is a point of its
// own, unless nothing happens between the top and the test.
static void compile_while(GuestCode *code, const AstExpression *send, bool wanted) {
    GuestLabel *top = guest_label(code), *end = guest_label(code);
    const AstBlock *condition = send->send.receiver->block;
    uint32_t messages = guest_message_bits(code->scope, send);
    guest_bind(code, top);
    guest_osr_point(code, send, GUEST_OSR_BEFORE, messages);
    GuestTest test = {.when = !strcmp(send->send.selector, "whileFalse:"),
                      .folds = condition->statements.count == 1,
                      .target = end,
                      .other = guest_osr_exit(code, send, GUEST_OSR_CONDITION),
                      .send = send,
                      .messages = messages,
                      .osr = GUEST_OSR_CONDITION};
    guest_test_block(code, condition, test);
    guest_inlined(code, send->send.arguments.items[0]->block, false);
    code->at = send->at;
    guest_jump(code, OP_JUMP_BACK, top, NULL);
    guest_bind(code, end);
    if (wanted)
        guest_emit(code, OP_PUSH_NIL, 0, 0);
}

// ---- to:do: ------------------------------------------------------------------------

typedef struct Count {
    const AstExpression *send;
    GuestCounting how;
    int counter, limit; // hidden locals
} Count;

// Gives the block's argument the counter's value, if it isn't the counter itself (layout.c).
static void set_argument(GuestCode *code, const Count *count, const GuestScope *scope) {
    if (!count->how.body->arguments.count)
        return;
    const GuestVariable *argument = scope->variables.items[0];
    if (!argument->is_captured)
        guest_use_local(code, argument->frame_index);
    if (argument->is_assigned || argument->is_captured) {
        guest_emit(code, OP_PUSH_LOCAL, count->counter, 0);
        guest_define_variable(code, argument);
    }
}

// Counter and limit are set. Integers may grow beyond what is inline, and then messages are sent
// to them.
static void count_loop(GuestCode *code, const Count *count) {
    GuestLabel *top = guest_label(code), *end = guest_label(code);
    guest_bind(code, top);
    guest_osr_point(code, count->send, GUEST_OSR_HEADER,
                    guest_message_bits(code->scope, count->send));
    guest_emit(code, OP_PUSH_LOCAL, count->counter, 0);
    guest_emit(code, OP_PUSH_LOCAL, count->limit, 0);
    guest_send(code, count->how.compare, 1, GUEST_TO_ANYBODY);
    guest_jump(code, OP_JUMP_IF_FALSE_OTHER, end,
               guest_osr_exit(code, count->send, GUEST_OSR_CONDITION));
    const GuestScope *scope = guest_enter(code, count->how.body);
    set_argument(code, count, scope);
    guest_statements(code, count->how.body, false);
    guest_leave(code);
    code->at = count->send->at;
    guest_emit(code, OP_PUSH_LOCAL, count->counter, 0);
    guest_emit(code, OP_PUSH_INTEGER, strtol(count->how.step, NULL, 10), 0);
    guest_send(code, count->how.advance, 1, GUEST_TO_ANYBODY);
    guest_emit(code, OP_POP_LOCAL, count->counter, 0);
    guest_jump(code, OP_JUMP_BACK, top, NULL);
    guest_bind(code, end);
}

static Count begin_count(GuestCode *code, const AstExpression *send) {
    int counter = code->scope->local_end;
    guest_use_local(code, counter + 1);
    return (Count){send, guest_counting(send), counter, counter + 1};
}

static bool is_small_literal(const AstExpression *expression) {
    return expression->kind == AST_INTEGER && strlen(expression->digits) < 10;
}

// What counts must be small integers; the two are on the stack.
static void check_integers(GuestCode *code, const AstExpression *send, bool are_literals) {
    guest_osr_point(code, send, GUEST_OSR_BEFORE, guest_message_bits(code->scope, send));
    if (!are_literals)
        guest_jump(code, OP_JUMP_UNLESS_INTEGERS, guest_osr_exit(code, send, GUEST_OSR_BEFORE),
                   NULL);
}

// The receiver and the limit are evaluated; if the value is wanted, the receiver stays.
static void compile_count(GuestCode *code, const AstExpression *send, bool wanted) {
    const AstExpression *limit = send->send.arguments.items[0];
    guest_expression(code, send->send.receiver, true);
    guest_expression(code, limit, true);
    code->at = send->at;
    check_integers(code, send, is_small_literal(send->send.receiver) && is_small_literal(limit));
    const Count count = begin_count(code, send);
    guest_emit(code, OP_POP_LOCAL, count.limit, 0);
    if (wanted)
        guest_emit(code, OP_DUP, 0, 0);
    guest_emit(code, OP_POP_LOCAL, count.counter, 0);
    count_loop(code, &count);
}

static void compile_repeat(GuestCode *code, const AstExpression *send, bool wanted) {
    guest_expression(code, send->send.receiver, true);
    code->at = send->at;
    guest_emit(code, OP_PUSH_INTEGER, 0, 0);
    check_integers(code, send, is_small_literal(send->send.receiver));
    const Count count = begin_count(code, send);
    guest_emit(code, OP_POP_LOCAL, count.counter, 0);
    if (wanted)
        guest_emit(code, OP_DUP, 0, 0);
    guest_emit(code, OP_POP_LOCAL, count.limit, 0);
    count_loop(code, &count);
}

void guest_loop_send(GuestCode *code, const AstExpression *send, GuestControl control,
                     bool wanted) {
    switch (control) {
    case GUEST_WHILE: compile_while(code, send, wanted); break;
    case GUEST_COUNT: compile_count(code, send, wanted); break;
    default: compile_repeat(code, send, wanted); break;
    }
}
