// Detours: what happens if an inlined message meets a value for which its inlined code is
// wrong, or is redefined. The receiver (of a counted loop: and the limit) is on the stack
// then. Code that was made for the inlined message can't send it, for its variables are where
// no block gets at them; so OP_DETOUR has the runtime go on in another version of the method,
// which really sends the message. Its entries stand behind the version's own code: they move
// variables into boxes, as that code expects it, and go on where the operands are on the stack.
//
// A loop may be in its midst: then `whileTrue:` is sent to a condition that answers at first
// what the inlined one gave already, without evaluating anything. What is left of a counted loop is
// such a `whileTrue:`, as in the library's method that would be in its midst (counting.c).
#include "frontend/guest/code.h"
#include "support/internal_error.h"

#include <string.h>

// ---- Places --------------------------------------------------------------------------

// The contexts around the code of `scope`, in its activation.
static GuestContexts contexts_of(const GuestCode *code, const GuestScope *scope) {
    GuestContexts contexts = {0};
    const GuestActivation *activation = scope->activation;
    for (; scope && scope->activation == activation; scope = scope->parent) {
        if (scope->has_context)
            ARENA_PUSH(code->arena, &contexts, guest_context(scope));
    }
    return contexts;
}

static GuestPlace place_here(const GuestCode *code, const AstExpression *send, int when) {
    return (GuestPlace){.pc = (int)code->method->code.count,
                        .send = send,
                        .when = when,
                        .depth = code->depth,
                        .selves = code->selves,
                        .contexts = contexts_of(code, code->scope)};
}

void guest_note_place(GuestCode *code, const AstExpression *send, int when, uint32_t messages) {
    if (!code->is_reachable)
        return;
    GuestPlace place = place_here(code, send, when);
    place.messages = messages;
    ARENA_PUSH(code->arena, &code->method->places, place);
}

int guest_trap(int length) {
    static const int opcodes[] = {
        [1] = OP_DETOUR,
        [2] = OP_DETOUR_OVER,
        [3] = OP_DETOUR_OVER_AND,
        [5] = OP_DETOUR_OVER_OTHER,
    };
    bool is_known = length > 0 && (size_t)length < sizeof opcodes / sizeof *opcodes;
    if (!is_known || interpreter_bytecodes[opcodes[length]].length != length)
        internal_error("there is no detour over %d units", length);
    return opcodes[length];
}

// ---- Leaving ---------------------------------------------------------------------------

GuestLabel *guest_detour_to(GuestCode *code, const AstExpression *send, int when) {
    GuestLabel *entry = guest_label(code);
    GuestDetour detour = {code->scope, send, when, code->selves, entry};
    ARENA_PUSH(code->arena, &code->detours, detour);
    return entry;
}

void guest_emit_detours(GuestCode *code) {
    for (size_t i = 0; i < code->detours.count && !code->has_failed; i++) {
        const GuestDetour *detour = &code->detours.items[i];
        if (!detour->entry->is_used)
            continue;
        guest_bind(code, detour->entry);
        code->at = detour->send->at;
        code->scope = detour->scope;
        code->selves = detour->selves;
        guest_note_place(code, detour->send, detour->when, 0);
        guest_emit(code, OP_DETOUR, 0, 0);
    }
}

// ---- Sending ---------------------------------------------------------------------------

// Makes the detour's context and enters its scope.
static void link_blocks(GuestCode *code, GuestScope *detour) {
    code->scope = detour;
    if (detour->captured_count > interpreter_bytecodes[OP_PUSH_CONTEXT].operands[0].maximum) {
        guest_too_many(code, "captured variables");
        return;
    }
    if (!detour->has_context)
        return;
    guest_emit(code, detour->is_home ? OP_PUSH_LINK : OP_PUSH_CONTEXT, detour->captured_count, 0);
    for (size_t i = 0; i < detour->variables.count; i++) {
        const GuestVariable *variable = detour->variables.items[i];
        if (!variable->shadowed)
            continue;
        guest_push_place(code, variable->shadowed);
        guest_emit(code, OP_POP_CAPTURED_DEPTH, variable->slot, 0);
    }
}

static void push_operands(GuestCode *code, const AstExpression *send, GuestControl control) {
    if (control == GUEST_WHILE)
        return;
    guest_expression(code, send->send.receiver, true);
    if (control == GUEST_COUNT)
        guest_expression(code, send->send.arguments.items[0], true);
}

static void push_blocks(GuestCode *code, GuestScope *detour, GuestControl control) {
    const AstExpression *send = detour->send;
    const AstExpressions *arguments = &send->send.arguments;
    if (control == GUEST_WHILE)
        guest_push_closure(code, guest_child(detour, send->send.receiver->block));
    if (control == GUEST_COUNT && arguments->count == 3)
        guest_push_literal(code, arguments->items[1]);
    for (size_t i = 0; i < arguments->count; i++) {
        if (guest_inlines(control, send, (int)i))
            guest_push_closure(code, guest_child(detour, arguments->items[i]->block));
    }
}

void guest_send_detoured(GuestCode *code, GuestScope *detour, bool wanted) {
    const AstExpression *send = detour->send;
    GuestScope *scope = code->scope;
    GuestSent sent = {.scope = detour,
                      .control = guest_form(send),
                      .selves = code->selves,
                      .resume = guest_label(code),
                      .linked = guest_label(code),
                      .end = guest_label(code)};
    push_operands(code, send, sent.control);
    if (!code->is_reachable)
        return;
    code->at = send->at;
    guest_bind(code, sent.resume);
    link_blocks(code, detour);
    guest_bind(code, sent.linked);
    ARENA_PUSH(code->arena, &code->sent, sent);
    push_blocks(code, detour, sent.control);
    code->at = send->at;
    guest_send(code, send->send.selector, (int)send->send.arguments.count, false);
    if (detour->has_context)
        guest_emit(code, OP_POP_CONTEXT, 0, 0);
    if (!wanted)
        guest_emit(code, OP_POP, 0, 0);
    guest_bind(code, sent.end);
    code->scope = scope;
}

