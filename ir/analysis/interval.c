// See interval.h. Bounds are computed in 128 bits, where nothing of 64 bits wraps; where a
// bound leaves the type, the operation may wrap, and the result is the whole type. Where the
// result grows with both operands (or falls), its bounds come from the operands' bounds, so
// four combinations are enough. An interval can't say "anything but 5" or "0 or 100": that is
// the price of two numbers a value, and all that asks here (is the opcode in the table, is the
// test decided) is about ends.
#include "ir/analysis/interval.h"

typedef __int128 Wide;

IrRange ir_range(int64_t low, int64_t high) {
    return (IrRange){low, high};
}

// One empty interval for all, so that two of them compare equal as numbers, too.
IrRange ir_range_empty(void) {
    return ir_range(INT64_MAX, INT64_MIN);
}

IrRange ir_range_of_type(IrType type) {
    int width = ir_type_width(type);
    if (width == 1)
        return ir_range(0, 1);
    // Also for f64, ptr and the like, whose width is 64: what is no integer is never narrowed.
    int64_t high = INT64_MAX >> (64 - width);
    return ir_range(-high - 1, high);
}

IrRange ir_range_of_cell(IrCell cell) {
    switch (cell) {
    case IR_CELL_U8: return ir_range(0, UINT8_MAX);
    case IR_CELL_I8: return ir_range(INT8_MIN, INT8_MAX);
    case IR_CELL_U16: return ir_range(0, UINT16_MAX);
    case IR_CELL_I16: return ir_range(INT16_MIN, INT16_MAX);
    case IR_CELL_U32: return ir_range(0, UINT32_MAX);
    case IR_CELL_I32: return ir_range(INT32_MIN, INT32_MAX);
    default: return ir_range(INT64_MIN, INT64_MAX);
    }
}

bool ir_range_is_empty(IrRange range) {
    return range.low > range.high;
}

bool ir_range_is_constant(IrRange range) {
    return range.low == range.high;
}

bool ir_range_equals(IrRange a, IrRange b) {
    return (ir_range_is_empty(a) && ir_range_is_empty(b)) || (a.low == b.low && a.high == b.high);
}

bool ir_range_contains(IrRange range, int64_t value) {
    return range.low <= value && value <= range.high;
}

bool ir_range_within(IrRange inner, IrRange outer) {
    return ir_range_is_empty(inner) || (outer.low <= inner.low && inner.high <= outer.high);
}

IrRange ir_range_union(IrRange a, IrRange b) {
    if (ir_range_is_empty(a))
        return b;
    if (ir_range_is_empty(b))
        return a;
    return ir_range(a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high);
}

IrRange ir_range_intersection(IrRange a, IrRange b) {
    IrRange both = {a.low > b.low ? a.low : b.low, a.high < b.high ? a.high : b.high};
    return ir_range_is_empty(both) ? ir_range_empty() : both;
}

// ---- Arithmetic --------------------------------------------------------------------

typedef struct WideRange {
    Wide low, high;
} WideRange;

static WideRange hull(const Wide candidates[4]) {
    WideRange result = {candidates[0], candidates[0]};
    for (int i = 1; i < 4; i++) {
        if (candidates[i] < result.low)
            result.low = candidates[i];
        if (candidates[i] > result.high)
            result.high = candidates[i];
    }
    return result;
}

// What the operation gives in integers without bounds. A product's extremes lie at the
// operands' ends, but at which of the four depends on the signs.
static WideRange exact(IrOp op, IrRange a, IrRange b) {
    switch (op) {
    case IR_ADD:
    case IR_ADD_OVERFLOWS: return (WideRange){(Wide)a.low + b.low, (Wide)a.high + b.high};
    case IR_SUB:
    case IR_SUB_OVERFLOWS: return (WideRange){(Wide)a.low - b.high, (Wide)a.high - b.low};
    default:
        return hull((Wide[4]){(Wide)a.low * b.low, (Wide)a.low * b.high, (Wide)a.high * b.low,
                              (Wide)a.high * b.high});
    }
}

// What wraps may come out anywhere, at both ends of the type at once.
static IrRange fit(IrType type, WideRange wide) {
    IrRange whole = ir_range_of_type(type);
    if (wide.low < whole.low || wide.high > whole.high)
        return whole;
    return ir_range((int64_t)wide.low, (int64_t)wide.high);
}

// Within the type for all operands: never. Beyond the same end for all: always.
static IrRange overflow_test(IrOp op, IrType type, IrRange a, IrRange b) {
    IrRange whole = ir_range_of_type(type);
    WideRange wide = exact(op, a, b);
    if (wide.low >= whole.low && wide.high <= whole.high)
        return ir_range(0, 0);
    if (wide.high < whole.low || wide.low > whole.high)
        return ir_range(1, 1);
    return ir_range(0, 1);
}

