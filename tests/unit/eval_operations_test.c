// The evaluator's arithmetic, comparisons and conversions, each at its edges.
#include "tests/unit/eval_fixture.h"

#include <math.h>

// One operation on %a and %b of type `type`, with result `result`.
typedef struct Case {
    const char *operation, *type, *result;
    int64_t a, b, expected;
} Case;

// Room for one operation's module.
static const char *one_operation(char *text, size_t size, const char *operation, const char *type,
                                 const char *result) {
    snprintf(text, size,
             "module Test\nform handlers\nfunction @f -> %s {\ntrunk {\n"
             "^entry(%%a: %s, %%b: %s):\n  %%r = %s\n  ret %%r\n}\n}\n",
             result, type, type, operation);
    return text;
}

static bool evaluate(const Case *test, EvalWord *result, char *message) {
    char text[512];
    Fixture fixture = fixture_open(
        one_operation(text, sizeof text, test->operation, test->type, test->result), NULL, 0);
    EvalWord arguments[] = {word_integer(test->a), word_integer(test->b)};
    bool finished = fixture_try(&fixture, result, arguments, 2);
    if (!finished)
        snprintf(message, 200, "%s", fixture.failure.message);
    fixture_close(&fixture);
    return finished;
}

static void check_all(const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        EvalWord result = {.bits = 0};
        char message[200];
        if (!evaluate(&cases[i], &result, message))
            fail_msg("%s %s: %s", cases[i].operation, cases[i].type, message);
        if (result.integer != cases[i].expected)
            fail_msg("%s of %s %lld, %lld gave %lld, expected %lld", cases[i].operation,
                     cases[i].type, (long long)cases[i].a, (long long)cases[i].b,
                     (long long)result.integer, (long long)cases[i].expected);
    }
}

#define CHECK_ALL(cases) check_all(cases, sizeof cases / sizeof *cases)

static void test_integers_wrap_at_their_width(void **state) {
    (void)state;
    static const Case cases[] = {
        {"add %a, %b", "i64", "i64", INT64_MAX, 1, INT64_MIN},
        {"add %a, %b", "i8", "i8", 127, 1, -128},
        {"add %a, %b", "i16", "i16", -32768, -1, 32767},
        {"add %a, %b", "i32", "i32", INT32_MAX, INT32_MAX, -2},
        {"sub %a, %b", "i64", "i64", INT64_MIN, 1, INT64_MAX},
        {"sub %a, %b", "i8", "i8", -128, 1, 127},
        {"mul %a, %b", "i64", "i64", INT64_MAX, 2, -2},
        {"mul %a, %b", "i16", "i16", 300, 300, 24464},
        {"mul %a, %b", "i32", "i32", 65536, 65536, 0},
        {"add %a, 5", "i64", "i64", 1, 0, 6},
        {"add %a, 200", "i8", "i8", 0, 0, -56},
    };
    CHECK_ALL(cases);
}

static void test_division_rounds_towards_zero(void **state) {
    (void)state;
    static const Case cases[] = {
        {"sdiv %a, %b", "i64", "i64", -7, 2, -3},
        {"sdiv %a, %b", "i64", "i64", 7, -2, -3},
        {"srem %a, %b", "i64", "i64", -7, 2, -1},
        {"srem %a, %b", "i64", "i64", 7, -2, 1},
        {"sdiv %a, %b", "i8", "i8", -128, 2, -64},
        {"sdiv %a, %b", "i64", "i64", INT64_MIN, 1, INT64_MIN},
        {"srem %a, %b", "i32", "i32", INT32_MIN, 3, -2},
    };
    CHECK_ALL(cases);
}

