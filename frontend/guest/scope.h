// Scopes and variables of a method, found before any code is made: which blocks are inlined,
// which variables a closure captures, where each variable lives. A variable that no closure
// mentions is a local of its frame; one that is captured outlives the frame, so it lives in a
// heap object, the *context* of its scope. An inlined block has no frame, but it has a scope: if
// something in it is captured, it gets a fresh context each time it is entered, as if it had been
// called. (Lua closes such variables only when their scope is left; it can, because its stack
// slots can be pointed to.)
//
// This is about names only; code comes from compile.c and control.c.
#ifndef FRONTEND_GUEST_SCOPE_H
#define FRONTEND_GUEST_SCOPE_H

#include "frontend/guest/compile.h"

typedef struct GuestScope GuestScope;
typedef struct GuestVariable GuestVariable;

// A method or a closure: what has a frame of its own when it runs.
typedef struct GuestActivation {
    struct GuestActivation *parent; // the one around it; NULL for a method
    GuestScope *scope;              // its outermost
    int argument_count;
    GuestNames local_names; // of its frame's locals
    bool needs_home;        // a method: some closure in it returns from it
    bool opens_home;        // a method's version: the same, but only for closures of what is sent
} GuestActivation;

struct GuestVariable {
    const char *name;
    GuestScope *scope;
    bool is_argument; // of the activation, so it arrives on the stack
    bool is_captured; // lives in the scope's context, at `slot`
    bool is_assigned; // somewhere after its declaration
    int slot;
    // Where it is in the frame: an argument index (negative) or a local. A captured variable
    // that is never assigned may have a copy there.
    int frame_index;
    bool in_frame; // `frame_index` counts
    bool is_boxed; // it stands in a box, and the box in the frame
    GuestVariable
        *shadowed; // in the context of a message that is sent: what it stands for, or NULL
};

typedef enum GuestScopeKind {
    GUEST_SCOPE_METHOD,
    GUEST_SCOPE_CLOSURE, // a block that becomes an object
    GUEST_SCOPE_INLINED, // a block whose code stands in its activation's
    // In a version (see compile.h), around the closures of an inlined message that is sent: a
    // context with the frame's variables that they mention, or the boxes of these.
    GUEST_SCOPE_SENT,
} GuestScopeKind;

typedef ARENA_VECTOR(GuestScope *) GuestScopes;

struct GuestScope {
    GuestScopeKind kind;
    GuestScope *parent;
    GuestScope *sent; // the SENT scope that it stands in, or is; NULL if none
    GuestActivation *activation;
    const AstBlock *block;                   // that it was made for; SENT: NULL
    const AstExpression *send;               // INLINED, SENT: the message
    ARENA_VECTOR(GuestVariable *) variables; // arguments first
    GuestVariable **names;                   // a hash table of them, if there are many
    size_t name_capacity;
    GuestScopes children; // without the SENT ones
    GuestScopes sent_scopes;
    GuestScope *rest;   // SENT, of a counted loop: another one, for what is left of the loop
    size_t next_child;  // where looking one up begins
    int captured_count; // slots of its context
    int local_end;      // the locals from here on are for scopes inside
    bool has_context;   // there are some, or it is a home
    bool is_home;       // METHOD, SENT: closures inside return from here
    bool in_loop;       // INLINED: it may be entered again in the same frame
    bool is_unseen;     // METHOD, INLINED: nobody sees its last statement's value
};

// What the context of a `whileTrue:` that is sent has besides: whether its condition shall
// answer, the next time, what it gave before (true, else nil), and that.
#define GUEST_FIRST "(first)"
#define GUEST_VALUE "(value)"

// The variables of a counted loop that the source doesn't have. The first two are locals, the first
// of those that are for scopes inside the one where the message stands. In a version, where its
// rest is sent, all three are in a context.
#define GUEST_COUNTER "(counter)"
#define GUEST_LIMIT   "(limit)"
#define GUEST_BODY    "(body)"

