// SSA construction while lowering: blocks that know their predecessors, variables
// that are defined and read per block. The algorithm is that of Braun et al.,
// "Simple and Efficient Construction of Static Single Assignment Form" (CC 2013);
// its phis are block parameters here, and trivial ones go at a region's end.
#ifndef FRONTEND_LOOP_SSA_H
#define FRONTEND_LOOP_SSA_H

#include "frontend/loop/definition.h"

typedef struct Lowering Lowering;
typedef struct LoopBlock LoopBlock;

// A name in scope. `fixed` is its value if it can't be assigned (arguments, the
// loop's state), else it is a local.
typedef struct LoopVariable {
    const char *name;
    LoopType type;
    IrValue *fixed;
    bool made; // a record that this body makes: its const fields may be written
    bool is_read;
    Location at;
} LoopVariable;

typedef struct LoopPredecessor {
    LoopBlock *from;
    IrInstruction *terminator;
    size_t edge;
} LoopPredecessor;

typedef struct LoopDefined {
    LoopVariable *variable;
    IrValue *value;
} LoopDefined;

// A parameter whose arguments are given when the block is sealed.
typedef struct LoopPending {
    LoopVariable *variable;
    size_t parameter;
    Location at;
} LoopPending;

struct LoopBlock {
    IrBlock *ir;
    bool sealed; // all its predecessors are known
    ARENA_VECTOR(LoopPredecessor) predecessors;
    ARENA_VECTOR(LoopDefined) defined;
    ARENA_VECTOR(LoopPending) pending;
};

// A block that isn't in the region yet; loop_start_block appends it there and makes
// it the place where code goes.
LoopBlock *loop_block_new(Lowering *lowering, const char *name);
void loop_start_block(Lowering *lowering, LoopBlock *block);
// All branches to the block have been built.
void loop_seal_block(Lowering *lowering, LoopBlock *block);

// Ends the present block (nothing happens where control can't be).
void loop_go_to(Lowering *lowering, LoopBlock *target, Location at);
void loop_branch(Lowering *lowering, IrValue *condition, IrLikely likely, LoopBlock *yes,
                 LoopBlock *no, Location at);

// A parameter of a block, and its argument on one of the edges to it.
size_t loop_parameter_new(LoopBlock *block, IrType type, const char *name);
void loop_set_argument(Lowering *lowering, const LoopPredecessor *edge, size_t parameter,
                       IrValue *value);

void loop_define(Lowering *lowering, LoopVariable *variable, IrValue *value);
// The variable's value here. Reports where it may have none, as a reading at `at`.
IrValue *loop_read(Lowering *lowering, LoopVariable *variable, Location at);

// Removes parameters that always have the same value. All blocks must be sealed.
void loop_remove_trivial_parameters(Lowering *lowering);

#endif
