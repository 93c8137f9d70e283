// Primitives of String and Symbol. Who allocates reads its operands from the stack again
// afterwards: they may have moved.
#include "runtime/objects/string.h"
#include "runtime/calls/error.h"
#include "runtime/objects/integer.h"
#include "runtime/primitives/primitive.h"
#include "runtime/vm.h"

#include <ctype.h>

static Value concatenate(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[0]) || !value_is_text(arguments[1]))
        return FAILED;
    int64_t left = value_string(arguments[0])->length, right = value_string(arguments[1])->length;
    String *string = string_allocate(thread, frame, (size_t)(left + right));
    if (!string)
        return FAILED;
    memcpy(string->chars, value_string(arguments[0])->chars, (size_t)left);
    memcpy(string->chars + left, value_string(arguments[1])->chars, (size_t)right);
    return value_of_object(string);
}

static Value length(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_is_text(arguments[0]))
        return FAILED;
    return value_of_integer(value_string(arguments[0])->length);
}

static Value hash(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_is_text(arguments[0]))
        return FAILED;
    return value_of_integer(string_hash(value_string(arguments[0])));
}

static Value equal(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return value_of_bool(arguments[0] == arguments[1] ||
                         (value_is_text(arguments[0]) && value_is_text(arguments[1]) &&
                          string_equal(value_string(arguments[0]), value_string(arguments[1]))));
}

static Value as_symbol(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[0]))
        return FAILED;
    const Symbol *symbol = symbol_of_text(thread, frame, &arguments[0]);
    return symbol ? value_of_object(symbol) : FAILED;
}

static Value symbol_as_string(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[0]))
        return FAILED;
    return string_part(thread, frame, arguments, 0, (size_t)value_string(arguments[0])->length);
}

// Both ends counted from 1; the part may be empty.
static Value part(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[0]) || !value_is_integer(arguments[1]) ||
        !value_is_integer(arguments[2]))
        return FAILED;
    int64_t all = value_string(arguments[0])->length;
    int64_t start = value_integer(arguments[1]), end = value_integer(arguments[2]);
    if (start < 1 || end > all || start > end + 1)
        return fail(thread, "there is no part from %lld to %lld of a text of %lld characters",
                    (long long)start, (long long)end, (long long)all);
    return string_part(thread, frame, arguments, (size_t)(start - 1), (size_t)(end - start + 1));
}

static Value char_at(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[0]) || !value_is_integer(arguments[1]))
        return FAILED;
    int64_t all = value_string(arguments[0])->length, index = value_integer(arguments[1]);
    if (index < 1 || index > all)
        return fail(thread, "index %lld of a text of %lld characters", (long long)index,
                    (long long)all);
    return string_part(thread, frame, arguments, (size_t)(index - 1), 1);
}

// Whether all characters are of a kind, and there are any.
static Value all_are(const Value *arguments, int (*kind)(int)) {
    if (!value_is_text(arguments[0]))
        return FAILED;
    const String *string = value_string(arguments[0]);
    for (int64_t i = 0; i < string->length; i++)
        if (!kind((unsigned char)string->chars[i]))
            return FALSE;
    return value_of_bool(string->length > 0);
}

static Value is_white_space(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return all_are(arguments, isspace);
}

static Value is_letters(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return all_are(arguments, isalpha);
}

static Value is_digits(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    return all_are(arguments, isdigit);
}

const Primitive string_primitives[] = {
    VALUE_PRIMITIVE("String", "concatenate:", concatenate),
    VALUE_PRIMITIVE("String", "length", length),
    VALUE_PRIMITIVE("String", "hashcode", hash),
    VALUE_PRIMITIVE("String", "=", equal),
    VALUE_PRIMITIVE("String", "asSymbol", as_symbol),
    VALUE_PRIMITIVE("String", "primSubstringFrom:to:", part),
    VALUE_PRIMITIVE("String", "charAt:", char_at),
    VALUE_PRIMITIVE("String", "isWhiteSpace", is_white_space),
    VALUE_PRIMITIVE("String", "isLetters", is_letters),
    VALUE_PRIMITIVE("String", "isDigits", is_digits),
    VALUE_PRIMITIVE("Symbol", "asString", symbol_as_string),
    {0},
};
