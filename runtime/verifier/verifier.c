// See verifier.h. First each instruction is looked at by itself, in order; then control is
// followed from the start, with the stack's depth, the contexts, and where on the stack
// self is known to be.
#include "runtime/verifier/verifier.h"

#include "interpreter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    DEEPEST = 4096, // contexts and blocks around a place
    VISITS = 32,    // of an instruction, on average, before the code is too tangled
};

// A context, or a block, with what is around it.
typedef struct Link {
    const struct Link *outer;
    bool is_block, is_home, is_link;
    int64_t size;
    int depth;
    bool in_home, // a home of the same activation is here or around
        has_home; // a home is anywhere around
} Link;

typedef struct State {
    bool is_start;   // an instruction begins here
    bool is_reached; // the rest counts
    bool is_waiting;
    bool is_osr_point;
    bool is_home_open; // there is a home that isn't among the contexts
    int64_t depth;
    const Link *context;
    const GuestSelf *selves;
} State;

typedef struct Verifier {
    Arena *arena;
    const Bytecodes *bytecodes;
    const VerifierCode *code;
    const Link *entry; // the block itself; NULL in a method
    State *states;
    int *uses;           // of sites
    const Link **closed; // by literal: the contexts around the block when it is pushed
    bool *is_closed;
    int64_t *waiting;
    size_t waiting_count, waiting_capacity;
    uint64_t visits;
    char *message;
    size_t size;
} Verifier;

static bool check(const Verifier *around, const VerifierCode *code, const Link *entry);

