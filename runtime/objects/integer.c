// Integers of any size, over GMP. A large integer is an object with its limbs in it, which the
// collector moves and frees as any other; GMP only reads it, through a view that is made on
// the C stack, and works out results in memory of its own. So no object has a destructor, and
// nothing of GMP's has to be told when objects move. Which of the two kinds a number is, is
// decided by its value alone: that is why `=` and hashes need no case for "equal, but of
// another kind".
#include "runtime/objects/integer.h"

#include "runtime/calls/error.h"
#include "runtime/memory/heap.h"
#include "runtime/objects/exact.h"
#include "runtime/vm.h"
#include "support/memory.h"

#include <math.h>
#include <stdlib.h>

_Static_assert(GMP_NUMB_BITS == 64, "a limb has 64 bits");

bool value_is_whole(Value value) {
    return value_is_integer(value) || value_has_layout(value, LAYOUT_LARGE);
}

bool value_is_number(Value value) {
    return value_is_whole(value) || value_is_double(value);
}

mpz_srcptr integer_view(IntegerView *view, Value value) {
    if (value_is_integer(value)) {
        int64_t number = value_integer(value);
        view->limb = number < 0 ? -(mp_limb_t)number : (mp_limb_t)number;
        return mpz_roinit_n(view->number, &view->limb, number < 0 ? -1 : number > 0);
    }
    const Large *large = (const Large *)value_object(value);
    return mpz_roinit_n(view->number, large->limbs, (mp_size_t)large->size);
}

// ---- Memory ------------------------------------------------------------------------

static void *resize(void *memory, size_t before, size_t after) {
    (void)before;
    return memory_resize(memory, after);
}

static void give_back(void *memory, size_t size) {
    (void)size;
    free(memory);
}

void integer_start(void) {
    mp_set_memory_functions(memory_allocate, resize, give_back);
}

bool integer_room(Thread *thread, double bits) {
    // What GMP takes for itself, in operands: the transforms of a large product are the most.
    const double operands = 8;
    double bytes = bits / 8 * operands;
    if (bytes < 1 << 20)
        return true;
    void *memory = bytes < (double)PTRDIFF_MAX ? malloc((size_t)bytes) : NULL;
    if (!memory)
        fail(thread, "the system gives no more memory");
    free(memory);
    return memory;
}

// ---- Making them -------------------------------------------------------------------

static size_t large_bytes(mpz_srcptr number) {
    return sizeof(Large) + sizeof(mp_limb_t) * mpz_size(number);
}

static void fill_large(Large *large, mpz_srcptr number) {
    size_t limbs = mpz_size(number);
    large->size = mpz_sgn(number) < 0 ? -(int64_t)limbs : (int64_t)limbs;
    mpn_copyi(large->limbs, mpz_limbs_read(number), (mp_size_t)limbs);
}

static bool fits_inline(mpz_srcptr number) {
    return mpz_fits_slong_p(number) && integer_is_inline(mpz_get_si(number));
}

Value integer_from(Thread *thread, Frame *frame, mpz_srcptr number) {
    if (fits_inline(number))
        return value_of_integer(mpz_get_si(number));
    Large *large = (Large *)heap_allocate(thread, frame, INTERPRETER_INTEGER_CLASS, LAYOUT_LARGE,
                                          large_bytes(number));
    if (!large)
        return FAILED;
    fill_large(large, number);
    return value_of_object(large);
}

Value integer_from_double(Thread *thread, Frame *frame, double number) {
    mpz_t whole;
    mpz_init_set_d(whole, number);
    Value value = integer_from(thread, frame, whole);
    mpz_clear(whole);
    return value;
}

Value integer_new(Thread *thread, Frame *frame, int64_t number) {
    if (integer_is_inline(number))
        return value_of_integer(number);
    Large *large = (Large *)heap_allocate(thread, frame, INTERPRETER_INTEGER_CLASS, LAYOUT_LARGE,
                                          sizeof(Large) + sizeof(mp_limb_t));
    if (!large)
        return FAILED;
    large->size = number < 0 ? -1 : 1;
    large->limbs[0] = number < 0 ? -(mp_limb_t)number : (mp_limb_t)number;
    return value_of_object(large);
}

