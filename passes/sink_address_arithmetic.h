// What the files of sink-address-arithmetic share. The pass moves arithmetic at two borders: from
// the dispatch into the bytecodes (sink_parameters.c), and down the ways through one region
// (sink_in_region.c).
#ifndef PASSES_SINK_ADDRESS_ARITHMETIC_H
#define PASSES_SINK_ADDRESS_ARITHMETIC_H

#include "passes/manager/pass.h"

// Does the instruction compute an integer or an address from its operands alone?
bool sink_is_arithmetic(const IrInstruction *at);

// Parameters of the table that are arithmetic over the others, and that not every bytecode
// needs, are computed in those bytecodes that do, and are parameters no more. For form `loop`.
void sink_parameters(PassContext *context);

// Moves arithmetic of the region down to where all its uses come after it, if some way is
// spared it by that. How many instructions were moved.
size_t sink_in_region(IrRegion *region, Arena *scratch);

#endif
