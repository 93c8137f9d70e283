// Detours: what happens if an inlined message meets a value for which its inlined code
// is wrong. The receiver (of a counted loop: and the limit) is on the stack then; the
// message is really sent, with closures made of the same blocks, which share the frame's
// variables by copies in a context. This code stands behind the activation's own.
//
// `whileTrue:` has no receiver left to send it to. As the library's own loop does, it
// sends `ifFalse:` (for `whileFalse:` it is `ifTrue:`) to what the condition gave, with a
// block that ends the loop if it is evaluated.
#include "frontend/guest/code.h"

#include <string.h>

GuestLabel *guest_detour_to(GuestCode *code, const AstExpression *send, GuestControl control,
                            GuestLabel *join, GuestLabel *body, bool wanted) {
    int operands = control == GUEST_COUNT || control == GUEST_REPEAT ? 2 : 1;
    GuestLabel *entry = guest_label(code);
    entry->join = join;
    entry->join_effect = (wanted ? 1 : 0) - operands;
    entry->body = body;
    entry->body_effect = -operands;
    GuestDetour detour = {code->scope, send, control, entry, join, wanted, body};
    ARENA_PUSH(code->arena, &code->detours, detour);
    return entry;
}

// Into the detour's context, or back to the frame.
static void copy_variables(GuestCode *code, const GuestScope *scope, bool back) {
    for (size_t i = 0; i < scope->variables.count; i++) {
        const GuestVariable *copy = scope->variables.items[i];
        if (back && !copy->is_assigned)
            continue;
        guest_push_variable(code, back ? copy : copy->shadowed);
        guest_pop_variable(code, back ? copy->shadowed : copy);
    }
}

static void push_arguments(GuestCode *code, const GuestDetour *detour) {
    const AstExpressions *arguments = &detour->send->send.arguments;
    if (detour->control == GUEST_REPEAT)
        guest_emit(code, OP_POP, 0, 0); // the first value of the counter
    if (detour->control == GUEST_COUNT && arguments->count == 3)
        guest_push_literal(code, arguments->items[1]);
    for (size_t i = 0; i < arguments->count; i++) {
        if (guest_inlines(detour->control, detour->send, (int)i))
            guest_push_closure(code, guest_child(code->scope, arguments->items[i]->block));
    }
}

static void emit_send(GuestCode *code, const GuestDetour *detour) {
    GuestScope *scope = guest_detour(detour->scope, detour->send);
    code->scope = scope;
    if (scope->captured_count > interpreter_bytecodes[OP_PUSH_CONTEXT].operands[0].maximum) {
        guest_too_many(code, "captured variables");
        return;
    }
    if (scope->has_context)
        guest_emit(code, scope->is_home ? OP_PUSH_HOME : OP_PUSH_CONTEXT, scope->captured_count, 0);
    copy_variables(code, scope, false);
    push_arguments(code, detour);
    guest_send(code, detour->send->send.selector, (int)detour->send->send.arguments.count, false);
    copy_variables(code, scope, true);
    if (scope->has_context)
        guest_emit(code, scope->is_home ? OP_POP_HOME : OP_POP_CONTEXT, 0, 0);
    if (!detour->wanted)
        guest_emit(code, OP_POP, 0, 0);
    guest_jump(code, OP_JUMP, detour->join, NULL);
}

// A block without arguments that sets the only slot of the context around it.
static GuestMethod *ending_block(const GuestCode *around) {
    GuestCode code = {.arena = around->arena,
                      .method = guest_method_new(around, around->at),
                      .at = around->at,
                      .is_reachable = true};
    code.method->is_block = true;
    guest_emit(&code, OP_PUSH_TRUE, 0, 0);
    guest_emit(&code, OP_POP_CAPTURED_DEPTH, 0, 1);
    guest_emit(&code, OP_PUSH_NIL, 0, 0);
    guest_emit(&code, OP_RETURN_LOCAL, guest_receiver(&code), 0);
    return code.method;
}

static void emit_while(GuestCode *code, const GuestDetour *detour) {
    bool is_true = !strcmp(detour->send->send.selector, "whileTrue:");
    GuestLabel *ended = guest_label(code);
    guest_emit(code, OP_PUSH_CONTEXT, 1, 0);
    guest_push_block(code, ending_block(code));
    guest_send(code, is_true ? "ifFalse:" : "ifTrue:", 1, false);
    guest_emit(code, OP_POP, 0, 0);
    guest_emit(code, OP_PUSH_CAPTURED_DEPTH, 0, 0);
    guest_emit(code, OP_POP_CONTEXT, 0, 0);
    guest_jump(code, OP_JUMP_IF_NOT_NIL, ended, NULL);
    guest_jump(code, OP_JUMP, detour->body, NULL);
    guest_bind(code, ended);
    guest_emit(code, OP_POP, 0, 0);
    guest_jump(code, OP_JUMP, detour->join, NULL);
}

void guest_emit_detours(GuestCode *code) {
    for (size_t i = 0; i < code->detours.count && !code->has_failed; i++) {
        const GuestDetour *detour = &code->detours.items[i];
        if (!detour->entry->is_used)
            continue;
        guest_bind(code, detour->entry);
        code->at = detour->send->at;
        code->scope = detour->scope;
        if (detour->control == GUEST_WHILE) {
            emit_while(code, detour);
        } else if (detour->control == GUEST_SEND) {
            guest_emit(code, OP_POP, 0, 0);
            guest_jump(code, OP_JUMP, detour->join, NULL);
        } else {
            emit_send(code, detour);
        }
    }
}
