// Allocation: the nursery's pieces, the old space's chunks, large and permanent objects,
// and the decision when to collect. How the collector works is in collector.c.
#include "runtime/memory/large.h"

#include "runtime/calls/error.h"
#include "runtime/vm.h"
#include "support/internal_error.h"
#include "support/memory.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    NURSERY_BYTES = 768 * 1024, // more than the widest context
    PIECE_BYTES = 32 * 1024,
    HALF_BYTES = 128 * 1024,
    YOUNG_BYTES = NURSERY_BYTES + 2 * HALF_BYTES,
    KEPT_SPARES = 2,
    YOUNG_LARGE_BYTES = HEAP_LEAST_THRESHOLD / 2,
    PLAIN_CHUNKS_BYTES = 4 * 1024 * 1024, // an old space up to here takes a page at a time
};

void *heap_map(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static size_t default_maximum(void) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || size <= 0)
        return (size_t)1 << 30;
    return (size_t)pages / 4 * (size_t)size;
}

Heap *heap_new(Vm *vm, size_t maximum, bool stress) {
    Heap *heap = calloc(1, sizeof *heap);
    if (!heap)
        return NULL;
    heap->vm = vm;
    heap->stress = stress;
    heap->maximum = maximum ? maximum : default_maximum();
    heap->threshold = HEAP_LEAST_THRESHOLD;
    heap->widest = HEAP_LARGE_BYTES;
    heap->nursery = heap_map(YOUNG_BYTES);
    if (!heap->nursery) {
        free(heap);
        return NULL;
    }
    heap->nursery_next = heap->nursery;
    heap->nursery_limit = heap->nursery + NURSERY_BYTES;
    heap->young_limit = heap->nursery + YOUNG_BYTES;
    heap->survivors = heap->survivors_next = heap->nursery_limit;
    heap->other_half = heap->survivors + HALF_BYTES;
    return heap;
}

static void unmap_chunks(Chunk *chunks) {
    while (chunks) {
        Chunk *following = chunks->following;
        munmap(chunks, CHUNK_BYTES);
        chunks = following;
    }
}

void heap_free(Heap *heap) {
    if (!heap)
        return;
    unmap_chunks(heap->chunks);
    unmap_chunks(heap->spare);
    large_free(heap);
    munmap(heap->nursery, YOUNG_BYTES);
    free(heap->remembered);
    free(heap->permanent);
    free(heap->globals);
    free(heap);
}

void handle_open(Thread *thread, HandleScope *scope, Value *values, size_t count) {
    ThreadState *state = state_of(thread);
    *scope = (HandleScope){state->handles, values, count};
    state->handles = scope;
}

void handle_close(Thread *thread, HandleScope *scope) {
    state_of(thread)->handles = scope->outer;
}

// ---- Chunks --------------------------------------------------------------------------

// Memory at a multiple of its own size, a power of two.
static void *map_aligned(size_t size) {
    char *memory = heap_map(2 * size);
    if (!memory)
        return NULL;
    char *aligned = (char *)(((uintptr_t)memory + size - 1) & ~(uintptr_t)(size - 1));
    if (aligned > memory)
        munmap(memory, (size_t)(aligned - memory));
    if (aligned < memory + size)
        munmap(aligned + size, (size_t)(memory + size - aligned));
    return aligned;
}

static Chunk *map_chunk(Heap *heap) {
    Chunk *chunk = map_aligned(CHUNK_BYTES);
    heap->refused = !chunk;
    if (chunk)
        chunk->limit = (char *)chunk + CHUNK_BYTES;
    return chunk;
}

static void add_spare(Heap *heap, Chunk *chunk) {
    chunk->next = chunk->start;
    chunk->following = heap->spare;
    heap->spare = chunk;
    heap->spare_count++;
}

static Chunk *take_spare(Heap *heap) {
    Chunk *chunk = heap->spare;
    if (!chunk)
        internal_error("a collection needs more memory than it said");
    heap->spare = chunk->following;
    heap->spare_count--;
    chunk->following = NULL;
    return chunk;
}

bool heap_ensure_spares(Heap *heap, size_t bytes) {
    heap->expected = bytes;
    // At its end each chunk may leave room that the next object doesn't fit in.
    size_t count = bytes / (CHUNK_BYTES - sizeof(Chunk) - heap->widest) + 1;
    while (heap->spare_count < count) {
        Chunk *chunk = map_chunk(heap);
        if (!chunk)
            return false;
        add_spare(heap, chunk);
    }
    return true;
}

// The system gives the chunk's memory at once, if possible as one huge page. A fault for
// each page would take longer than copying the objects there.
static void populate(Chunk *chunk) {
    madvise(chunk, CHUNK_BYTES, MADV_HUGEPAGE);
    madvise(chunk, CHUNK_BYTES, MADV_POPULATE_WRITE);
}

