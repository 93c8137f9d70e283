// Training: a sieve of bytes and one of bits, permutations counted by recursion, and Collatz.
#include "../c/program.h"

enum { LIMIT = 6000 };

static unsigned char crossed[LIMIT];
static unsigned bits[LIMIT / 32 + 1];
static int permutation[8];

static int count_bytes(void) {
    int count = 0;
    for (int i = 2; i < LIMIT; i++) {
        if (crossed[i])
            continue;
        count++;
        for (int multiple = i + i; multiple < LIMIT; multiple += i)
            crossed[multiple] = 1;
    }
    return count;
}

static int count_bits(void) {
    int count = 0;
    for (unsigned i = 2; i < LIMIT; i++) {
        if (bits[i >> 5] >> (i & 31) & 1)
            continue;
        count++;
        for (unsigned multiple = i * i; multiple < LIMIT; multiple += i)
            bits[multiple >> 5] |= 1u << (multiple & 31);
    }
    return count;
}

static int permute(int size, int fixed) {
    if (size == 0)
        return fixed == 0;
    int count = 0;
    for (int i = 0; i < size; i++) {
        int kept = permutation[i];
        permutation[i] = permutation[size - 1];
        permutation[size - 1] = kept;
        count += permute(size - 1, fixed + (permutation[size - 1] == size - 1));
        permutation[size - 1] = permutation[i];
        permutation[i] = kept;
    }
    return count;
}

static int longest(int below) {
    int best = 0, most = 0;
    for (int start = 1; start < below; start++) {
        int steps = 0;
        for (long long number = start; number != 1; steps++)
            number = number % 2 ? 3 * number + 1 : number / 2;
        if (steps > most) {
            most = steps;
            best = start;
        }
    }
    return best;
}

void _start(void) {
    print_number(count_bytes());
    print_number(count_bits());
    for (int i = 0; i < 7; i++)
        permutation[i] = i;
    print_number(permute(7, 0));
    print_number(longest(300));
}
