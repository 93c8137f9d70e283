// The heap: allocation, and the collector's interface. New objects come from a nursery,
// a piece at a time for each thread, in which the interpreter allocates by itself; what
// survives two collections moves to the old space. Anything that allocates may move every
// object: C code keeps values on the VM stack or in handles and reads them again.
#ifndef RUNTIME_MEMORY_HEAP_H
#define RUNTIME_MEMORY_HEAP_H

#include "runtime/objects/symbol.h"

typedef struct Heap Heap;
typedef struct LargeObject LargeObject;

// Objects from HEAP_LARGE_BYTES on are left to C by the interpreter, and move only once,
// out of the nursery. What is larger than HEAP_NURSERY_MOST doesn't begin there.
enum { HEAP_LARGE_BYTES = 64 * 1024, HEAP_NURSERY_MOST = 256 * 1024 };

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
// machine's memory). NULL: no memory.
//
// With `stress` every allocation collects: a minor collection moves all that is young,
// so that a barrier which is missing shows; behind it a full one moves everything, at
// each allocation while the old space holds no more than HEAP_STRESS_BYTES, else each
// time that the allocations since the last one have earned as many bytes as it holds.
// What has been left is overwritten, so that a stale reference finds no object.
Heap *heap_new(Vm *vm, size_t maximum, bool stress);
void heap_free(Heap *heap);

// `size` bytes with a header; the caller fills in the rest before anything else is
// allocated. NULL if the heap is exhausted; the failure's text is then in the thread's state.
Object *heap_allocate(Thread *thread, Frame *frame, int64_t class_index, Layout layout,
                      size_t size);

// Where an object of `size` bytes (a multiple of 16, at most what a context can need) is
// to be written at once, header and all, without a barrier. NULL as above. This is the
// interpreter's way when its thread's piece of the nursery is used up.
void *heap_room(Thread *thread, Frame *frame, size_t size);

// Memory for an object that never moves and is never freed, zeroed but for its header.
Object *heap_allocate_permanent(Vm *vm, int64_t class_index, Layout layout, size_t size);

// Tells the collector of a permanent object whose slots may refer to the heap, or of a
// global that has got a value.
void heap_note_permanent(Vm *vm, Object *object);
void heap_remember_global(Heap *heap, GlobalEntry *global);

// Whether a program may have so many bytes that are never freed; collects if it can't do
// without. False, and the failure is noted: the heap is exhausted.
bool heap_admit(Thread *thread, Frame *frame, size_t bytes);

// Collects everything now. Does nothing if the system has no memory to do it with.
void heap_collect(Thread *thread, Frame *frame);

// Stores a value into an object's slot, with the barrier.
void heap_store(Thread *thread, Object *object, Value *slot, Value value);

// Figures for `System gcStats`, `--gc-stats` and tests.
typedef struct HeapFigures {
    uint64_t collections, full_collections;
    uint64_t microseconds, longest; // in collections; of these the longest
    uint64_t allocated, copied;     // bytes, ever
    uint64_t frames;                // of the stack that were scanned, ever
    size_t used, maximum;
} HeapFigures;

HeapFigures heap_figures(const Vm *vm);
size_t heap_maximum(const Vm *vm);

// ---- Between heap.c and collector.c ------------------------------------------------

// A piece of the old space; objects lie one behind the other from `start` to `next`.
typedef struct Chunk {
    struct Chunk *following;
    char *next, *limit;
    char start[] __attribute__((aligned(16)));
} Chunk;

enum {
    CHUNK_BYTES = 2 * 1024 * 1024,          // as large as the system's huge pages
    HEAP_LEAST_THRESHOLD = 8 * 1024 * 1024, // below, there is no full collection
    HEAP_STRESS_BYTES = 4096,
    LARGE_CLASSES = 8 * 40, // sizes of large objects' mappings: see large.c
};

struct Heap {
    Vm *vm;
    bool stress;
    size_t stress_earned; // bytes that a full collection may have to copy
    bool refused;         // the system had no memory
    size_t maximum, threshold;
    // Everything young: the nursery, whose pieces are given out up to `nursery_next`, and
    // behind it two halves, one of which holds what has survived one collection.
    char *nursery, *nursery_next, *nursery_limit, *young_limit;
    char *survivors, *survivors_next, *other_half;
    Chunk *chunks, *last; // the old space
    Chunk *spare;         // empty ones, so that a collection never lacks memory
    size_t spare_count;
    size_t expected; // bytes of copies that the collection at hand may make
    LargeObject *large, *young_large, *spare_large[LARGE_CLASSES];
    size_t old_bytes, large_bytes, young_large_bytes, spare_large_bytes;
    size_t widest;       // no object that is copied is wider
    Object **remembered; // old objects that may refer to the nursery
    size_t remembered_count, remembered_capacity;
    Object **permanent; // objects outside the heap that refer to it
    size_t permanent_count, permanent_capacity;
    GlobalEntry **globals; // whose values may be young
    size_t global_count, global_capacity;
    HeapFigures figures;
};

// Memory from the system, zeroed; NULL: it gives none.
void *heap_map(size_t size);

// Bytes of the nursery that are given out, and of all that is young.
size_t heap_nursery_used(const Heap *heap);
size_t heap_young_used(const Heap *heap);

// Has spare chunks for `bytes` of copies. False: the system gives no memory.
bool heap_ensure_spares(Heap *heap, size_t bytes);

// Room in the old space, out of the spare chunks.
char *heap_old_room(Heap *heap, size_t size);

// Gives chunks back to the system; those stay as spare ones that the next full
// collection will probably need.
void heap_release(Heap *heap, Chunk *chunks);

// An object's size in bytes, by its layout.
size_t object_size(const Vm *vm, const Object *object);

// Has the next minor collection scan an old object, or the marked cards of a large one.
void heap_remember(Heap *heap, Object *object);

// The slots of an object that may be large: fields or elements. 0: it has none.
size_t heap_slots(const Vm *vm, Object *object, Value **slots);

// In stress mode, overwrites memory that nobody may refer to any more.
void heap_spoil(const Heap *heap, char *start, const char *end);

// Empties the nursery into a half, and the other half into the old space; or copies all
// that is alive, old or young, into a new old space. False, and nothing was done: the system gives
// no memory for it.
bool collect_nursery(Heap *heap);
bool collect_all(Heap *heap);

#endif