char *heap_old_room(Heap *heap, size_t size) {
    Chunk *chunk = heap->last;
    if (!chunk || (size_t)(chunk->limit - chunk->next) < size) {
        chunk = take_spare(heap);
        if (heap->old_bytes + heap->expected > PLAIN_CHUNKS_BYTES)
            populate(chunk);
        if (heap->last)
            heap->last->following = chunk;
        else
            heap->chunks = chunk;
        heap->last = chunk;
    }
    char *room = chunk->next;
    chunk->next += size;
    heap->old_bytes += size;
    return room;
}

void heap_release(Heap *heap, Chunk *chunks) {
    while (chunks) {
        Chunk *following = chunks->following;
        heap_spoil(heap, chunks->start, chunks->next);
        add_spare(heap, chunks);
        chunks = following;
    }
    // What is alive may grow to twice its size, and be copied then, without a new chunk:
    // copying into memory that the system has to provide takes several times as long.
    size_t kept = 2 * heap->old_bytes / CHUNK_BYTES + KEPT_SPARES;
    while (heap->spare_count > kept && !heap->stress) {
        Chunk *chunk = take_spare(heap);
        munmap(chunk, CHUNK_BYTES);
    }
}

// ---- Remembering ---------------------------------------------------------------------

// Adds to a list that grows as needed. There is no way to go on without it.
#define ADD(items, count, capacity, item)                                                          \
    do {                                                                                           \
        if ((count) == (capacity)) {                                                               \
            (capacity) = (capacity) ? 2 * (capacity) : 64;                                         \
            (items) = memory_resize((items), (capacity) * sizeof *(items));                        \
        }                                                                                          \
        (items)[(count)++] = (item);                                                               \
    } while (0)

size_t heap_slots(const Vm *vm, Object *object, Value **slots) {
    switch (object_layout(object)) {
    case LAYOUT_PLAIN:
        *slots = object_fields(object);
        return vm->classes[object_class_index(object)]->field_count;
    case LAYOUT_ARRAY:
        *slots = ((Array *)object)->elements;
        return (size_t)((Array *)object)->length;
    default: *slots = NULL; return 0;
    }
}

void heap_remember(Heap *heap, Object *object) {
    if (object->header & HEADER_LARGE) {
        LargeObject *large = large_of(object);
        if (large->is_listed)
            return;
        large->is_listed = true;
    }
    ADD(heap->remembered, heap->remembered_count, heap->remembered_capacity, object);
}

void heap_remember_global(Heap *heap, GlobalEntry *global) {
    if (global->is_remembered || !value_is_object(global->global.value))
        return;
    global->is_remembered = true;
    ADD(heap->globals, heap->global_count, heap->global_capacity, global);
}

void heap_store(Thread *thread, Object *object, Value *slot, Value value) {
    *slot = value;
    if (!(object->header & HEADER_BARRIER) || !value_is_object(value))
        return;
    if (object->header & HEADER_LARGE)
        large_mark_card(vm_of(thread)->heap, object, slot);
    else
        vm_remember(thread, object);
}

void vm_remember(Thread *thread, Object *object) {
    Heap *heap = vm_of(thread)->heap;
    if (!(object->header & HEADER_BARRIER))
        return;
    object->header &= ~HEADER_BARRIER;
    heap_remember(heap, object);
}

// ---- Allocation ----------------------------------------------------------------------

size_t heap_nursery_used(const Heap *heap) {
    return (size_t)(heap->nursery_next - heap->nursery);
}

size_t heap_young_used(const Heap *heap) {
    return heap_nursery_used(heap) + (size_t)(heap->survivors_next - heap->survivors);
}

// What a collection could give back some of.
static size_t heap_bytes(const Heap *heap) {
    return heap->old_bytes + heap->large_bytes + heap->young_large_bytes + heap_young_used(heap);
}

static size_t used_bytes(const Heap *heap) {
    return heap_bytes(heap) + vm_counted_bytes(heap->vm);
}

static bool is_within(size_t used, size_t size, size_t limit) {
    return used <= limit && size <= limit - used;
}

// Whether `size` more bytes may be used without a collection of everything.
static bool has_room(const Heap *heap, size_t size) {
    return is_within(heap_bytes(heap), size, heap->threshold) &&
           is_within(used_bytes(heap), size, heap->maximum);
}

// Collects everything; false if there is still no room. A heap that is all but full
// counts as full, or the program would do nothing but collect from then on.
static bool make_room(Heap *heap, size_t size) {
    if (!collect_all(heap))
        return false;
    return is_within(used_bytes(heap) + heap->maximum / 64, size, heap->maximum);
}

void heap_spoil(const Heap *heap, char *start, const char *end) {
    enum { NO_LAYOUT = 0xDB };
    if (heap->stress && start < end)
        memset(start, NO_LAYOUT, (size_t)(end - start));
}

static bool collect_under_stress(Heap *heap, size_t size) {
    if (!collect_nursery(heap))
        return false;
    heap->stress_earned += HEAP_STRESS_BYTES;
    if (heap->stress_earned < heap->old_bytes && has_room(heap, size))
        return true;
    heap->stress_earned = 0;
    return make_room(heap, size);
}

