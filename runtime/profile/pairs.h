// Numbers for pairs of words, 0, 1, 2 … in the order in which they are first asked for: whoever
// keeps something about each of many pairs keeps it in an array. Pairs are never removed.
#ifndef RUNTIME_PROFILE_PAIRS_H
#define RUNTIME_PROFILE_PAIRS_H

#include "support/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Pair {
    uint64_t first, second;
} Pair;

// All zero is the empty table.
typedef struct PairTable {
    Pair *items; // by number
    size_t count, capacity;
    uint32_t *slots; // open addressing: a number plus 1, or 0
    size_t slot_count;
} PairTable;

// The pair's number; `is_new` says whether this is the first time.
size_t pair_number(Arena *arena, PairTable *table, uint64_t first, uint64_t second, bool *is_new);

// An address as a word.
static inline uint64_t pair_word(const void *pointer) {
    return (uint64_t)(uintptr_t)pointer;
}

#endif
