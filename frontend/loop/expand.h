// What the parts of the lowering share: the state of lowering one region, results of
// expressions, and the parts' entry points. Not for use outside frontend/loop.
//
// Lowering is one recursive walk over the tree, which builds instructions as it goes. Errors
// don't end it: an expression that is wrong gives a result of the type LOOP_UNKNOWN, which fits
// wherever it is used, so the rest is checked and no error follows from another one.
#ifndef FRONTEND_LOOP_EXPAND_H
#define FRONTEND_LOOP_EXPAND_H

#include "frontend/loop/ssa.h"
#include "ir/builder.h"

// What an expression gives. With `array`, it is that array in place of the record
// `value`, whose address hasn't been taken yet: `frame locals at: 3` is one access with a
// field and an index, which says more to the passes than an address would, and into a
// record that moves no address may be kept at all.
typedef struct LoopResult {
    LoopType type;
    IrValue *value; // NULL: none
    const LoopField *array;
    IrLikely likely; // of a Boolean
    bool made;       // see LoopVariable
} LoopResult;

// Names in sight: those of a block or body, then those around it. A helper sees its own
// and the loop's state, never its caller's.
typedef struct LoopScope {
    struct LoopScope *parent;
    ARENA_VECTOR(LoopVariable *) variables;
} LoopScope;

// One of several ways to the same place.
typedef struct LoopExit {
    LoopBlock *from;
    LoopResult result;
    Location at;
} LoopExit;

typedef ARENA_VECTOR(LoopExit) LoopExits;

// The body that is being expanded: a helper's, or (helper NULL) the bytecode's.
typedef struct LoopExpansion {
    LoopHelper *helper;
    LoopExits exits;            // where `^` left it
    IrMethod *method;           // what debuggers know of it
    const IrInlining *inlining; // the helper's in this place; NULL: the bytecode's own code
} LoopExpansion;

typedef enum LoopEndingKind {
    LOOP_ENDING_NEXT,    // goes on to the next bytecode
    LOOP_ENDING_JUMP,    // to another one of the same frame
    LOOP_ENDING_JUMP_TO, // to any one of the same frame
    LOOP_ENDING_CALL,    // to another frame, and will be back
    LOOP_ENDING_LEAVE,   // for good
} LoopEndingKind;

// How a bytecode ends on one of its paths; for the stack effects.
typedef struct LoopEnding {
    LoopEndingKind kind;
    IrInstruction *branch;
    IrValue *displacement; // of a JUMP
    IrValue *dropped;      // of a CALL
    Location at;
} LoopEnding;

typedef enum LoopPlace {
    LOOP_IN_TRUNK, // fetching: nothing may end here
    LOOP_IN_BYTECODE,
    LOOP_IN_FALLBACK, // of no known length: there is no next bytecode
} LoopPlace;

struct LoopLowering {
    // The same for all regions.
    LoopDefinition *definition;
    Arena *arena;
    IrModule *module;
    IrFunction *function;
    ARENA_VECTOR(Location) reported;
    // The region at hand.
    IrBuilder builder;
    IrRegion *region;
    LoopPlace place;
    int length;                       // of the bytecode, in units
    int opcode;                       // the bytecode's; -1: it is none
    ARENA_VECTOR(LoopBlock *) blocks; // that have been started
    ARENA_VECTOR(LoopEnding) endings;
    IrValue *thread, *frame; // the loop's state as the region's first block gets it
    LoopBlock *block, *dead; // where code goes; `dead` where control can't be
    LoopScope *scope;
    LoopExpansion *expansion;
    int depth, messages; // how deep expressions are nested here; how many messages so far
    bool gave_up;        // an error after which nothing sensible can be said of the rest
};

// Reports an error, once for each place: helpers are expanded many times.
#define LOOP_ERROR(lowering, at, ...)                                                              \
    do {                                                                                           \
        if (loop_first_error((lowering), (at)))                                                    \
            diagnostic_error((lowering)->definition->diagnostics, (at), __VA_ARGS__);              \
    } while (0)
