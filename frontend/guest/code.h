// The code of one activation while it is made: instructions, labels, literals, call sites. How
// deep the operand stack is, is known at each instruction, as in Java's class files: stack
// effects come from the generated header, and the depth is followed through all jumps. So a
// frame's size is known when it is made, and the verifier has something to hold the code against.
// Nothing is appended where control can't arrive.
#ifndef FRONTEND_GUEST_CODE_H
#define FRONTEND_GUEST_CODE_H

#include "frontend/guest/scope.h"
#include "interpreter.h"

typedef struct GuestCode GuestCode;

// A place that is jumped to, known once it is bound. `depth` of the stack there.
typedef struct GuestLabel {
    int pc; // -1: not bound yet
    int depth;
    bool is_used;            // something jumps to it, or will
    ARENA_VECTOR(int) jumps; // to be patched
} GuestLabel;

// Code out of line, after the activation's: an OSR exit. See osr.c.
typedef struct GuestOsrExit {
    GuestScope *scope; // that the message stands in
    const AstExpression *send;
    int when;                // see GuestOsrPoint
    const GuestSelf *selves; // see GuestOsrPoint
    GuestLabel *label;
} GuestOsrExit;

// A message that a version sends: where its operands are on the stack; where, for a loop,
// its context is made, too; and where it has been sent.
typedef struct GuestSent {
    GuestScope *scope; // SENT
    GuestControl control;
    const GuestSelf *selves;
    GuestLabel *resume, *linked, *end;
} GuestSent;

struct GuestCode {
    Arena *arena;
    Diagnostics *diagnostics;
    const GuestClassScope *class;
    const char *selector; // the method's
    GuestMethod *method;
    GuestScope *scope;              // where we are
    const AstExpression *statement; // the latest whose value nobody sees
    Location at;
    int depth;
    const GuestSelf *selves; // receivers of the super sends whose arguments we are in
    bool is_reachable;
    bool has_failed;    // a limit was exceeded; that is reported once an activation
    bool has_home;      // returns must leave it
    bool opens_home;    // it isn't among the contexts
    int fresh_local;    // locals from here on haven't been used yet
    int *literal_table; // indices of literals by hash, -1: free
    size_t literal_capacity;
    ARENA_VECTOR(GuestOsrExit) osr_exits;
    ARENA_VECTOR(GuestSent) sent;
};

// Appends an instruction; `first` and `second` are its operands, if it has any.
void guest_emit(GuestCode *code, int opcode, int64_t first, int64_t second);

// Appends a jump; `other` is NULL unless it has a second displacement.
void guest_jump(GuestCode *code, int opcode, GuestLabel *target, GuestLabel *other);

// A new label, and its place. What stands after it is reachable if something was said to
// jump there before.
GuestLabel *guest_label(GuestCode *code);
void guest_bind(GuestCode *code, GuestLabel *label);

// Notes that the local is used. True if it wasn't before: then it is nil.
bool guest_use_local(GuestCode *code, int index);

// Who gets a message: a super send's receiver is self as well.
typedef enum GuestReceiver {
    GUEST_TO_ANYBODY,
    GUEST_TO_SELF,
    GUEST_TO_SUPER,
} GuestReceiver;

// Appends a send of any kind, with its call site.
void guest_send(GuestCode *code, const char *selector, int arguments, GuestReceiver receiver);
void guest_push_global(GuestCode *code, const char *name);

// The index of a literal, stored once if it is immutable.
int guest_literal(GuestCode *code, const GuestLiteral *literal);

// The literal that an expression is. Not for blocks.
GuestLiteral guest_literal_of(Arena *arena, const AstExpression *expression);

// Pushes a number, string, symbol or array.
void guest_push_literal(GuestCode *code, const AstExpression *expression);

// The argument index of the receiver.
int guest_receiver(const GuestCode *code);

// Reports that the method is too large, once. No more code is made of it then.
void guest_too_many(GuestCode *code, const char *what);
void guest_give_up(GuestCode *code);

// ---- Expressions: compile.c. `wanted`: the value shall be on the stack after it. ----

void guest_expression(GuestCode *code, const AstExpression *expression, bool wanted);
void guest_push_variable(GuestCode *code, const GuestVariable *variable);
void guest_pop_variable(GuestCode *code, const GuestVariable *variable);

// The statements of the block that the current scope was made for.
void guest_statements(GuestCode *code, const AstBlock *block, bool wanted);

// Makes the closure of the block in `scope` a literal and pushes it.
void guest_push_closure(GuestCode *code, GuestScope *scope);

// The variable's first value is on the stack: the variable gets it, and a box if it needs one.
void guest_define_variable(GuestCode *code, const GuestVariable *variable);

// What the frame has in the variable's place, as it is.
void guest_push_place(GuestCode *code, const GuestVariable *variable);
void guest_pop_place(GuestCode *code, const GuestVariable *variable);

// ---- Inlined messages: control.c, loops.c, osr.c ----------------------------------

// How the message is inlined here. GUEST_SEND, too, if this is a version that sends it; then
// `sent` is the scope for that, else NULL.
GuestControl guest_control_here(const GuestCode *code, const AstExpression *send,
                                GuestScope **sent);

void guest_control_send(GuestCode *code, const AstExpression *send, GuestControl control,
                        bool wanted);
void guest_loop_send(GuestCode *code, const AstExpression *send, GuestControl control, bool wanted);

// Enters the scope of an inlined block (its context is made, its variables are nil), and
// leaves it again. `argument`, if there is one, has no place yet after entering.
GuestScope *guest_enter(GuestCode *code, const AstBlock *block);
void guest_leave(GuestCode *code);

// Begins to use a local variable, unless it is captured: makes it nil if it has to be.
void guest_begin_variable(GuestCode *code, const GuestVariable *variable);

// Compiles the inlined block.
void guest_inlined(GuestCode *code, const AstBlock *block, bool wanted);

// How a condition is tested for a message: jumps to `target` if it is `when`, to `other` with the
// value on the stack if it isn't Boolean, else goes on. `messages` are those whose blocks it
// decides about; where these have been redefined, the frame leaves as it would at `other`, so both
// are of the same kind (see GuestOsrPoint). The test may be left out for a literal if it `folds`.
typedef struct GuestTest {
    bool when, folds;
    GuestLabel *target, *other;
    const AstExpression *send;
    uint32_t messages;
    int osr;
} GuestTest;

// Compiles an inlined block as such a condition.
void guest_test_block(GuestCode *code, const AstBlock *block, GuestTest test);

// Notes an OSR exit for the send in the current scope and answers its label. GUEST_OSR_BEFORE: the
// receiver is on the stack, with the limit or the first value of the counter if there is one;
// GUEST_OSR_CONDITION: what a loop's condition gave. An exit that nothing jumps to makes no code.
GuestLabel *guest_osr_exit(GuestCode *code, const AstExpression *send, int when);

// Notes that the instruction to come next is an OSR point of the send: in case one of `messages` is
// redefined, or in any case if there are none.
void guest_osr_point(GuestCode *code, const AstExpression *send, int when, uint32_t messages);

// Sends a message that is inlined elsewhere, with closures for its blocks.
void guest_send_closures(GuestCode *code, GuestScope *sent, bool wanted);

// What a closure begins with if it is the condition of a loop that is sent.
void guest_begin_condition(GuestCode *code, const GuestScope *scope);

// Appends the code of all OSR exits, and of the OSR entries of all that is sent.
void guest_emit_osr_exits(GuestCode *code);
void guest_emit_osr_entries(GuestCode *code);

#endif
