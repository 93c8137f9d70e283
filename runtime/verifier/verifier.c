// See verifier.h. This file follows control: from the start, and from each OSR entry, over every
// path, with what is known at each instruction: the stack's depth, the contexts, and where on the
// stack self is. Where paths meet they have to agree on the first two, as the JVM demands (Java
// Virtual Machine Specification, 4.10.2: verification by type inference, with depths and contexts
// in the place of types), so that each instruction has one state however it was reached; of the
// third they keep what they have in common. Then the interpreter needs no checks: what it would
// test at run time holds on all paths.
//
// What is not looked at: the values' types, which the interpreter tests itself, as SOM is typed
// at run time.
#include "runtime/verifier/checks.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    // How often instructions are followed, on average, before the code is too tangled. A state
    // that was reached changes only by losing a slot with self, and no compiler leaves many of
    // them open; code by hand could make this take quadratic time.
    VISITS = 32,
};

bool verifier_fail(const Verifier *verifier, int64_t pc, const char *format, ...) {
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

bool verifier_check_index(const Verifier *verifier, int64_t pc, const char *what, int64_t value,
                          int64_t least, int64_t most) {
    if (value >= least && value <= most)
        return true;
    if (most < least)
        return verifier_fail(verifier, pc, "%s %" PRId64 ", but there is none", what, value);
    return verifier_fail(verifier, pc, "%s %" PRId64 " is not in [%" PRId64 ", %" PRId64 "]", what,
                         value, least, most);
}

// ---- States --------------------------------------------------------------------------

// Puts the instruction on the list of those to be followed, once.
static void wait(Verifier *verifier, int64_t pc) {
    VerifierState *state = &verifier->states[pc];
    if (state->is_waiting)
        return;
    state->is_waiting = true;
    if (verifier->waiting_count == verifier->waiting_capacity)
        verifier->waiting = arena_grow(verifier->arena, verifier->waiting,
                                       &verifier->waiting_capacity, sizeof *verifier->waiting);
    verifier->waiting[verifier->waiting_count++] = pc;
}

// Control goes from `from` to `pc` in this state: the first path to an instruction decides what is
// known there, and each further one is held against it.
static bool arrive(Verifier *verifier, int64_t from, int64_t pc, const VerifierState *now) {
    if (pc < 0 || pc >= (int64_t)verifier->code->count)
        return verifier_fail(verifier, from, "control leaves the code, to %" PRId64, pc);
    VerifierState *state = &verifier->states[pc];
    if (!state->is_start)
        return verifier_fail(verifier, from, "no instruction begins at %" PRId64, pc);
    if (now->depth < 0 || now->depth > verifier->code->max_stack)
        return verifier_fail(verifier, from,
                             "the stack's depth becomes %" PRId64 ", at most %d is allowed",
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
        return verifier_fail(verifier, from,
                             "the stack at %" PRId64 " is %" PRId64 " or %" PRId64 " deep", pc,
                             state->depth, now->depth);
    if (!verifier_same_contexts(state->context, now->context) ||
        state->is_home_open != now->is_home_open)
        return verifier_fail(verifier, from, "the contexts at %" PRId64 " differ", pc);
    const GuestSelf *selves = verifier_common_selves(verifier, state->selves, now->selves);
    if (selves != state->selves) {
        state->selves = selves;
        wait(verifier, pc);
    }
    return true;
}

// ---- Following control ---------------------------------------------------------------

// Whether the receiver, below so many arguments, is self.
static bool check_receiver(const Verifier *verifier, int64_t pc, const VerifierState *state,
                           int64_t arguments) {
    int64_t slot = state->depth - 1 - arguments;
    const GuestSelf *self = verifier_selves_below(state->selves, slot + 1);
    return (self && self->slot == slot) || verifier_fail(verifier, pc, "the receiver is not self");
}

// What the instruction demands of the place, besides values on the stack.
static bool apply(Verifier *verifier, int64_t pc, VerifierState *state, const int64_t *operands) {
    switch (verifier->code->units[pc]) {
    case OP_REPLACE_FRAME:
        return state->is_osr_point || verifier_fail(verifier, pc, "this is no OSR point");
    case OP_SUPER_SEND_ARGUMENTS: return check_receiver(verifier, pc, state, operands[1]);
    case OP_SEND_ARGUMENTS:
        return !verifier->code->sites[operands[0]].is_to_self ||
               check_receiver(verifier, pc, state, operands[1]);
    default: return verifier_change_contexts(verifier, pc, state, operands);
    }
}

// Follows one instruction to all that may come next. How the stack changes, and by how much if a
// jump is taken, the definition's description says.
static bool follow(Verifier *verifier, int64_t pc) {
    const uint16_t *units = &verifier->code->units[pc];
    const InterpreterBytecode *bytecode = bytecode_at(verifier->bytecodes, units)->written;
    VerifierState now = verifier->states[pc];
    int64_t operands[INTERPRETER_OPERANDS_MAX] = {0};
    int64_t needs = interpreter_slots(units, bytecode, &bytecode->needs);
    for (int i = 0; i < bytecode->operand_count; i++)
        operands[i] = interpreter_operand(units, &bytecode->operands[i]);
    if (now.depth < needs)
        return verifier_fail(verifier, pc, "it needs %" PRId64 " values on a stack of %" PRId64,
                             needs, now.depth);
    if (!apply(verifier, pc, &now, operands))
        return false;
    // Of the slots with self those survive which the instruction doesn't touch.
    int64_t before = now.depth;
    now.selves = verifier_selves_below(now.selves, before - needs);
    if (*units == OP_PUSH_ARGUMENT && operands[0] == -1 - verifier->code->arguments)
        now.selves = verifier_with_self(verifier, now.selves, before);
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
static const VerifierLink *contexts_of(const Verifier *verifier, const GuestOsrPoint *point) {
    return verifier_described(verifier->arena, verifier->entry, &point->contexts);
}

static bool note_osr_points(Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    for (size_t i = 0; i < code->osr_point_count; i++) {
        int64_t pc = code->osr_points[i].pc;
        if (pc < 0 || pc >= (int64_t)code->count || !verifier->states[pc].is_start)
            return verifier_fail(verifier, pc, "no instruction begins at this OSR point");
        verifier->states[pc].is_osr_point = true;
    }
    return true;
}

// At an entry control comes from nowhere: what the frame brings along is taken from the
// description, which check_osr_points holds against the code that it comes from. A home that the
// frame has opened already is one that the entry opens again.
static bool enter_all(Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    for (size_t i = 0; i < code->osr_entry_count; i++) {
        const GuestOsrPoint *entry = &code->osr_entries[i];
        const VerifierState start = {.depth = entry->depth,
                                     .context = contexts_of(verifier, entry),
                                     .selves = entry->selves};
        if (entry->selves && entry->selves->slot >= entry->depth)
            return verifier_fail(verifier, entry->pc, "self is not on the stack of the OSR entry");
        if (!arrive(verifier, entry->pc, entry->pc, &start))
            return false;
    }
    return true;
}

// What is said of the frame at an OSR point has to be so, since a version's entry believes it.
static bool check_osr_points(const Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    for (size_t i = 0; i < code->osr_point_count; i++) {
        const GuestOsrPoint *point = &code->osr_points[i];
        const VerifierState *state = &verifier->states[point->pc];
        if (state->depth != point->depth)
            return verifier_fail(verifier, point->pc, "the stack is %" PRId64 " deep, not %d",
                                 state->depth, point->depth);
        if (!verifier_same_contexts(state->context, contexts_of(verifier, point)))
            return verifier_fail(verifier, point->pc,
                                 "the contexts are not those of the OSR point");
        if (!verifier_includes_selves(state->selves, point->selves))
            return verifier_fail(verifier, point->pc, "self is not where the OSR point has it");
    }
    return true;
}

static bool follow_all(Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    const VerifierState start = {.context = verifier->entry};
    if (!note_osr_points(verifier) || !arrive(verifier, 0, 0, &start) || !enter_all(verifier))
        return false;
    while (verifier->waiting_count) {
        int64_t pc = verifier->waiting[--verifier->waiting_count];
        verifier->states[pc].is_waiting = false;
        if (verifier->visits++ > (uint64_t)code->count * VISITS)
            return verifier_fail(verifier, pc, "the code is too tangled");
        if (!follow(verifier, pc))
            return false;
    }
    for (size_t pc = 0; pc < code->count; pc++) {
        if (verifier->states[pc].is_start && !verifier->states[pc].is_reached)
            return verifier_fail(verifier, (int64_t)pc, "it can't be reached");
    }
    return check_osr_points(verifier);
}

// Sizes that the interpreter's arithmetic, and this, can deal with.
static bool check_sizes(const Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    if (!code->count)
        return verifier_fail(verifier, 0, "there is no code");
    return verifier_check_index(verifier, 0, "the code's size", (int64_t)code->count, 1,
                                INT32_MAX) &&
           verifier_check_index(verifier, 0, "the number of arguments", code->arguments, 0,
                                INT16_MAX) &&
           verifier_check_index(verifier, 0, "the number of locals", code->locals, 0,
                                UINT16_MAX + 1) &&
           verifier_check_index(verifier, 0, "the stack's size", code->max_stack, 0,
                                INT32_MAX / 16) &&
           verifier_check_index(verifier, 0, "the number of fields", code->fields, 0,
                                UINT16_MAX + 1);
}

bool verifier_check_code(const Verifier *around, const VerifierCode *code,
                         const VerifierLink *entry) {
    Arena *arena = around->arena;
    Verifier verifier = {.arena = arena,
                         .bytecodes = around->bytecodes,
                         .code = code,
                         .entry = entry,
                         .message = around->message,
                         .size = around->size};
    if (!check_sizes(&verifier))
        return false;
    verifier.states = ARENA_ARRAY(arena, VerifierState, code->count);
    verifier.uses = ARENA_ARRAY(arena, int, code->site_count);
    verifier.closed = ARENA_ARRAY(arena, const VerifierLink *, code->literal_count);
    verifier.is_closed = ARENA_ARRAY(arena, bool, code->literal_count);
    return verifier_check_instructions(&verifier) && follow_all(&verifier);
}

bool verifier_check(const Bytecodes *bytecodes, const VerifierCode *method, char *message,
                    size_t size) {
    Arena *arena = arena_new();
    const Verifier start = {
        .arena = arena, .bytecodes = bytecodes, .message = message, .size = size};
    // A block by itself: it believes what is said of the contexts around it, and whoever pushes
    // it is held to that (check_block).
    const VerifierLink *entry = NULL;
    if (method->around)
        entry = verifier_new_block(arena, verifier_described(arena, NULL, method->around));
    bool accepted = verifier_check_code(&start, method, entry);
    arena_free(arena);
    return accepted;
}
