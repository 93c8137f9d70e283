// See pointer_map.h. Linear probing; at most half of the slots are taken, so there is always an
// empty one to end a search. Since nothing is removed, an empty slot means that the key isn't
// there.
#include "support/pointer_map.h"

#include <stdint.h>

struct PointerMapSlot {
    const void *key;
    int number;
};

// Addresses are alike in their lowest bits (alignment) and in their highest (one heap), so they are
// multiplied by 2^64 divided by the golden ratio (Knuth, volume 3, 6.4), and the middle bits taken.
static size_t slot_of(const PointerMap *map, const void *key) {
    uint64_t hash = (uint64_t)(uintptr_t)key;
    hash = (hash ^ hash >> 32) * 0x9E3779B97F4A7C15u;
    size_t slot = (size_t)(hash >> 20) & (map->capacity - 1);
    while (map->slots[slot].key && map->slots[slot].key != key)
        slot = (slot + 1) & (map->capacity - 1);
    return slot;
}

static void grow(Arena *arena, PointerMap *map) {
    PointerMap larger = {.capacity = map->capacity ? map->capacity * 2 : 32, .count = map->count};
    larger.slots = ARENA_ARRAY(arena, struct PointerMapSlot, larger.capacity);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].key)
            larger.slots[slot_of(&larger, map->slots[i].key)] = map->slots[i];
    *map = larger;
}

bool pointer_map_add(Arena *arena, PointerMap *map, const void *key, int number) {
    if ((map->count + 1) * 2 > map->capacity)
        grow(arena, map);
    struct PointerMapSlot *slot = &map->slots[slot_of(map, key)];
    if (slot->key)
        return false;
    *slot = (struct PointerMapSlot){key, number};
    map->count++;
    return true;
}

int pointer_map_find(const PointerMap *map, const void *key) {
    if (!map->count || !key)
        return -1;
    const struct PointerMapSlot *slot = &map->slots[slot_of(map, key)];
    return slot->key ? slot->number : -1;
}
