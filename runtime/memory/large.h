// Large objects: each has memory of its own and never moves, for copying one costs more
// than looking for room. Young ones are freed at the first collection that doesn't reach
// them, so that a program that makes one after the other needs no full collection; old ones
// have cards.
//
// The memory of a freed one is kept for the next of about its size: a mapping for each would
// cost two system calls and a fault for every page, each time.
#ifndef RUNTIME_MEMORY_LARGE_H
#define RUNTIME_MEMORY_LARGE_H

#include "runtime/memory/heap.h"

struct LargeObject {
    struct LargeObject *following; // in one of the heap's lists
    size_t bytes;                  // of the mapping
    size_t size;                   // of the object
    uint8_t *cards;                // which of its slots may refer to young objects
    bool is_young;
    bool is_listed; // the heap remembers it
    char start[] __attribute__((aligned(16)));
};

enum { LARGE_CARD_SLOTS = 128 }; // slots on a card

// A young object of `size` bytes, uninitialised, and its header. NULL: the system has no
// memory.
Object *large_new(Heap *heap, size_t size);
int64_t large_header(const Heap *heap, int64_t header);

// A copy of what was allocated as a smaller object and has survived: old and black, but not
// scanned. NULL as above.
Object *large_copy(Heap *heap, const Object *object, size_t size);

// What the heap keeps of an object that has HEADER_LARGE.
LargeObject *large_of(Object *object);

// A store into an old one's slot. An old one keeps HEADER_BARRIER while only some of its
// slots may refer to young objects: those on the cards that are not 0. So a store into a
// large array doesn't have all of it scanned. The bit is clear when the interpreter stored
// without saying where: then all cards count. Answers whether the card wasn't marked yet.
bool large_mark_card(Heap *heap, Object *object, const Value *slot);

// Has no card marked.
void large_forget_cards(LargeObject *large);

// Marking begins, which changes what is white; young ones stay so.
void large_stay_white(Heap *heap);

// Whoever is white is dead, of the young ones or of all. The others are old from then on.
void large_sweep_young(Heap *heap);
void large_sweep(Heap *heap);

// Frees dead ones, and gives back memory that nobody asked for, of about so many bytes: to
// do it with all at once would take time.
void large_bury(Heap *heap, size_t bytes);

// Frees all.
void large_free(Heap *heap);

#endif
