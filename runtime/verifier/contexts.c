// Contexts: the heap objects that hold the variables which blocks capture. An instruction that
// accesses one says how far outwards it is and which slot is meant, and the interpreter believes
// it. So the chain of contexts is followed here as the stack's depth is: what each instruction
// pushes and pops, what is around a block when it is made, and where a home is (the context that
// knows its frame, for `^` in blocks), which has to be left by those returns that close it.
//
// A chain is a list of links from the innermost outwards. Contexts that an instruction pushes
// belong to this activation; beyond a block's own link are those of the code that made it.
#include "runtime/verifier/checks.h"

#include <inttypes.h>

// Two paths may have pushed contexts of their own that are alike; a block's link is one object.
bool verifier_same_contexts(const VerifierLink *left, const VerifierLink *right) {
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

static VerifierLink *new_context(Arena *arena, const VerifierLink *outer, int64_t size,
                                 bool is_home) {
    VerifierLink *link = ARENA_NEW(arena, VerifierLink);
    link->outer = outer;
    link->is_home = is_home;
    link->size = size;
    link->depth = outer ? outer->depth + 1 : 1;
    link->in_home = is_home || (outer && outer->in_home);
    link->has_home = is_home || (outer && outer->has_home);
    return link;
}

VerifierLink *verifier_new_block(Arena *arena, const VerifierLink *outer) {
    VerifierLink *link = ARENA_NEW(arena, VerifierLink);
    link->outer = outer;
    link->is_block = true;
    link->depth = outer ? outer->depth + 1 : 1;
    link->has_home = outer && outer->has_home;
    return link;
}

const VerifierLink *verifier_described(Arena *arena, const VerifierLink *outer,
                                       const GuestContexts *contexts) {
    for (size_t i = contexts->count; i-- > 0;) {
        const GuestContext *context = &contexts->items[i];
        if (context->kind == GUEST_CONTEXT_BLOCK) {
            outer = verifier_new_block(arena, outer);
        } else {
            bool is_home = context->kind == GUEST_CONTEXT_HOME;
            VerifierLink *link = new_context(arena, outer, context->slots, is_home);
            link->is_link = context->kind == GUEST_CONTEXT_LINK;
            link->has_home |= link->is_link;
            outer = link;
        }
    }
    return outer;
}

// Whether that is what the description says.
static bool fits(const VerifierLink *link, const GuestContexts *contexts) {
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

static bool push_context(const Verifier *verifier, int64_t pc, VerifierState *state, int64_t size,
                         bool is_home) {
    const VerifierLink *outer = state->context;
    const VerifierLink *link = new_context(verifier->arena, outer, size, is_home);
    state->context = link;
    if (link->depth > VERIFIER_DEEPEST)
        return verifier_fail(verifier, pc, "contexts are nested too deep");
    if (is_home && verifier->entry)
        return verifier_fail(verifier, pc, "a block is no home");
    if (is_home && ((outer && outer->in_home) || state->is_home_open))
        return verifier_fail(verifier, pc, "there is a home already");
    return true;
}

// The home that a link refers to isn't among the contexts, but it is a home around.
static bool push_link(const Verifier *verifier, int64_t pc, VerifierState *state, int64_t size) {
    if (!state->is_home_open)
        return verifier_fail(verifier, pc, "there is no open home");
    VerifierLink *link = new_context(verifier->arena, state->context, size, false);
    link->is_link = link->has_home = true;
    state->context = link;
    return link->depth <= VERIFIER_DEEPEST ||
           verifier_fail(verifier, pc, "contexts are nested too deep");
}

// The interpreter does nothing if that has been done.
static bool open_home(const Verifier *verifier, int64_t pc, VerifierState *state) {
    if (verifier->entry)
        return verifier_fail(verifier, pc, "a block is no home");
    if (state->context && state->context->in_home)
        return verifier_fail(verifier, pc, "there is a home already");
    state->is_home_open = true;
    return true;
}

// A home is left by returns alone.
static bool pop_context(const Verifier *verifier, int64_t pc, VerifierState *state) {
    const VerifierLink *context = state->context;
    if (context == verifier->entry || context->is_home)
        return verifier_fail(verifier, pc,
                             "the innermost context is no plain context of this frame");
    state->context = context->outer;
    return true;
}

static bool check_captured(const Verifier *verifier, int64_t pc, const VerifierState *state,
                           int64_t slot, int64_t depth) {
    const VerifierLink *context = state->context;
    for (int64_t left = depth; context && left > 0; left--)
        context = context->outer;
    if (!context || context->is_block)
        return verifier_fail(verifier, pc, "there is no context %" PRId64 " outwards", depth);
    return verifier_check_index(verifier, pc, "slot", slot, 0, context->size - 1);
}

// The block is verified once, in the contexts in which it is first pushed. To verify it for each
// place that makes it would take exponential time where such blocks are nested.
static bool check_block(Verifier *verifier, int64_t pc, const VerifierState *state,
                        int64_t literal) {
    if (verifier->is_closed[literal])
        return verifier_same_contexts(verifier->closed[literal], state->context) ||
               verifier_fail(verifier, pc, "the block is made in different contexts");
    verifier->is_closed[literal] = true;
    verifier->closed[literal] = state->context;
    const VerifierLink *link = verifier_new_block(verifier->arena, state->context);
    if (link->depth > VERIFIER_DEEPEST)
        return verifier_fail(verifier, pc, "blocks are nested too deep");
    const VerifierCode *block = verifier->code->blocks[literal];
    if (block->around && !fits(state->context, block->around))
        return verifier_fail(verifier, pc, "the block is made for other contexts");
    return verifier_check_code(verifier, block, link);
}

// Each return closes what its frame has opened: after a plain return out of a frame with a home,
// a block's `^` would find a frame that isn't there.
static bool check_return(const Verifier *verifier, int64_t pc, int opcode,
                         const VerifierState *state) {
    const VerifierLink *context = state->context;
    bool in_home = (context && context->in_home) || state->is_home_open;
    switch (opcode) {
    case OP_RETURN_HOME: return in_home || verifier_fail(verifier, pc, "there is no home to leave");
    case OP_RETURN_NON_LOCAL:
        if (!verifier->entry)
            return verifier_fail(verifier, pc, "this is no block");
        return context->has_home || verifier_fail(verifier, pc, "there is no home around");
    default: return !in_home || verifier_fail(verifier, pc, "the frame's home is not left");
    }
}

bool verifier_change_contexts(Verifier *verifier, int64_t pc, VerifierState *state,
                              const int64_t *operands) {
    int opcode = verifier->code->units[pc];
    switch (opcode) {
    case OP_PUSH_CONTEXT: return push_context(verifier, pc, state, operands[0], false);
    case OP_PUSH_HOME: return push_context(verifier, pc, state, operands[0], true);
    case OP_OPEN_HOME: return open_home(verifier, pc, state);
    case OP_PUSH_LINK: return push_link(verifier, pc, state, operands[0]);
    case OP_POP_CONTEXT: return pop_context(verifier, pc, state);
    case OP_PUSH_CAPTURED_DEPTH:
    case OP_POP_CAPTURED_DEPTH:
        return check_captured(verifier, pc, state, operands[0], operands[1]);
    case OP_PUSH_BLOCK_RECEIVER: return check_block(verifier, pc, state, operands[0]);
    case OP_RETURN_LOCAL:
    case OP_RETURN_SELF:
    case OP_RETURN_HOME:
    case OP_RETURN_NON_LOCAL: return check_return(verifier, pc, opcode, state);
    default: return true;
    }
}
