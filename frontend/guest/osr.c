// On-stack replacement (OSR), the compiler's side: how a frame that is in the midst of inlined
// code goes on in other code.
//
// Inlining is speculation: `x ifTrue: […]` is a jump as long as `x` is a Boolean and `ifTrue:`
// means what it means in the core library. Where that turns out wrong the message must really be
// sent, to an object that may keep its blocks; but the variables of inlined blocks are in the
// frame, where no block gets at them. So the method is compiled once more, as another *version*,
// in which that message is sent, and the frame goes on there (runtime/assumptions/osr.c). The
// words are those of S. Fink and F. Qian, "Design, Implementation and Evaluation of Adaptive
// Recompilation with On-Stack Replacement", CGO 2003:
//
// - An *OSR point* is an instruction at which a frame may leave its code, with what is known of
//   the frame there: how deep its stack is, and which contexts are around. Some points become
//   *traps*: the instruction is overwritten once what it stands for has been redefined. Others
//   are *OSR exits*, out of line, to which a test jumps that meets a value it isn't made for.
// - An *OSR entry* is where such a frame goes on in a version. It stands after the version's own
//   code, brings the frame into the form that this expects (variables that are shared with blocks
//   move into boxes), and jumps into the midst of it.
//
// To leave optimised code for more general code is called deoptimisation, too (U. Hölzle, C.
// Chambers, D. Ungar, "Debugging Optimized Code with Dynamic Deoptimization", PLDI 1992). Ours is
// exact: nothing is evaluated twice. If a loop is in its midst, `whileTrue:` is sent to a
// condition that answers at first what the inlined one gave already. What is left of a counted
// loop is such a `whileTrue:`, as in the library's method that would be in its midst
// (counting.c).
#include "frontend/guest/code.h"
#include "support/internal_error.h"

#include <string.h>

// ---- OSR points ------------------------------------------------------------------------

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

static GuestOsrPoint point_here(const GuestCode *code, const AstExpression *send, int when) {
    return (GuestOsrPoint){.pc = (int)code->method->code.count,
                           .send = send,
                           .when = when,
                           .depth = code->depth,
                           .selves = code->selves,
                           .contexts = contexts_of(code, code->scope)};
}

void guest_osr_point(GuestCode *code, const AstExpression *send, int when, uint32_t messages) {
    if (!code->is_reachable)
        return;
    GuestOsrPoint point = point_here(code, send, when);
    point.messages = messages;
    ARENA_PUSH(code->arena, &code->method->osr_points, point);
}

int guest_osr_trap(int length) {
    static const int opcodes[] = {
        [1] = OP_REPLACE_FRAME,
        [2] = OP_REPLACE_FRAME_OVER,
        [3] = OP_REPLACE_FRAME_OVER_AND,
        [5] = OP_REPLACE_FRAME_OVER_OTHER,
    };
    bool is_known = length > 0 && (size_t)length < sizeof opcodes / sizeof *opcodes;
    if (!is_known || interpreter_bytecodes[opcodes[length]].length != length)
        internal_error("no OSR trap has %d units", length);
    return opcodes[length];
}

GuestLabel *guest_osr_exit(GuestCode *code, const AstExpression *send, int when) {
    GuestLabel *label = guest_label(code);
    GuestOsrExit exit = {code->scope, send, when, code->selves, label};
    ARENA_PUSH(code->arena, &code->osr_exits, exit);
    return label;
}

void guest_emit_osr_exits(GuestCode *code) {
    for (size_t i = 0; i < code->osr_exits.count && !code->has_failed; i++) {
        const GuestOsrExit *exit = &code->osr_exits.items[i];
        if (!exit->label->is_used)
            continue;
        guest_bind(code, exit->label);
        code->at = exit->send->at;
        code->scope = exit->scope;
        code->selves = exit->selves;
        guest_osr_point(code, exit->send, exit->when, 0);
        guest_emit(code, OP_REPLACE_FRAME, 0, 0);
    }
}

// ---- Sending ---------------------------------------------------------------------------

