// The compiler's hash map: 64-bit keys to numbers, open addressing, never shrinks. It is
// not support/pointer_map.h, since constants are found by their bits, of which 0 is one.
#include "backend/eval/code.h"

enum { FIRST_CAPACITY = 64 };

// Fibonacci hashing (Knuth, TAOCP 3, 6.4), with the high bits folded in first,
// because the low ones of addresses say little.
// The slot that has the key, or the free one where it would be; there is always a free one, as at
// most half are taken.
static size_t slot_of(const EvalMap *map, uint64_t key) {
    uint64_t hash = (key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    size_t slot = (size_t)(hash >> 20) & (map->capacity - 1);
    while (map->values[slot] && map->keys[slot] != key)
        slot = (slot + 1) & (map->capacity - 1);
    return slot;
}

bool eval_map_get(const EvalMap *map, uint64_t key, uint32_t *value) {
    if (!map->count)
        return false;
    size_t slot = slot_of(map, key);
    if (!map->values[slot])
        return false;
    *value = map->values[slot] - 1;
    return true;
}

// The old arrays stay in the arena until it is freed: together they are no larger than the new
// ones.
static void grow(Arena *arena, EvalMap *map) {
    EvalMap old = *map;
    map->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
    map->keys = ARENA_ARRAY(arena, uint64_t, map->capacity);
    map->values = ARENA_ARRAY(arena, uint32_t, map->capacity);
    for (size_t i = 0; i < old.capacity; i++) {
        if (!old.values[i])
            continue;
        size_t slot = slot_of(map, old.keys[i]);
        map->keys[slot] = old.keys[i];
        map->values[slot] = old.values[i];
    }
}

void eval_map_put(Arena *arena, EvalMap *map, uint64_t key, uint32_t value) {
    if (2 * (map->count + 1) > map->capacity)
        grow(arena, map);
    size_t slot = slot_of(map, key);
    map->count += !map->values[slot];
    map->keys[slot] = key;
    map->values[slot] = value + 1;
}
