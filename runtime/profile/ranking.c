// See ranking.h.
#include "runtime/profile/ranking.h"

#include "support/memory.h"

#include <stdlib.h>

typedef struct Ranked {
    uint64_t weight;
    const char *item;
} Ranked;

static int compare(const void *left, const void *right) {
    const Ranked *one = left, *other = right;
    if (one->weight != other->weight)
        return one->weight > other->weight ? -1 : 1;
    return one->item < other->item ? -1 : one->item > other->item;
}

Ranking ranking_make(const void *items, size_t count, size_t size, RankingWeight weight) {
    Ranking ranking = {memory_allocate((count + 1) * sizeof *ranking.items), 0};
    Ranked *ranked = memory_allocate((count + 1) * sizeof *ranked);
    for (size_t i = 0; i < count; i++) {
        const char *item = (const char *)items + i * size;
        uint64_t of_item = weight(item);
        if (of_item)
            ranked[ranking.count++] = (Ranked){of_item, item};
    }
    qsort(ranked, ranking.count, sizeof *ranked, compare);
    for (size_t i = 0; i < ranking.count; i++)
        ranking.items[i] = ranked[i].item;
    free(ranked);
    return ranking;
}

void ranking_free(Ranking *ranking) {
    free(ranking->items);
    *ranking = (Ranking){0};
}
