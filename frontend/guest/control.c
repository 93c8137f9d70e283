// Inlined messages that aren't loops: conditions, and:/or:, nil tests. A condition is compiled
// for where it leads, not for its value: in `(a and: [ b ]) ifTrue: […]` both tests jump to the
// branches at once, and no Boolean is pushed only to be tested again. (Compiler books call it
// jumping code, or short-circuit code.) Each test has a third way out, for a value that is no
// Boolean: there the message is really sent (osr.c).
#include "frontend/guest/code.h"

#include <string.h>

// ---- Inlined blocks ----------------------------------------------------------------

// A local that was used before, or is in a loop, must be made nil unless that makes no
// difference. Captured ones are nil in a new context.
void guest_begin_variable(GuestCode *code, const GuestVariable *variable) {
    if (variable->is_captured)
        return;
    bool is_fresh = guest_use_local(code, variable->frame_index);
    const GuestScope *scope = variable->scope;
    bool may_differ = scope->kind == GUEST_SCOPE_INLINED && (!is_fresh || scope->in_loop) &&
                      !guest_assigned_first(scope->block, variable->name);
    if (!may_differ && !variable->is_boxed)
        return;
    guest_emit(code, OP_PUSH_NIL, 0, 0);
    guest_define_variable(code, variable);
}

GuestScope *guest_enter(GuestCode *code, const AstBlock *block) {
    GuestScope *scope = guest_child(code->scope, block);
    code->scope = scope;
    if (scope->captured_count > interpreter_bytecodes[OP_PUSH_CONTEXT].operands[0].maximum)
        guest_too_many(code, "captured variables");
    else if (scope->has_context)
        guest_emit(code, OP_PUSH_CONTEXT, scope->captured_count, 0);
    for (size_t i = block->arguments.count; i < scope->variables.count; i++)
        guest_begin_variable(code, scope->variables.items[i]);
    return scope;
}

void guest_leave(GuestCode *code) {
    if (code->scope->has_context)
        guest_emit(code, OP_POP_CONTEXT, 0, 0);
    code->scope = code->scope->parent;
}

void guest_inlined(GuestCode *code, const AstBlock *block, bool wanted) {
    guest_enter(code, block);
    guest_statements(code, block, wanted);
    guest_leave(code);
}

// ---- Tests -------------------------------------------------------------------------

GuestControl guest_control_here(const GuestCode *code, const AstExpression *send,
                                GuestScope **sent) {
    *sent = NULL;
    if (code->scope->sent)
        return GUEST_SEND;
    GuestControl control = guest_control(code->class, code->scope, send, code->statement);
    if (control != GUEST_SEND)
        *sent = guest_sent_scope(code->scope, send);
    return *sent ? GUEST_SEND : control;
}

static void test_condition(GuestCode *code, const AstExpression *condition, GuestTest test);

// `a and: [b]` as a condition: both are tested, and the value is on the stack only if
// it isn't Boolean. The first one's outcome decides if it is `short_cut`.
static void test_both(GuestCode *code, const AstExpression *send, GuestControl control,
                      GuestTest test) {
    bool short_cut = control == GUEST_OR;
    GuestLabel *next = guest_label(code);
    GuestTest first = {.when = short_cut,
                       .target = test.when == short_cut ? test.target : next,
                       .other = guest_osr_exit(code, send, GUEST_OSR_BEFORE),
                       .send = send,
                       .messages = test.messages | guest_message_bits(code->scope, send),
                       .osr = GUEST_OSR_BEFORE};
    test_condition(code, send->send.receiver, first);
    guest_test_block(code, send->send.arguments.items[0]->block, test);
    guest_bind(code, next);
}

static void test_value(GuestCode *code, GuestTest test) {
    guest_osr_point(code, test.send, test.osr, test.messages);
    guest_jump(code, test.when ? OP_JUMP_IF_TRUE_OTHER : OP_JUMP_IF_FALSE_OTHER, test.target,
               test.other);
}

static void test_condition(GuestCode *code, const AstExpression *condition, GuestTest test) {
    GuestScope *sent;
    GuestControl control = GUEST_SEND;
    if (condition->kind == AST_SEND && code->is_reachable)
        control = guest_control_here(code, condition, &sent);
    bool is_true = guest_is_variable(condition, "true");
    bool is_constant = is_true || guest_is_variable(condition, "false");
    if (control == GUEST_AND || control == GUEST_OR) {
        test_both(code, condition, control, test);
    } else if (is_constant && test.folds) {
        if (is_true == test.when)
            guest_jump(code, OP_JUMP, test.target, NULL);
    } else {
        guest_expression(code, condition, true);
        test_value(code, test);
    }
}

