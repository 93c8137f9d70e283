// Runs numbers.mir on many pairs of numbers and compares what it shows with what C has for the
// same. What is shown is also hashed, so that two engines can be compared; of NaNs that arithmetic
// made only that they are quiet ones.
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct Frame {
    int64_t a, b;
    double d, e;
    float singles[2];
} Frame;

static const Frame *now;
static uint64_t hash = 14695981039346656037u;
static long wrong, shown;

static uint64_t bits_of(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static double single_of_bits(uint32_t bits) {
    float single;
    memcpy(&single, &bits, sizeof single);
    return single;
}

static uint32_t bits_of_single(double number) {
    float single = (float)number;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    return bits;
}

static int64_t extend(uint64_t bits, int width) {
    return (int64_t)(bits << (64 - width)) >> (64 - width);
}

// The operations on integers, in their order in numbers.mir.
static int64_t integer_result(int operation, int width) {
    uint64_t mask = UINT64_MAX >> (64 - width);
    uint64_t a = (uint64_t)now->a & mask, b = (uint64_t)now->b & mask, c = b | 1;
    int by = (int)(b % (uint64_t)width), count = 0;
    switch (operation) {
    case 0: return extend(a / c, width);
    case 1: return extend(a % c, width);
    case 2: return extend(by ? a << by | a >> (width - by) : a, width);
    case 3: return extend(by ? a >> by | a << (width - by) : a, width);
    case 4:
        while (count < width && !(a >> (width - 1 - count) & 1))
            count++;
        return count;
    case 5:
        while (count < width && !(a >> count & 1))
            count++;
        return count;
    default:
        for (int i = 0; i < width; i++)
            count += (int)(a >> i & 1);
        return count;
    }
}

static double lesser(double a, double b) {
    if (isnan(a) || isnan(b))
        return NAN;
    return a == b ? (signbit(a) ? a : b) : fmin(a, b);
}

static uint64_t to_unsigned(double number) {
    return !(number > 0) ? 0 : number >= 0x1p64 ? UINT64_MAX : (uint64_t)number;
}

static uint64_t other_result(int operation) {
    double d = now->d, e = now->e;
    float x = (float)d, y = (float)e;
    switch (operation) {
    case 0: return bits_of(floor(d));
    case 1: return bits_of(ceil(d));
    case 2: return bits_of(trunc(d));
    case 3: return bits_of(rint(d));
    case 4: return bits_of(d) & INT64_MAX;
    case 5: return bits_of((float)d);
    case 6: return bits_of(lesser(d, e));
    case 7: return bits_of(-lesser(-d, -e));
    case 8: return (bits_of(d) & INT64_MAX) | (bits_of(e) & ~(uint64_t)INT64_MAX);
    case 9: return bits_of((double)(uint64_t)now->a);
    case 10: return to_unsigned(d);
    case 11: return bits_of((float)now->a);
    case 12: return bits_of((float)(uint64_t)now->a);
    case 13: return bits_of_single(d);
    case 14: return bits_of(single_of_bits((uint32_t)now->a));
    case 15: return bits_of((float)d);
    case 16: return bits_of((float)e);
    case 17: return bits_of_single(e);
    case 18: return bits_of(x + y);
    case 19: return bits_of(x - y);
    case 20: return bits_of(x * y);
    case 21: return bits_of(x / y);
    default: return bits_of(sqrtf(x));
    }
}

// Is the operation arithmetic, whose NaNs have no sign and payload to count on?
static bool makes_none(int operation) {
    return operation <= 3 || operation == 6 || operation == 7 || operation >= 18;
}

enum { INTEGER_OPERATIONS = 7, OF_INTEGERS = 4 * INTEGER_OPERATIONS, OF_ALL = OF_INTEGERS + 23 };

void show(int64_t index, int64_t result) {
    static const int widths[] = {64, 32, 16, 8};
    const uint64_t quiet = UINT64_C(0x7FF8000000000000);
    int operation = (int)index - OF_INTEGERS;
    uint64_t expected = operation < 0 ? (uint64_t)integer_result((int)index % INTEGER_OPERATIONS,
                                                                 widths[index / INTEGER_OPERATIONS])
                                      : other_result(operation);
    uint64_t has = (uint64_t)result;
    if (operation >= 0 && makes_none(operation)) {
        if ((expected & INT64_MAX) > UINT64_C(0x7FF0000000000000))
            expected = quiet;
        if ((has & quiet) == quiet)
            has = quiet;
    }
    if (has != expected && wrong++ < 20)
        printf("%lld of %lld, %lld, %a, %a is %016llx, not %016llx\n", (long long)index,
               (long long)now->a, (long long)now->b, now->d, now->e, (unsigned long long)has,
               (unsigned long long)expected);
    hash = (hash ^ has) * 1099511628211u;
    shown++;
}

int run(void (*interpret)(void *, void *), int argc, char **argv) {
    static const uint64_t integers[] = {0,
                                        1,
                                        2,
                                        3,
                                        7,
                                        8,
                                        31,
                                        32,
                                        33,
                                        63,
                                        64,
                                        100,
                                        127,
                                        128,
                                        255,
                                        256,
                                        0x7FFF,
                                        0x8000,
                                        0x7FFFFFFF,
                                        0x80000000,
                                        0xFFFFFFFF,
                                        1 << 24,
                                        0x1000001,
                                        0x3F800000,
                                        0x7FC00001,
                                        0xFFC12345,
                                        UINT64_C(1) << 53,
                                        (UINT64_C(1) << 53) + 1,
                                        UINT64_C(0x8000008000000001),
                                        UINT64_C(0x4000004000000001),
                                        UINT64_C(0x7FFFFFFFFFFFFFFF),
                                        UINT64_C(0x8000000000000000),
                                        UINT64_C(0x8000000000000001),
                                        UINT64_MAX - 1,
                                        UINT64_MAX,
                                        UINT64_C(0x123456789ABCDEF0)};
    static const double doubles[] = {0.0,
                                     -0.0,
                                     0.5,
                                     -0.5,
                                     1.5,
                                     -1.5,
                                     2.5,
                                     -2.5,
                                     0.49999999999999994,
                                     -0.49999999999999994,
                                     1,
                                     -1,
                                     0.1,
                                     -0.1,
                                     3.7,
                                     -3.7,
                                     1e9,
                                     -1e9,
                                     0x1p31,
                                     0x1p32,
                                     0x1p51,
                                     -0x1p51,
                                     0x1.8p51,
                                     0x1p52 - 0.5,
                                     0x1p52,
                                     -0x1p52,
                                     0x1p52 + 1,
                                     0x1p53 + 2,
                                     0x1p63,
                                     -0x1p63,
                                     0x1p64,
                                     0x1.fffffffffffffp63,
                                     1e20,
                                     1e300,
                                     -1e300,
                                     5e-324,
                                     -5e-324,
                                     0x1p-149,
                                     0x1p-150,
                                     0x1.8p-150,
                                     0x1.fffffep127,
                                     0x1.ffffffp127,
                                     0x1.fffffefffffffp127,
                                     0x1.000001p0,
                                     0x1.000003p0,
                                     INFINITY,
                                     -INFINITY,
                                     NAN,
                                     __builtin_nans(""),
                                     -NAN};
    (void)argc, (void)argv;
    const size_t integer_count = sizeof integers / sizeof *integers;
    const size_t double_count = sizeof doubles / sizeof *doubles;
    for (size_t i = 0; i < double_count; i++)
        for (size_t k = 0; k < double_count; k++) {
            Frame frame = {(int64_t)integers[i % integer_count],
                           (int64_t)integers[k % integer_count],
                           doubles[i],
                           doubles[k],
                           {0}};
            now = &frame;
            Frame running = frame;
            interpret(NULL, &running);
        }
    printf("shown: %ld, wrong: %ld, hash: %016llx\n", shown, wrong, (unsigned long long)hash);
    return wrong != 0;
}