void guest_begin_condition(GuestCode *code, const GuestScope *scope) {
    GuestScope *detour = scope->parent;
    if (!detour || detour->kind != GUEST_SCOPE_DETOUR || guest_form(detour->send) != GUEST_WHILE ||
        detour->send->send.receiver->block != scope->block)
        return;
    GuestLabel *usual = guest_label(code);
    const GuestVariable *first = guest_own_variable(detour, GUEST_FIRST);
    guest_push_variable(code, first);
    guest_jump(code, OP_JUMP_IF_NIL, usual, NULL);
    guest_emit(code, OP_POP, 0, 0);
    guest_emit(code, OP_PUSH_NIL, 0, 0);
    guest_pop_variable(code, first);
    guest_push_variable(code, guest_own_variable(detour, GUEST_VALUE));
    guest_emit(code, OP_RETURN_LOCAL, guest_receiver(code), 0);
    guest_bind(code, usual);
    guest_emit(code, OP_POP, 0, 0);
}

// ---- Entering --------------------------------------------------------------------------

// What the place had that leads here, with so much on the stack; and what it didn't know of.
static void begin_entry(GuestCode *code, const GuestSent *sent, int when, int depth) {
    code->scope = sent->scope->parent;
    code->at = sent->scope->send->at;
    code->is_reachable = true;
    code->selves = sent->selves;
    code->depth = depth;
    if (code->depth > code->method->max_stack)
        code->method->max_stack = code->depth;
    GuestPlace entry = place_here(code, sent->scope->send, when);
    ARENA_PUSH(code->arena, &code->method->entries, entry);
    if (code->opens_home)
        guest_emit(code, OP_OPEN_HOME, 0, 0);
    const GuestActivation *activation = code->scope->activation;
    for (const GuestScope *scope = code->scope; scope && scope->activation == activation;
         scope = scope->parent) {
        for (size_t i = 0; i < scope->variables.count; i++) {
            const GuestVariable *variable = scope->variables.items[i];
            if (!variable->is_boxed)
                continue;
            guest_push_place(code, variable);
            guest_emit(code, OP_BOX, 0, 0);
            guest_pop_place(code, variable);
        }
    }
}

// Before the message, its operands are on the stack; of timesRepeat:, the counter's first value,
// too.
static void enter_before(GuestCode *code, const GuestSent *sent) {
    bool is_repeat = sent->control == GUEST_REPEAT;
    begin_entry(code, sent, GUEST_BEFORE, sent->resume->depth + is_repeat);
    if (is_repeat)
        guest_emit(code, OP_POP, 0, 0);
    guest_jump(code, OP_JUMP, sent->resume, NULL);
}

static void pop_into(GuestCode *code, const GuestScope *scope, const char *name) {
    guest_pop_variable(code, guest_own_variable(scope, name));
}

// The value of a loop's condition is on the stack, above `depth` others: the condition's block, in
// the context of `scope`, shall answer it before it does anything.
static void enter_odd(GuestCode *code, const GuestSent *sent, GuestScope *scope, int depth) {
    begin_entry(code, sent, GUEST_ODD, depth + 1);
    link_blocks(code, scope);
    pop_into(code, scope, GUEST_VALUE);
    guest_emit(code, OP_PUSH_TRUE, 0, 0);
    pop_into(code, scope, GUEST_FIRST);
}

// In the midst of a counted loop the frame has counter and limit, and on the stack there is what
// will be there in the end.
static void enter_rest(GuestCode *code, const GuestSent *sent) {
    GuestScope *rest = sent->scope->rest;
    GuestLabel *linked = guest_label(code);
    int counter = sent->scope->parent->local_end, depth = sent->end->depth;
    enter_odd(code, sent, rest, depth);
    guest_jump(code, OP_JUMP, linked, NULL);
    begin_entry(code, sent, GUEST_AGAIN, depth);
    link_blocks(code, rest);
    guest_bind(code, linked);
    guest_emit(code, OP_PUSH_LOCAL, counter, 0);
    pop_into(code, rest, GUEST_COUNTER);
    guest_emit(code, OP_PUSH_LOCAL, counter + 1, 0);
    pop_into(code, rest, GUEST_LIMIT);
    guest_push_closure(code, guest_child(rest, guest_counting(sent->scope->send).body));
    pop_into(code, rest, GUEST_BODY);
    push_blocks(code, rest, GUEST_WHILE);
    guest_send(code, rest->send->send.selector, 1, false);
    guest_emit(code, OP_POP, 0, 0);
    guest_emit(code, OP_POP_CONTEXT, 0, 0);
    guest_jump(code, OP_JUMP, sent->end, NULL);
}

void guest_emit_entries(GuestCode *code) {
    for (size_t i = 0; i < code->sent.count && !code->has_failed; i++) {
        const GuestSent *sent = &code->sent.items[i];
        enter_before(code, sent);
        if (sent->control == GUEST_WHILE) {
            enter_odd(code, sent, sent->scope, sent->resume->depth);
            guest_jump(code, OP_JUMP, sent->linked, NULL);
        } else if (sent->scope->rest) {
            enter_rest(code, sent);
        }
    }
}
