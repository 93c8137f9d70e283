// See random_numbers.h. The generator is xoshiro256** (Blackman and Vigna, "Scrambled linear
// pseudorandom number generators", 2021), whose state is filled by SplitMix64 (Steele, Lea and
// Flood, OOPSLA 2014), as its authors advise: seeds that differ by one bit give unlike states.
#include "cli/bench/random_numbers.h"

static uint64_t rotate_left(uint64_t word, int by) {
    return word << by | word >> (64 - by);
}

// A counter in steps of the golden ratio's fraction, and its bits mixed.
static uint64_t split_mix(uint64_t *counter) {
    uint64_t word = *counter += UINT64_C(0x9e3779b97f4a7c15);
    word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

RandomNumbers random_numbers_begin(uint64_t seed) {
    RandomNumbers numbers;
    for (size_t i = 0; i < 4; i++)
        numbers.state[i] = split_mix(&seed);
    return numbers;
}

uint64_t random_numbers_next(RandomNumbers *numbers) {
    uint64_t *state = numbers->state;
    uint64_t result = rotate_left(state[1] * 5, 7) * 9, shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate_left(state[3], 45);
    return result;
}

// What lies above the last multiple of `limit` would make small numbers likelier: drawn again.
size_t random_numbers_below(RandomNumbers *numbers, size_t limit) {
    uint64_t rest = (UINT64_MAX % limit + 1) % limit, word;
    do
        word = random_numbers_next(numbers);
    while (word > UINT64_MAX - rest);
    return (size_t)(word % limit);
}

double random_numbers_fraction(RandomNumbers *numbers) {
    return (double)(random_numbers_next(numbers) >> 11) * 0x1p-53;
}
