// Intervals hold what operations give: every operation of the 8-bit type is run on
// all members of many pairs of intervals and compared with the interval's answer.
#include "ir/analysis/interval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// Comparisons are the last of them.
static const IrOp integer_ops[] = {
    IR_UDIV,          IR_UREM,          IR_ROTL,    IR_ROTR,
    IR_ADD,           IR_SUB,           IR_MUL,     IR_SDIV,
    IR_SREM,          IR_AND,           IR_OR,      IR_XOR,
    IR_SHL,           IR_LSHR,          IR_ASHR,    IR_ADD_OVERFLOWS,
    IR_SUB_OVERFLOWS, IR_MUL_OVERFLOWS, IR_CMP_EQ,  IR_CMP_NE,
    IR_CMP_SLT,       IR_CMP_SLE,       IR_CMP_SGT, IR_CMP_SGE,
    IR_CMP_ULT,       IR_CMP_ULE,       IR_CMP_UGT, IR_CMP_UGE,
};

enum { OPS = sizeof integer_ops / sizeof *integer_ops, FIRST_COMPARISON = OPS - 10 };

// The operation on two 8-bit integers; false where it is undefined.
static bool run(IrOp op, int a, int b, int *result) {
    bool divides = op == IR_SDIV || op == IR_SREM;
    if ((op == IR_UDIV || op == IR_UREM) && b == 0)
        return false;
    bool shifts = op == IR_SHL || op == IR_LSHR || op == IR_ASHR;
    if ((divides && (b == 0 || (a == INT8_MIN && b == -1))) || (shifts && (b < 0 || b > 7)))
        return false;
    uint8_t x = (uint8_t)a, y = (uint8_t)b;
    switch (op) {
    case IR_ADD: *result = (int8_t)(a + b); break;
    case IR_SUB: *result = (int8_t)(a - b); break;
    case IR_MUL: *result = (int8_t)(a * b); break;
    case IR_UDIV: *result = (int8_t)(x / y); break;
    case IR_UREM: *result = (int8_t)(x % y); break;
    case IR_ROTL: *result = (int8_t)(x << (y & 7) | x >> (8 - (y & 7))); break;
    case IR_ROTR: *result = (int8_t)(x >> (y & 7) | x << (8 - (y & 7))); break;
    case IR_SDIV: *result = a / b; break;
    case IR_SREM: *result = a % b; break;
    case IR_AND: *result = (int8_t)(x & y); break;
    case IR_OR: *result = (int8_t)(x | y); break;
    case IR_XOR: *result = (int8_t)(x ^ y); break;
    case IR_SHL: *result = (int8_t)(x << b); break;
    case IR_LSHR: *result = (int8_t)(x >> b); break;
    case IR_ASHR: *result = a >> b; break;
    case IR_ADD_OVERFLOWS: *result = a + b != (int8_t)(a + b); break;
    case IR_SUB_OVERFLOWS: *result = a - b != (int8_t)(a - b); break;
    case IR_MUL_OVERFLOWS: *result = a * b != (int8_t)(a * b); break;
    case IR_CMP_EQ: *result = a == b; break;
    case IR_CMP_NE: *result = a != b; break;
    case IR_CMP_SLT: *result = a < b; break;
    case IR_CMP_SLE: *result = a <= b; break;
    case IR_CMP_SGT: *result = a > b; break;
    case IR_CMP_SGE: *result = a >= b; break;
    case IR_CMP_ULT: *result = x < y; break;
    case IR_CMP_ULE: *result = x <= y; break;
    case IR_CMP_UGT: *result = x > y; break;
    default: *result = x >= y; break;
    }
    return true;
}

static uint32_t state = 12345;

static int random_byte(void) {
    state = state * 1664525u + 1013904223u;
    static const int corners[] = {INT8_MIN, INT8_MIN + 1, -1, 0, 1, 7, 8, INT8_MAX};
    unsigned choice = state >> 16;
    return choice % 3 == 0 ? corners[(choice / 3) % 8] : (int8_t)(choice >> 4);
}

// Mostly narrow, so that the members' pairs stay few.
static IrRange random_range(void) {
    int low = random_byte(), width = (uint8_t)random_byte() % 24;
    int high = low + width > INT8_MAX ? INT8_MAX : low + width;
    return ir_range(low, high);
}

static void test_operations_stay_within_their_interval(void **unused) {
    (void)unused;
    for (int round = 0; round < 1500; round++) {
        IrRange a = random_range(), b = random_range();
        for (int i = 0; i < OPS; i++) {
            IrRange range = ir_range_binary(integer_ops[i], IR_I8, a, b);
            for (int x = (int)a.low; x <= a.high; x++)
                for (int y = (int)b.low; y <= b.high; y++) {
                    int result;
                    if (run(integer_ops[i], x, y, &result) && !ir_range_contains(range, result))
                        fail_msg("%s of %d and %d is %d, not in [%d, %d]",
                                 ir_op_text(integer_ops[i]), x, y, result, (int)range.low,
                                 (int)range.high);
                }
        }
    }
}

static void test_outcomes_narrow_without_losing_members(void **unused) {
    (void)unused;
    for (int round = 0; round < 1500; round++) {
        IrRange a = random_range(), b = random_range();
        for (int i = 0; i < OPS; i++) {
            if (ir_op_shape(integer_ops[i]) != IR_SHAPE_COMPARE)
                continue;
            for (int outcome = 0; outcome < 2; outcome++) {
                IrRange given = ir_range_given(integer_ops[i], outcome == 1, a, b);
                assert_true(ir_range_within(given, a));
                for (int x = (int)a.low; x <= a.high; x++)
                    for (int y = (int)b.low; y <= b.high; y++) {
                        int result = -1;
                        run(integer_ops[i], x, y, &result);
                        if (result == outcome && !ir_range_contains(given, x))
                            fail_msg("%s of %d and %d is %d, but %d was dropped",
                                     ir_op_text(integer_ops[i]), x, y, outcome, x);
                    }
            }
        }
    }
}

