// Exact numbers to doubles: an operation is carried out on whole numbers, however large
// they get, and rounded once, at its end. To convert the operands first would round twice,
// and what is beyond the doubles would be infinite on the way to a result that isn't:
// 2^2000 // 2^1999 is 2.0, not NaN.
//
// What is to be rounded is brought down to 64 significant bits and one more that tells
// whether anything but zeros was cut off. That is enough to round to 53 bits, and to the
// fewer ones of a subnormal (D. Goldberg, "What every computer scientist should know about
// floating-point arithmetic", ACM Computing Surveys 23, 1991).
#include "runtime/objects/exact.h"

#include "runtime/objects/integer.h"

#include <float.h>
#include <math.h>

enum { DOUBLE_BITS = 53, LEAST_EXPONENT = -1074, LEAST_NORMAL = -1022, GREATEST_EXPONENT = 1023 };

// The double nearest to bits * 2^exponent; `more` says that something not 0, but less than
// the last bit, has been cut off. `bits` isn't 0.
static double round_bits(uint64_t bits, bool more, int64_t exponent) {
    int leading = __builtin_clzll(bits);
    bits <<= leading;
    exponent -= leading;
    int64_t top = exponent + 63; // of the highest bit
    if (top > GREATEST_EXPONENT)
        return INFINITY;
    int64_t kept = top >= LEAST_NORMAL ? DOUBLE_BITS : top - LEAST_EXPONENT + 1;
    if (kept < 0)
        return 0;
    int dropped = 64 - (int)kept;
    uint64_t half = UINT64_C(1) << (dropped - 1);
    uint64_t high = kept ? bits >> dropped : 0, low = kept ? bits & (2 * half - 1) : bits;
    if (low > half || (low == half && (more || high & 1)))
        high++;
    return ldexp((double)high, (int)exponent + dropped);
}

// Shifts right, or left by a negative distance; answers whether that cut off bits.
static bool shift(mpz_ptr result, mpz_srcptr number, int64_t right) {
    if (right <= 0) {
        mpz_mul_2exp(result, number, (mp_bitcnt_t)-right);
        return false;
    }
    mpz_tdiv_q_2exp(result, number, (mp_bitcnt_t)right);
    return mpz_scan1(number, 0) < (mp_bitcnt_t)right;
}

static int64_t bit_count(mpz_srcptr number) {
    return (int64_t)mpz_sizeinbase(number, 2);
}

double exact_quotient(mpz_srcptr numerator, mpz_srcptr denominator, int64_t exponent) {
    if (!mpz_sgn(numerator))
        return mpz_sgn(denominator) * 0.0;
    // The quotient gets 63 or 64 bits.
    int64_t cut = bit_count(numerator) - bit_count(denominator) - 63;
    mpz_t quotient, rest;
    mpz_inits(quotient, rest, NULL);
    bool more = shift(quotient, numerator, cut);
    mpz_tdiv_qr(quotient, rest, quotient, denominator);
    more |= mpz_sgn(rest) != 0;
    double result = round_bits(mpz_get_ui(quotient), more, exponent + cut);
    mpz_clears(quotient, rest, NULL);
    return mpz_sgn(numerator) == mpz_sgn(denominator) ? result : -result;
}

double exact_number(mpz_srcptr number, int64_t exponent) {
    const mp_limb_t one = 1;
    mpz_t view;
    return exact_quotient(number, mpz_roinit_n(view, &one, 1), exponent);
}

double exact_root(mpz_srcptr number) {
    if (!mpz_sgn(number))
        return 0;
    // A root of 64 bits comes of 127 or 128; what is cut off has to be a square's factor.
    int64_t cut = bit_count(number) - 128;
    cut += cut & 1;
    mpz_t root, rest;
    mpz_inits(root, rest, NULL);
    bool more = shift(root, number, cut);
    mpz_sqrtrem(root, rest, root);
    more |= mpz_sgn(rest) != 0;
    double result = round_bits(mpz_get_ui(root), more, cut / 2);
    mpz_clears(root, rest, NULL);
    return result;
}

// ---- A double and an integer of any size -----------------------------------------------

// significand * 2^exponent
typedef struct Exact {
    mpz_t significand;
    int64_t exponent;
} Exact;

static void exact_of(Exact *exact, Value value) {
    mpz_init(exact->significand);
    exact->exponent = 0;
    if (value_is_double(value)) {
        int exponent;
        double fraction = frexp(value_double(value), &exponent);
        mpz_set_si(exact->significand, (long)ldexp(fraction, DOUBLE_BITS));
        exact->exponent = exponent - DOUBLE_BITS;
    } else {
        IntegerView view;
        mpz_set(exact->significand, integer_view(&view, value));
    }
}

// Gives both the lower one's exponent.
static void align(Exact *left, Exact *right) {
    Exact *higher = left->exponent > right->exponent ? left : right;
    Exact *lower = higher == left ? right : left;
    mpz_mul_2exp(higher->significand, higher->significand,
                 (mp_bitcnt_t)(higher->exponent - lower->exponent));
    higher->exponent = lower->exponent;
}

static double operate(ExactOperation operation, Exact *left, Exact *right) {
    mpz_ptr first = left->significand, second = right->significand;
    switch (operation) {
    case EXACT_SUM:
        align(left, right);
        mpz_add(first, first, second);
        return exact_number(first, left->exponent);
    case EXACT_DIFFERENCE:
        align(left, right);
        mpz_sub(first, first, second);
        return exact_number(first, left->exponent);
    case EXACT_PRODUCT:
        mpz_mul(first, first, second);
        return exact_number(first, left->exponent + right->exponent);
    case EXACT_QUOTIENT: return exact_quotient(first, second, left->exponent - right->exponent);
    case EXACT_MODULO:
    case EXACT_REMAINDER: break;
    }
    align(left, right);
    double sign = mpz_sgn(first); // that of a rest of 0
    (operation == EXACT_MODULO ? mpz_fdiv_r : mpz_tdiv_r)(first, first, second);
    return mpz_sgn(first) ? exact_number(first, left->exponent) : copysign(0, sign);
}

static double operate_on_doubles(ExactOperation operation, double left, double right) {
    switch (operation) {
    case EXACT_SUM: return left + right;
    case EXACT_DIFFERENCE: return left - right;
    case EXACT_PRODUCT: return left * right;
    case EXACT_QUOTIENT: return left / right;
    case EXACT_REMAINDER: return fmod(left, right);
    case EXACT_MODULO: break;
    }
    double rest = fmod(left, right);
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
}

// Whether the result depends on no more of the integer than its sign.
static bool is_special(ExactOperation operation, double number) {
    return !isfinite(number) || (number == 0 && operation >= EXACT_PRODUCT);
}

// What is beyond the doubles is finite all the same.
static double finite_double(Value value) {
    if (value_is_double(value))
        return value_double(value);
    double number = integer_as_double(value);
    return isinf(number) ? copysign(DBL_MAX, number) : number;
}

double exact_operate(ExactOperation operation, Value left, Value right) {
    double number = value_double(value_is_double(left) ? left : right);
    // An integer that is inline is a double, too: nothing gets lost.
    bool is_inline =
        !value_has_layout(left, LAYOUT_LARGE) && !value_has_layout(right, LAYOUT_LARGE);
    if (is_inline || is_special(operation, number))
        return operate_on_doubles(operation, finite_double(left), finite_double(right));
    Exact first, second;
    exact_of(&first, left);
    exact_of(&second, right);
    double result = operate(operation, &first, &second);
    mpz_clears(first.significand, second.significand, NULL);
    return result;
}
