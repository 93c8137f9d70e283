// Primitives of Integer. With a double as the other operand the result is one, too
// (exact.h). Inline integers are worked on directly, everything else through GMP. The
// bytecodes of operators come here only with what they don't do themselves: a result or an
// operand that isn't inline, or two kinds of numbers.
//
// GMP ends the program when it gets no memory. So what could need much is refused before: a
// result that couldn't be in the heap, and operands that the system has no room to work on.
#include "runtime/objects/integer.h"
#include "runtime/calls/error.h"
#include "runtime/objects/exact.h"
#include "runtime/objects/string.h"
#include "runtime/primitives/primitive.h"
#include "runtime/vm.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

// ---- Arithmetic --------------------------------------------------------------------

typedef void (*LargeOperation)(mpz_ptr result, mpz_srcptr left, mpz_srcptr right);

static double bit_count(Value value) {
    IntegerView view;
    return (double)mpz_sizeinbase(integer_view(&view, value), 2);
}

// Two whole operands through GMP.
static Value operate_large(Thread *thread, Frame *frame, const Value *arguments,
                           LargeOperation operation) {
    if (!integer_room(thread, bit_count(arguments[0]) + bit_count(arguments[1])))
        return FAILED;
    IntegerView left, right;
    mpz_t result;
    mpz_init(result);
    operation(result, integer_view(&left, arguments[0]), integer_view(&right, arguments[1]));
    Value value = integer_from(thread, frame, result);
    mpz_clear(result);
    return value;
}

// An integer and a double.
static Value operate_exactly(ExactOperation operation, const Value *arguments) {
    return value_of_double(exact_operate(operation, arguments[0], arguments[1]));
}

static bool both_inline(const Value *arguments) {
    return value_is_integer(arguments[0]) && value_is_integer(arguments[1]);
}

static Value add(Thread *thread, Frame *frame, Value *arguments) {
    if (both_inline(arguments))
        return integer_new(thread, frame,
                           value_integer(arguments[0]) + value_integer(arguments[1]));
    if (value_is_double(arguments[1]))
        return operate_exactly(EXACT_SUM, arguments);
    if (!value_is_whole(arguments[1]))
        return FAILED;
    return operate_large(thread, frame, arguments, mpz_add);
}

static Value subtract(Thread *thread, Frame *frame, Value *arguments) {
    if (both_inline(arguments))
        return integer_new(thread, frame,
                           value_integer(arguments[0]) - value_integer(arguments[1]));
    if (value_is_double(arguments[1]))
        return operate_exactly(EXACT_DIFFERENCE, arguments);
    if (!value_is_whole(arguments[1]))
        return FAILED;
    return operate_large(thread, frame, arguments, mpz_sub);
}

// Whether a number of so many bits couldn't be in the heap at all, or have more limbs than GMP
// counts: it would end the program by a signal.
static bool too_large(Thread *thread, double bits) {
    if (bits / 8 > (double)heap_maximum(vm_of(thread)))
        fail(thread, "the result is too large for the heap");
    else if (bits / GMP_NUMB_BITS >= INT_MAX)
        fail(thread, "the result is too large for an Integer");
    else
        return false;
    return true;
}

static Value multiply(Thread *thread, Frame *frame, Value *arguments) {
    int64_t product;
    if (both_inline(arguments) &&
        !__builtin_mul_overflow(value_integer(arguments[0]), value_integer(arguments[1]), &product))
        return integer_new(thread, frame, product);
    if (value_is_double(arguments[1]))
        return operate_exactly(EXACT_PRODUCT, arguments);
    if (!value_is_whole(arguments[1]) ||
        too_large(thread, bit_count(arguments[0]) + bit_count(arguments[1])))
        return FAILED;
    return operate_large(thread, frame, arguments, mpz_mul);
}

static bool is_zero(Value value) {
    return value == value_of_integer(0) || (value_is_double(value) && value_double(value) == 0);
}

static Value divide_by_zero(Thread *thread) {
    return fail(thread, "division by zero");
}

// The whole number in a double, cut off; FAILED for infinities and NaNs.
static Value truncated(Thread *thread, Frame *frame, double number) {
    if (!isfinite(number))
        return fail(thread, "the result is no finite number");
    return integer_from_double(thread, frame, number);
}

static Value divide(Thread *thread, Frame *frame, Value *arguments) {
    if (is_zero(arguments[1]))
        return divide_by_zero(thread);
    if (both_inline(arguments))
        return integer_new(thread, frame,
                           value_integer(arguments[0]) / value_integer(arguments[1]));
    if (value_is_double(arguments[1]))
        return truncated(thread, frame, exact_operate(EXACT_QUOTIENT, arguments[0], arguments[1]));
    if (!value_is_whole(arguments[1]))
        return FAILED;
    return operate_large(thread, frame, arguments, mpz_tdiv_q);
}