static void test_unsigned_division_and_rotation(void **state) {
    (void)state;
    static const Case cases[] = {
        {"udiv %a, %b", "i64", "i64", -1, 2, INT64_MAX},
        {"urem %a, %b", "i64", "i64", -1, 10, 5},
        {"udiv %a, %b", "i8", "i8", -1, 1, -1},
        {"udiv %a, %b", "i8", "i8", -128, -1, 0},
        {"urem %a, %b", "i16", "i16", -1, 256, 255},
        {"rotl %a, %b", "i64", "i64", INT64_MIN, 1, 1},
        {"rotl %a, %b", "i64", "i64", 7, 64, 7},
        {"rotl %a, %b", "i32", "i32", INT32_MIN, 33, 1},
        {"rotr %a, %b", "i8", "i8", 1, 1, -128},
        {"rotr %a, %b", "i16", "i16", 1, -1, 2},
        {"clz %a", "i64", "i64", 1, 0, 63},
        {"clz %a", "i64", "i64", 0, 0, 64},
        {"clz %a", "i8", "i8", 1, 0, 7},
        {"clz %a", "i16", "i16", -1, 0, 0},
        {"ctz %a", "i64", "i64", INT64_MIN, 0, 63},
        {"ctz %a", "i32", "i32", 0, 0, 32},
        {"popcount %a", "i64", "i64", -1, 0, 64},
        {"popcount %a", "i8", "i8", -2, 0, 7},
    };
    CHECK_ALL(cases);
}

static void test_bit_operations(void **state) {
    (void)state;
    static const Case cases[] = {
        {"and %a, %b", "i64", "i64", 0xF0F0, 0xFF00, 0xF000},
        {"or %a, %b", "i32", "i32", 0xF0, 0x0F, 0xFF},
        {"xor %a, %b", "i16", "i16", -1, 1, -2},
        {"and %a, %b", "i1", "i1", 1, 0, 0},
        {"or %a, %b", "i1", "i1", 1, 0, 1},
        {"xor %a, %b", "i1", "i1", 1, 1, 0},
        {"xor %a, 1", "i1", "i1", 0, 0, 1},
        {"shl %a, %b", "i64", "i64", 1, 63, INT64_MIN},
        {"shl %a, %b", "i8", "i8", 1, 7, -128},
        {"shl %a, %b", "i32", "i32", -1, 31, INT32_MIN},
        {"lshr %a, %b", "i64", "i64", -1, 63, 1},
        {"lshr %a, %b", "i64", "i64", -1, 0, -1},
        {"lshr %a, %b", "i8", "i8", -1, 1, 127},
        {"lshr %a, %b", "i16", "i16", -32768, 15, 1},
        {"lshr %a, %b", "i32", "i32", -1, 0, -1},
        {"ashr %a, %b", "i64", "i64", INT64_MIN, 63, -1},
        {"ashr %a, %b", "i8", "i8", -128, 7, -1},
        {"ashr %a, %b", "i16", "i16", 256, 4, 16},
    };
    CHECK_ALL(cases);
}

static void test_overflow_is_that_of_the_width(void **state) {
    (void)state;
    static const Case cases[] = {
        {"add.overflows %a, %b", "i64", "i1", INT64_MAX, 1, 1},
        {"add.overflows %a, %b", "i64", "i1", INT64_MAX, 0, 0},
        {"add.overflows %a, %b", "i8", "i1", 127, 1, 1},
        {"add.overflows %a, %b", "i8", "i1", 126, 1, 0},
        {"sub.overflows %a, %b", "i64", "i1", INT64_MIN, 1, 1},
        {"sub.overflows %a, %b", "i16", "i1", -32768, 1, 1},
        {"sub.overflows %a, %b", "i16", "i1", -32768, -1, 0},
        {"mul.overflows %a, %b", "i64", "i1", INT64_MIN, -1, 1},
        {"mul.overflows %a, %b", "i64", "i1", INT64_C(1) << 31, INT64_C(1) << 31, 0},
        {"mul.overflows %a, %b", "i32", "i1", 65536, 32768, 1},
        {"mul.overflows %a, %b", "i32", "i1", 65536, -32768, 0},
    };
    CHECK_ALL(cases);
}

