// What the parts of the bytecode verifier share: the code at hand, and what is known at each of
// its instructions. Private to this room: users include verifier.h.
#ifndef RUNTIME_VERIFIER_CHECKS_H
#define RUNTIME_VERIFIER_CHECKS_H

#include "runtime/verifier/verifier.h"

#include "interpreter.h"
#include "support/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { VERIFIER_DEEPEST = 4096 }; // contexts and blocks around a place

// A context, or a block, with what is around it. Links are shared, as a list's tail is by those
// that begin differently, and never change.
typedef struct VerifierLink {
    const struct VerifierLink *outer;
    bool is_block, is_home, is_link;
    int64_t size; // of a context, in slots
    int depth;    // how many there are, with this one
    bool in_home, // a home of the same activation is here or around
        has_home; // a home is anywhere around
} VerifierLink;

// What is known of an instruction: the same on all paths to it.
typedef struct VerifierState {
    bool is_start;   // an instruction begins here
    bool is_reached; // the rest counts
    bool is_waiting; // it has to be followed, for the first time or again
    bool is_osr_point;
    bool is_home_open; // there is a home that isn't among the contexts
    int64_t depth;     // of the stack
    const VerifierLink *context;
    const GuestSelf *selves; // slots of the stack that hold self
} VerifierState;

// The verification of one method or block. Blocks have one of their own, within that of the code
// that makes them.
typedef struct Verifier {
    Arena *arena;
    const Bytecodes *bytecodes;
    const VerifierCode *code;
    const VerifierLink *entry;   // the block itself; NULL in a method
    VerifierState *states;       // by unit
    int *uses;                   // of sites: what was found so far
    const VerifierLink **closed; // by literal: the contexts around the block when it is pushed
    bool *is_closed;             // by literal: `closed` is set
    int64_t *waiting;            // instructions that have to be followed
    size_t waiting_count, waiting_capacity;
    uint64_t visits;
    char *message;
    size_t size;
} Verifier;

// Writes what is wrong at `pc`. Always false.
bool verifier_fail(const Verifier *verifier, int64_t pc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// False, with a message, if the value isn't in [least, most].
bool verifier_check_index(const Verifier *verifier, int64_t pc, const char *what, int64_t value,
                          int64_t least, int64_t most);
// Verifies code with a verifier of its own, in the arena of `around`: the verifier of the code
// around a block, or one that has no code yet. `entry` is the block itself, NULL for a method.
bool verifier_check_code(const Verifier *around, const VerifierCode *code,
                         const VerifierLink *entry);

// Each instruction by itself, in order; notes where instructions begin (instructions.c).
bool verifier_check_instructions(const Verifier *verifier);

// ---- Contexts (contexts.c) -------------------------------------------------------------

VerifierLink *verifier_new_block(Arena *arena, const VerifierLink *outer);
// The contexts and blocks of the description, around them `outer`.
const VerifierLink *verifier_described(Arena *arena, const VerifierLink *outer,
                                       const GuestContexts *contexts);
// Of one activation, up to a block that both are in.
bool verifier_same_contexts(const VerifierLink *left, const VerifierLink *right);
// What the instruction at `pc` does to the contexts of `state`, and what it demands of them. False,
// with a message, if it can't be executed there. Blocks that it makes are verified, too.
bool verifier_change_contexts(Verifier *verifier, int64_t pc, VerifierState *state,
                              const int64_t *operands);

// ---- Where self is (selves.c) ----------------------------------------------------------

const GuestSelf *verifier_with_self(const Verifier *verifier, const GuestSelf *below, int64_t slot);
// Those in slots below that one.
const GuestSelf *verifier_selves_below(const GuestSelf *selves, int64_t slot);
// Those that are in both; `left` itself if that is all of it.
const GuestSelf *verifier_common_selves(const Verifier *verifier, const GuestSelf *left,
                                        const GuestSelf *right);
// Whether all of those are known here.
bool verifier_includes_selves(const GuestSelf *selves, const GuestSelf *those);

#endif
