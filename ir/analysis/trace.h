// What is known at each place of a bytecode's region for the verifier's rule `components`:
// how far the bytecode has come (progress.h), which component the place belongs to, which
// slots of the stack have been stored to, what that component has done itself, and whether
// the code may have been rewritten meanwhile. A superinstruction may stop being one at certain
// places only (docs/ir.md, "Superinstructions"): where memory is as the components before have
// left it and the one at hand has done nothing yet. So this follows, over the region's flow of
// control, what has been done. It does not judge.
#ifndef IR_ANALYSIS_TRACE_H
#define IR_ANALYSIS_TRACE_H

#include "ir/analysis/progress.h"

enum { IR_TRACE_SLOTS = 32, IR_TRACE_MIXED = -1 };

typedef struct IrTraceState {
    // What the frame's fields hold.
    IrPosition position;
    int component;   // IR_TRACE_MIXED: not the same on all paths
    uint64_t stored; // bit IR_TRACE_SLOTS + n: slot n above the first free one was stored to
    // A store of this component that is not part of making the state at its start; NULL: none.
    const IrInstruction *own;
    // A call before it that may write code, the poll's among them; NULL: none.
    const IrInstruction *rewriting;
} IrTraceState;

typedef struct IrTrace {
    const IrModule *module;
    const IrTable *table;
    const IrBytecode *bytecode;
    const IrCfg *cfg;
    const IrProgress *progress;
    // Both by component, in slots, and counted to where the component begins.
    int *depths;            // by component: slots above the stack pointer at the start
    int *lows;              // the least depth up to there
    int *reaches;           // the lowest slot that those before it may have taken or pushed
    IrTraceState *in, *out; // by position
    int *owners;            // by the value's number: the component that computes it, -1: none
} IrTrace;

// Analyses the region that `cfg` is of as the code of `bytecode`. All in `arena`. The
// module keeps the verifier's rules but `components`. Linear for each level of loops.
IrTrace *ir_trace_compute(Arena *arena, const IrModule *module, const IrTable *table,
                          const IrBytecode *bytecode, const IrCfg *cfg);

// Carries a state over an instruction: for who walks through a block from its `in`.
void ir_trace_step(const IrTrace *trace, IrTraceState *state, const IrInstruction *at);

// How far the component's bytecode is from the start, in code units.
int ir_trace_place(const IrTrace *trace, int component);

// Is that the component's place, or where the stack is when it begins?
bool ir_trace_is_pc(const IrTrace *trace, IrDistance distance, int component);
bool ir_trace_is_stack(const IrTrace *trace, IrDistance distance, int component);

// Can the slot, counted as in `stored`, be out of date when the component begins, since those
// before it have taken or pushed it?
bool ir_trace_may_restore(const IrTrace *trace, int64_t slot, int component);

// The slots (bits as in `stored`) that hold what the components before it have pushed.
uint64_t ir_trace_pushed(const IrTrace *trace, int component);

#endif
