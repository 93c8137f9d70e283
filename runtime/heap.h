// The heap: allocation, and the collector's interface. New objects come from a nursery,
// a buffer at a time for each thread; what survives a collection moves to the old
// space. Anything that allocates may move every object: C code keeps values on the VM
// stack or in handles and reads them again.
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H

#include "runtime/object.h"

typedef struct Heap Heap;

// A thread's own piece of the nursery.
typedef struct AllocationBuffer {
    char *next, *limit;
} AllocationBuffer;

// Values in C variables that the collector has to know. Scopes are linked on the C
// stack: handle_open, then use the variables, then handle_close in reverse order.
typedef struct HandleScope {
    struct HandleScope *outer;
    Value *values;
    size_t count;
} HandleScope;

void handle_open(Thread *thread, HandleScope *scope, Value *values, size_t count);
void handle_close(Thread *thread, HandleScope *scope);

// `maximum` bounds the bytes that stay in use after a collection (0: a quarter of the
// machine's memory). With `stress` every allocation moves everything. NULL: no memory.
Heap *heap_new(Vm *vm, size_t maximum, bool stress);
void heap_free(Heap *heap);

// `size` bytes with a header, the rest zeroed. NULL if the heap is exhausted; the
// failure's text is then in the thread's state.
Object *heap_allocate(Thread *thread, Frame *frame, int64_t class_index, Layout layout,
                      size_t size);

// The same for operations that can't fail: draws on a reserve, and if that is gone
// too, reports and ends the process.
Object *heap_allocate_surely(Thread *thread, Frame *frame, int64_t class_index, Layout layout,
                             size_t size);

// Memory for an object that never moves and is never freed, zeroed but for its header.
Object *heap_allocate_permanent(Vm *vm, int64_t class_index, Layout layout, size_t size);

// Tells the collector of a permanent object whose slots may refer to the heap.
void heap_note_permanent(Vm *vm, Object *object);

// Collects everything now.
void heap_collect(Thread *thread, Frame *frame);

// Stores a value into an object's slot, with the barrier.
void heap_store(Thread *thread, Object *object, Value *slot, Value value);

// Figures for `System gcStats` and for tests.
typedef struct HeapFigures {
    uint64_t collections, full_collections, microseconds;
    uint64_t allocated; // bytes, ever
    size_t used, maximum;
} HeapFigures;

HeapFigures heap_figures(const Vm *vm);
size_t heap_maximum(const Vm *vm);

// ---- Between heap.c and collector.c ------------------------------------------------

// A piece of the old space; objects lie one behind the other from `start` to `next`.
typedef struct Chunk {
    struct Chunk *following;
    size_t size; // of the mapping
    char *next, *limit;
    char start[] __attribute__((aligned(16)));
} Chunk;

struct Heap {
    Vm *vm;
    bool stress;
    bool exhausted; // the reserve is in use
    size_t maximum, threshold;
    char *nursery, *nursery_next, *nursery_limit;
    Chunk *chunks, *last; // the old space
    size_t old_bytes;
    Object **remembered; // old objects that may refer to the nursery
    size_t remembered_count, remembered_capacity;
    Object **permanent; // objects outside the heap that refer to it
    size_t permanent_count, permanent_capacity;
    HeapFigures figures;
};

// Room in the old space; NULL if the system gives no memory.
char *heap_old_room(Heap *heap, size_t size);

// An object's size in bytes, by its layout.
size_t object_size(const Vm *vm, const Object *object);

// Empties the nursery into the old space; or copies everything that is alive.
// Both abort the process if the system gives no memory in the middle.
void collect_nursery(Heap *heap);
void collect_all(Heap *heap);

void chunks_free(Chunk *chunks);

#endif