// Makes the context of a message's closures, with the frame's variables that they mention, and
// enters its scope.
static void link_blocks(GuestCode *code, GuestScope *sent) {
    code->scope = sent;
    if (sent->captured_count > interpreter_bytecodes[OP_PUSH_CONTEXT].operands[0].maximum) {
        guest_too_many(code, "captured variables");
        return;
    }
    if (!sent->has_context)
        return;
    guest_emit(code, sent->is_home ? OP_PUSH_LINK : OP_PUSH_CONTEXT, sent->captured_count, 0);
    for (size_t i = 0; i < sent->variables.count; i++) {
        const GuestVariable *variable = sent->variables.items[i];
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

static void push_blocks(GuestCode *code, GuestScope *sent, GuestControl control) {
    const AstExpression *send = sent->send;
    const AstExpressions *arguments = &send->send.arguments;
    if (control == GUEST_WHILE)
        guest_push_closure(code, guest_child(sent, send->send.receiver->block));
    if (control == GUEST_COUNT && arguments->count == 3)
        guest_push_literal(code, arguments->items[1]);
    for (size_t i = 0; i < arguments->count; i++) {
        if (guest_inlines(control, send, (int)i))
            guest_push_closure(code, guest_child(sent, arguments->items[i]->block));
    }
}

void guest_send_closures(GuestCode *code, GuestScope *sent, bool wanted) {
    const AstExpression *send = sent->send;
    GuestScope *scope = code->scope;
    GuestSent here = {.scope = sent,
                      .control = guest_form(send),
                      .selves = code->selves,
                      .resume = guest_label(code),
                      .linked = guest_label(code),
                      .end = guest_label(code)};
    push_operands(code, send, here.control);
    if (!code->is_reachable)
        return;
    code->at = send->at;
    guest_bind(code, here.resume);
    link_blocks(code, sent);
    guest_bind(code, here.linked);
    ARENA_PUSH(code->arena, &code->sent, here);
    push_blocks(code, sent, here.control);
    code->at = send->at;
    guest_send(code, send->send.selector, (int)send->send.arguments.count, GUEST_TO_ANYBODY);
    if (sent->has_context)
        guest_emit(code, OP_POP_CONTEXT, 0, 0);
    if (!wanted)
        guest_emit(code, OP_POP, 0, 0);
    guest_bind(code, here.end);
    code->scope = scope;
}

void guest_begin_condition(GuestCode *code, const GuestScope *scope) {
    GuestScope *sent = scope->parent;
    if (!sent || sent->kind != GUEST_SCOPE_SENT || guest_form(sent->send) != GUEST_WHILE ||
        sent->send->send.receiver->block != scope->block)
        return;
    GuestLabel *usual = guest_label(code);
    const GuestVariable *first = guest_own_variable(sent, GUEST_FIRST);
    guest_push_variable(code, first);
    guest_jump(code, OP_JUMP_IF_NIL, usual, NULL);
    guest_emit(code, OP_POP, 0, 0);
    guest_emit(code, OP_PUSH_NIL, 0, 0);
    guest_pop_variable(code, first);
    guest_push_variable(code, guest_own_variable(sent, GUEST_VALUE));
    guest_emit(code, OP_RETURN_LOCAL, guest_receiver(code), 0);
    guest_bind(code, usual);
    guest_emit(code, OP_POP, 0, 0);
}

// ---- OSR entries -----------------------------------------------------------------------

// The state of a frame that comes here, with so much on its stack, and what it lacks.
static void begin_entry(GuestCode *code, const GuestSent *sent, int when, int depth) {
    code->scope = sent->scope->parent;
    code->at = sent->scope->send->at;
    code->is_reachable = true;
    code->selves = sent->selves;
    code->depth = depth;
    if (code->depth > code->method->max_stack)
        code->method->max_stack = code->depth;
    GuestOsrPoint entry = point_here(code, sent->scope->send, when);
    ARENA_PUSH(code->arena, &code->method->osr_entries, entry);
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
    begin_entry(code, sent, GUEST_OSR_BEFORE, sent->resume->depth + is_repeat);
    if (is_repeat)
        guest_emit(code, OP_POP, 0, 0);
    guest_jump(code, OP_JUMP, sent->resume, NULL);
}

static void pop_into(GuestCode *code, const GuestScope *scope, const char *name) {
    guest_pop_variable(code, guest_own_variable(scope, name));
}

// The value of a loop's condition is on the stack, above `depth` others: the condition's block, in
// the context of `scope`, shall answer it before it does anything.
static void enter_condition(GuestCode *code, const GuestSent *sent, GuestScope *scope, int depth) {
    begin_entry(code, sent, GUEST_OSR_CONDITION, depth + 1);
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
    enter_condition(code, sent, rest, depth);
    guest_jump(code, OP_JUMP, linked, NULL);
    begin_entry(code, sent, GUEST_OSR_HEADER, depth);
    link_blocks(code, rest);
    guest_bind(code, linked);
    guest_emit(code, OP_PUSH_LOCAL, counter, 0);
    pop_into(code, rest, GUEST_COUNTER);
    guest_emit(code, OP_PUSH_LOCAL, counter + 1, 0);
    pop_into(code, rest, GUEST_LIMIT);
    guest_push_closure(code, guest_child(rest, guest_counting(sent->scope->send).body));
    pop_into(code, rest, GUEST_BODY);
    push_blocks(code, rest, GUEST_WHILE);
    guest_send(code, rest->send->send.selector, 1, GUEST_TO_ANYBODY);
    guest_emit(code, OP_POP, 0, 0);
    guest_emit(code, OP_POP_CONTEXT, 0, 0);
    guest_jump(code, OP_JUMP, sent->end, NULL);
}

void guest_emit_osr_entries(GuestCode *code) {
    for (size_t i = 0; i < code->sent.count && !code->has_failed; i++) {
        const GuestSent *sent = &code->sent.items[i];
        enter_before(code, sent);
        if (sent->control == GUEST_WHILE) {
            enter_condition(code, sent, sent->scope, sent->resume->depth);
            guest_jump(code, OP_JUMP, sent->linked, NULL);
        } else if (sent->scope->rest) {
            enter_rest(code, sent);
        }
    }
}

// ---- From one to the other -----------------------------------------------------------------

const GuestOsrPoint *guest_osr_entry(const GuestOsrPoint *entries, size_t count,
                                     const GuestOsrPoint *point) {
    for (size_t i = 0; i < count; i++) {
        if (entries[i].send == point->send && entries[i].when == point->when)
            return &entries[i];
    }
    return NULL;
}

bool guest_same_contexts(const GuestContexts *left, const GuestContexts *right) {
    bool same = left->count == right->count;
    for (size_t i = 0; same && i < left->count; i++)
        same = left->items[i].kind == right->items[i].kind &&
               left->items[i].slots == right->items[i].slots;
    return same;
}

static bool same_selves(const GuestSelf *left, const GuestSelf *right) {
    for (; left && right && left->slot == right->slot; right = right->below)
        left = left->below;
    return !left && !right;
}

bool guest_osr_fits(const GuestOsrPoint *point, const GuestOsrPoint *entry) {
    return point->depth == entry->depth && same_selves(point->selves, entry->selves) &&
           guest_same_contexts(&point->contexts, &entry->contexts);
}
