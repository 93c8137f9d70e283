// Single floats and doubles, by their bits. A number is rounded to the nearest single, as C does.
// Of what is not a number the sign and the payload's leading bits stay, and it becomes quiet, as
// x86-64's own conversions have it; C says nothing of that.
#ifndef SUPPORT_SINGLE_H
#define SUPPORT_SINGLE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

// The bits of the single that is nearest to the number.
static inline uint32_t single_of_double(double number) {
    uint64_t bits;
    uint32_t single_bits;
    memcpy(&bits, &number, sizeof bits);
    if (isnan(number))
        return (uint32_t)(bits >> 32 & 0x80000000) | 0x7FC00000 | (uint32_t)(bits >> 29 & 0x3FFFFF);
    float single = (float)number;
    memcpy(&single_bits, &single, sizeof single_bits);
    return single_bits;
}

// What a single with these bits is as a double.
static inline double double_of_single(uint32_t single_bits) {
    float single;
    memcpy(&single, &single_bits, sizeof single);
    if (!isnan(single))
        return single;
    uint64_t bits = (uint64_t)(single_bits & 0x80000000) << 32 | UINT64_C(0x7FF8000000000000) |
                    (uint64_t)(single_bits & 0x3FFFFF) << 29;
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

#endif
