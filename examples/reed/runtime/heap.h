// Memory of a program that runs: texts, tables, boxes and closures, and the collector, which marks
// what can be reached and frees the rest. Nothing moves. It runs only when it is called, at places
// where all that is needed can be reached; so whoever makes objects need not hold on to them.
#ifndef REED_HEAP_H
#define REED_HEAP_H

#include "reed.h" // generated from Reed.som

// What all objects begin with.
typedef struct Object {
    struct Object *next;
    int64_t mark; // its kind, twice; and 1 while it is known to be reached
} Object;

typedef struct Heap {
    Object *objects; // all of them
    size_t bytes;    // that they take
    size_t due;      // when there are so many, it is time to collect
    Text **interned; // a hash set of short texts, by open addressing
    size_t interned_room, interned_count;
    Object **reached; // those whose contents are still to be marked
    size_t reached_count, reached_room;
} Heap;

enum { TEXT_MOST = 1 << 28, HEAP_MOST = 1 << 28 }; // bytes

void heap_open(Heap *heap);
void heap_close(Heap *heap);

// ---- Making objects

// A text of these bytes, which are copied. Short ones with the same bytes are the same object.
Text *heap_text(Heap *heap, const char *bytes, size_t length);
Table *heap_table(Heap *heap, int64_t elements, int64_t fields);
Box *heap_box(Heap *heap, Slot value);
Closure *heap_closure(Heap *heap, int captured_count);

// What was taken for an object besides itself, or given back
void heap_account(Heap *heap, ptrdiff_t bytes);

// ---- Collecting: mark what can be reached from outside, then sweep.

static inline bool heap_is_due(const Heap *heap) {
    return heap->bytes >= heap->due;
}
void heap_mark(Heap *heap, Slot value);
void heap_sweep(Heap *heap);

// ---- Texts

bool text_equal(const Text *one, const Text *other);
int64_t text_hash_of(Text *text);

// ---- Values

static inline Slot slot_of(int64_t kind, int64_t bits) {
    return (Slot){.bits = bits, .kind = kind};
}
static inline Slot slot_of_object(int64_t kind, const void *object) {
    return (Slot){.bits = (intptr_t)object, .kind = kind};
}
static inline void *slot_object(Slot value) {
    return (void *)(intptr_t)value.bits;
}
static inline bool slot_is_nil(Slot value) {
    return value.kind == REED_NIL_KIND;
}

#endif
