// Copies of code: of instructions, and of blocks that lead to each other. A copy computes what
// its original does, from values that the caller may exchange: so the round of a loop stands
// once for each way into it, or the bytecodes of a superinstruction one after the other.
#ifndef PASSES_SUPPORT_COPY_H
#define PASSES_SUPPORT_COPY_H

#include "passes/support/edit.h"

typedef struct Copy {
    IrModule *module;
    IrRegion *into;      // where copies of blocks are put, at its end
    Substitution values; // what stands for values of the original; copies are added to it
    PointerMap indices;  // original block -> index into `blocks`
    ARENA_VECTOR(IrBlock *) blocks;
    // Whose code the copy becomes in a region that is another method's, for debuggers; NULL: it
    // stays that of its region. The rest is for copies of inlinings.
    const IrInlining *within;
    PointerMap inlining_indices;
    ARENA_VECTOR(const IrInlining *) inlinings;
} Copy;

// An empty copy; what it notes lives in `scratch`. Values that are to be exchanged are added
// to `values` by the caller.
Copy copy_new(IrModule *module, IrRegion *into, Arena *scratch);

// Copies one instruction, its edges too, to the end of `block`. Edges lead where those of the
// original lead, or to the copy of that block if it has one. NULL is never returned.
IrInstruction *copy_instruction(Copy *copy, const IrInstruction *original, IrBlock *block);

// Makes a block for each of `originals`, with parameters unless values stand for these already.
// Their instructions are copied by copy_fill.
void copy_declare(Copy *copy, IrBlock *const *originals, size_t count);
void copy_fill(Copy *copy, IrBlock *const *originals, size_t count);

// The copy of a block, or the block itself if it has none.
IrBlock *copy_of_block(const Copy *copy, IrBlock *original);

#endif
