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
    struct LargeObject *following; // of the heap's young or old ones, or of the spare ones
    struct LargeObject *grey;      // another one that has been reached and is to be scanned
    size_t bytes;                  // of the mapping
    size_t size;                   // of the object
    uint8_t *cards;                // which of its slots may refer to young objects
    bool is_young;
    bool is_listed; // the heap remembers it
    char start[] __attribute__((aligned(16)));
};

enum { LARGE_CARD_SLOTS = 128 }; // slots on a card

// A young object of `size` bytes, uninitialised. NULL: the system has no memory.
Object *large_new(Heap *heap, size_t size);

// A copy of what was allocated as a smaller object and has survived. NULL as above.
Object *large_copy(Heap *heap, const Object *object, size_t size);

// What the heap keeps of an object that has HEADER_LARGE.
LargeObject *large_of(Object *object);

// A store into an old one's slot. An old one keeps HEADER_BARRIER while only some of its
// slots may refer to young objects: those on the cards that are not 0. So a store into a
// large array doesn't have all of it scanned. The bit is clear when the interpreter stored
// without saying where: then all cards count.
void large_mark_card(Heap *heap, Object *object, const Value *slot);

// Has no card marked.
void large_forget_cards(LargeObject *large);

// Frees what hasn't got HEADER_MARKED, of the young ones or of all, and takes the mark off
// the others, which are old from then on.
void large_sweep_young(Heap *heap);
void large_sweep(Heap *heap);

// Frees all.
void large_free(Heap *heap);

#endif