// In 128 bits, as the least integer has no opposite in 64.
static Wide magnitude(IrRange range) {
    Wide low = -(Wide)range.low, high = range.high;
    return low > high ? low : high;
}

// For a divisor of one sign the quotient's extremes lie at the ends. One that may be 0, or of
// either sign, comes as near to 0 as 1 or -1, so the quotient is at most the dividend in
// magnitude. By 0 itself nothing is computed.
static IrRange divide(IrType type, IrRange a, IrRange b) {
    if (b.low > 0 || b.high < 0) {
        return fit(type, hull((Wide[4]){(Wide)a.low / b.low, (Wide)a.low / b.high,
                                        (Wide)a.high / b.low, (Wide)a.high / b.high}));
    }
    return fit(type, (WideRange){-magnitude(a), magnitude(a)});
}

// The remainder has the dividend's sign, is less than the divisor in magnitude, and not more
// than the dividend.
static IrRange remainder_of(IrType type, IrRange a, IrRange b) {
    Wide most = magnitude(b) - 1;
    // The divisor is 0, so this is never computed; any answer is right.
    if (most < 0)
        return ir_range_of_type(type);
    WideRange result = {0, 0};
    if (a.low < 0)
        result.low = a.low > -most ? (Wide)a.low : -most;
    if (a.high > 0)
        result.high = a.high < most ? (Wide)a.high : most;
    return fit(type, result);
}

// Of unsigned numbers the quotient is at most the dividend, and only by 1 it can be too large for a
// signed type. The dividend is at most what the type has bits for.
static IrRange divide_unsigned(IrType type, IrRange a, IrRange b) {
    IrRange whole = ir_range_of_type(type);
    if (a.low >= 0) {
        int64_t least = b.low > 0 ? b.low : 1;
        return ir_range(b.low > 0 ? a.low / b.high : 0, a.high / least);
    }
    return b.low > 1 ? ir_range(0, (int64_t)((2 * (uint64_t)whole.high + 1) / (uint64_t)b.low))
                     : whole;
}

// Less than the divisor, and not more than the dividend. (A divisor of 0 computes nothing.)
static IrRange remainder_unsigned(IrType type, IrRange a, IrRange b) {
    IrRange whole = ir_range_of_type(type);
    if (b.low >= 0 && b.high > 0 && (a.low < 0 || b.high <= a.high))
        return ir_range(0, b.high - 1);
    return a.low >= 0 ? ir_range(0, a.high) : whole;
}

// The least number of the form 2^k - 1 that is not below `value` (which is not negative).
static int64_t cover(int64_t value) {
    return value ? (int64_t)(UINT64_MAX >> __builtin_clzll((uint64_t)value)) : 0;
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b) {
    return a > b ? a : b;
}

// Bits are no numbers, so the bounds are coarse. `and` can only take bits away and `or` only
// add them: of natural numbers one gives at most the lesser, the other at least the larger.
// The highest bit of either operand bounds what else there may be, which is what `cover`
// rounds to. A negative number is treated as the complement of a natural one.
static IrRange bitwise(IrOp op, IrRange a, IrRange b) {
    bool both_natural = a.low >= 0 && b.low >= 0;
    if (op == IR_AND) {
        if (both_natural)
            return ir_range(0, smaller(a.high, b.high));
        if (a.low >= 0 || b.low >= 0)
            return ir_range(0, a.low >= 0 ? a.high : b.high);
        return ir_range(-cover(-(smaller(a.low, b.low) + 1)) - 1, larger(a.high, b.high));
    }
    if (op == IR_OR) {
        // The sign is a bit as well: an operand that is always negative leaves it set.
        bool negative = a.high < 0 || b.high < 0;
        return ir_range(both_natural ? larger(a.low, b.low) : smaller(a.low, b.low),
                        negative ? -1 : cover(larger(a.high, b.high)));
    }
    int64_t all = cover(larger(larger(a.high, ~a.low), larger(b.high, ~b.low)));
    return ir_range(both_natural ? 0 : -all - 1, all);
}