// Two integers to a double.
static Value quotient(Thread *thread, const Value *arguments) {
    if (both_inline(arguments) || is_zero(arguments[1]))
        return value_of_double(integer_as_double(arguments[0]) / integer_as_double(arguments[1]));
    if (!integer_room(thread, bit_count(arguments[0]) + bit_count(arguments[1])))
        return FAILED;
    IntegerView left, right;
    return value_of_double(
        exact_quotient(integer_view(&left, arguments[0]), integer_view(&right, arguments[1]), 0));
}

static Value divide_to_double(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    if (value_is_double(arguments[1]))
        return operate_exactly(EXACT_QUOTIENT, arguments);
    return value_is_whole(arguments[1]) ? quotient(thread, arguments) : FAILED;
}

// The remainder with the divisor's sign.
static Value modulo(Thread *thread, Frame *frame, Value *arguments) {
    if (value_is_double(arguments[1]))
        return operate_exactly(EXACT_MODULO, arguments);
    if (is_zero(arguments[1]))
        return divide_by_zero(thread);
    if (both_inline(arguments)) {
        int64_t right = value_integer(arguments[1]), rest = value_integer(arguments[0]) % right;
        return value_of_integer(rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest);
    }
    if (!value_is_whole(arguments[1]))
        return FAILED;
    return operate_large(thread, frame, arguments, mpz_fdiv_r);
}

// The remainder with the dividend's sign.
static Value remainder_of(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_whole(arguments[1]))
        return FAILED;
    if (is_zero(arguments[1]))
        return divide_by_zero(thread);
    if (both_inline(arguments))
        return value_of_integer(value_integer(arguments[0]) % value_integer(arguments[1]));
    return operate_large(thread, frame, arguments, mpz_tdiv_r);
}

static Value square_root(Thread *thread, Frame *frame, Value *arguments) {
    if (!integer_room(thread, bit_count(arguments[0])))
        return FAILED;
    IntegerView view;
    mpz_srcptr number = integer_view(&view, arguments[0]);
    if (mpz_sgn(number) < 0)
        return value_of_double(NAN);
    if (!mpz_perfect_square_p(number))
        return value_of_double(exact_root(number));
    mpz_t root;
    mpz_init(root);
    mpz_sqrt(root, number);
    Value value = integer_from(thread, frame, root);
    mpz_clear(root);
    return value;
}

// ---- Bits: as if in infinite two's complement --------------------------------------

static Value bit_and(Thread *thread, Frame *frame, Value *arguments) {
    if (both_inline(arguments))
        return value_of_integer(value_integer(arguments[0]) & value_integer(arguments[1]));
    if (!value_is_whole(arguments[1]))
        return FAILED;
    return operate_large(thread, frame, arguments, mpz_and);
}

static Value bit_or(Thread *thread, Frame *frame, Value *arguments) {
    if (both_inline(arguments))
        return value_of_integer(value_integer(arguments[0]) | value_integer(arguments[1]));
    if (!value_is_whole(arguments[1]))
        return FAILED;
    return operate_large(thread, frame, arguments, mpz_ior);
}

static Value bit_xor(Thread *thread, Frame *frame, Value *arguments) {
    if (both_inline(arguments))
        return value_of_integer(value_integer(arguments[0]) ^ value_integer(arguments[1]));
    if (!value_is_whole(arguments[1]))
        return FAILED;
    return operate_large(thread, frame, arguments, mpz_xor);
}

// A shift's distance: FAILED's message is set if it's none.
static bool shift_distance(Thread *thread, Value value, int64_t *distance) {
    if (!value_is_whole(value))
        return false;
    if (integer_fits(value, distance) && *distance >= 0)
        return true;
    fail(thread, "a shift's distance must be between 0 and 2 to the power of 63");
    return false;
}

static Value shift_left(Thread *thread, Frame *frame, Value *arguments) {
    int64_t distance;
    if (!shift_distance(thread, arguments[1], &distance))
        return FAILED;
    if (is_zero(arguments[0]))
        return arguments[0];
    int64_t number = value_is_integer(arguments[0]) ? value_integer(arguments[0]) : 0;
    if (number && distance < 14)
        return integer_new(thread, frame, number * (INT64_C(1) << distance));
    if (too_large(thread, bit_count(arguments[0]) + (double)distance) ||
        !integer_room(thread, (bit_count(arguments[0]) + (double)distance) / 4)) // it's simple
        return FAILED;
    IntegerView view;
    mpz_t result;
    mpz_init(result);
    mpz_mul_2exp(result, integer_view(&view, arguments[0]), (mp_bitcnt_t)distance);
    Value value = integer_from(thread, frame, result);
    mpz_clear(result);
    return value;
}

// The receiver's lowest 64 bits, shifted without a sign.
static Value shift_right(Thread *thread, Frame *frame, Value *arguments) {
    int64_t distance;
    if (!shift_distance(thread, arguments[1], &distance))
        return FAILED;
    uint64_t bits = distance > 63 ? 0 : integer_low_bits(arguments[0]) >> distance;
    if (bits <= INT64_MAX)
        return integer_new(thread, frame, (int64_t)bits);
    mpz_t result;
    mpz_init_set_ui(result, bits);
    Value value = integer_from(thread, frame, result);
    mpz_clear(result);
    return value;
}

