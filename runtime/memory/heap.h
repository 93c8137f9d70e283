// The heap: allocation, and the collector's interface. New objects come from a nursery,
// a piece at a time for each thread, in which the interpreter allocates by itself; what
// survives two collections moves to the old space, and large objects have memory of their
// own. Anything that allocates may move every object: C code keeps values on the VM stack or
// in handles and reads them again.
#ifndef RUNTIME_MEMORY_HEAP_H
#define RUNTIME_MEMORY_HEAP_H

#include "runtime/memory/old_space.h"
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
// With `stress` every allocation collects: a minor collection moves all that is young, so
// that a barrier which is missing shows, and marks a little. Each time that marking is done,
// what it found is checked, and everything copied, at once while the old space holds no more
// than HEAP_STRESS_BYTES, else when the allocations since the last time have earned as many
// bytes as it holds. What has been left is overwritten, so that a stale reference finds no
// object.
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

// Collects everything now, without slices. Does nothing if the system has no memory to do it
// with.
void heap_collect(Thread *thread, Frame *frame);

// What a poll does: a minor collection, if the next one would have so many old objects to scan
// that they had better be scanned before there are more. A program that stores without
// allocating would make that collection take as long as it likes.
void heap_poll(Thread *thread, Frame *frame);

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

// When an observer is told of a collection (observer.h): whether an object survives it that was
// made since the last one.
bool heap_survives(const Heap *heap, const Object *object);

// The thread gives up its piece of the nursery: its next object comes by here.
void heap_give_up_piece(Heap *heap, Thread *thread);

// All threads do.
void heap_give_up_pieces(Heap *heap);

// ---- Between the files of this folder ----------------------------------------------

enum {
    HEAP_LEAST_THRESHOLD = 8 * 1024 * 1024, // below, nothing but the nursery is collected
    HEAP_COPIED_BYTES = 8 * 1024 * 1024,    // what is alive and no more is copied at once,
    HEAP_COPIED_GLOBALS = 200 * 1000,       // if there are no more globals to look at
    HEAP_STRESS_BYTES = 4096,
    HEAP_STORES_MOST = 32 * 1024, // old objects and cards to be scanned by a minor collection
    LARGE_CLASSES = 8 * 40,       // sizes of large objects' mappings: see large.c
};

// An object that marking has reached, and whose slots from `next` on are to be scanned.
typedef struct Grey {
    Object *object;
    size_t next;
} Grey;

struct Heap {
    Vm *vm;
    bool stress;
    size_t stress_earned; // bytes that a collection of everything may have to copy
    bool refused;         // the system had no memory
    size_t maximum, threshold;
    // Everything young: the nursery, whose pieces are given out up to `nursery_next`, and
    // after it two halves, one of which holds what has survived one collection.
    char *nursery, *nursery_next, *nursery_limit, *young_limit;
    char *survivors, *survivors_next, *other_half;
    OldSpace old;
    LargeObject *large, *young_large; // those that live, or have not been found dead
    LargeObject *dead_large, *stale_large, *spare_large[LARGE_CLASSES]; // their memory
    size_t large_bytes, young_large_bytes, spare_large_bytes;
    Object **remembered; // old objects that may refer to young ones
    size_t remembered_count, remembered_capacity;
    size_t stores;      // of these, and of cards, how many the program has stored into since the
                        // last collection; from HEAP_STORES_MOST on the thread is asked to poll
    Object **permanent; // objects outside the heap that refer to it
    size_t permanent_count, permanent_capacity;
    GlobalEntry **globals; // whose values may be young
    size_t global_count, global_capacity;
    Object **copies; // that a collection has made old and not scanned yet
    size_t copy_count, copy_capacity;
    // Marking (marking.h): the objects that are grey, the next global that nobody has looked
    // at, and what is black.
    bool marking;
    int64_t black; // HEADER_MARKED or 0, as old objects have it that have been reached
    Grey *grey;
    size_t grey_count, grey_capacity;
    const GlobalEntry *unmarked_global;
    size_t marked_bytes, bytes_before; // of the old space: what was reached; all, at the start
    HeapFigures figures;
};

// Adds to a list that grows as needed. There is no way to go on without it.
#define HEAP_ADD(items, count, capacity, item)                                                     \
    do {                                                                                           \
        if ((count) == (capacity)) {                                                               \
            (capacity) = (capacity) ? 2 * (capacity) : 64;                                         \
            (items) = memory_resize((items), (capacity) * sizeof *(items));                        \
        }                                                                                          \
        (items)[(count)++] = (item);                                                               \
    } while (0)

static inline bool heap_is_young(const Heap *heap, const Object *object) {
    return (size_t)((const char *)object - heap->nursery) <
           (size_t)(heap->young_limit - heap->nursery);
}

// Bytes of the nursery that are given out, of all that is young but for large objects, and
// of everything that a collection could free some of.
size_t heap_nursery_used(const Heap *heap);
size_t heap_young_used(const Heap *heap);
size_t heap_bytes(const Heap *heap);

// Whether what was last known to be alive is so little that it is copied at once.
bool heap_is_small(const Heap *heap);

// Says, once it is known what is alive, from how much on it has to be found out again.
void heap_set_threshold(Heap *heap);

// Has the next minor collection scan an old object, or the marked cards of a large one.
void heap_remember(Heap *heap, Object *object);

// In stress mode, overwrites memory that nobody may refer to any more.
void heap_spoil(const Heap *heap, char *start, const char *end);

// Empties the nursery into a half, and the other half into the old space, and does a slice
// of marking if that is under way or due. False, and nothing was done: the system gives no
// memory for it.
bool collect_nursery(Heap *heap);

// The same, and all of what marking is left.
bool collect_and_mark(Heap *heap);

// Finds out all that is alive: copies it into a new old space, or marks it if there is much.
bool collect_all(Heap *heap);

#endif
