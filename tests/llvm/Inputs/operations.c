// Runs the bytecode of operations.mir and compares what it shows, in order, with what
// the same operations give in C.
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct Box {
    int64_t header;
    struct Box *content, *slots[2];
} Box;

typedef struct Frame {
    int64_t seven, minus_two, least;
    double half, nan;
    uint8_t narrow;
    int16_t word;
    int32_t length;
    Box *box, *other;
    int64_t (*function)(int64_t);
    const uint8_t *bytes;
    uint16_t tail[4];
} Frame;

void interpret(void *thread, Frame *frame);

static const int64_t numbers[] = {
    5,   9,         -14, -3,
    1,   5,         15,  5,
    56,  15,        -1,                      // integers
    7,                                       // three overflows, and none
    7,                                       // select
    -2,  65534,                              // widened
    0,   INT64_MAX, 0,   0x3FE0000000000000, // from doubles
    21,                                      // comparisons of doubles
    254, -2,        -1,  1,
    82,  64,        -2,  0x08070605, // memory
    7,                               // values
    1,   0,                          // objects
    1,   0,         14,              // calls
    28,  2,         20,              // control
};
static const double doubles[] = {7.5, 6.5, 3.5, 14, -0.5, 3.7416573867739413, 0.5};
static size_t number_count, double_count, narrow_count;
static int wrong, remembered;

void show(int64_t number) {
    if (number_count >= sizeof numbers / sizeof *numbers || numbers[number_count] != number) {
        printf("number %zu is %lld\n", number_count, (long long)number);
        wrong++;
    }
    number_count++;
}

void show_double(double number) {
    if (double_count >= sizeof doubles / sizeof *doubles || doubles[double_count] != number) {
        printf("double %zu is %g\n", double_count, number);
        wrong++;
    }
    double_count++;
}

void show_narrow(bool one, int8_t byte, int16_t word, int32_t length) {
    bool good = narrow_count == 0 ? !one && byte == 7 && word == -2 && length == -2
                                  : one && byte == -1 && word == 300 && length == 70000;
    if (!good) {
        printf("narrow %zu: %d %d %d %d\n", narrow_count, one, byte, word, length);
        wrong++;
    }
    narrow_count++;
}

bool truth(int64_t number) {
    return number != 0;
}

void remember(void *thread, Box *box) {
    (void)thread;
    remembered += (int)box->header;
}

static int64_t twice(int64_t number) {
    return 2 * number;
}

int main(void) {
    static const uint8_t bytes[] = {0, 2, 3, 4, 5, 6, 7, 8};
    Box box = {.header = 1}, other = {.header = 12};
    Frame frame = {7,
                   -2,
                   INT64_MIN,
                   0.5,
                   NAN,
                   .box = &box,
                   .other = &other,
                   .function = twice,
                   .bytes = bytes};
    int thread = 0;
    interpret(&thread, &frame);
    bool all = number_count == sizeof numbers / sizeof *numbers &&
               double_count == sizeof doubles / sizeof *doubles && narrow_count == 2;
    printf("all shown: %d, wrong: %d, remembered: %d\n", all, wrong, remembered);
    return 0;
}
