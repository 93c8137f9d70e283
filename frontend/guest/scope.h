// Scopes and variables of a method, found before any code is made: which blocks are
// inlined, which variables a closure captures, where each variable lives. This is
// about names only; code comes from compile.c and control.c.
#ifndef FRONTEND_GUEST_SCOPE_H
#define FRONTEND_GUEST_SCOPE_H

#include "frontend/guest/compile.h"

typedef struct GuestScope GuestScope;
typedef struct GuestVariable GuestVariable;

// A method or a closure: what has a frame of its own when it runs.
typedef struct GuestActivation {
    struct GuestActivation *parent; // the one around it; NULL for a method
    GuestScope *scope;              // its outermost
    int argument_count, local_count;
    bool needs_home; // a method: some closure in it returns from it
} GuestActivation;

struct GuestVariable {
    const char *name;
    GuestScope *scope;
    bool is_argument; // of the activation, so it arrives on the stack
    bool is_captured; // lives in the scope's context, at `index`
    bool is_assigned; // somewhere behind its declaration
    int index;        // argument index (negative), local, or slot of the context
    int stack_index;  // a captured argument: where it arrives
    GuestVariable *shadowed; // in a detour (see below): what it stands for
    Location at;
};

typedef enum GuestScopeKind {
    GUEST_SCOPE_METHOD,
    GUEST_SCOPE_CLOSURE, // a block that becomes an object
    GUEST_SCOPE_INLINED, // a block whose code stands in its activation's
    // Around the closures of a message that was inlined and must really be sent after
    // all: a context with copies of the frame's variables that they mention.
    GUEST_SCOPE_DETOUR,
} GuestScopeKind;

struct GuestScope {
    GuestScopeKind kind;
    GuestScope *parent;
    GuestActivation *activation;
    const AstBlock *block; // that it was made for; DETOUR: NULL
    const AstExpression *send; // DETOUR: the message
    ARENA_VECTOR(GuestVariable *) variables;
    ARENA_VECTOR(GuestScope *) children;
    int captured_count; // slots of its context
    bool has_context;   // there are some, or it is a home
    bool in_loop;       // it may be entered again in the same frame
    bool inlines;       // blocks in it may be inlined
    bool makes_home;    // DETOUR: its closures return from the method
};

// How a message with literal blocks is inlined; GUEST_SEND: it isn't.
typedef enum GuestControl {
    GUEST_SEND,
    GUEST_IF,        // ifTrue: ifFalse: and both orders of both
    GUEST_AND,       // and: &&
    GUEST_OR,        // or: ||
    GUEST_WHILE,     // whileTrue: whileFalse:
    GUEST_NIL,       // ifNil: ifNotNil: and both orders of both
    GUEST_COUNT,     // to:do: downTo:do: to:by:do: downTo:by:do:
    GUEST_REPEAT,    // timesRepeat:
} GuestControl;

// What a send is, by its selector and by which arguments are literal blocks of the
// right arity.
GuestControl guest_control(const AstExpression *send);

// Builds the scopes of a method. Errors (a name declared twice, assignment to self or
// to a literal's name) go to `diagnostics`.
GuestActivation *guest_analyse(Arena *arena, const AstMethod *method, Diagnostics *diagnostics);

// The scope that was made for a block that stands in `scope`, or for the detour of a
// send that does.
GuestScope *guest_child(const GuestScope *scope, const AstBlock *block);
GuestScope *guest_detour(const GuestScope *scope, const AstExpression *send);

// The variable of that name that is seen from `scope`; NULL if there is none.
GuestVariable *guest_resolve(const GuestScope *scope, const char *name);

// How many contexts and closures lie between `scope` and the context of `target`.
int guest_depth(const GuestScope *scope, const GuestScope *target);

// Is the variable surely assigned before it is read, whenever the block is entered?
bool guest_assigned_first(const AstBlock *block, const char *name);

#endif
