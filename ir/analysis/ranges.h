// Value ranges of a region's integers: for each value an interval that holds
// whatever it can be, by abstract interpretation over SSA with widening (Cousot
// and Cousot, 1977), and narrower ones after the branches that tested it.
//
// Nothing is assumed of memory but what cells can hold, of calls nothing, nor of
// the parameters of a region's entry and of the loop's header, which come from
// elsewhere. The one fact that comes from the module is `code verified`; see
// ir_range_of_opcode.
//
// The result is a snapshot: changing the region makes it stale.
#ifndef IR_ANALYSIS_RANGES_H
#define IR_ANALYSIS_RANGES_H

#include "ir/analysis/cfg.h"
#include "ir/analysis/interval.h"

typedef struct IrRanges IrRanges;

// In `arena`. Needs a region that keeps the rules `types`, `dominance`, `regions`
// and `terminators`; is merely useless on others. Time: a bounded number of passes
// over the region.
IrRanges *ir_ranges_compute(Arena *arena, const IrModule *module, const IrRegion *region);

// What `value` can be, anywhere. A constant's range is itself; values of other
// regions, and what is no integer, have their type's range. Empty: the value is
// never computed (its block can't be reached).
IrRange ir_range_of(const IrRanges *ranges, const IrValue *value);

// What `value` can be while `block` executes: ir_range_of, narrowed by the branches
// and switches that are passed on every way to the block. Empty: `block` can't be
// reached, or not with any value of this one.
IrRange ir_range_at(const IrRanges *ranges, const IrValue *value, const IrBlock *block);

// What `value` can be where the edge `edge` of `terminator` is taken: ir_range_at the
// terminator's block, narrowed by what taking this edge says. Empty: never taken.
// `edge` counts the terminator's edges from 0.
IrRange ir_range_on_edge(const IrRanges *ranges, const IrValue *value,
                         const IrInstruction *terminator, size_t edge);

// What the opcode of a `dispatch` can be: ir_range_at its block; and, if the module
// takes verified code only and the opcode is loaded from `code` by the table's unit,
// within the table: [0, number of bytecodes - 1].
IrRange ir_range_of_opcode(const IrRanges *ranges, const IrInstruction *dispatch);

// Has `value` been loaded from `code`, as an element of cell `unit`, whichever way it
// came here within its region?
bool ir_is_code_load(const IrRanges *ranges, const IrValue *value, IrCell unit);

#endif
