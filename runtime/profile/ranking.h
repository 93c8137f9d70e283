// The items of an array in another order than they stand in: the greatest first. What is equal
// stays in its order, so that reports of the same data are the same.
#ifndef RUNTIME_PROFILE_RANKING_H
#define RUNTIME_PROFILE_RANKING_H

#include <stddef.h>
#include <stdint.h>

// What an item is ranked by; what has 0 is left out.
typedef uint64_t (*RankingWeight)(const void *item);

typedef struct Ranking {
    const void **items;
    size_t count;
} Ranking;

Ranking ranking_make(const void *items, size_t count, size_t size, RankingWeight weight);
void ranking_free(Ranking *ranking);

#endif