// A block with a context has to leave it before it jumps anywhere.
void guest_test_block(GuestCode *code, const AstBlock *block, GuestTest test) {
    size_t count = block->statements.count;
    const GuestScope *scope = guest_enter(code, block);
    if (count && !scope->has_context && block->statements.items[count - 1]->kind != AST_RETURN) {
        for (size_t i = 0; i + 1 < count; i++) {
            code->statement = block->statements.items[i];
            guest_expression(code, block->statements.items[i], false);
        }
        code->statement = NULL;
        test_condition(code, block->statements.items[count - 1], test);
        guest_leave(code);
    } else {
        guest_statements(code, block, true);
        guest_leave(code);
        test_value(code, test);
    }
}

// ---- Messages ----------------------------------------------------------------------

static void compile_if(GuestCode *code, const AstExpression *send, bool wanted) {
    const AstExpressions *blocks = &send->send.arguments;
    GuestLabel *otherwise = guest_label(code), *end = guest_label(code);
    bool has_else = blocks->count == 2 || wanted;
    GuestTest test = {.when = !strncmp(send->send.selector, "ifFalse:", 8),
                      .target = has_else ? otherwise : end,
                      .other = guest_osr_exit(code, send, GUEST_OSR_BEFORE),
                      .send = send,
                      .messages = guest_message_bits(code->scope, send),
                      .osr = GUEST_OSR_BEFORE};
    test_condition(code, send->send.receiver, test);
    guest_inlined(code, blocks->items[0]->block, wanted);
    if (has_else) {
        guest_jump(code, OP_JUMP, end, NULL);
        guest_bind(code, otherwise);
        if (blocks->count == 2) {
            guest_inlined(code, blocks->items[1]->block, wanted);
        } else {
            code->at = send->at;
            guest_emit(code, OP_PUSH_NIL, 0, 0);
        }
    }
    guest_bind(code, end);
}

static void compile_both(GuestCode *code, const AstExpression *send, GuestControl control,
                         bool wanted) {
    GuestLabel *decided = guest_label(code), *end = guest_label(code);
    GuestTest test = {.when = control == GUEST_OR,
                      .target = wanted ? decided : end,
                      .other = guest_osr_exit(code, send, GUEST_OSR_BEFORE),
                      .send = send,
                      .messages = guest_message_bits(code->scope, send),
                      .osr = GUEST_OSR_BEFORE};
    test_condition(code, send->send.receiver, test);
    guest_inlined(code, send->send.arguments.items[0]->block, wanted);
    if (wanted) {
        guest_jump(code, OP_JUMP, end, NULL);
        guest_bind(code, decided);
        code->at = send->at;
        guest_emit(code, control == GUEST_OR ? OP_PUSH_TRUE : OP_PUSH_FALSE, 0, 0);
    }
    guest_bind(code, end);
}

// The block of `ifNotNil:`; the value is on the stack.
static void compile_not_nil(GuestCode *code, const AstBlock *block) {
    const GuestScope *scope = guest_enter(code, block);
    if (block->arguments.count) {
        const GuestVariable *argument = scope->variables.items[0];
        if (!argument->is_captured)
            guest_use_local(code, argument->frame_index);
        guest_define_variable(code, argument);
    } else {
        guest_emit(code, OP_POP, 0, 0);
    }
    guest_statements(code, block, true);
    guest_leave(code);
}

static void compile_nil(GuestCode *code, const AstExpression *send, bool wanted) {
    const AstExpressions *blocks = &send->send.arguments;
    bool nil_first = !strncmp(send->send.selector, "ifNil:", 6);
    GuestLabel *not_nil = guest_label(code), *end = guest_label(code);
    guest_expression(code, send->send.receiver, true);
    code->at = send->at;
    guest_osr_point(code, send, GUEST_OSR_BEFORE, guest_message_bits(code->scope, send));
    if (blocks->count == 2) {
        guest_jump(code, OP_JUMP_IF_NOT_NIL, not_nil, NULL);
        guest_inlined(code, blocks->items[nil_first ? 0 : 1]->block, true);
        guest_jump(code, OP_JUMP, end, NULL);
        guest_bind(code, not_nil);
        compile_not_nil(code, blocks->items[nil_first ? 1 : 0]->block);
    } else if (nil_first) {
        guest_jump(code, OP_JUMP_IF_NOT_NIL, end, NULL);
        guest_inlined(code, blocks->items[0]->block, true);
    } else {
        guest_jump(code, OP_JUMP_IF_NIL, end, NULL);
        compile_not_nil(code, blocks->items[0]->block);
    }
    guest_bind(code, end);
    if (!wanted) {
        code->at = send->at;
        guest_emit(code, OP_POP, 0, 0);
    }
}

void guest_control_send(GuestCode *code, const AstExpression *send, GuestControl control,
                        bool wanted) {
    switch (control) {
    case GUEST_IF: compile_if(code, send, wanted); break;
    case GUEST_AND:
    case GUEST_OR: compile_both(code, send, control, wanted); break;
    case GUEST_NIL: compile_nil(code, send, wanted); break;
    default: guest_loop_send(code, send, control, wanted); break;
    }
}