static void test_comparisons(void **state) {
    (void)state;
    static const Case cases[] = {
        {"cmp.eq %a, %b", "i64", "i1", 3, 3, 1},    {"cmp.ne %a, %b", "i64", "i1", 3, 3, 0},
        {"cmp.eq %a, %b", "i1", "i1", 1, 0, 0},     {"cmp.ne %a, %b", "i1", "i1", 1, 0, 1},
        {"cmp.eq %a, %b", "ptr", "i1", 8, 8, 1},    {"cmp.ne %a, %b", "object", "i1", 8, 16, 1},
        {"cmp.slt %a, %b", "i64", "i1", -1, 0, 1},  {"cmp.slt %a, %b", "i8", "i1", 0, 0, 0},
        {"cmp.sle %a, %b", "i64", "i1", 0, 0, 1},   {"cmp.sle %a, %b", "i8", "i1", 1, 0, 0},
        {"cmp.sgt %a, %b", "i64", "i1", 1, -1, 1},  {"cmp.sgt %a, %b", "i8", "i1", 0, 0, 0},
        {"cmp.sge %a, %b", "i64", "i1", -1, 0, 0},  {"cmp.sge %a, %b", "i8", "i1", 0, 0, 1},
        {"cmp.ult %a, %b", "i64", "i1", -1, 0, 0},  {"cmp.ult %a, %b", "i8", "i1", 127, -128, 1},
        {"cmp.ule %a, %b", "i32", "i1", -1, -1, 1}, {"cmp.ule %a, %b", "i16", "i1", -1, 5, 0},
        {"cmp.ugt %a, %b", "i64", "i1", -1, 0, 1},  {"cmp.ugt %a, %b", "i8", "i1", 5, -1, 0},
        {"cmp.uge %a, %b", "ptr", "i1", -8, 8, 1},  {"cmp.uge %a, %b", "i8", "i1", 5, 6, 0},
        {"cmp.eq %a, null", "ptr", "i1", 0, 1, 1},
    };
    CHECK_ALL(cases);
}

static void test_width_changes(void **state) {
    (void)state;
    static const Case cases[] = {
        {"zext.i64 %a", "i1", "i64", 1, 0, 1},
        {"zext.i8 %a", "i1", "i8", 1, 0, 1},
        {"sext.i64 %a", "i1", "i64", 1, 0, -1},
        {"sext.i64 %a", "i1", "i64", 0, 0, 0},
        {"zext.i64 %a", "i8", "i64", -1, 0, 255},
        {"zext.i16 %a", "i8", "i16", -128, 0, 128},
        {"zext.i64 %a", "i32", "i64", -1, 0, 0xFFFFFFFF},
        {"sext.i64 %a", "i16", "i64", -32768, 0, -32768},
        {"sext.i32 %a", "i8", "i32", 127, 0, 127},
        {"trunc.i8 %a", "i64", "i8", 0x1FF, 0, -1},
        {"trunc.i16 %a", "i64", "i16", 0x18000, 0, -32768},
        {"trunc.i32 %a", "i64", "i32", INT64_C(0x180000000), 0, INT32_MIN},
        {"trunc.i1 %a", "i64", "i1", 3, 0, 1},
        {"trunc.i1 %a", "i8", "i1", 2, 0, 0},
    };
    CHECK_ALL(cases);
}

static void test_pointers_values_objects_and_select(void **state) {
    (void)state;
    static const Case cases[] = {
        {"value.bits %a", "value", "i64", -5, 0, -5},
        {"value.from_bits %a", "i64", "value", -5, 0, -5},
        {"object.bits %a", "object", "i64", 64, 0, 64},
        {"object.from_bits %a", "i64", "object", 64, 0, 64},
        {"ptr.bits %a", "ptr", "i64", 64, 0, 64},
        {"ptr.from_bits %a", "i64", "ptr", 64, 0, 64},
        {"ptr.add %a, -16", "ptr", "ptr", 64, 0, 48},
        {"ptr.sub %a, %b", "ptr", "i64", 64, 80, -16},
        {"select 1:i1, %a, %b", "i64", "i64", 7, 8, 7},
        {"select %a, %b, 0:i1", "i1", "i1", 0, 1, 0},
        {"select %a, %b, 0:i1", "i1", "i1", 1, 1, 1},
    };
    CHECK_ALL(cases);
}