// `size` bytes of the nursery, and the rest of a new piece for the thread. What needs more
// than a piece leaves the thread its own; in stress mode it has none, so that the next
// object comes by here too.
static char *take_piece(Heap *heap, Thread *thread, size_t size) {
    size_t left = (size_t)(heap->nursery_limit - heap->nursery_next);
    bool alone = heap->stress || size > PIECE_BYTES;
    size_t want = alone || left < PIECE_BYTES ? size : PIECE_BYTES;
    if (left < size)
        return NULL;
    char *room = heap->nursery_next;
    heap->nursery_next += want;
    if (!alone) {
        thread->room = room + size;
        thread->room_limit = heap->nursery_next;
    }
    return room;
}

static char *young_room(Heap *heap, Thread *thread, size_t size) {
    if (size > heap->widest)
        heap->widest = size;
    if (heap->stress)
        return collect_under_stress(heap, size) ? take_piece(heap, thread, size) : NULL;
    char *room = take_piece(heap, thread, size);
    if (room)
        return room;
    if (!collect_nursery(heap))
        return NULL;
    if (!has_room(heap, size) && !make_room(heap, size))
        return NULL;
    return take_piece(heap, thread, size);
}

// Young large objects of more than YOUNG_LARGE_BYTES are a reason for a minor collection.
static Object *large_room(Heap *heap, size_t size) {
    if (heap->stress) {
        if (!collect_under_stress(heap, size))
            return NULL;
    } else if (heap->young_large && heap->young_large_bytes + size > YOUNG_LARGE_BYTES) {
        if (!collect_nursery(heap))
            return NULL;
    }
    if (!has_room(heap, size) && !make_room(heap, size))
        return NULL;
    return large_new(heap, size);
}

static char *small_room(Heap *heap, Thread *thread, size_t size) {
    char *room = thread->room;
    if ((size_t)((char *)thread->room_limit - room) < size)
        return young_room(heap, thread, size);
    thread->room = room + size;
    return room;
}

static void *exhausted(Thread *thread, size_t size) {
    Heap *heap = vm_of(thread)->heap;
    if (heap->refused)
        fail(thread, "the system gives no more memory (%zu bytes are in use)", used_bytes(heap));
    else
        fail(thread, "the heap is exhausted (%zu bytes were wanted; at most %zu may be in use)",
             size, heap->maximum);
    heap->refused = false;
    return NULL;
}

void *heap_room(Thread *thread, Frame *frame, size_t size) {
    ThreadState *state = state_of(thread);
    state->top = frame;
    char *room = young_room(state->vm->heap, thread, size);
    return room ? room : exhausted(thread, size);
}

Object *heap_allocate(Thread *thread, Frame *frame, int64_t class_index, Layout layout,
                      size_t size) {
    ThreadState *state = state_of(thread);
    Heap *heap = state->vm->heap;
    if (size > heap->maximum)
        return exhausted(thread, size);
    size = object_round(size);
    state->top = frame;
    bool is_large = size > HEAP_NURSERY_MOST;
    Object *object = is_large ? large_room(heap, size) : (Object *)small_room(heap, thread, size);
    if (!object)
        return exhausted(thread, size);
    object->header = header_make(class_index, layout) | (is_large ? HEADER_LARGE : 0);
    return object;
}

bool heap_admit(Thread *thread, Frame *frame, size_t bytes) {
    ThreadState *state = state_of(thread);
    Heap *heap = state->vm->heap;
    state->top = frame;
    bool fits = heap->stress ? collect_under_stress(heap, bytes)
                             : is_within(used_bytes(heap), bytes, heap->maximum);
    if (fits || make_room(heap, bytes))
        return true;
    exhausted(thread, bytes);
    return false;
}

Object *heap_allocate_permanent(Vm *vm, int64_t class_index, Layout layout, size_t size) {
    Object *object = arena_alloc(vm->arena, size < 16 ? 16 : size);
    object->header = header_make(class_index, layout) | HEADER_PERMANENT;
    return object;
}

void heap_note_permanent(Vm *vm, Object *object) {
    Heap *heap = vm->heap;
    ADD(heap->permanent, heap->permanent_count, heap->permanent_capacity, object);
    object->header |= HEADER_BARRIER;
}

void heap_collect(Thread *thread, Frame *frame) {
    state_of(thread)->top = frame;
    collect_all(vm_of(thread)->heap);
}

HeapFigures heap_figures(const Vm *vm) {
    const Heap *heap = vm->heap;
    HeapFigures figures = heap->figures;
    size_t unused =
        vm->thread ? (size_t)((char *)vm->thread->room_limit - (char *)vm->thread->room) : 0;
    figures.allocated += heap_nursery_used(heap) - unused;
    figures.used = used_bytes(heap);
    figures.maximum = heap->maximum;
    return figures;
}

size_t heap_maximum(const Vm *vm) {
    return vm->heap->maximum;
}