// An amount of the width or more is undefined, so only the others count.
static IrRange shift(IrOp op, IrType type, IrRange a, IrRange amount) {
    int width = ir_type_width(type);
    amount = ir_range_intersection(amount, ir_range(0, width - 1));
    if (ir_range_is_empty(amount))
        return ir_range_of_type(type);
    int few = (int)amount.low, many = (int)amount.high;
    if (op == IR_SHL) {
        Wide one = 1;
        return fit(type, hull((Wide[4]){a.low * (one << few), a.low * (one << many),
                                        a.high * (one << few), a.high * (one << many)}));
    }
    // Of numbers that aren't negative both right shifts give the same.
    if (op == IR_ASHR || a.low >= 0)
        return fit(type,
                   hull((Wide[4]){a.low >> few, a.low >> many, a.high >> few, a.high >> many}));
    // By 0 a negative number stays what it is, by more it turns into a large natural one.
    if (!few)
        return ir_range_of_type(type);
    return ir_range(0, (int64_t)(UINT64_MAX >> (64 - width) >> few));
}

// ---- Comparisons -------------------------------------------------------------------

static IrRange truth(bool always, bool never) {
    return ir_range(always ? 1 : 0, never ? 0 : 1);
}

typedef struct NaturalRange {
    uint64_t low, high;
} NaturalRange;

// Narrow integers are kept sign-extended to 64 bits. That keeps their unsigned order: the
// natural ones come first, then the negative ones. An interval of both has a hole in that
// order.
static NaturalRange as_unsigned(IrRange range) {
    if (range.low < 0 && range.high >= 0)
        return (NaturalRange){0, UINT64_MAX};
    return (NaturalRange){(uint64_t)range.low, (uint64_t)range.high};
}

static IrRange compare_unsigned(IrOp op, IrRange left, IrRange right) {
    NaturalRange a = as_unsigned(left), b = as_unsigned(right);
    switch (op) {
    case IR_CMP_ULT: return truth(a.high < b.low, a.low >= b.high);
    case IR_CMP_ULE: return truth(a.high <= b.low, a.low > b.high);
    case IR_CMP_UGT: return truth(a.low > b.high, a.high <= b.low);
    default: return truth(a.low >= b.high, a.high < b.low);
    }
}

static IrRange compare(IrOp op, IrRange a, IrRange b) {
    bool disjoint = a.high < b.low || b.high < a.low;
    // Two equal intervals say nothing of two values, unless there is only one to choose.
    bool same = ir_range_is_constant(a) && ir_range_equals(a, b);
    switch (op) {
    case IR_CMP_EQ: return truth(same, disjoint);
    case IR_CMP_NE: return truth(disjoint, same);
    case IR_CMP_SLT: return truth(a.high < b.low, a.low >= b.high);
    case IR_CMP_SLE: return truth(a.high <= b.low, a.low > b.high);
    case IR_CMP_SGT: return truth(a.low > b.high, a.high <= b.low);
    case IR_CMP_SGE: return truth(a.low >= b.high, a.high < b.low);
    default: return compare_unsigned(op, a, b);
    }
}

IrRange ir_range_binary(IrOp op, IrType type, IrRange left, IrRange right) {
    if (ir_range_is_empty(left) || ir_range_is_empty(right))
        return ir_range_empty();
    switch (op) {
    case IR_ADD:
    case IR_SUB:
    case IR_MUL: return fit(type, exact(op, left, right));
    case IR_SDIV: return divide(type, left, right);
    case IR_SREM: return remainder_of(type, left, right);
    case IR_UDIV: return divide_unsigned(type, left, right);
    case IR_UREM: return remainder_unsigned(type, left, right);
    case IR_ROTL:
    case IR_ROTR: return ir_range_of_type(type);
    case IR_AND:
    case IR_OR:
    case IR_XOR: return bitwise(op, left, right);
    case IR_SHL:
    case IR_LSHR:
    case IR_ASHR: return shift(op, type, left, right);
    case IR_ADD_OVERFLOWS:
    case IR_SUB_OVERFLOWS:
    case IR_MUL_OVERFLOWS: return overflow_test(op, type, left, right);
    default: return compare(op, left, right);
    }
}

IrRange ir_range_of_count(IrType type) {
    return ir_range(0, ir_type_width(type));
}

IrRange ir_range_convert(IrOp op, IrType from, IrType to, IrRange operand) {
    if (ir_range_is_empty(operand))
        return operand;
    IrRange whole = ir_range_of_type(to);
    if (op == IR_TRUNC || op == IR_SEXT) {
        // An i1's only bit is its sign.
        if (from == IR_I1)
            return to == IR_I1 ? operand : ir_range(-operand.high, -operand.low);
        return ir_range_within(operand, whole) ? operand : whole;
    }
    if (operand.low >= 0 && ir_range_within(operand, whole))
        return operand;
    // zext of a number whose sign bit is set: as an unsigned one of the narrow type.
    int width = ir_type_width(from);
    if (width >= ir_type_width(to))
        return whole;
    int64_t modulus = (int64_t)1 << width;
    if (operand.high < 0)
        return ir_range(operand.low + modulus, operand.high + modulus);
    return ir_range(0, modulus - 1);
}