typedef struct FloatCase {
    const char *operation;
    double a, b;
    double expected;
} FloatCase;

static void test_float_arithmetic(void **state) {
    (void)state;
    static const FloatCase cases[] = {
        {"fadd %a, %b", 0.1, 0.2, 0.1 + 0.2},
        {"fsub %a, %b", 1.5, 2.0, -0.5},
        {"fmul %a, %b", 1e200, 1e200, INFINITY},
        {"fdiv %a, %b", 1.0, -0.0, -INFINITY},
        {"fdiv %a, %b", 0.0, 0.0, NAN},
        {"fneg %a", 0.0, 0, -0.0},
        {"fneg %a", -2.5, 0, 2.5},
        {"fsqrt %a", 2.0, 0, 0x1.6a09e667f3bcdp+0},
        {"fsqrt %a", -1.0, 0, NAN},
        {"fadd %a, 2.5", 1.0, 0, 3.5},
        {"ffloor %a", -0.5, 0, -1.0},
        {"ffloor %a", -0.0, 0, -0.0},
        {"fceil %a", -0.5, 0, -0.0},
        {"ftrunc %a", -1.5, 0, -1.0},
        {"fnearest %a", 2.5, 0, 2.0},
        {"fnearest %a", -0.5, 0, -0.0},
        {"ffloor %a", NAN, 0, NAN},
        {"fmin %a, %b", 0.0, -0.0, -0.0},
        {"fmin %a, %b", -0.0, 0.0, -0.0},
        {"fmin %a, %b", 1.0, NAN, NAN},
        {"fmax %a, %b", -0.0, 0.0, 0.0},
        {"fmax %a, %b", -INFINITY, 3.0, 3.0},
        {"fmax %a, %b", NAN, 1.0, NAN},
        {"fabs %a", -0.0, 0, 0.0},
        {"fcopysign %a, %b", 2.0, -0.0, -2.0},
        {"fsingle %a", 0x1.000001p0, 0, 1.0},
        {"fsingle %a", 0x1.000003p0, 0, 0x1.000004p0},
        {"fsingle %a", 1e300, 0, INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        Fixture fixture = fixture_open(
            one_operation(text, sizeof text, cases[i].operation, "f64", "f64"), NULL, 0);
        EvalWord arguments[] = {word_number(cases[i].a), word_number(cases[i].b)};
        double result = fixture_call(&fixture, arguments, 2).number;
        bool same = isnan(cases[i].expected) ? isnan(result)
                                             : result == cases[i].expected &&
                                                   !signbit(result) == !signbit(cases[i].expected);
        if (!same)
            fail_msg("%s gave %g", cases[i].operation, result);
        fixture_close(&fixture);
    }
}

static bool compare(const char *name, double a, double b) {
    char text[512], operation[64];
    snprintf(operation, sizeof operation, "fcmp.%s %%a, %%b", name);
    Fixture fixture =
        fixture_open(one_operation(text, sizeof text, operation, "f64", "i1"), NULL, 0);
    EvalWord arguments[] = {word_number(a), word_number(b)};
    int64_t result = fixture_call(&fixture, arguments, 2).integer;
    fixture_close(&fixture);
    assert_in_range(result, 0, 1);
    return result;
}

// Which sign and payload a NaN gets that arithmetic makes is open, so the machine's is never
// shown: it is always the same one. What only passes a NaN on keeps each bit.
static void test_a_made_nan_is_always_the_same(void **state) {
    (void)state;
    static const uint64_t one = 0x7ff8000000000000, other = 0xfff8000000000123;
    static const uint64_t infinity = 0x7ff0000000000000, minus = UINT64_C(1) << 63;
    static const struct {
        const char *operation;
        uint64_t a, b, expected;
    } cases[] = {
        {"fdiv %a, %b", 0, 0, one},
        {"fdiv %a, %b", infinity, infinity | minus, one},
        {"fsub %a, %b", infinity, infinity, one},
        {"fmul %a, %b", infinity, minus, one},
        {"fadd %a, %b", infinity | minus, infinity, one},
        {"fsqrt %a", infinity | minus, 0, one},
        {"fadd %a, %b", other, infinity, one},
        {"fsub -0.0, %a", other, 0, one},
        {"fmul %a, %b", infinity, other, one},
        {"fdiv %a, -1.0", 0x7ff4000000000001, 0, one},
        {"fsqrt %a", other, 0, one},
        {"ffloor %a", 0x7ff4000000000001, 0, one},
        {"fmin %a, %b", 0, other, one},
        {"fmax %a, %b", other, 0, one},
        {"fabs %a", other, 0, other ^ minus},
        {"fcopysign %a, %b", 0x7ff4000000000001, minus, 0xfff4000000000001},
        {"fsingle %a", 0xfff4000060000001, 0, 0xfffc000060000000},
        {"fneg %a", other, 0, other ^ minus},
        {"fneg %a", 0x7ff4000000000001, 0, 0xfff4000000000001},
        {"select 1, %a, %b", other, 0, other},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        Fixture fixture = fixture_open(
            one_operation(text, sizeof text, cases[i].operation, "f64", "f64"), NULL, 0);
        EvalWord arguments[] = {{.bits = cases[i].a}, {.bits = cases[i].b}};
        EvalWord result = fixture_call(&fixture, arguments, 2);
        if (result.bits != cases[i].expected)
            fail_msg("%s gave %016llx, expected %016llx", cases[i].operation,
                     (unsigned long long)result.bits, (unsigned long long)cases[i].expected);
        fixture_close(&fixture);
    }
}

static void test_float_comparisons(void **state) {
    (void)state;
    // For each: less, equal, greater, unordered.
    static const struct {
        const char *name;
        bool expected[4];
    } cases[] = {
        {"eq", {0, 1, 0, 0}}, {"ne", {1, 0, 1, 1}}, {"lt", {1, 0, 0, 0}},  {"le", {1, 1, 0, 0}},
        {"gt", {0, 0, 1, 0}}, {"ge", {0, 1, 1, 0}}, {"ord", {1, 1, 1, 0}}, {"uno", {0, 0, 0, 1}},
    };
    static const double right[] = {2.0, 1.0, 0.5, NAN};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < 4; k++)
            if (compare(cases[i].name, 1.0, right[k]) != cases[i].expected[k])
                fail_msg("fcmp.%s 1, %g", cases[i].name, right[k]);
    assert_true(compare("eq", 0.0, -0.0));
    assert_true(compare("uno", NAN, 1.0));
}

