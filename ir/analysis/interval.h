// Intervals of signed integers, and what the IR's operations make of them. Each
// function is conservative: the result holds every value that the operation can
// give for operands out of the intervals.
#ifndef IR_ANALYSIS_INTERVAL_H
#define IR_ANALYSIS_INTERVAL_H

#include "ir/ir.h"

// All integers from `low` to `high`, both included; empty if low > high, which says
// that the value is never computed. i1 is 0 or 1, wider integers are signed.
typedef struct IrRange {
    int64_t low, high;
} IrRange;

IrRange ir_range(int64_t low, int64_t high);
IrRange ir_range_empty(void);
// All values of a type: [0, 1] for i1, [INT64_MIN, INT64_MAX] for what is no integer.
IrRange ir_range_of_type(IrType type);
// What a load of the cell can give.
IrRange ir_range_of_cell(IrCell cell);

bool ir_range_is_empty(IrRange range);
bool ir_range_is_constant(IrRange range);
bool ir_range_equals(IrRange a, IrRange b);
bool ir_range_contains(IrRange range, int64_t value);
bool ir_range_within(IrRange inner, IrRange outer); // an empty one lies within any
IrRange ir_range_union(IrRange a, IrRange b);       // the smallest interval of both
IrRange ir_range_intersection(IrRange a, IrRange b);

// A binary operation, overflow test or integer comparison on operands of `type`.
// For comparisons and overflow tests the result is within [0, 1].
IrRange ir_range_binary(IrOp op, IrType type, IrRange left, IrRange right);
// A unary operation, all of which count zeros or ones: at most as many as the type has bits.
IrRange ir_range_of_count(IrType type);

// zext, sext and trunc.
IrRange ir_range_convert(IrOp op, IrType from, IrType to, IrRange operand);

// What `left` can be, given that the comparison `op` of it with a value out of
// `right` gave `outcome`. Starts from `left`, never grows it.
IrRange ir_range_given(IrOp op, bool outcome, IrRange left, IrRange right);

// The comparison that holds of (b, a) where `op` holds of (a, b).
IrOp ir_compare_swapped(IrOp op);

#endif
