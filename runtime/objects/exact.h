// Numbers of any size as they are, and the doubles nearest to what comes of them.
#ifndef RUNTIME_OBJECTS_EXACT_H
#define RUNTIME_OBJECTS_EXACT_H

#include "runtime/objects/object.h"

// The double nearest to numerator / denominator * 2^exponent, of two equally near the even
// one. The denominator must not be 0.
double exact_quotient(mpz_srcptr numerator, mpz_srcptr denominator, int64_t exponent);

// The same for number * 2^exponent.
double exact_number(mpz_srcptr number, int64_t exponent);

// The double nearest to the square root of a number that isn't negative.
double exact_root(mpz_srcptr number);

typedef enum ExactOperation {
    EXACT_SUM,
    EXACT_DIFFERENCE,
    EXACT_PRODUCT,
    EXACT_QUOTIENT,
    EXACT_MODULO,    // with the divisor's sign
    EXACT_REMAINDER, // with the dividend's sign
} ExactOperation;

// The double nearest to what the operation gives for two numbers, one of them a double.
// Infinities, NaNs and the sign of 0.0 are as IEEE 754 has them.
double exact_operate(ExactOperation operation, Value left, Value right);

#endif