static void test_conversions_between_integers_and_floats(void **state) {
    (void)state;
    static const struct {
        double number;
        int64_t integer;
    } cases[] = {
        {2.9, 2},
        {-2.9, -2},
        {0x1p63, INT64_MAX},
        {-0x1p63, INT64_MIN},
        {1e300, INT64_MAX},
        {-1e300, INT64_MIN},
        {NAN, 0},
        {INFINITY, INT64_MAX},
        {-INFINITY, INT64_MIN},
        {-0.0, 0},
        {0x1p53, INT64_C(1) << 53},
    };
    char text[512];
    Fixture fixture =
        fixture_open(one_operation(text, sizeof text, "f64.to_int %a", "f64", "i64"), NULL, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        EvalWord arguments[] = {word_number(cases[i].number), word_number(0)};
        assert_int_equal(fixture_call(&fixture, arguments, 2).integer, cases[i].integer);
    }
    fixture_close(&fixture);
    static const Case of_bits[] = {
        {"f64.to_uint %a", "f64", "i64", 0x43F0000000000000, 0, -1},          // 2^64
        {"f64.to_uint %a", "f64", "i64", 0x43E0000000000000, 0, INT64_MIN},   // 2^63
        {"f64.to_uint %a", "f64", "i64", INT64_C(-0x4010000000000000), 0, 0}, // -1.0
        {"uint.to_f64 %a", "i64", "f64", INT64_MIN, 0, 0x43E0000000000000},
        {"int.to_f32 %a", "i64", "f64", 0x1000001, 0, 0x4170000000000000}, // 2^24
        // What lies just above the middle of two singles, and as a double in the middle.
        {"int.to_f32 %a", "i64", "f64", 0x1000001000000001, 0, 0x43B0000020000000},
        {"uint.to_f32 %a", "i64", "f64", -1, 0, 0x43F0000000000000},
        {"f32.bits %a", "f64", "i64", INT64_C(-0x4008000000000000), 0, 0xBFC00000}, // -1.5
        {"f32.from_bits %a", "i64", "f64", INT64_C(0x10BFC00000), 0, INT64_C(-0x4008000000000000)},
        {"f32.from_bits %a", "i64", "f64", 0x7F800001, 0, 0x7FF8000020000000},
        {"f32.bits %a", "f64", "i64", INT64_C(-0x000FFFFFDFFFFFFF), 0, 0xFFC00001},
    };
    CHECK_ALL(of_bits);
    fixture =
        fixture_open(one_operation(text, sizeof text, "int.to_f64 %a", "i64", "f64"), NULL, 0);
    EvalWord arguments[] = {word_integer(-3), word_integer(0)};
    assert_true(fixture_call(&fixture, arguments, 2).number == -3.0);
    fixture_close(&fixture);
    fixture = fixture_open(one_operation(text, sizeof text, "f64.bits %a", "f64", "i64"), NULL, 0);
    arguments[0] = word_number(1.0);
    assert_int_equal(fixture_call(&fixture, arguments, 2).integer, 0x3FF0000000000000);
    fixture_close(&fixture);
    fixture =
        fixture_open(one_operation(text, sizeof text, "f64.from_bits %a", "i64", "f64"), NULL, 0);
    arguments[0] = word_integer(0x3FF0000000000000);
    assert_true(fixture_call(&fixture, arguments, 2).number == 1.0);
    fixture_close(&fixture);
}