// ---- What a comparison says ----------------------------------------------------------

static IrOp negated(IrOp op) {
    switch (op) {
    case IR_CMP_EQ: return IR_CMP_NE;
    case IR_CMP_NE: return IR_CMP_EQ;
    case IR_CMP_SLT: return IR_CMP_SGE;
    case IR_CMP_SLE: return IR_CMP_SGT;
    case IR_CMP_SGT: return IR_CMP_SLE;
    case IR_CMP_SGE: return IR_CMP_SLT;
    case IR_CMP_ULT: return IR_CMP_UGE;
    case IR_CMP_ULE: return IR_CMP_UGT;
    case IR_CMP_UGT: return IR_CMP_ULE;
    case IR_CMP_UGE: return IR_CMP_ULT;
    default: return op;
    }
}

IrOp ir_compare_swapped(IrOp op) {
    switch (op) {
    case IR_CMP_SLT: return IR_CMP_SGT;
    case IR_CMP_SLE: return IR_CMP_SGE;
    case IR_CMP_SGT: return IR_CMP_SLT;
    case IR_CMP_SGE: return IR_CMP_SLE;
    case IR_CMP_ULT: return IR_CMP_UGT;
    case IR_CMP_ULE: return IR_CMP_UGE;
    case IR_CMP_UGT: return IR_CMP_ULT;
    case IR_CMP_UGE: return IR_CMP_ULE;
    default: return op;
    }
}

// The least integer has nothing below it, and `bound - 1` would wrap.
static IrRange at_most(IrRange range, int64_t bound, bool strictly) {
    if (strictly && bound == INT64_MIN)
        return ir_range_empty();
    return ir_range_intersection(range, ir_range(INT64_MIN, strictly ? bound - 1 : bound));
}

static IrRange at_least(IrRange range, int64_t bound, bool strictly) {
    if (strictly && bound == INT64_MAX)
        return ir_range_empty();
    return ir_range_intersection(range, ir_range(strictly ? bound + 1 : bound, INT64_MAX));
}

// The unsigned order is that of naturals followed by that of negative numbers: nothing is
// below 0, nothing above -1. So to be below a natural number says two things, that the value
// is no more than that and that it isn't negative: one comparison checks an index against both
// ends of an array.
static IrRange below_unsigned(IrRange left, IrRange right, bool strictly) {
    if (strictly && left.high == -1)
        left = at_most(left, -1, true);
    if (right.low >= 0)
        return at_least(at_most(left, right.high, strictly), 0, false);
    // Both in the upper half, where the orders agree. Else what is left out would be a hole in
    // the middle of the signed order.
    if (right.high < 0 && left.high < 0)
        return at_most(left, right.high, strictly);
    return left;
}

// The mirror image, from the other end.
static IrRange above_unsigned(IrRange left, IrRange right, bool strictly) {
    if (strictly && left.low == 0)
        left = at_least(left, 0, true);
    if (right.low < 0 && right.high < 0)
        return at_most(at_least(left, right.low, strictly), -1, false);
    if (right.low >= 0 && left.low >= 0)
        return at_least(left, right.low, strictly);
    return left;
}

IrRange ir_range_given(IrOp op, bool outcome, IrRange left, IrRange right) {
    if (ir_range_is_empty(left) || ir_range_is_empty(right))
        return ir_range_empty();
    switch (outcome ? op : negated(op)) {
    case IR_CMP_EQ: return ir_range_intersection(left, right);
    // Only at an end can one value be taken out.
    case IR_CMP_NE:
        if (!ir_range_is_constant(right))
            return left;
        if (left.low == right.low)
            left = at_least(left, right.low, true);
        if (left.high == right.low)
            left = at_most(left, right.low, true);
        return left;
    case IR_CMP_SLT: return at_most(left, right.high, true);
    case IR_CMP_SLE: return at_most(left, right.high, false);
    case IR_CMP_SGT: return at_least(left, right.low, true);
    case IR_CMP_SGE: return at_least(left, right.low, false);
    case IR_CMP_ULT: return below_unsigned(left, right, true);
    case IR_CMP_ULE: return below_unsigned(left, right, false);
    case IR_CMP_UGT: return above_unsigned(left, right, true);
    case IR_CMP_UGE: return above_unsigned(left, right, false);
    default: return left;
    }
}
