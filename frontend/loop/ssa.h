// SSA construction while lowering: blocks that know their predecessors, variables that are
// defined and read per block. The algorithm is that of Braun et al., "Simple and Efficient
// Construction of Static Single Assignment Form" (CC 2013); its phis are block parameters here.
//
// A variable's value is looked for where it is read: in the block itself, else in those that
// lead to it, and where several do, the block gets a parameter. So SSA form is there at once,
// in the one walk over the tree, without dominance frontiers and without an IR that has
// variables. Where a block can still get predecessors (a loop's head, while its body is
// lowered), a parameter is made on suspicion; the block is *sealed* when all are known, and
// then the arguments are filled in. Parameters that turn out to be one value go at a region's
// end, all together: to remove each at once, as the paper does, needs a list of its uses.
#ifndef FRONTEND_LOOP_SSA_H
#define FRONTEND_LOOP_SSA_H

#include "frontend/loop/definition.h"

typedef struct LoopLowering LoopLowering;
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

// An edge into a block: which of the edges of the terminator of `from` it is.
typedef struct LoopPredecessor {
    LoopBlock *from;
    IrInstruction *terminator;
    size_t edge;
} LoopPredecessor;

// What a variable is at the end of a block, as far as the block has been lowered.
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
    ARENA_VECTOR(LoopDefined) defined; // assigned here, or looked for before
    ARENA_VECTOR(LoopPending) pending; // empty once it is sealed
};

// A block that isn't in the region yet; loop_start_block appends it there and makes
// it the place where code goes. So blocks stand in the order in which their code is
// written, and one that nothing leads to is left out by not being started.
LoopBlock *loop_block_new(LoopLowering *lowering, const char *name);
void loop_start_block(LoopLowering *lowering, LoopBlock *block);
// All branches to the block have been built.
void loop_seal_block(LoopLowering *lowering, LoopBlock *block);

// Ends the present block (nothing happens where control can't be).
void loop_go_to(LoopLowering *lowering, LoopBlock *target, Location at);
void loop_branch(LoopLowering *lowering, IrValue *condition, IrLikely likely, LoopBlock *yes,
                 LoopBlock *no, Location at);

// To the block of the number that the value is, each once, or to `otherwise`.
typedef struct LoopCase {
    int64_t number;
    LoopBlock *block;
} LoopCase;

typedef ARENA_VECTOR(LoopCase) LoopCases;

void loop_switch(LoopLowering *lowering, IrValue *value, const LoopCases *cases,
                 LoopBlock *otherwise, Location at);

// A parameter of a block, and its argument on one of the edges to it.
size_t loop_parameter_new(LoopBlock *block, IrType type, const char *name);
void loop_set_argument(LoopLowering *lowering, const LoopPredecessor *edge, size_t parameter,
                       IrValue *value);

void loop_define(LoopLowering *lowering, LoopVariable *variable, IrValue *value);
// The variable's value here. Reports where it may have none, as a reading at `at`.
IrValue *loop_read(LoopLowering *lowering, LoopVariable *variable, Location at);

// Removes parameters that always have the same value. All blocks must be sealed.
void loop_remove_trivial_parameters(LoopLowering *lowering);

#endif
