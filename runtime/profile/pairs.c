// See pairs.h. Tables are at most half full, so a search meets few pairs.
#include "runtime/profile/pairs.h"

enum { SLOTS_LEAST = 64 };

// Words are addresses and small numbers, which differ in their lower bits; multiplying by odd
// constants spreads these into the upper ones, which choose the slot.
static size_t slot_of(const PairTable *table, uint64_t first, uint64_t second) {
    uint64_t mixed = first * UINT64_C(0x9E3779B97F4A7C15) ^ second * UINT64_C(0xC2B2AE3D27D4EB4F);
    mixed = (mixed ^ mixed >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 32) & (table->slot_count - 1);
}

// The slot that holds the pair or, if there is none, the free one where it belongs.
static uint32_t *find(const PairTable *table, uint64_t first, uint64_t second) {
    size_t slot = slot_of(table, first, second);
    for (; table->slots[slot]; slot = (slot + 1) & (table->slot_count - 1)) {
        const Pair *pair = &table->items[table->slots[slot] - 1];
        if (pair->first == first && pair->second == second)
            break;
    }
    return &table->slots[slot];
}

static void grow(Arena *arena, PairTable *table) {
    table->slot_count = table->slot_count ? 2 * table->slot_count : SLOTS_LEAST;
    table->slots = ARENA_ARRAY(arena, uint32_t, table->slot_count);
    for (size_t i = 0; i < table->count; i++)
        *find(table, table->items[i].first, table->items[i].second) = (uint32_t)i + 1;
}

size_t pair_number(Arena *arena, PairTable *table, uint64_t first, uint64_t second, bool *is_new) {
    if (2 * (table->count + 1) > table->slot_count)
        grow(arena, table);
    uint32_t *slot = find(table, first, second);
    *is_new = !*slot;
    if (*is_new) {
        const Pair pair = {first, second};
        ARENA_PUSH(arena, table, pair);
        *slot = (uint32_t)table->count;
    }
    return *slot - 1;
}
