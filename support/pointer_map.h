// A map from pointers to small integers, for analyses that number blocks,
// instructions or values without writing to them. Open addressing in an arena;
// entries are never removed.
#ifndef SUPPORT_POINTER_MAP_H
#define SUPPORT_POINTER_MAP_H

#include "support/arena.h"

#include <stdbool.h>
#include <stddef.h>

// All zero is the empty map.
typedef struct PointerMap {
    struct PointerMapSlot *slots;
    size_t count, capacity;
} PointerMap;

// Adds `key` (not NULL) with `number`. False, and nothing changed, if it is there.
bool pointer_map_add(Arena *arena, PointerMap *map, const void *key, int number);

// The key's number, or -1 if the map doesn't have it (or it is NULL).
int pointer_map_find(const PointerMap *map, const void *key);

#endif
