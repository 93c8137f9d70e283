// Random numbers that are the same for the same seed on every machine: for bootstraps, simulations
// and the order of runs. Not for secrets.
#ifndef CLI_BENCH_RANDOM_NUMBERS_H
#define CLI_BENCH_RANDOM_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

typedef struct RandomNumbers {
    uint64_t state[4];
} RandomNumbers;

// Any seed is good, 0 as well.
RandomNumbers random_numbers_begin(uint64_t seed);

uint64_t random_numbers_next(RandomNumbers *numbers);
// From 0 to limit - 1, each as often; `limit` > 0.
size_t random_numbers_below(RandomNumbers *numbers, size_t limit);
// From 0 up to, and without, 1.
double random_numbers_fraction(RandomNumbers *numbers);

#endif