// How a message with literal blocks is inlined; GUEST_SEND: it isn't.
typedef enum GuestControl {
    GUEST_SEND,
    GUEST_IF,     // ifTrue: ifFalse: and both orders of both
    GUEST_AND,    // and: &&
    GUEST_OR,     // or: ||
    GUEST_WHILE,  // whileTrue: whileFalse:
    GUEST_NIL,    // ifNil: ifNotNil: and both orders of both
    GUEST_COUNT,  // to:do: downTo:do: to:by:do: downTo:by:do:
    GUEST_REPEAT, // timesRepeat:
} GuestControl;

// What a send is, by its selector and by which arguments are literal blocks of the
// right arity. The step of a counted loop must be a literal from 1 to 32767. At the end of a
// long chain of messages nothing is inlined, for code of inlined messages is made by recursion.
GuestControl guest_form(const AstExpression *send);

// What an inlined message that stands in `scope` takes for granted: the numbers, as bits, of its
// selector and of what it is besides (see compile.h), without GUEST_WHILE_VALUE.
uint32_t guest_message_bits(const GuestScope *scope, const AstExpression *send);

// As guest_form, or GUEST_SEND if `class` says that it is to be sent. `statement` is what stands
// where nobody sees its value; if that is the send itself, it may be inlined more easily.
GuestControl guest_control(const GuestClassScope *class, const GuestScope *scope,
                           const AstExpression *send, const AstExpression *statement);

// That `statement` at the index of the scope's statements: NULL if its value may be seen.
const AstExpression *guest_statement(const GuestScope *scope, const AstBlock *block, size_t index);

// Whether that control inlines the send's argument of that index, -1: its receiver.
bool guest_inlines(GuestControl control, const AstExpression *send, int index);

// How a counted loop counts: selectors, and the digits of the step.
typedef struct GuestCounting {
    const AstBlock *body;
    const char *compare, *advance, *step;
} GuestCounting;

GuestCounting guest_counting(const AstExpression *send);

// The rest of a counted loop that is in its midst, as a `whileTrue:` over the variables above.
const AstExpression *guest_rest_of_loop(Arena *arena, const AstExpression *send);

// Is the expression a variable of that name? (`super`, `self`, `true` …)
bool guest_is_variable(const AstExpression *expression, const char *name);

// self, super, true, false, nil: names that no variable can have.
bool guest_is_reserved(const char *name);

// The index of a field of that name, or -1.
int guest_field(const GuestClassScope *class, const char *name);

// Builds the scopes of a method. Errors (a name declared twice, assignment to self, to a
// literal's name or to what is no variable) go to `diagnostics`; then NULL. With a version,
// the answer is the activation of that block.
GuestActivation *guest_analyse(Arena *arena, const AstMethod *method, const GuestClassScope *class,
                               const GuestVersion *version, Diagnostics *diagnostics);

// The scope that was made for a block that stands in `scope`; it must exist.
GuestScope *guest_child(GuestScope *scope, const AstBlock *block);

// The scope of a message that stands in `scope` if this is a version that sends it; else NULL.
GuestScope *guest_sent_scope(const GuestScope *scope, const AstExpression *send);

// Says where the variables of the scope, and of all scopes inside, live: layout.c.
void guest_lay_out(Arena *arena, GuestScope *scope);

// Adds a variable to the scope; looks for one of that name in this scope alone.
void guest_add_variable(Arena *arena, GuestScope *scope, GuestVariable *variable);
GuestVariable *guest_own_variable(const GuestScope *scope, const char *name);

// The variable of that name that is seen from `scope`; NULL if there is none.
GuestVariable *guest_resolve(const GuestScope *scope, const char *name);

// How many contexts and closures lie between `scope` and the context of `target`.
int guest_depth(const GuestScope *scope, const GuestScope *target);

// How GuestContexts have the context of a scope; and all around a closure's.
GuestContext guest_context(const GuestScope *scope);
GuestContexts guest_around(Arena *arena, const GuestScope *closure);

// Is a local of an inlined block surely assigned before it is read, whenever the block is
// entered? A cautious answer: false may be wrong.
bool guest_assigned_first(const AstBlock *block, const char *name);

#endif
