// The heap: allocation, and the collector's interface. New objects come from a nursery,
// a piece at a time for each thread, in which the interpreter allocates by itself; what
// survives two collections moves to the old space. Anything that allocates may move every
// object: C code keeps values on the VM stack or in handles and reads them again.
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H

#include "runtime/object.h"

typedef struct Heap Heap;

// Objects from this size on don't move; the interpreter leaves them to C.
enum { HEAP_LARGE_BYTES = 64 * 1024 };

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

// Where an object of `size` bytes (a multiple of 16, at most what a context can need) is
// to be written at once, header and all, without a barrier. NULL as above. This is the
// interpreter's way when its thread's piece of the nursery is used up.
void *heap_room(Thread *thread, Frame *frame, size_t size);

// Memory for an object that never moves and is never freed, zeroed but for its header.
Object *heap_allocate_permanent(Vm *vm, int64_t class_index, Layout layout, size_t size);

// Tells the collector of a permanent object whose slots may refer to the heap.
void heap_note_permanent(Vm *vm, Object *object);

// Collects everything now. Does nothing if the system has no memory to do it with.
void heap_collect(Thread *thread, Frame *frame);

// Stores a value into an object's slot, with the barrier.
void heap_store(Thread *thread, Object *object, Value *slot, Value value);

// Figures for `System gcStats`, `--gc-stats` and tests.
typedef struct HeapFigures {
    uint64_t collections, full_collections;
    uint64_t microseconds, longest; // in collections; of these the longest
    uint64_t allocated, copied;     // bytes, ever
    size_t used, maximum;
} HeapFigures;

HeapFigures heap_figures(const Vm *vm);
size_t heap_maximum(const Vm *vm);

// ---- Between heap.c and collector.c ------------------------------------------------

// A piece of the old space; objects lie one behind the other from `start` to `next`. Or
// the mapping of one large object.
typedef struct Chunk {
    struct Chunk *following;
    struct Chunk *grey; // of a large object: another one that is to be scanned
    size_t size;        // of the mapping
    char *next, *limit;
    char start[] __attribute__((aligned(16)));
} Chunk;

enum {
    CHUNK_BYTES = 1024 * 1024,
    HEAP_LEAST_THRESHOLD = 8 * 1024 * 1024, // below, there is no full collection
};

struct Heap {
    Vm *vm;
    bool stress;
    bool refused; // the system had no memory
    size_t maximum, threshold;
    // Everything young: the nursery, whose pieces are given out up to `nursery_next`, and
    // behind it two halves, one of which holds what has survived one collection.
    char *nursery, *nursery_next, *nursery_limit, *young_limit;
    char *survivors, *survivors_next, *other_half;
    Chunk *chunks, *last; // the old space
    Chunk *spare;         // empty ones, so that a collection never lacks memory
    size_t spare_count;
    Chunk *large;
    size_t old_bytes, large_bytes;
    size_t widest;       // no object that is copied is wider
    Object **remembered; // old objects that may refer to the nursery
    size_t remembered_count, remembered_capacity;
    Object **permanent; // objects outside the heap that refer to it
    size_t permanent_count, permanent_capacity;
    HeapFigures figures;
};

// Bytes of the nursery that are given out, and of all that is young.
size_t heap_nursery_used(const Heap *heap);
size_t heap_young_used(const Heap *heap);

// Has spare chunks for `bytes` of copies. False: the system gives no memory.
bool heap_ensure_spares(Heap *heap, size_t bytes);

// Room in the old space, out of the spare chunks.
char *heap_old_room(Heap *heap, size_t size);

// Gives chunks back to the system; a few stay as spare ones.
void heap_release(Heap *heap, Chunk *chunks);

// An object's size in bytes, by its layout.
size_t object_size(const Vm *vm, const Object *object);

// Has the next minor collection scan an old object.
void heap_remember(Heap *heap, Object *object);

// Empties the nursery into a half, and the other half into the old space; or copies all
// that is alive, old or young, into a new old space. False, and nothing was done: the system gives
// no memory for it.
bool collect_nursery(Heap *heap);
bool collect_all(Heap *heap);

#endif
