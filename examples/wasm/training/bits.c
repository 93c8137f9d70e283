// Training: numbers of many digits, a game of life in words, a cipher's rounds, base 64, and random
// numbers by shifts: whole numbers of both sizes, and bytes.
#include "../c/program.h"

enum { DIGITS = 60, ROWS = 32, BYTES = 240 };

static unsigned number[DIGITS], rows[ROWS], next_rows[ROWS], state[8];
static unsigned char plain[BYTES], coded[BYTES * 2], back[BYTES];

static unsigned factorial(unsigned of) {
    number[0] = 1;
    for (unsigned factor = 2; factor <= of; factor++) {
        unsigned long long carry = 0;
        for (int i = 0; i < DIGITS; i++) {
            carry += (unsigned long long)number[i] * factor;
            number[i] = (unsigned)(carry % 1000000000u);
            carry /= 1000000000u;
        }
    }
    unsigned sum = 0;
    for (int i = 0; i < DIGITS; i++)
        sum += number[i] % 9;
    return sum;
}

static unsigned neighbours(int row, int column) {
    unsigned count = 0;
    for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++)
            if (i || j)
                count += rows[(row + i) & (ROWS - 1)] >> ((column + j) & 31) & 1;
    return count;
}

static void live(void) {
    for (int row = 0; row < ROWS; row++) {
        unsigned word = 0;
        for (int column = 0; column < 32; column++) {
            unsigned count = neighbours(row, column);
            if (count == 3 || (count == 2 && rows[row] >> column & 1))
                word |= 1u << column;
        }
        next_rows[row] = word;
    }
    for (int row = 0; row < ROWS; row++)
        rows[row] = next_rows[row];
}

static unsigned rotate(unsigned word, int count) {
    return word << count | word >> (32 - count);
}

static void stir(int rounds) {
    while (rounds-- > 0) {
        state[0] += state[1];
        state[3] = rotate(state[3] ^ state[0], 16);
        state[2] += state[3];
        state[1] = rotate(state[1] ^ state[2], 12);
        state[4] = (state[4] ^ (state[5] & state[6]) ^ (~state[5] & state[7])) + state[0];
        state[5] = rotate(state[5], 7) + state[2];
    }
}

static int encode(void) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    int length = 0;
    for (int i = 0; i + 2 < BYTES; i += 3) {
        unsigned three = (unsigned)plain[i] << 16 | (unsigned)plain[i + 1] << 8 | plain[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6)
            coded[length++] = (unsigned char)letters[three >> shift & 63];
    }
    return length;
}

static int decode(int length) {
    int at = 0;
    unsigned word = 0;
    for (int i = 0; i < length; i++) {
        unsigned char letter = coded[i];
        int value = letter >= 'a'   ? letter - 'a' + 26
                    : letter >= 'A' ? letter - 'A'
                    : letter >= '0' ? letter - '0' + 52
                    : letter == '+' ? 62
                                    : 63;
        word = word << 6 | (unsigned)value;
        if (i % 4 == 3) {
            back[at++] = (unsigned char)(word >> 16);
            back[at++] = (unsigned char)(word >> 8);
            back[at++] = (unsigned char)word;
        }
    }
    return at;
}

void _start(void) {
    unsigned long long random = 88172645463325252u;
    for (int i = 0; i < BYTES; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        plain[i] = (unsigned char)random;
        rows[i % ROWS] ^= (unsigned)random;
        state[i & 7] += (unsigned)(random >> 32);
    }
    print_number(factorial(60));
    for (int i = 0; i < 2; i++)
        live();
    print_number(rows[7]);
    stir(800);
    print_number(state[0] ^ state[4]);
    int same = 1, length = encode();
    decode(length);
    for (int i = 0; i < BYTES; i++)
        same &= plain[i] == back[i];
    print_number(same);
}