__attribute__((format(printf, 3, 4))) static bool fail(const Verifier *verifier, int64_t pc,
                                                       const char *format, ...) {
    char reason[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    const VerifierCode *code = verifier->code;
    const Bytecode *at = NULL;
    if (pc >= 0 && pc < (int64_t)code->count)
        at = bytecode_at(verifier->bytecodes, &code->units[pc]);
    snprintf(verifier->message, verifier->size, "%spc %" PRId64 "%s%s: %s",
             verifier->entry ? "in a block, " : "", pc, at ? ", " : "", at ? at->name : "", reason);
    return false;
}

// ---- Each instruction by itself ------------------------------------------------------

static bool check_index(const Verifier *verifier, int64_t pc, const char *what, int64_t value,
                        int64_t least, int64_t most) {
    if (value >= least && value <= most)
        return true;
    if (most < least)
        return fail(verifier, pc, "%s %" PRId64 ", but there is none", what, value);
    return fail(verifier, pc, "%s %" PRId64 " is not in [%" PRId64 ", %" PRId64 "]", what, value,
                least, most);
}

static bool check_site(const Verifier *verifier, int64_t pc, int64_t index, VerifierUse use,
                       int64_t arguments) {
    const VerifierCode *code = verifier->code;
    if (!check_index(verifier, pc, "call site", index, 0, (int64_t)code->site_count - 1))
        return false;
    if (!(code->sites[index].uses & (int)use))
        return fail(verifier, pc, "call site %" PRId64 " is for something else", index);
    if (verifier->uses[index] && verifier->uses[index] != (int)use)
        return fail(verifier, pc, "call site %" PRId64 " has two uses", index);
    verifier->uses[index] = (int)use;
    if (use != VERIFIER_GLOBAL && code->sites[index].arguments != arguments)
        return fail(verifier, pc, "%" PRId64 " arguments for a selector with %d", arguments,
                    code->sites[index].arguments);
    return true;
}

static bool check_literal(const Verifier *verifier, int64_t pc, int64_t index, bool is_block) {
    const VerifierCode *code = verifier->code;
    if (!check_index(verifier, pc, "literal", index, 0, (int64_t)code->literal_count - 1))
        return false;
    if ((code->blocks && code->blocks[index]) != is_block)
        return fail(verifier, pc, "literal %" PRId64 " is %s block", index, is_block ? "no" : "a");
    return true;
}

// The number of arguments that a send has: an operator has one.
static int64_t send_count(const Verifier *verifier, const uint16_t *units) {
    const InterpreterBytecode *bytecode = bytecode_at(verifier->bytecodes, units)->written;
    for (int i = 0; i < bytecode->operand_count; i++) {
        if (bytecode->operands[i].role == ROLE_COUNT)
            return interpreter_operand(units, &bytecode->operands[i]);
    }
    return 1;
}

static bool check_operand(const Verifier *verifier, int64_t pc, enum InterpreterRole role,
                          int64_t value) {
    const VerifierCode *code = verifier->code;
    const uint16_t *units = &code->units[pc];
    switch (role) {
    case ROLE_LOCAL: return check_index(verifier, pc, "local", value, 0, code->locals - 1);
    case ROLE_ARGUMENT:
        return check_index(verifier, pc, "argument", value, -1 - code->arguments, -1);
    case ROLE_ASSIGNED_ARGUMENT:
        return check_index(verifier, pc, "argument", value, -code->arguments, -1);
    case ROLE_RECEIVER:
        return check_index(verifier, pc, "receiver", value, -1 - code->arguments,
                           -1 - code->arguments);
    case ROLE_FIELD: return check_index(verifier, pc, "field", value, 0, code->fields - 1);
    case ROLE_LITERAL: return check_literal(verifier, pc, value, false);
    case ROLE_BLOCK: return check_literal(verifier, pc, value, true);
    case ROLE_SITE:
        return check_site(verifier, pc, value, VERIFIER_SEND, send_count(verifier, units));
    case ROLE_SUPER_SITE:
        return check_site(verifier, pc, value, VERIFIER_SUPER_SEND, send_count(verifier, units));
    case ROLE_GLOBAL_SITE: return check_site(verifier, pc, value, VERIFIER_GLOBAL, 0);
    default: return true; // the rest depends on the place
    }
}

static bool check_instruction(const Verifier *verifier, int64_t pc) {
    const VerifierCode *code = verifier->code;
    const uint16_t *units = &code->units[pc];
    const Bytecode *at = bytecode_at(verifier->bytecodes, units);
    if (!at || !at->admitted)
        return fail(verifier, pc, "opcode %d is not admitted", *units);
    const InterpreterBytecode *bytecode = at->written;
    if (bytecode->length > (int64_t)code->count - pc)
        return fail(verifier, pc, "the code ends within the instruction");
    for (int i = 0; i < bytecode->operand_count; i++) {
        int64_t value = interpreter_operand(units, &bytecode->operands[i]);
        if (!check_operand(verifier, pc, bytecode->operands[i].role, value))
            return false;
    }
    return true;
}

static bool check_instructions(const Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    for (int64_t pc = 0; pc < (int64_t)code->count;) {
        if (!check_instruction(verifier, pc))
            return false;
        verifier->states[pc].is_start = true;
        pc += bytecode_at(verifier->bytecodes, &code->units[pc])->length;
    }
    return true;
}

// ---- States --------------------------------------------------------------------------

static bool same_contexts(const Link *left, const Link *right) {
    while (left != right) {
        if (!left || !right || left->is_block || right->is_block ||
            left->is_home != right->is_home || left->is_link != right->is_link ||
            left->size != right->size)
            return false;
        left = left->outer;
        right = right->outer;
    }
    return true;
}

static const GuestSelf *with_self(const Verifier *verifier, const GuestSelf *below, int64_t slot) {
    GuestSelf *self = ARENA_NEW(verifier->arena, GuestSelf);
    self->below = below;
    self->slot = (int)slot;
    return self;
}

static const GuestSelf *selves_below(const GuestSelf *selves, int64_t slot) {
    while (selves && selves->slot >= slot)
        selves = selves->below;
    return selves;
}

// Those that are in both; `left` itself if that is all of it.
static const GuestSelf *intersect(const Verifier *verifier, const GuestSelf *left,
                                  const GuestSelf *right) {
    ARENA_VECTOR(const GuestSelf *) kept = {0};
    const GuestSelf *rest = left;
    bool lost = false;
    for (; rest && rest != right; rest = rest->below) {
        right = selves_below(right, (int64_t)rest->slot + 1);
        if (rest == right)
            break;
        if (right && right->slot == rest->slot)
            ARENA_PUSH(verifier->arena, &kept, rest);
        else
            lost = true;
    }
    if (!lost)
        return left;
    while (kept.count)
        rest = with_self(verifier, rest, kept.items[--kept.count]->slot);
    return rest;
}

// Whether all of those are known here.
static bool includes(const GuestSelf *selves, const GuestSelf *those) {
    for (; those; those = those->below) {
        selves = selves_below(selves, (int64_t)those->slot + 1);
        if (!selves || selves->slot != those->slot)
            return false;
    }
    return true;
}

static void wait(Verifier *verifier, int64_t pc) {
    State *state = &verifier->states[pc];
    if (state->is_waiting)
        return;
    state->is_waiting = true;
    if (verifier->waiting_count == verifier->waiting_capacity)
        verifier->waiting = arena_grow(verifier->arena, verifier->waiting,
                                       &verifier->waiting_capacity, sizeof *verifier->waiting);
    verifier->waiting[verifier->waiting_count++] = pc;
}

// Control goes from `from` to `pc` in this state.
static bool arrive(Verifier *verifier, int64_t from, int64_t pc, const State *now) {
    if (pc < 0 || pc >= (int64_t)verifier->code->count)
        return fail(verifier, from, "control leaves the code, to %" PRId64, pc);
    State *state = &verifier->states[pc];
    if (!state->is_start)
        return fail(verifier, from, "no instruction begins at %" PRId64, pc);
    if (now->depth < 0 || now->depth > verifier->code->max_stack)
        return fail(verifier, from, "the stack's depth becomes %" PRId64 ", at most %d is allowed",
                    now->depth, verifier->code->max_stack);
    if (!state->is_reached) {
        state->is_reached = true;
        state->depth = now->depth;
        state->context = now->context;
        state->is_home_open = now->is_home_open;
        state->selves = now->selves;
        wait(verifier, pc);
        return true;
    }
    if (state->depth != now->depth)
        return fail(verifier, from, "the stack at %" PRId64 " is %" PRId64 " or %" PRId64 " deep",
                    pc, state->depth, now->depth);
    if (!same_contexts(state->context, now->context) || state->is_home_open != now->is_home_open)
        return fail(verifier, from, "the contexts at %" PRId64 " differ", pc);
    const GuestSelf *selves = intersect(verifier, state->selves, now->selves);
    if (selves != state->selves) {
        state->selves = selves;
        wait(verifier, pc);
    }
    return true;
}

// ---- Contexts ------------------------------------------------------------------------

static Link *new_context(Arena *arena, const Link *outer, int64_t size, bool is_home) {
    Link *link = ARENA_NEW(arena, Link);
    link->outer = outer;
    link->is_home = is_home;
    link->size = size;
    link->depth = outer ? outer->depth + 1 : 1;
    link->in_home = is_home || (outer && outer->in_home);
    link->has_home = is_home || (outer && outer->has_home);
    return link;
}

static Link *new_block(Arena *arena, const Link *outer) {
    Link *link = ARENA_NEW(arena, Link);
    link->outer = outer;
    link->is_block = true;
    link->depth = outer ? outer->depth + 1 : 1;
    link->has_home = outer && outer->has_home;
    return link;
}

// The contexts and blocks of the description, around them `outer`.
static const Link *described(Arena *arena, const Link *outer, const GuestContexts *contexts) {
    for (size_t i = contexts->count; i-- > 0;) {
        const GuestContext *context = &contexts->items[i];
        if (context->kind == GUEST_CONTEXT_BLOCK) {
            outer = new_block(arena, outer);
        } else {
            bool is_home = context->kind == GUEST_CONTEXT_HOME;
            Link *link = new_context(arena, outer, context->slots, is_home);
            link->is_link = context->kind == GUEST_CONTEXT_LINK;
            link->has_home |= link->is_link;
            outer = link;
        }
    }
    return outer;
}

// Whether that is what the description says.
static bool fits(const Link *link, const GuestContexts *contexts) {
    for (size_t i = 0; i < contexts->count; i++, link = link->outer) {
        const GuestContext *context = &contexts->items[i];
        if (!link || link->is_block != (context->kind == GUEST_CONTEXT_BLOCK) ||
            link->is_home != (context->kind == GUEST_CONTEXT_HOME) ||
            link->is_link != (context->kind == GUEST_CONTEXT_LINK))
            return false;
        if (!link->is_block && link->size != context->slots)
            return false;
    }
    return !link;
}

static bool push_context(const Verifier *verifier, int64_t pc, State *state, int64_t size,
                         bool is_home) {
    const Link *outer = state->context;
    const Link *link = new_context(verifier->arena, outer, size, is_home);
    state->context = link;
    if (link->depth > DEEPEST)
        return fail(verifier, pc, "contexts are nested too deep");
    if (is_home && verifier->entry)
        return fail(verifier, pc, "a block is no home");
    if (is_home && ((outer && outer->in_home) || state->is_home_open))
        return fail(verifier, pc, "there is a home already");
    return true;
}

// The home that a link refers to isn't among the contexts, but it is a home around.
static bool push_link(const Verifier *verifier, int64_t pc, State *state, int64_t size) {
    if (!state->is_home_open)
        return fail(verifier, pc, "there is no open home");
    Link *link = new_context(verifier->arena, state->context, size, false);
    link->is_link = link->has_home = true;
    state->context = link;
    return link->depth <= DEEPEST || fail(verifier, pc, "contexts are nested too deep");
}

// The interpreter does nothing if that has been done.
static bool open_home(const Verifier *verifier, int64_t pc, State *state) {
    if (verifier->entry)
        return fail(verifier, pc, "a block is no home");
    if (state->context && state->context->in_home)
        return fail(verifier, pc, "there is a home already");
    state->is_home_open = true;
    return true;
}

// A home is left by returns alone.
static bool pop_context(const Verifier *verifier, int64_t pc, State *state) {
    const Link *context = state->context;
    if (context == verifier->entry || context->is_home)
        return fail(verifier, pc, "the innermost context is no plain context of this frame");
    state->context = context->outer;
    return true;
}

static bool check_captured(const Verifier *verifier, int64_t pc, const State *state, int64_t slot,
                           int64_t depth) {
    const Link *context = state->context;
    for (int64_t left = depth; context && left > 0; left--)
        context = context->outer;
    if (!context || context->is_block)
        return fail(verifier, pc, "there is no context %" PRId64 " outwards", depth);
    return check_index(verifier, pc, "slot", slot, 0, context->size - 1);
}

// The block is verified once, in the contexts in which it is first pushed.
static bool check_block(Verifier *verifier, int64_t pc, const State *state, int64_t literal) {
    if (verifier->is_closed[literal])
        return same_contexts(verifier->closed[literal], state->context) ||
               fail(verifier, pc, "the block is made in different contexts");
    verifier->is_closed[literal] = true;
    verifier->closed[literal] = state->context;
    const Link *link = new_block(verifier->arena, state->context);
    if (link->depth > DEEPEST)
        return fail(verifier, pc, "blocks are nested too deep");
    const VerifierCode *block = verifier->code->blocks[literal];
    if (block->around && !fits(state->context, block->around))
        return fail(verifier, pc, "the block is made for other contexts");
    return check(verifier, block, link);
}

static bool check_return(const Verifier *verifier, int64_t pc, int opcode, const State *state) {
    const Link *context = state->context;
    bool in_home = (context && context->in_home) || state->is_home_open;
    switch (opcode) {
    case OP_RETURN_HOME: return in_home || fail(verifier, pc, "there is no home to leave");
    case OP_RETURN_NON_LOCAL:
        if (!verifier->entry)
            return fail(verifier, pc, "this is no block");
        return context->has_home || fail(verifier, pc, "there is no home around");
    default: return !in_home || fail(verifier, pc, "the frame's home is not left");
    }
}

// ---- Following control ---------------------------------------------------------------

// What the instruction does to contexts, and what it demands of the place.
static bool apply(Verifier *verifier, int64_t pc, State *state, const int64_t *operands) {
    int opcode = verifier->code->units[pc];
    switch (opcode) {
    case OP_PUSH_CONTEXT: return push_context(verifier, pc, state, operands[0], false);
    case OP_PUSH_HOME: return push_context(verifier, pc, state, operands[0], true);
    case OP_OPEN_HOME: return open_home(verifier, pc, state);
    case OP_PUSH_LINK: return push_link(verifier, pc, state, operands[0]);
    case OP_REPLACE_FRAME: return state->is_osr_point || fail(verifier, pc, "this is no OSR point");
    case OP_POP_CONTEXT: return pop_context(verifier, pc, state);
    case OP_PUSH_CAPTURED_DEPTH:
    case OP_POP_CAPTURED_DEPTH:
        return check_captured(verifier, pc, state, operands[0], operands[1]);
    case OP_PUSH_BLOCK_RECEIVER: return check_block(verifier, pc, state, operands[0]);
    case OP_RETURN_LOCAL:
    case OP_RETURN_SELF:
    case OP_RETURN_HOME:
    case OP_RETURN_NON_LOCAL: return check_return(verifier, pc, opcode, state);
    case OP_SUPER_SEND_ARGUMENTS: {
        int64_t slot = state->depth - 1 - operands[1];
        const GuestSelf *self = selves_below(state->selves, slot + 1);
        return (self && self->slot == slot) || fail(verifier, pc, "the receiver is not self");
    }
    default: return true;
    }
}

static bool follow(Verifier *verifier, int64_t pc) {
    const uint16_t *units = &verifier->code->units[pc];
    const InterpreterBytecode *bytecode = bytecode_at(verifier->bytecodes, units)->written;
    State now = verifier->states[pc];
    int64_t operands[INTERPRETER_OPERANDS_MAX] = {0};
    int64_t needs = interpreter_slots(units, bytecode, &bytecode->needs);
    for (int i = 0; i < bytecode->operand_count; i++)
        operands[i] = interpreter_operand(units, &bytecode->operands[i]);
    if (now.depth < needs)
        return fail(verifier, pc, "it needs %" PRId64 " values on a stack of %" PRId64, needs,
                    now.depth);
    if (!apply(verifier, pc, &now, operands))
        return false;
    int64_t before = now.depth;
    now.selves = selves_below(now.selves, before - needs);
    if (*units == OP_PUSH_ARGUMENT && operands[0] == -1 - verifier->code->arguments)
        now.selves = with_self(verifier, now.selves, before);
    for (int i = 0; i < bytecode->operand_count; i++) {
        if (bytecode->operands[i].role != ROLE_JUMP)
            continue;
        now.depth = before + interpreter_slots(units, bytecode, &bytecode->operands[i].jump);
        if (!arrive(verifier, pc, pc + bytecode->length + operands[i], &now))
            return false;
    }
    if (bytecode->leaves)
        return true;
    now.depth = before + interpreter_slots(units, bytecode, &bytecode->stack);
    return arrive(verifier, pc, pc + bytecode->length, &now);
}

// ---- OSR points and entries ------------------------------------------------------------

// The contexts that an OSR point says there are, around what was there before.
static const Link *contexts_of(const Verifier *verifier, const GuestOsrPoint *point) {
    return described(verifier->arena, verifier->entry, &point->contexts);
}

static bool note_osr_points(Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    for (size_t i = 0; i < code->osr_point_count; i++) {
        int64_t pc = code->osr_points[i].pc;
        if (pc < 0 || pc >= (int64_t)code->count || !verifier->states[pc].is_start)
            return fail(verifier, pc, "no instruction begins at this OSR point");
        verifier->states[pc].is_osr_point = true;
    }
    return true;
}

// A home that the frame has opened already is one that the entry opens again.
static bool enter_all(Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    for (size_t i = 0; i < code->osr_entry_count; i++) {
        const GuestOsrPoint *entry = &code->osr_entries[i];
        const State start = {.depth = entry->depth,
                             .context = contexts_of(verifier, entry),
                             .selves = entry->selves};
        if (entry->selves && entry->selves->slot >= entry->depth)
            return fail(verifier, entry->pc, "self is not on the stack of the OSR entry");
        if (!arrive(verifier, entry->pc, entry->pc, &start))
            return false;
    }
    return true;
}

static bool check_osr_points(const Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    for (size_t i = 0; i < code->osr_point_count; i++) {
        const GuestOsrPoint *point = &code->osr_points[i];
        const State *state = &verifier->states[point->pc];
        if (state->depth != point->depth)
            return fail(verifier, point->pc, "the stack is %" PRId64 " deep, not %d", state->depth,
                        point->depth);
        if (!same_contexts(state->context, contexts_of(verifier, point)))
            return fail(verifier, point->pc, "the contexts are not those of the OSR point");
        if (!includes(state->selves, point->selves))
            return fail(verifier, point->pc, "self is not where the OSR point has it");
    }
    return true;
}

static bool follow_all(Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    const State start = {.context = verifier->entry};
    if (!note_osr_points(verifier) || !arrive(verifier, 0, 0, &start) || !enter_all(verifier))
        return false;
    while (verifier->waiting_count) {
        int64_t pc = verifier->waiting[--verifier->waiting_count];
        verifier->states[pc].is_waiting = false;
        if (verifier->visits++ > (uint64_t)code->count * VISITS)
            return fail(verifier, pc, "the code is too tangled");
        if (!follow(verifier, pc))
            return false;
    }
    for (size_t pc = 0; pc < code->count; pc++) {
        if (verifier->states[pc].is_start && !verifier->states[pc].is_reached)
            return fail(verifier, (int64_t)pc, "it can't be reached");
    }
    return check_osr_points(verifier);
}

static bool check_sizes(const Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    if (!code->count)
        return fail(verifier, 0, "there is no code");
    return check_index(verifier, 0, "the code's size", (int64_t)code->count, 1, INT32_MAX) &&
           check_index(verifier, 0, "the number of arguments", code->arguments, 0, INT16_MAX) &&
           check_index(verifier, 0, "the number of locals", code->locals, 0, UINT16_MAX + 1) &&
           check_index(verifier, 0, "the stack's size", code->max_stack, 0, INT32_MAX / 16) &&
           check_index(verifier, 0, "the number of fields", code->fields, 0, UINT16_MAX + 1);
}

// `around` is the verifier of the code around a block, or one that has no code yet.
static bool check(const Verifier *around, const VerifierCode *code, const Link *entry) {
    Arena *arena = around->arena;
    Verifier verifier = {.arena = arena,
                         .bytecodes = around->bytecodes,
                         .code = code,
                         .entry = entry,
                         .message = around->message,
                         .size = around->size};
    if (!check_sizes(&verifier))
        return false;
    verifier.states = ARENA_ARRAY(arena, State, code->count);
    verifier.uses = ARENA_ARRAY(arena, int, code->site_count);
    verifier.closed = ARENA_ARRAY(arena, const Link *, code->literal_count);
    verifier.is_closed = ARENA_ARRAY(arena, bool, code->literal_count);
    return check_instructions(&verifier) && follow_all(&verifier);
}

bool verifier_check(const Bytecodes *bytecodes, const VerifierCode *method, char *message,
                    size_t size) {
    Arena *arena = arena_new();
    const Verifier start = {
        .arena = arena, .bytecodes = bytecodes, .message = message, .size = size};
    const Link *entry = NULL;
    if (method->around)
        entry = new_block(arena, described(arena, NULL, method->around));
    bool accepted = check(&start, method, entry);
    arena_free(arena);
    return accepted;
}
