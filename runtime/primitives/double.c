// Primitives of Double. The other operand may be an integer of any size.
#include "runtime/calls/error.h"
#include "runtime/objects/exact.h"
#include "runtime/objects/integer.h"
#include "runtime/objects/string.h"
#include "runtime/primitives/primitive.h"
#include "runtime/vm.h"
#include "support/double_text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#define ARITHMETIC(name, operation)                                                                \
    static Value name(Thread *thread, Frame *frame, Value *arguments) {                            \
        (void)thread, (void)frame;                                                                 \
        if (!value_is_number(arguments[1]))                                                        \
            return FAILED;                                                                         \
        return value_of_double(exact_operate(operation, arguments[0], arguments[1]));              \
    }

ARITHMETIC(add, EXACT_SUM)
ARITHMETIC(subtract, EXACT_DIFFERENCE)
ARITHMETIC(multiply, EXACT_PRODUCT)
ARITHMETIC(divide, EXACT_QUOTIENT)
ARITHMETIC(modulo, EXACT_REMAINDER)

#define COMPARISON(name, condition)                                                                \
    static Value name(Thread *thread, Frame *frame, Value *arguments) {                            \
        (void)thread, (void)frame;                                                                 \
        if (!value_is_number(arguments[1]))                                                        \
            return FAILED;                                                                         \
        int order = number_compare(arguments[0], arguments[1]);                                    \
        return value_of_bool(condition);                                                           \
    }

COMPARISON(less, order == -1)
COMPARISON(less_or_equal, order <= 0)
COMPARISON(greater, order == 1)
COMPARISON(greater_or_equal, order == 0 || order == 1)

static Value equal(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return value_of_bool(value_is_number(arguments[1]) &&
                         number_compare(arguments[0], arguments[1]) == 0);
}

static Value unequal(Thread *thread, Frame *frame, Value *arguments) {
    return value_of_bool(equal(thread, frame, arguments) == FALSE);
}

#define FUNCTION(name, expression)                                                                 \
    static Value name(Thread *thread, Frame *frame, Value *arguments) {                            \
        (void)thread, (void)frame;                                                                 \
        double number = value_double(arguments[0]);                                                \
        return value_of_double(expression);                                                        \
    }

FUNCTION(square_root, sqrt(number))
FUNCTION(sine, sin(number))
FUNCTION(cosine, cos(number))

static Value whole(Thread *thread, Frame *frame, double number) {
    if (!isfinite(number))
        return fail(thread, "the receiver is no finite number");
    return integer_from_double(thread, frame, number);
}

// To the nearest integer, halves away from zero.
static Value rounded(Thread *thread, Frame *frame, Value *arguments) {
    return whole(thread, frame, round(value_double(arguments[0])));
}

static Value as_integer(Thread *thread, Frame *frame, Value *arguments) {
    return whole(thread, frame, trunc(value_double(arguments[0])));
}

static Value as_string(Thread *thread, Frame *frame, Value *arguments) {
    char chars[DOUBLE_CHARS];
    size_t length = double_print(chars, value_double(arguments[0]));
    return string_new(thread, frame, chars, length);
}

static Value hash(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return number_hash(arguments[0]);
}

static Value positive_infinity(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame, (void)arguments;
    return value_of_double(INFINITY);
}

// Decimal notation only; a NaN for what is none.
static Value from_string(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_is_text(arguments[1]))
        return FAILED;
    const String *string = value_string(arguments[1]);
    const char *first = string->chars + (string->chars[0] == '-' || string->chars[0] == '+');
    bool decimal = isdigit((unsigned char)*first) || *first == '.';
    for (int64_t i = 0; i < string->length; i++)
        decimal &= isdigit((unsigned char)string->chars[i]) || strchr("+-.eE", string->chars[i]);
    char *end;
    double number = strtod(string->chars, &end);
    if (!decimal || end != string->chars + string->length)
        number = NAN;
    return value_of_double(number);
}

const Primitive double_primitives[] = {
    VALUE_PRIMITIVE("Double", "+", add),
    VALUE_PRIMITIVE("Double", "-", subtract),
    VALUE_PRIMITIVE("Double", "*", multiply),
    VALUE_PRIMITIVE("Double", "//", divide),
    VALUE_PRIMITIVE("Double", "%", modulo),
    VALUE_PRIMITIVE("Double", "=", equal),
    VALUE_PRIMITIVE("Double", "==", equal),
    VALUE_PRIMITIVE("Double", "~=", unequal),
    VALUE_PRIMITIVE("Double", "<>", unequal),
    VALUE_PRIMITIVE("Double", "<", less),
    VALUE_PRIMITIVE("Double", "<=", less_or_equal),
    VALUE_PRIMITIVE("Double", ">", greater),
    VALUE_PRIMITIVE("Double", ">=", greater_or_equal),
    VALUE_PRIMITIVE("Double", "sqrt", square_root),
    VALUE_PRIMITIVE("Double", "sin", sine),
    VALUE_PRIMITIVE("Double", "cos", cosine),
    VALUE_PRIMITIVE("Double", "round", rounded),
    VALUE_PRIMITIVE("Double", "asInteger", as_integer),
    VALUE_PRIMITIVE("Double", "asString", as_string),
    VALUE_PRIMITIVE("Double", "hashcode", hash),
    VALUE_PRIMITIVE("Double class", "PositiveInfinity", positive_infinity),
    VALUE_PRIMITIVE("Double class", "fromString:", from_string),
    {0},
};