Value integer_literal(Vm *vm, const char *digits) {
    mpz_t number;
    mpz_init(number);
    mpz_set_str(number, digits, 10);
    Value value;
    if (fits_inline(number)) {
        value = value_of_integer(mpz_get_si(number));
    } else {
        Large *large = (Large *)heap_allocate_permanent(vm, INTERPRETER_INTEGER_CLASS, LAYOUT_LARGE,
                                                        large_bytes(number));
        fill_large(large, number);
        value = value_of_object(large);
    }
    mpz_clear(number);
    return value;
}

bool integer_parse(const char *chars, size_t length, mpz_t number) {
    size_t start = length > 0 && (chars[0] == '-' || chars[0] == '+');
    if (start == length)
        return false;
    for (size_t i = start; i < length; i++)
        if (chars[i] < '0' || chars[i] > '9')
            return false;
    char *digits = memory_allocate(length + 1);
    memcpy(digits, chars, length);
    digits[length] = '\0';
    bool parsed = mpz_set_str(number, digits + (chars[0] == '+'), 10) == 0;
    free(digits);
    return parsed;
}

bool integer_fits(Value value, int64_t *number) {
    if (value_is_integer(value)) {
        *number = value_integer(value);
        return true;
    }
    IntegerView view;
    mpz_srcptr large = integer_view(&view, value);
    if (!mpz_fits_slong_p(large))
        return false;
    *number = mpz_get_si(large);
    return true;
}

uint64_t integer_low_bits(Value value) {
    if (value_is_integer(value))
        return (uint64_t)value_integer(value);
    const Large *large = (const Large *)value_object(value);
    return large->size < 0 ? -large->limbs[0] : large->limbs[0];
}

double integer_as_double(Value value) {
    if (value_is_integer(value))
        return (double)value_integer(value);
    IntegerView view;
    return exact_number(integer_view(&view, value), 0);
}

static int sign(int number) {
    return (number > 0) - (number < 0);
}

int number_compare(Value left, Value right) {
    if (value_is_integer(left) && value_is_integer(right))
        return (left > right) - (left < right);
    if (value_is_double(left) && value_is_double(right)) {
        double a = value_double(left), b = value_double(right);
        return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
    }
    IntegerView first, second;
    if (value_is_whole(left) && value_is_whole(right))
        return sign(mpz_cmp(integer_view(&first, left), integer_view(&second, right)));
    bool swapped = value_is_double(left);
    double number = value_double(swapped ? left : right);
    if (number != number)
        return 2;
    int order = sign(mpz_cmp_d(integer_view(&first, swapped ? right : left), number));
    return swapped ? -order : order;
}

// ---- Hashes ------------------------------------------------------------------------

// What isn't small is taken modulo a Mersenne prime: 2^61 is 1 then, so that of a double
// the exponent only rotates the fraction. All bits of the number count. (The way of CPython,
// Python/pyhash.c.)
enum { HASH_BITS = 61 };
static const uint64_t hash_modulus = (UINT64_C(1) << HASH_BITS) - 1;

static Value large_hash(uint64_t rest, bool negative) {
    uint64_t mixed = (negative ? hash_modulus - rest : rest) * UINT64_C(0x9E3779B97F4A7C15);
    return value_of_integer((int64_t)(mixed >> 17));
}

static Value double_hash(Value value) {
    double number = value_double(value);
    if (number >= -0x1p48 && number < 0x1p48 && number == (double)(int64_t)number)
        return value_of_integer((int64_t)number);
    // A NaN's sign is anybody's guess (docs/ir.md).
    if (!isfinite(number) || number != trunc(number))
        return value_of_integer(
            (int64_t)(value_of_double(number) * UINT64_C(0x9E3779B97F4A7C15) >> 33));
    int exponent;
    uint64_t fraction = (uint64_t)ldexp(frexp(fabs(number), &exponent), 53);
    int shift = (exponent - 53) % HASH_BITS;
    shift += shift < 0 ? HASH_BITS : 0;
    uint64_t rotated = (fraction << shift & hash_modulus) | fraction >> (HASH_BITS - shift);
    return large_hash(rotated % hash_modulus, number < 0);
}

Value number_hash(Value number) {
    if (value_is_integer(number))
        return number;
    if (value_is_double(number))
        return double_hash(number);
    IntegerView view;
    mpz_srcptr large = integer_view(&view, number);
    return large_hash(mpz_tdiv_ui(large, hash_modulus), mpz_sgn(large) < 0);
}

char *integer_digits(Value value) {
    IntegerView view;
    mpz_srcptr number = integer_view(&view, value);
    char *digits = memory_allocate(mpz_sizeinbase(number, 10) + 2);
    return mpz_get_str(digits, 10, number);
}
