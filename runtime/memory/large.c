// See large.h. Mappings have one of eight sizes between a power of two and the next, so at
// most an eighth is left over, and what is spare of a size fits whatever asks for it.
#include "runtime/memory/large.h"

#include "runtime/vm.h"

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

// Gives the system what is spare beyond so many bytes.
static void release_spares(Heap *heap, size_t kept) {
    for (size_t number = LARGE_CLASSES; number-- > 0;) {
        LargeObject **list = &heap->spare_large[number];
        while (*list && heap->spare_large_bytes > kept) {
            LargeObject *large = *list;
            *list = large->following;
            heap->spare_large_bytes -= large->bytes;
            munmap(large, large->bytes);
        }
    }
}

static LargeObject *map(Heap *heap, size_t bytes) {
    void *memory = heap_map(bytes);
    if (!memory && heap->spare_large_bytes) {
        release_spares(heap, 0);
        memory = heap_map(bytes);
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

static void add_spare(Heap *heap, LargeObject *large) {
    size_t bytes = large->bytes;
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

Object *large_copy(Heap *heap, const Object *object, size_t size) {
    LargeObject *large = allocate(heap, size);
    if (!large)
        return NULL;
    memcpy(large->start, object, size);
    link_old(heap, large);
    return (Object *)large->start;
}

LargeObject *large_of(Object *object) {
    return (LargeObject *)((char *)object - offsetof(LargeObject, start));
}

void large_mark_card(Heap *heap, Object *object, const Value *slot) {
    Value *slots;
    heap_slots(heap->vm, object, &slots);
    large_of(object)->cards[(slot - slots) / LARGE_CARD_SLOTS] = 1;
    heap_remember(heap, object);
}

void large_forget_cards(LargeObject *large) {
    large->is_listed = false;
    memset(large->cards, 0, card_count(large->size));
}

// Whether a collection has reached it; takes the mark off.
static bool is_alive(LargeObject *large) {
    Object *object = (Object *)large->start;
    bool alive = object->header & HEADER_MARKED;
    object->header &= ~HEADER_MARKED;
    return alive;
}

void large_sweep_young(Heap *heap) {
    for (LargeObject *large = heap->young_large, *following; large; large = following) {
        following = large->following;
        if (is_alive(large))
            link_old(heap, large);
        else
            add_spare(heap, large);
    }
    heap->young_large = NULL;
    heap->young_large_bytes = 0;
}

void large_sweep(Heap *heap) {
    release_spares(heap, 0); // nobody asked for them since the last time
    for (LargeObject **link = &heap->large; *link;) {
        LargeObject *large = *link;
        if (is_alive(large)) {
            link = &large->following;
            continue;
        }
        *link = large->following;
        heap->large_bytes -= large->size;
        add_spare(heap, large);
    }
    large_sweep_young(heap);
    // As much as may become garbage until the next full collection.
    release_spares(heap, heap->large_bytes > KEPT_BYTES ? heap->large_bytes : KEPT_BYTES);
}

void large_free(Heap *heap) {
    unmap(heap->large);
    unmap(heap->young_large);
    release_spares(heap, 0);
}
