// What is known at each place of a bytecode's region about the frame's bytecode pointer
// and operand stack: how far they are from where the bytecode began, which component
// the place belongs to, and what that component has stored itself. A forward analysis
// over the region's flow of control; it follows additions of constants and no more.
// The verifier's rule `components` is made of it. It does not judge.
#ifndef IR_ANALYSIS_TRACE_H
#define IR_ANALYSIS_TRACE_H

#include "ir/analysis/cfg.h"
#include "ir/ir.h"

// A value or a cell: what it counts from, and how far it is from there at the
// bytecode's start.
typedef enum IrTraceBase {
    IR_TRACE_UNSEEN, // not computed on any path so far
    IR_TRACE_UNKNOWN,
    IR_TRACE_PC,         // the index of the bytecode in its code; in units
    IR_TRACE_PC_BYTES,   // the same; in bytes
    IR_TRACE_PC_ADDRESS, // the bytecode's address; in bytes
    IR_TRACE_STACK,      // the stack pointer; in bytes
} IrTraceBase;

typedef struct IrTraceValue {
    IrTraceBase base;
    int64_t offset;
} IrTraceValue;

enum { IR_TRACE_SLOTS = 32, IR_TRACE_MIXED = -1 };

typedef struct IrTraceState {
    bool reached;
    int component;       // IR_TRACE_MIXED: not the same on all paths
    IrTraceValue pc, sp; // what the frame's fields hold
    uint64_t stored;     // bit IR_TRACE_SLOTS + n: slot n above the first free one was stored to
    // A store of this component that is not part of making the state at its start; NULL: none.
    const IrInstruction *own;
} IrTraceState;

typedef struct IrTrace {
    const IrModule *module;
    const IrTable *table;
    const IrEntry *entry;
    const IrCfg *cfg;
    const IrValue *frame;              // the region's parameter; NULL: none
    const IrField *pc_field;           // the frame's cursor into the code; NULL: none
    int pc_parameter, stack_parameter; // the table's that mirror them, -1: none
    int *depths;                       // by component: slots above the stack pointer at the start
    int *lows;                         // the least depth up to there
    IrTraceState *in, *out;            // by position
    PointerMap numbers;                // of the region's values
    IrTraceValue *values;              // by number
    int *owners;                       // by number: the component that computes it
} IrTrace;

// Analyses the region that `cfg` is of as the code of `entry`. All in `arena`. The
// module keeps the verifier's rules but `components`. Linear for each level of loops.
IrTrace *ir_trace_compute(Arena *arena, const IrModule *module, const IrTable *table,
                          const IrEntry *entry, const IrCfg *cfg);

// Carries a state over an instruction: for who walks through a block from its `in`.
void ir_trace_step(IrTrace *trace, IrTraceState *state, const IrInstruction *at);

// What is known of a value; a constant is unknown.
IrTraceValue ir_trace_value(const IrTrace *trace, const IrValue *value);

// How far the component's bytecode is from the start, in code units.
int ir_trace_place(const IrTrace *trace, int component);

// Does it count from the right thing, so far?
bool ir_trace_is_pc(const IrTrace *trace, IrTraceValue value, int component);
bool ir_trace_is_stack(const IrTrace *trace, IrTraceValue value, int component);

// The slots (bits as in `stored`) that hold what the components before it have pushed.
uint64_t ir_trace_pushed(const IrTrace *trace, int component);

#endif