bool loop_first_error(LoopLowering *lowering, Location at);
bool loop_was_reported(const LoopLowering *lowering, Location at);

// Can control be here?
bool loop_is_live(const LoopLowering *lowering);
// The builder, set to the present place.
IrBuilder *loop_builder(LoopLowering *lowering, Location at);

// ---- Results (results.c) ---------------------------------------------------------------

LoopResult loop_nothing(void);
LoopResult loop_never(LoopLowering *lowering); // control is nowhere from here on
LoopResult loop_unknown(LoopLowering *lowering);
LoopResult loop_result(LoopType type, IrValue *value);
LoopResult loop_integer_result(LoopLowering *lowering, int64_t value);
const char *loop_result_text(const LoopLowering *lowering, LoopResult result);
// The address of an array in place; other results as they are.
LoopResult loop_take_address(LoopLowering *lowering, LoopResult result, Location at);
// Reports a result that isn't of the type; `what` names it. Gives one that is.
LoopResult loop_check_type(LoopLowering *lowering, LoopResult result, LoopType type,
                           const char *what, Location at);

// ---- Code ---------------------------------------------------------------------------------

// Expressions. `wanted`: the value is used. loop_value reports one that has none.
LoopResult loop_expression(LoopLowering *lowering, const AstExpression *expression, bool wanted);
LoopResult loop_value(LoopLowering *lowering, const AstExpression *expression);
// A body's statements, in a scope of its own; gives the last one's result.
LoopResult loop_body(LoopLowering *lowering, const AstBlock *body, bool wanted);
// A helper in place; `at` is where it is called.
LoopResult loop_expand(LoopLowering *lowering, LoopHelper *helper, const LoopResult *arguments,
                       Location at);
// Goes on where the exits meet, with what they have in common.
LoopResult loop_join(LoopLowering *lowering, const LoopExits *exits, const char *name, Location at);

LoopVariable *loop_declare_variable(LoopLowering *lowering, const char *name, LoopType type,
                                    IrValue *fixed, Location at);
LoopVariable *loop_find_variable(const LoopLowering *lowering, const char *name);

// Messages: to values (messages.c); those with blocks (control.c; false if the
// selector isn't one); to self (endings.c); to classes (calls.c).
LoopResult loop_send(LoopLowering *lowering, LoopResult receiver, const AstExpression *send);
bool loop_control_send(LoopLowering *lowering, const AstExpression *send, bool wanted,
                       LoopResult *result);
// `case:do:` any number of times, and `otherwise:` (cases.c); false if the selector isn't that.
bool loop_case_send(LoopLowering *lowering, const AstExpression *send, bool wanted,
                    LoopResult *result);
// A block that is an argument of such a message, written in place and with that many arguments.
// NULL after reporting.
const AstBlock *loop_block_argument(LoopLowering *lowering, const AstExpression *e,
                                    size_t arguments);
LoopResult loop_self_send(LoopLowering *lowering, const AstExpression *send);
LoopResult loop_class_send(LoopLowering *lowering, const AstExpression *send);
// A field of a record, or an array's element (memory.c). False if the selector is neither.
bool loop_memory_send(LoopLowering *lowering, LoopResult receiver, const AstExpression *send,
                      LoopResult *result);

// Ends the bytecode: on to the next one; or to what stands at an index into the code.
void loop_end_bytecode(LoopLowering *lowering, Location at);
void loop_end_with_jump(LoopLowering *lowering, LoopResult index, Location at);

// `self widenNext`, all that the prefix does (wide.c).
LoopResult loop_widen(LoopLowering *lowering, const AstExpression *send);

// Works out for the table what the bytecode, whose region has been lowered, needs on
// the stack and leaves there, whether it leaves, and which operands are displacements
// (effects.c). `operands` are their values, in order.
void loop_stack_effects(LoopLowering *lowering, const LoopBytecode *bytecode, IrValue **operands);

#endif