static Value as_signed(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return value_of_integer((int32_t)(uint32_t)integer_low_bits(arguments[0]));
}

static Value as_unsigned(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return value_of_integer((uint32_t)integer_low_bits(arguments[0]));
}

// ---- Comparing ---------------------------------------------------------------------

static Value equal(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return value_of_bool(value_is_number(arguments[1]) &&
                         number_compare(arguments[0], arguments[1]) == 0);
}

static Value unequal(Thread *thread, Frame *frame, Value *arguments) {
    return value_of_bool(equal(thread, frame, arguments) == FALSE);
}

static Value less(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_is_number(arguments[1]))
        return FAILED;
    return value_of_bool(number_compare(arguments[0], arguments[1]) == -1);
}

static Value less_or_equal(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_is_number(arguments[1]))
        return FAILED;
    return value_of_bool(number_compare(arguments[0], arguments[1]) <= 0);
}

static Value greater(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_is_number(arguments[1]))
        return FAILED;
    return value_of_bool(number_compare(arguments[0], arguments[1]) == 1);
}

static Value greater_or_equal(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_is_number(arguments[1]))
        return FAILED;
    int order = number_compare(arguments[0], arguments[1]);
    return value_of_bool(order == 0 || order == 1);
}

// ---- Converting --------------------------------------------------------------------

static Value as_string(Thread *thread, Frame *frame, Value *arguments) {
    if (!integer_room(thread, bit_count(arguments[0])))
        return FAILED;
    char *digits = integer_digits(arguments[0]);
    Value value = string_new(thread, frame, digits, strlen(digits));
    free(digits);
    return value;
}

static Value as_double(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return value_of_double(integer_as_double(arguments[0]));
}

static Value hash(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return number_hash(arguments[0]);
}

// nil if the text is no integer.
static Value from_string(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[1]))
        return FAILED;
    const String *string = value_string(arguments[1]);
    if (!integer_room(thread, (double)string->length * 4)) // bits a digit, rounded up
        return FAILED;
    mpz_t number;
    mpz_init(number);
    Value value = NIL;
    if (integer_parse(string->chars, (size_t)string->length, number))
        value = integer_from(thread, frame, number);
    mpz_clear(number);
    return value;
}

// A number from 0 to the receiver less 1: xorshift64* (S. Vigna, "An experimental
// exploration of Marsaglia's xorshift generators, scrambled", 2016).
static Value at_random(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    Vm *vm = vm_of(thread);
    int64_t limit;
    if (!integer_fits(arguments[0], &limit) || limit <= 0)
        return fail(thread, "the receiver must be positive and fit into 63 bits");
    uint64_t state = vm->random;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    vm->random = state;
    uint64_t number = state * UINT64_C(0x2545F4914F6CDD1D) >> 1;
    return integer_new(thread, frame, (int64_t)(number % (uint64_t)limit));
}

const Primitive integer_primitives[] = {
    VALUE_PRIMITIVE("Integer", "+", add),
    VALUE_PRIMITIVE("Integer", "-", subtract),
    VALUE_PRIMITIVE("Integer", "*", multiply),
    VALUE_PRIMITIVE("Integer", "/", divide),
    VALUE_PRIMITIVE("Integer", "//", divide_to_double),
    VALUE_PRIMITIVE("Integer", "%", modulo),
    VALUE_PRIMITIVE("Integer", "rem:", remainder_of),
    VALUE_PRIMITIVE("Integer", "sqrt", square_root),
    VALUE_PRIMITIVE("Integer", "&", bit_and),
    VALUE_PRIMITIVE("Integer", "|", bit_or),
    VALUE_PRIMITIVE("Integer", "bitXor:", bit_xor),
    VALUE_PRIMITIVE("Integer", "<<", shift_left),
    VALUE_PRIMITIVE("Integer", ">>>", shift_right),
    VALUE_PRIMITIVE("Integer", "as32BitSignedValue", as_signed),
    VALUE_PRIMITIVE("Integer", "as32BitUnsignedValue", as_unsigned),
    VALUE_PRIMITIVE("Integer", "=", equal),
    VALUE_PRIMITIVE("Integer", "==", equal),
    VALUE_PRIMITIVE("Integer", "~=", unequal),
    VALUE_PRIMITIVE("Integer", "<>", unequal),
    VALUE_PRIMITIVE("Integer", "<", less),
    VALUE_PRIMITIVE("Integer", "<=", less_or_equal),
    VALUE_PRIMITIVE("Integer", ">", greater),
    VALUE_PRIMITIVE("Integer", ">=", greater_or_equal),
    VALUE_PRIMITIVE("Integer", "asString", as_string),
    VALUE_PRIMITIVE("Integer", "asDouble", as_double),
    VALUE_PRIMITIVE("Integer", "hashcode", hash),
    VALUE_PRIMITIVE("Integer", "atRandom", at_random),
    VALUE_PRIMITIVE("Integer class", "fromString:", from_string),
    {0},
};
