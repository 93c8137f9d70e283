// The guest compiler: from a SOM method's syntax tree to stack bytecode, in one pass over the
// tree after one that finds out about its variables (scope.h). It is a compiler as simple
// interpreters have them, with two things more. Messages like `ifTrue:` and `whileTrue:`, whose
// blocks are written in place, become jumps instead of closures and sends (control.c, loops.c);
// nobody must be able to tell. And where what that counts on turns out wrong while the code runs,
// it compiles the method once more, for the frames that can't go on (osr.c).
//
// It knows the opcodes from the generated header and nothing of the runtime: literals are
// descriptions, call sites are selectors. The runtime makes objects of them, and the bytecode
// verifier checks what comes out.
#ifndef FRONTEND_GUEST_COMPILE_H
#define FRONTEND_GUEST_COMPILE_H

#include "frontend/syntax/ast.h"

#include <stdint.h>

typedef struct GuestMethod GuestMethod;

// A literal of a method. Equal ones are stored once.
typedef struct GuestLiteral {
    enum {
        GUEST_INTEGER, // `digits`, any size
        GUEST_DOUBLE,
        GUEST_STRING,
        GUEST_SYMBOL,
        GUEST_ARRAY,
        GUEST_BLOCK, // the code of a block, for pushBlock
    } kind;
    union {
        const char *digits;
        double number;
        struct {
            const char *chars;
            size_t length;
        } text;
        struct {
            struct GuestLiteral *items;
            size_t count;
        } array;
        GuestMethod *block;
    };
} GuestLiteral;

// A call site: a send (perhaps to self), a super send, or (arguments = 0, is_global) a global's
// name.
typedef struct GuestSite {
    const char *selector;
    int arguments;
    bool is_super, is_to_self, is_global;
} GuestSite;

// The source place of the code from unit `pc` on.
typedef struct GuestLine {
    int pc;
    Location at;
} GuestLine;

// A context, or a block among them, that code finds around it; and all of them, innermost first.
typedef struct GuestContext {
    enum {
        GUEST_CONTEXT_PLAIN,
        GUEST_CONTEXT_HOME, // `^` in blocks returns from its frame
        GUEST_CONTEXT_LINK, // refers to the home, which isn't among the contexts
        GUEST_CONTEXT_BLOCK,
    } kind;
    int slots;
} GuestContext;

typedef ARENA_VECTOR(GuestContext) GuestContexts;

// A slot of the operand stack that is known to hold self, and those below it.
typedef struct GuestSelf {
    const struct GuestSelf *below;
    int slot;
} GuestSelf;

// An OSR point (see osr.c): where an inlined message may have to be sent. The instruction there is
// OP_REPLACE_FRAME, or becomes a trap (see guest_osr_trap) if one of `messages` is redefined. Or an
// OSR entry: where a version goes on, with the same stack and contexts of the frame. Receivers of
// super sends lie on the stack while their arguments are evaluated; nobody checks them later.
typedef struct GuestOsrPoint {
    int pc;
    const AstExpression *send;
    enum {
        GUEST_OSR_BEFORE,    // its operands are on the stack, as far as they aren't blocks
        GUEST_OSR_HEADER,    // in the midst of a counted loop: it is about to compare
        GUEST_OSR_CONDITION, // in the midst of a loop: what its condition gave is on the stack
    } when;
    uint32_t messages;
    int depth;
    const GuestSelf *selves; // the receivers of super sends
    GuestContexts contexts;
} GuestOsrPoint;

typedef ARENA_VECTOR(GuestOsrPoint) GuestOsrPoints;

typedef ARENA_VECTOR(const char *) GuestNames;

// A compiled method or block. Argument index -1 is the last argument, the receiver
// (in a block: self) stands at -1 - argument_count.
struct GuestMethod {
    const char *selector; // of a block: its method's, with `>>[]` semantics left to printing
    bool is_block, is_primitive;
    int argument_count, local_count, max_stack; // max_stack: the operand stack alone
    // What the method is, if a call needs no frame for it.
    enum {
        GUEST_ORDINARY,
        GUEST_GETTER,   // ^field
        GUEST_SETTER,   // field := argument (and answers self)
        GUEST_CONSTANT, // ^literal (index `trivial`), ^nil, ^true, ^false, ^self excluded
    } shape;
    int trivial; // field index, or literal index; -1 nil, -2 true, -3 false
    ARENA_VECTOR(uint16_t) code;
    ARENA_VECTOR(GuestLiteral) literals;
    ARENA_VECTOR(GuestSite) sites;
    ARENA_VECTOR(GuestLine) lines;
    GuestOsrPoints osr_points;
    GuestOsrPoints osr_entries; // of a version
    bool opens_home;            // of a version: it is a home, whatever it was before
    GuestContexts around;       // of a block: what is around it where it is made
    // For the error messages and reflection: names, in index order.
    GuestNames argument_names, local_names;
    Location at;
};

// Messages that are inlined have numbers, for sets of them: those of their selectors, and three
// for what a message is besides.
enum {
#define INLINED(selector, control, receivers) +1
    GUEST_MESSAGES = 0
#include "frontend/guest/inlined.def"
    ,
    GUEST_TAKING = GUEST_MESSAGES, // one of the nil tests, with a block that takes the value
    GUEST_WHILE_VALUE,             // whileFalse:, not as a statement
    // In a closure, with `^` in a block of its own: once the method has returned, who evaluated
    // that block is sent `escapedBlock:`, and what it answers is the block's value.
    GUEST_ESCAPING,
};

// The number of a selector, or -1.
int guest_message_number(const char *selector);

// What the compiler must know of the class around the method: all field names, the
// inherited ones first; and which messages it must not inline (bits, by their numbers).
typedef struct GuestClassScope {
    const char *class_name;
    const char *const *fields;
    size_t field_count;
    uint32_t sent;
} GuestClassScope;

// Compiles one method. NULL after errors (too many literals, jump too far, assignment
// to self …), all reported to `diagnostics`. The result is in `arena`.
GuestMethod *guest_compile(Arena *arena, const AstMethod *method, const GuestClassScope *scope,
                           Diagnostics *diagnostics);

// Another version of a method or block, for frames that are in the midst of it and meet what
// the inlined code of a message isn't made for: that message is sent there, and others of the
// same activation if told so, but for those whose blocks it stands in. Frames keep their
// variables, stack and contexts. Variables that the sent blocks share with the frame, and that
// are assigned to, move into boxes: so blocks made now, earlier or later see the same ones.
typedef struct GuestVersion {
    const AstExpression *entry; // the message
    const AstExpression *const *sent;
    size_t sent_count;
    bool all; // all are sent
} GuestVersion;

// Compiles it, from the same tree and scope as the method. It has an OSR entry for each message
// that it sends, and of a loop for each way to be in its midst. NULL if it is too large, which has
// been reported.
GuestMethod *guest_compile_version(Arena *arena, const AstMethod *method,
                                   const GuestClassScope *scope, const GuestVersion *version,
                                   Diagnostics *diagnostics);

// The entry where a frame goes on that has left its code at this point; and whether it can: its
// stack and contexts are what the entry's code was verified for. NULL if there is none.
const GuestOsrPoint *guest_osr_entry(const GuestOsrPoint *entries, size_t count,
                                     const GuestOsrPoint *point);
bool guest_osr_fits(const GuestOsrPoint *point, const GuestOsrPoint *entry);
bool guest_same_contexts(const GuestContexts *left, const GuestContexts *right);

// The opcode that overwrites an instruction of that many units at an OSR point once it may never be
// executed again.
int guest_osr_trap(int length);

#endif
