// See double_text.h. The fewest digits that tell a number from all other doubles are what people
// expect to see: 0.1 as 0.1 and not as 0.1000000000000000055 (G. L. Steele and J. L. White, "How
// to Print Floating-Point Numbers Accurately", PLDI 1990). Here they are found by trying: more
// and more digits until the text reads back as the number, 17 at most. Cleverer algorithms do it
// in one go with large tables; this one leans on the C library's, which rounds correctly.
#include "support/double_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

// Digits without leading or trailing zeros, and the decimal exponent of the first. Answers how
// many they are.
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
    // Large and small numbers have an exponent, others are written out, with zeros as needed. Both
    // have a point, so that they are read as doubles and not as integers.
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
