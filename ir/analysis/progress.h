// How far a bytecode has come: at each place of its region, where the frame's bytecode
// pointer and stack pointer stand, counted from where they stood when it began.
//
// An abstract interpretation (P. and R. Cousot, POPL 1977) over the region's flow of
// control. What it knows of a value is a distance: a base (nothing, the bytecode's place,
// the stack pointer at the start), a constant, and a multiple of one operand. Sums,
// differences and multiples are followed, and nothing else; where paths meet and differ,
// nothing is known. So each value changes twice at most, and a pass over the blocks for each
// level of loops suffices.
//
// The loop language's stack effects are made of it (frontend/loop/effects.c), and what the
// verifier asks of superinstructions (trace.h). It judges nothing.
#ifndef IR_ANALYSIS_PROGRESS_H
#define IR_ANALYSIS_PROGRESS_H

#include "ir/analysis/cfg.h"
#include "ir/ir.h"

// What a distance is counted from.
typedef enum IrBase {
    IR_BASE_UNSEEN, // not computed on any path so far
    IR_BASE_UNKNOWN,
    IR_BASE_NUMBER,     // 0: the distance is a plain number
    IR_BASE_PC,         // the index of the bytecode in its code; in units
    IR_BASE_PC_BYTES,   // the same; in bytes
    IR_BASE_PC_ADDRESS, // the bytecode's address; in bytes
    IR_BASE_STACK,      // the stack pointer; in bytes
} IrBase;

// What is known of a number or address: base + constant + factor * operand.
typedef struct IrDistance {
    IrBase base;
    // Which of the bytecode's operands is multiplied, by index.
    int operand; // -1 if the factor is 0
    int64_t constant, factor;
} IrDistance;

// What the frame's fields hold.
typedef struct IrPosition {
    bool reached;
    IrDistance pc, stack;
} IrPosition;

// Memory in which a bytecode that is started again would find what it did the first time. The
// thread's record isn't counted: were it, no bytecode could take room for an object and
// collect after that.
enum { IR_SEEN_AGAIN = IR_ALIAS_FRAME | IR_ALIAS_STACK | IR_ALIAS_HEAP | IR_ALIAS_CODE };

typedef struct IrProgressInput {
    const IrModule *module;
    const IrTable *table;
    const IrCfg *cfg;           // of the bytecode's region
    const IrField *stack_field; // the frame's stack pointer; NULL: none
    IrValue *const *operands; // the values that are its operands, in order; NULL: one that is fixed
    size_t operand_count;
    // What functions of the runtime write, and what is written through other addresses than
    // the region's frame, is not this frame's state. Else it may be.
    bool only_own_stores;
} IrProgressInput;

typedef struct IrProgress {
    IrProgressInput input;
    const IrValue *frame;              // the region's parameter; NULL: none
    const IrField *pc_field;           // the frame's cursor into the code; NULL: none
    int pc_parameter, stack_parameter; // the table's that mirror them, -1: none
    IrPosition *in, *out;              // by the block's position
    PointerMap numbers;                // of the region's values
    size_t value_count;
    IrDistance *values; // by number
} IrProgress;

// Analyses the region, which keeps the verifier's rules for types and structure. All in
// `arena`.
IrProgress *ir_progress_compute(Arena *arena, IrProgressInput input);

// Carries a position over an instruction: for who walks through a block from its `in`.
void ir_progress_step(const IrProgress *progress, IrPosition *position, const IrInstruction *at);

// What is known of a value.
IrDistance ir_progress_value(const IrProgress *progress, const IrValue *value);

// Where what a LOAD, a STORE or an ADDRESS accesses lies.
IrDistance ir_progress_access(const IrProgress *progress, const IrInstruction *at);

// Does the instruction store to that field of the region's frame?
bool ir_progress_is_own(const IrProgress *progress, const IrInstruction *at, const IrField *field);

// left + sign * right, where a sum means something.
IrDistance ir_distance_add(IrDistance left, IrDistance right, int64_t sign);
IrDistance ir_distance_number(int64_t number);
bool ir_distance_equals(IrDistance left, IrDistance right);

#endif
