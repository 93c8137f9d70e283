// Strings, and how doubles are written.
#include "runtime/string.h"

#include "runtime/vm.h"

#include <math.h>
#include <stdlib.h>

String *string_allocate(Thread *thread, Frame *frame, size_t length) {
    const Vm *vm = vm_of(thread);
    String *string = (String *)heap_allocate(thread, frame, vm->known.string_class->index,
                                             LAYOUT_STRING, sizeof(String) + length + 1);
    if (string)
        string->length = (int64_t)length;
    return string;
}

Value string_new(Thread *thread, Frame *frame, const char *chars, size_t length) {
    if (length == 1)
        return vm_of(thread)->characters[(unsigned char)chars[0]];
    String *string = string_allocate(thread, frame, length);
    if (!string)
        return FAILED;
    memcpy(string->chars, chars, length);
    return value_of_object(string);
}

Value string_part(Thread *thread, Frame *frame, const Value *slot, size_t start, size_t length) {
    if (length == 1)
        return vm_of(thread)->characters[(unsigned char)value_string(*slot)->chars[start]];
    String *string = string_allocate(thread, frame, length);
    if (!string)
        return FAILED;
    memcpy(string->chars, value_string(*slot)->chars + start, length);
    return value_of_object(string);
}

Value string_literal(Vm *vm, const char *chars, size_t length) {
    if (length == 1 && vm->characters[(unsigned char)chars[0]])
        return vm->characters[(unsigned char)chars[0]];
    String *string = (String *)heap_allocate_permanent(vm, vm->known.string_class->index,
                                                       LAYOUT_STRING, sizeof(String) + length + 1);
    string->length = (int64_t)length;
    memcpy(string->chars, chars, length);
    return value_of_object(string);
}

bool string_equal(const String *left, const String *right) {
    return left->length == right->length &&
           !memcmp(left->chars, right->chars, (size_t)left->length);
}

bool string_holds_nul(const String *string) {
    return memchr(string->chars, '\0', (size_t)string->length) != NULL;
}

uint32_t string_hash(const String *string) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325); // FNV-1a, 64 bits
    for (int64_t i = 0; i < string->length; i++)
        hash = (hash ^ (unsigned char)string->chars[i]) * UINT64_C(0x100000001B3);
    return (uint32_t)(hash ^ hash >> 32) & 0x7FFFFFFF;
}

// Makes the last digit of `d.ddde…` one more. False if there would be one digit more.
static bool raise_last_digit(char *text) {
    char *each = strchr(text, 'e') - 1;
    for (; each >= text; each--) {
        if (*each == '.')
            continue;
        if (*each != '9') {
            ++*each;
            return true;
        }
        *each = '0';
    }
    return false;
}

// Digits without leading or trailing zeros, and the decimal exponent of the first.
static int shortest_digits(double number, char digits[static 24], int *exponent) {
    char text[40];
    // What reads back as a power of two reaches farther above it than below, so that the
    // digits nearest to it may be too small where the next ones aren't.
    int unused;
    bool uneven = frexp(number, &unused) == 0.5;
    for (int precision = 0; precision < 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, number);
        double read = strtod(text, NULL);
        if (read == number ||
            (uneven && read < number && raise_last_digit(text) && strtod(text, NULL) == number))
            break;
    }
    int count = 0;
    const char *each = text;
    for (; *each != 'e'; each++)
        if (*each >= '0' && *each <= '9')
            digits[count++] = *each;
    *exponent = atoi(each + 1);
    while (count > 1 && digits[count - 1] == '0')
        count--;
    digits[count] = '\0';
    return count;
}

size_t double_print(char chars[static DOUBLE_CHARS], double number) {
    if (isnan(number))
        return (size_t)snprintf(chars, DOUBLE_CHARS, "NaN");
    if (isinf(number))
        return (size_t)snprintf(chars, DOUBLE_CHARS, number < 0 ? "-Infinity" : "Infinity");
    char digits[24], *end = chars;
    int exponent, count = shortest_digits(fabs(number), digits, &exponent);
    if (signbit(number))
        *end++ = '-';
    if (exponent >= 17 || exponent < -5) {
        *end++ = digits[0];
        *end++ = '.';
        end += sprintf(end, "%se%d", count > 1 ? digits + 1 : "0", exponent);
    } else if (exponent < 0) {
        end += sprintf(end, "0.%.*s%s", -exponent - 1, "00000", digits);
    } else {
        for (int i = 0; i <= exponent || i < count; i++) {
            if (i == exponent + 1)
                *end++ = '.';
            *end++ = i < count ? digits[i] : '0';
        }
        if (count <= exponent + 1)
            end += sprintf(end, ".0");
    }
    return (size_t)(end - chars);
}