static void test_undefined_operations_stop(void **state) {
    (void)state;
    static const struct {
        Case test;
        const char *message;
    } cases[] = {
        {{"sdiv %a, %b", "i64", "i64", 1, 0, 0}, "sdiv by zero"},
        {{"srem %a, %b", "i8", "i8", 1, 0, 0}, "srem by zero"},
        {{"udiv %a, %b", "i64", "i64", 1, 0, 0}, "udiv by zero"},
        {{"urem %a, %b", "i8", "i8", -1, 0, 0}, "urem by zero"},
        {{"sdiv %a, %b", "i64", "i64", INT64_MIN, -1, 0}, "sdiv of the least i64 by -1"},
        {{"srem %a, %b", "i16", "i16", -32768, -1, 0}, "srem of the least i16 by -1"},
        {{"shl %a, %b", "i64", "i64", 1, 64, 0}, "shl of an i64 by 64"},
        {{"lshr %a, %b", "i8", "i8", 1, 8, 0}, "lshr of an i8 by 8"},
        {{"ashr %a, %b", "i8", "i8", 1, -1, 0}, "ashr of an i8 by 255"},
        {{"ashr %a, %b", "i64", "i64", 1, -1, 0}, "ashr of an i64 by 18446744073709551615"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        EvalWord result;
        char message[200] = "";
        assert_false(evaluate(&cases[i].test, &result, message));
        assert_string_equal(message, cases[i].message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers_wrap_at_their_width),
        cmocka_unit_test(test_division_rounds_towards_zero),
        cmocka_unit_test(test_unsigned_division_and_rotation),
        cmocka_unit_test(test_bit_operations),
        cmocka_unit_test(test_overflow_is_that_of_the_width),
        cmocka_unit_test(test_comparisons),
        cmocka_unit_test(test_width_changes),
        cmocka_unit_test(test_pointers_values_objects_and_select),
        cmocka_unit_test(test_float_arithmetic),
        cmocka_unit_test(test_a_made_nan_is_always_the_same),
        cmocka_unit_test(test_float_comparisons),
        cmocka_unit_test(test_conversions_between_integers_and_floats),
        cmocka_unit_test(test_undefined_operations_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
