// How much code there is of something: the figures that tell what a pass did to one bytecode, where
// its own counters are about the whole loop.
#ifndef IR_ANALYSIS_SIZE_H
#define IR_ANALYSIS_SIZE_H

#include "ir/ir.h"

// The figures, each with its name in texts and in JSON.
#define IR_SIZES(X)                                                                                \
    X(instructions, "instructions")                                                                \
    X(blocks, "blocks")                                                                            \
    X(frame_reads, "frame reads")                                                                  \
    X(frame_writes, "frame writes")                                                                \
    X(stack_accesses, "stack accesses")

// Frame reads and writes as docs/ir.md defines them ("Counting"), but of what is written and not of
// what is executed; accesses of the stack are loads and stores.
typedef struct IrSize {
#define IR_SIZE(field, name) int field;
    IR_SIZES(IR_SIZE)
#undef IR_SIZE
} IrSize;

// Adds those of a region.
void ir_size_add(IrSize *size, const IrModule *module, const IrRegion *region);

#endif
