// The guest compiler: from a SOM method's syntax tree to stack bytecode. It knows
// the opcodes from the generated header and nothing of the runtime: literals are
// descriptions, call sites are selectors. The runtime makes objects of them.
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

// A call site: a send, a super send, or (arguments = 0, is_global) a global's name.
typedef struct GuestSite {
    const char *selector;
    int arguments;
    bool is_super, is_global;
} GuestSite;

// The source place of the code from unit `pc` on.
typedef struct GuestLine {
    int pc;
    Location at;
} GuestLine;

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
    // For the error messages and reflection: names, in index order.
    ARENA_VECTOR(const char *) argument_names;
    ARENA_VECTOR(const char *) local_names;
    Location at;
};

// Messages that are inlined have numbers, for sets of them: those of their selectors, and two for
// what a message is besides.
enum {
    GUEST_MESSAGES = 19,
    GUEST_TAKING = GUEST_MESSAGES, // one of the nil tests, with a block that takes the value
    GUEST_WHILE_VALUE,             // whileFalse:, not as a statement
};

// The selector of that number, NULL from GUEST_MESSAGES on; the number of a selector, or -1.
const char *guest_message(int number);
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

#endif
