// Where the state of a loop is while it runs in the evaluator: frame, pc, stack. A module declares
// what holds it, and passes move it into parameters of the table; so it is the same question for
// every variant, and for every language's loop. Whatever a module doesn't declare isn't known.
#ifndef CLI_TRACE_STATE_H
#define CLI_TRACE_STATE_H

#include "backend/eval/eval.h"

// What can be known of a module's loop.
typedef struct TracedLoop {
    const IrModule *module;
    const IrField *pc;     // the frame's cursor into code; NULL: none declared
    const IrField *caller; // the frame's pointer to another frame; NULL: none declared
} TracedLoop;

TracedLoop traced_loop(const IrModule *module);

// What is known where a bytecode begins. Pointers are NULL where something isn't.
typedef struct TracedState {
    void *thread, *frame;
    const void *caller;
    const unsigned char *code; // at the bytecode's opcode
    int64_t pc;                // its index in the code
    const unsigned char *sp;   // the first free slot of the stack
    bool has_top;              // `top` is what lies in the slot below, which is not yet in memory
    uint64_t top;
} TracedState;

TracedState traced_state(const TracedLoop *loop, const EvalBeginning *beginning);

// An operand, and the first code unit that is none of the bytecode's before it: reads along the
// code of a bytecode that isn't fused, whose first operand is at `unit` 1.
int64_t traced_operand(const IrTable *table, const IrOperand *operand, const unsigned char *code,
                       int *unit);

// What the stack's slot below `sp` holds, in a word; sign-extended where its cell is narrower.
uint64_t traced_top(const TracedLoop *loop, const TracedState *state);

#endif
