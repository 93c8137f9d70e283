// The bytecode verifier: whether code can be executed by an interpreter that checks
// nothing. It takes for granted what the runtime guarantees of every call: a receiver of
// the holder's class, as many arguments as the selector says, locals that are nil.
//
// Accepted code has only bytecodes that the interpreter admits; its operands index what is
// there; jumps lead to instructions; wherever control comes from, the stack is as deep and
// the chain of contexts is the same; neither the stack nor a context is accessed outside
// its bounds; control never runs off the end; homes are left before their frame is; every
// instruction can be reached; `superSend` has self as its receiver.
//
// Code may have OSR points, where the runtime lets its frames go on in other code, and that code
// has OSR entries for them (frontend/guest/osr.c). At a point the stack, the slots with self among
// it, and the contexts are what is said of it, and at an entry, too, which control may reach from
// nowhere. `replaceFrame` stands at points only.
#ifndef RUNTIME_VERIFIER_VERIFIER_H
#define RUNTIME_VERIFIER_VERIFIER_H

#include "frontend/guest/compile.h"
#include "runtime/bytecodes/bytecode.h"

typedef struct VerifierCode VerifierCode;

// What a call site may be used for. In one method it is used for one of these only.
typedef enum VerifierUse {
    VERIFIER_SEND = 1,
    VERIFIER_SUPER_SEND = 2,
    VERIFIER_GLOBAL = 4,
    VERIFIER_ANY_USE = VERIFIER_SEND | VERIFIER_SUPER_SEND | VERIFIER_GLOBAL,
} VerifierUse;

typedef struct VerifierSite {
    int arguments;   // that the selector has
    int uses;        // VerifierUse, or-ed
    bool is_to_self; // whoever sends through it has to send to self
} VerifierSite;

// The code of a method, or of a block. Blocks are verified where they are pushed, which
// must be in one place, or in several with the same contexts around. Blocks form a tree.
struct VerifierCode {
    const uint16_t *units;
    size_t count;
    int arguments, locals, max_stack;
    int fields; // that instances of the holder surely have
    const VerifierSite *sites;
    size_t site_count;
    const VerifierCode *const *blocks; // by literal; NULL: the literal is no block
    size_t literal_count;
    const GuestOsrPoint *osr_points, *osr_entries;
    size_t osr_point_count, osr_entry_count;
    const GuestContexts *around; // of a block: what has to be around it; NULL: anything
};

// True if an interpreter with these bytecodes can execute the method, or the block, where `around`
// is around it. Else `message` says what is wrong and at which pc. Never fails otherwise, whatever
// the units are.
bool verifier_check(const Bytecodes *bytecodes, const VerifierCode *method, char *message,
                    size_t size);

// The same for what the guest compiler made.
bool verifier_check_method(const Bytecodes *bytecodes, const GuestMethod *method, int fields,
                           char *message, size_t size);

#endif
