// See large.h. Mappings have one of eight sizes between a power of two and the next, so at
// most an eighth is left over, and what is spare of a size fits whatever asks for it.
#include "runtime/memory/large.h"

#include "runtime/memory/layouts.h"
#include "runtime/memory/marking.h"

#include <sys/mman.h>

enum {
    LEAST_BITS = 16,              // of HEAP_LARGE_BYTES
    HUGE_BYTES = 4 * 1024 * 1024, // from here on, huge pages are worth asking for
    KEPT_BYTES = 2 * HEAP_LEAST_THRESHOLD,
};
_Static_assert(HEAP_LARGE_BYTES == 1 << LEAST_BITS, "the least size");

// The number of the sizes' list that has the least one of at least `bytes`, which it makes
// that one.
static size_t size_class(size_t *bytes) {
    int bits = 63 - __builtin_clzll(*bytes);
    size_t step = (size_t)1 << (bits - 3), eighth = (*bytes - 1) / step - 7;
    *bytes = (eighth + 8) * step;
    return (size_t)(bits - LEAST_BITS) * 8 + eighth;
}

static size_t card_count(size_t size) {
    return size / sizeof(Value) / LARGE_CARD_SLOTS + 1;
}

static void unmap(LargeObject *list) {
    for (LargeObject *following; list; list = following) {
        following = list->following;
        munmap(list, list->bytes);
    }
}

// Nobody has asked for what is spare since the last time: it is stale.
static void retire_spares(Heap *heap) {
    for (size_t number = 0; number < LARGE_CLASSES; number++) {
        LargeObject **list = &heap->spare_large[number];
        while (*list) {
            LargeObject *large = *list;
            *list = large->following;
            large->following = heap->stale_large;
            heap->stale_large = large;
        }
    }
    heap->spare_large_bytes = 0;
}

static LargeObject *map(Heap *heap, size_t bytes) {
    void *memory = memory_map(bytes);
    if (!memory) {
        retire_spares(heap);
        large_bury(heap, SIZE_MAX);
        memory = memory_map(bytes);
    }
    heap->refused = !memory;
    if (memory && bytes >= HUGE_BYTES)
        madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

static LargeObject *allocate(Heap *heap, size_t size) {
    size_t bytes = sizeof(LargeObject) + size + card_count(size);
    LargeObject **spare = &heap->spare_large[size_class(&bytes)], *large = *spare;
    if (large) {
        *spare = large->following;
        heap->spare_large_bytes -= bytes;
    } else {
        large = map(heap, bytes);
    }
    if (!large)
        return NULL;
    *large = (LargeObject){.bytes = bytes, .size = size, .cards = (uint8_t *)large->start + size};
    large_forget_cards(large);
    return large;
}

// Keeps a dead one's memory for the next, but not more than may be asked for until all that
// is dead is found out again.
static void discard(Heap *heap, LargeObject *large) {
    size_t kept = heap->large_bytes > KEPT_BYTES ? heap->large_bytes : KEPT_BYTES;
    size_t bytes = large->bytes;
    if (heap->spare_large_bytes + bytes > kept) {
        munmap(large, bytes);
        return;
    }
    LargeObject **spare = &heap->spare_large[size_class(&bytes)];
    heap_spoil(heap, large->start, large->start + large->size);
    large->following = *spare;
    *spare = large;
    heap->spare_large_bytes += bytes;
}

static void link_old(Heap *heap, LargeObject *large) {
    large->is_young = false;
    large->following = heap->large;
    heap->large = large;
    heap->large_bytes += large->size;
}

Object *large_new(Heap *heap, size_t size) {
    LargeObject *large = allocate(heap, size);
    if (!large)
        return NULL;
    large->is_young = true;
    large->following = heap->young_large;
    heap->young_large = large;
    heap->young_large_bytes += size;
    heap->figures.allocated += size;
    return (Object *)large->start;
}

int64_t large_header(const Heap *heap, int64_t header) {
    return header | HEADER_LARGE | (heap->black ^ HEADER_MARKED);
}

Object *large_copy(Heap *heap, const Object *object, size_t size) {
    LargeObject *large = allocate(heap, size);
    if (!large)
        return NULL;
    link_old(heap, large);
    Object *copy = memcpy(large->start, object, size);
    copy->header = (copy->header & ~HEADER_MARKED) | HEADER_LARGE | heap->black;
    return copy;
}

LargeObject *large_of(Object *object) {
    return (LargeObject *)((char *)object - offsetof(LargeObject, start));
}

bool large_mark_card(Heap *heap, Object *object, const Value *slot) {
    Value *slots;
    object_slots(heap->vm, object, &slots);
    uint8_t *card = &large_of(object)->cards[(slot - slots) / LARGE_CARD_SLOTS];
    bool is_new = !*card;
    *card = 1;
    heap_remember(heap, object);
    return is_new;
}

void large_forget_cards(LargeObject *large) {
    large->is_listed = false;
    memset(large->cards, 0, card_count(large->size));
}

void large_stay_white(Heap *heap) {
    for (LargeObject *large = heap->young_large; large; large = large->following)
        ((Object *)large->start)->header ^= HEADER_MARKED;
}

static bool is_dead(const Heap *heap, const LargeObject *large) {
    return marking_is_white(heap, (const Object *)large->start);
}

void large_sweep_young(Heap *heap) {
    for (LargeObject *large = heap->young_large, *following; large; large = following) {
        following = large->following;
        if (is_dead(heap, large))
            discard(heap, large);
        else
            link_old(heap, large);
    }
    heap->young_large = NULL;
    heap->young_large_bytes = 0;
}

void large_sweep(Heap *heap) {
    large_sweep_young(heap);
    retire_spares(heap);
    for (LargeObject **link = &heap->large; *link;) {
        LargeObject *large = *link;
        if (!is_dead(heap, large)) {
            link = &large->following;
            continue;
        }
        *link = large->following;
        heap->large_bytes -= large->size;
        large->following = heap->dead_large;
        heap->dead_large = large;
    }
}

void large_bury(Heap *heap, size_t bytes) {
    for (size_t buried = 0; buried < bytes && (heap->dead_large || heap->stale_large);) {
        LargeObject **list = heap->dead_large ? &heap->dead_large : &heap->stale_large;
        LargeObject *large = *list;
        *list = large->following;
        buried += large->bytes;
        if (list == &heap->dead_large)
            discard(heap, large);
        else
            munmap(large, large->bytes);
    }
}

void large_free(Heap *heap) {
    retire_spares(heap);
    unmap(heap->large);
    unmap(heap->young_large);
    unmap(heap->dead_large);
    unmap(heap->stale_large);
}
