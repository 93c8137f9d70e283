// The code of one activation while it is made: instructions, labels, literals, call
// sites. Stack effects come from the generated header, and the depth is followed through
// all jumps. Nothing is appended where control can't arrive.
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
    // The entry of a detour: it will jump on to these, `effect` deeper.
    struct GuestLabel *join, *body;
    int join_effect, body_effect;
} GuestLabel;

// Code that stands out of line behind the activation's: see detour.c.
typedef struct GuestDetour {
    GuestScope *scope; // that the message stands in
    const AstExpression *send;
    GuestControl control;
    GuestLabel *entry;
    GuestLabel *join; // where the message's value is expected on the stack, or not
    bool wanted;      // is it?
    GuestLabel *body; // GUEST_WHILE: where the loop goes on; NULL otherwise
} GuestDetour;

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
    bool is_reachable;
    bool has_failed;    // a limit was exceeded; that is reported once an activation
    bool has_home;      // returns must leave it
    int next_local;     // locals from here on are free
    int *literal_table; // indices of literals by hash, -1: free
    size_t literal_capacity;
    ARENA_VECTOR(GuestDetour) detours;
};

// Appends an instruction; `first` and `second` are its operands, if it has any.
void guest_emit(GuestCode *code, int opcode, int64_t first, int64_t second);

// Appends a jump; `other` is NULL unless it has a second displacement.
void guest_jump(GuestCode *code, int opcode, GuestLabel *target, GuestLabel *other);

// A new label, and its place. What stands behind it is reachable if something was said to
// jump there before.
GuestLabel *guest_label(GuestCode *code);
void guest_bind(GuestCode *code, GuestLabel *label);

// A local that is free, and one that nobody has used in this frame yet if possible.
int guest_local(GuestCode *code, const char *name);

// Appends a send of any kind, with its call site. `is_super`: to the superclass.
void guest_send(GuestCode *code, const char *selector, int arguments, bool is_super);
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

// ---- Expressions: compile.c. `wanted`: the value shall be on the stack behind it. ----

void guest_expression(GuestCode *code, const AstExpression *expression, bool wanted);
void guest_push_variable(GuestCode *code, const GuestVariable *variable);
void guest_pop_variable(GuestCode *code, const GuestVariable *variable);
void guest_push_self(GuestCode *code);

// The statements of the block that the current scope was made for.
void guest_statements(GuestCode *code, const AstBlock *block, bool wanted);

// Makes the closure of the block in `scope` a literal and pushes it.
void guest_push_closure(GuestCode *code, GuestScope *scope);
void guest_push_block(GuestCode *code, GuestMethod *block);

// An empty method or block with the class, selector and place of the one around it.
GuestMethod *guest_method_new(const GuestCode *code, Location at);

// ---- Inlined messages: control.c, loops.c, detour.c ----------------------------------

void guest_control_send(GuestCode *code, const AstExpression *send, GuestControl control,
                        bool wanted);
void guest_loop_send(GuestCode *code, const AstExpression *send, GuestControl control, bool wanted);

// Enters the scope of an inlined block (its context is made, its variables are nil), and
// leaves it again. `argument`, if there is one, has no place yet after entering.
GuestScope *guest_enter(GuestCode *code, const AstBlock *block);
void guest_leave(GuestCode *code);

// Gives the variable a place in the frame unless it is captured.
void guest_place(GuestCode *code, GuestVariable *variable);

// Compiles the inlined block.
void guest_inlined(GuestCode *code, const AstBlock *block, bool wanted);

// A test of a condition: jumps to `target` if it is `when`, to `other` with the value on
// the stack if it isn't Boolean, else goes on. `retest` is bound where the value is tested.
typedef struct GuestTest {
    bool when;
    GuestLabel *target, *other, *retest;
} GuestTest;

void guest_test(GuestCode *code, const AstExpression *condition, GuestTest test);
void guest_test_block(GuestCode *code, const AstBlock *block, GuestTest test);

// Notes a detour for the send in the current scope and answers its entry's label. It ends
// at `join`, or, if it is one of GUEST_WHILE, may go on at `body`. GUEST_SEND stands for
// the comparison of a counted loop: whose value is dropped. A detour that nothing jumps to
// makes no code.
GuestLabel *guest_detour_to(GuestCode *code, const AstExpression *send, GuestControl control,
                            GuestLabel *join, GuestLabel *body, bool wanted);

// Appends the code of all detours.
void guest_emit_detours(GuestCode *code);

#endif
