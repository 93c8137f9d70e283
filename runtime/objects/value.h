// What a tagged word is: doubles as they are, immediates, references, and integers of
// 49 bits. Every constant comes from the interpreter's definition by way of the
// generated header; nothing here knows a number of its own. What an object looks like
// in memory is object.h's matter.
//
// IEEE 754 has 2^53 ways to say "not a number" and needs one: the others are free for tags
// (D. Gudeman, "Representing type information in dynamically typed languages", University of
// Arizona, TR 93-27, 1993). So arithmetic with doubles makes no objects, which it would if
// integers had the words to themselves.
#ifndef RUNTIME_OBJECTS_VALUE_H
#define RUNTIME_OBJECTS_VALUE_H

#include "interpreter.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define NIL        ((Value)INTERPRETER_NIL_BITS)
#define NO_CONTEXT ((Value)INTERPRETER_NO_CONTEXT)
#define TRUE       ((Value)INTERPRETER_TRUE_BITS)
#define FALSE      ((Value)INTERPRETER_FALSE_BITS)
#define ABSENT     ((Value)INTERPRETER_ABSENT_BITS)
#define FAILED     ((Value)INTERPRETER_FAILED_BITS)

static inline Value value_of_bool(bool condition) {
    return condition ? TRUE : FALSE;
}

// ---- Integers ---------------------------------------------------------------------

static inline bool value_is_integer(Value value) {
    return value >= (Value)INTERPRETER_INTEGER_TAG;
}

// The number in an inline integer, which `value` must be.
static inline int64_t value_integer(Value value) {
    return (int64_t)(value + (Value)INTERPRETER_INTEGER_BIAS);
}

// Whether a number fits into an inline integer.
static inline bool integer_is_inline(int64_t number) {
    return (uint64_t)number + (uint64_t)INTERPRETER_INTEGER_BIAS <
           2 * (uint64_t)INTERPRETER_INTEGER_BIAS;
}

// The value of a number that fits.
static inline Value value_of_integer(int64_t number) {
    return (Value)number - (Value)INTERPRETER_INTEGER_BIAS;
}

// ---- Doubles ----------------------------------------------------------------------

static inline bool value_is_double(Value value) {
    return value < (Value)INTERPRETER_IMMEDIATE_TAG;
}

static inline double value_double(Value value) {
    double number;
    memcpy(&number, &value, sizeof number);
    return number;
}

// Makes every NaN the same one, so that none looks like another tag.
static inline Value value_of_double(double number) {
    Value value = UINT64_C(0x7FF8000000000000);
    if (number == number)
        memcpy(&value, &number, sizeof value);
    return value;
}

// ---- References -------------------------------------------------------------------

static inline bool value_is_object(Value value) {
    return value - (Value)INTERPRETER_OBJECT_TAG < (UINT64_C(1) << 48);
}

static inline Object *value_object(Value value) {
    return (Object *)(uintptr_t)(value - (Value)INTERPRETER_OBJECT_TAG);
}

static inline Value value_of_object(const void *object) {
    return (Value)(uintptr_t)object + (Value)INTERPRETER_OBJECT_TAG;
}

#endif