static void test_swapped_comparisons_agree(void **unused) {
    (void)unused;
    for (int round = 0; round < 2000; round++) {
        int x = random_byte(), y = random_byte(), one, other;
        for (int i = FIRST_COMPARISON; i < OPS; i++) {
            run(integer_ops[i], x, y, &one);
            run(ir_compare_swapped(integer_ops[i]), y, x, &other);
            assert_int_equal(one, other);
        }
    }
}

static void test_conversions_stay_within_their_interval(void **unused) {
    (void)unused;
    for (int round = 0; round < 4000; round++) {
        IrRange a = random_range();
        IrRange zero = ir_range_convert(IR_ZEXT, IR_I8, IR_I64, a);
        IrRange sign = ir_range_convert(IR_SEXT, IR_I8, IR_I64, a);
        IrRange wide = ir_range(a.low * 3, a.high * 3);
        IrRange narrow = ir_range_convert(IR_TRUNC, IR_I64, IR_I8, wide);
        for (int x = (int)a.low; x <= a.high; x++) {
            assert_true(ir_range_contains(zero, (uint8_t)x));
            assert_true(ir_range_contains(sign, x));
        }
        for (int64_t x = wide.low; x <= wide.high; x++)
            assert_true(ir_range_contains(narrow, (int8_t)x));
    }
    assert_true(
        ir_range_equals(ir_range_convert(IR_SEXT, IR_I1, IR_I64, ir_range(0, 1)), ir_range(-1, 0)));
    assert_true(
        ir_range_equals(ir_range_convert(IR_ZEXT, IR_I1, IR_I64, ir_range(0, 1)), ir_range(0, 1)));
}

static void test_64_bit_bounds_wrap_to_the_whole_type(void **unused) {
    (void)unused;
    IrRange whole = ir_range_of_type(IR_I64), top = ir_range(INT64_MAX, INT64_MAX);
    IrRange bottom = ir_range(INT64_MIN, INT64_MIN), one = ir_range(1, 1);
    assert_true(ir_range_equals(ir_range_binary(IR_ADD, IR_I64, top, one), whole));
    assert_true(ir_range_equals(ir_range_binary(IR_SUB, IR_I64, bottom, one), whole));
    assert_true(ir_range_equals(ir_range_binary(IR_MUL, IR_I64, bottom, bottom), whole));
    assert_true(ir_range_equals(ir_range_binary(IR_SHL, IR_I64, whole, ir_range(0, 63)), whole));
    assert_true(
        ir_range_equals(ir_range_binary(IR_ADD_OVERFLOWS, IR_I64, top, one), ir_range(1, 1)));
    assert_true(ir_range_equals(ir_range_binary(IR_LSHR, IR_I64, whole, ir_range(1, 1)),
                                ir_range(0, INT64_MAX)));
    assert_true(ir_range_is_empty(ir_range_given(IR_CMP_SLT, true, whole, bottom)));
    assert_true(ir_range_is_empty(ir_range_given(IR_CMP_SGT, true, whole, top)));
}

static void test_masks_and_bounds_are_precise(void **unused) {
    (void)unused;
    IrRange whole = ir_range_of_type(IR_I64);
    assert_true(
        ir_range_equals(ir_range_binary(IR_AND, IR_I64, whole, ir_range(7, 7)), ir_range(0, 7)));
    assert_true(ir_range_equals(ir_range_given(IR_CMP_ULT, true, whole, ir_range(100, 100)),
                                ir_range(0, 99)));
    assert_true(ir_range_equals(ir_range_binary(IR_SREM, IR_I64, whole, ir_range(10, 10)),
                                ir_range(-9, 9)));
    assert_true(ir_range_equals(
        ir_range_binary(IR_LSHR, IR_I64, ir_range(0, 65535), ir_range(8, 8)), ir_range(0, 255)));
    assert_true(ir_range_equals(ir_range_of_cell(IR_CELL_U16), ir_range(0, 65535)));
}

static void test_nothing_comes_of_an_empty_interval(void **unused) {
    (void)unused;
    IrRange empty = ir_range_empty(), some = ir_range(1, 5);
    for (int i = 0; i < OPS; i++) {
        assert_true(ir_range_is_empty(ir_range_binary(integer_ops[i], IR_I64, empty, some)));
        assert_true(ir_range_is_empty(ir_range_binary(integer_ops[i], IR_I64, some, empty)));
    }
    assert_true(ir_range_equals(ir_range_union(empty, some), some));
    assert_true(ir_range_is_empty(ir_range_intersection(ir_range(1, 2), ir_range(3, 4))));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations_stay_within_their_interval),
        cmocka_unit_test(test_outcomes_narrow_without_losing_members),
        cmocka_unit_test(test_swapped_comparisons_agree),
        cmocka_unit_test(test_conversions_stay_within_their_interval),
        cmocka_unit_test(test_64_bit_bounds_wrap_to_the_whole_type),
        cmocka_unit_test(test_masks_and_bounds_are_precise),
        cmocka_unit_test(test_nothing_comes_of_an_empty_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
