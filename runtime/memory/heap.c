// Allocation, and the decision when to collect. The interpreter takes what it needs from its
// thread's piece of the nursery, by a bump of a pointer; here is what happens when that is
// used up, and what C allocates. That most objects die young is what all of this counts on
// (H. Lieberman, C. Hewitt, "A real-time garbage collector based on the lifetimes of
// objects", CACM 26, 1983): the nursery is small enough for the processor's cache, and to
// empty it takes time for the living only.
//
// How the nursery is emptied is in collector.c, how all is found that is alive in
// collector.c (copying) or marking.c (in slices), where it lies in old_space.c and large.c.
#include "runtime/memory/large.h"
#include "runtime/memory/marking.h"

#include "runtime/calls/error.h"
#include "runtime/vm.h"
#include "support/memory.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    NURSERY_BYTES = 768 * 1024, // more than the widest context
    PIECE_BYTES = 32 * 1024,
    HALF_BYTES = 128 * 1024,
    YOUNG_BYTES = NURSERY_BYTES + 2 * HALF_BYTES,
    YOUNG_LARGE_BYTES = HEAP_LEAST_THRESHOLD / 2,
};

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
    old_space_open(&heap->old, stress);
    heap->old.widest = HEAP_LARGE_BYTES;
    heap->nursery = memory_map(YOUNG_BYTES);
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

void heap_free(Heap *heap) {
    if (!heap)
        return;
    old_space_free(&heap->old);
    large_free(heap);
    munmap(heap->nursery, YOUNG_BYTES);
    free(heap->remembered);
    free(heap->permanent);
    free(heap->globals);
    free(heap->copies);
    free(heap->grey);
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

// ---- Remembering ---------------------------------------------------------------------

void heap_remember(Heap *heap, Object *object) {
    if (object->header & HEADER_LARGE) {
        LargeObject *large = large_of(object);
        if (large->is_listed)
            return;
        large->is_listed = true;
    }
    HEAP_ADD(heap->remembered, heap->remembered_count, heap->remembered_capacity, object);
}

void heap_remember_global(Heap *heap, GlobalEntry *global) {
    if (global->is_remembered || !value_is_object(global->global.value))
        return;
    global->is_remembered = true;
    HEAP_ADD(heap->globals, heap->global_count, heap->global_capacity, global);
}

static void count_store(Thread *thread) {
    if (++vm_of(thread)->heap->stores == HEAP_STORES_MOST)
        __atomic_store_n(&thread->request, 1, __ATOMIC_RELAXED);
}

void heap_store(Thread *thread, Object *object, Value *slot, Value value) {
    *slot = value;
    if (!(object->header & HEADER_BARRIER) || !value_is_object(value))
        return;
    if (!(object->header & HEADER_LARGE))
        vm_remember(thread, object);
    else if (large_mark_card(vm_of(thread)->heap, object, slot))
        count_store(thread);
}

void vm_remember(Thread *thread, Object *object) {
    Heap *heap = vm_of(thread)->heap;
    if (!(object->header & HEADER_BARRIER))
        return;
    object->header &= ~HEADER_BARRIER;
    heap_remember(heap, object);
    count_store(thread);
}

// ---- How much is in use --------------------------------------------------------------

size_t heap_nursery_used(const Heap *heap) {
    return (size_t)(heap->nursery_next - heap->nursery);
}

size_t heap_young_used(const Heap *heap) {
    return heap_nursery_used(heap) + (size_t)(heap->survivors_next - heap->survivors);
}

size_t heap_bytes(const Heap *heap) {
    return old_space_bytes(&heap->old) + heap->large_bytes + heap->young_large_bytes +
           heap_young_used(heap);
}

static size_t used_bytes(const Heap *heap) {
    return heap_bytes(heap) + vm_counted_bytes(heap->vm);
}

static bool is_within(size_t used, size_t size, size_t limit) {
    return used <= limit && size <= limit - used;
}

bool heap_is_small(const Heap *heap) {
    return heap->threshold <= 2 * HEAP_COPIED_BYTES &&
           heap->vm->globals.count <= HEAP_COPIED_GLOBALS;
}

// Twice what is alive; but marking shall be done before the heap is full.
void heap_set_threshold(Heap *heap) {
    size_t alive = heap_bytes(heap), threshold = 2 * alive;
    if (alive < heap->maximum && threshold > alive + (heap->maximum - alive) / 2)
        threshold = alive + (heap->maximum - alive) / 2;
    heap->threshold = threshold > HEAP_LEAST_THRESHOLD ? threshold : HEAP_LEAST_THRESHOLD;
}

// Whether `size` more bytes may be used before everything is collected at once.
static bool has_room(const Heap *heap, size_t size) {
    bool waits = heap_is_small(heap) && !is_within(heap_bytes(heap), size, heap->threshold);
    return !waits && is_within(used_bytes(heap), size, heap->maximum);
}

// The same when all that is dead has been found. A heap that is all but full counts as full,
// or the program would do nothing but collect from then on.
static bool has_left(const Heap *heap, size_t size) {
    return is_within(used_bytes(heap) + heap->maximum / 64, size, heap->maximum);
}

// Collects everything; false if there is still no room.
static bool make_room(Heap *heap, size_t size) {
    if (heap->marking && !heap->stress && collect_and_mark(heap) && has_left(heap, size))
        return true;
    return collect_all(heap) && has_left(heap, size);
}

// ---- Allocation ----------------------------------------------------------------------

void heap_spoil(const Heap *heap, char *start, const char *end) {
    enum { NO_LAYOUT = 0xDB };
    if (heap->stress && start < end)
        memset(start, NO_LAYOUT, (size_t)(end - start));
}

// A minor collection, with a slice of marking; each time that marking is done, or more
// seldom if there is much to move, all is copied.
static bool collect_under_stress(Heap *heap, size_t size) {
    if (!collect_nursery(heap))
        return false;
    heap->stress_earned += HEAP_STRESS_BYTES;
    if ((heap->marking || heap->stress_earned < old_space_bytes(&heap->old)) &&
        has_room(heap, size))
        return true;
    heap->stress_earned = 0;
    return make_room(heap, size);
}

// What is left of the piece has never been allocated.
void heap_give_up_piece(Heap *heap, Thread *thread) {
    heap->figures.allocated -= (size_t)((char *)thread->room_limit - (char *)thread->room);
    thread->room = thread->room_limit = NULL;
}

void heap_give_up_pieces(Heap *heap) {
    for (Thread *each = heap->vm->threads.first; each; each = state_of(each)->next)
        heap_give_up_piece(heap, each);
}

static bool is_watched(const Heap *heap) {
    return heap->vm->observer && heap->vm->observer->allocated;
}

// `size` bytes of the nursery, and the rest of a new piece for the thread. What needs more
// than a piece leaves the thread its own; in stress mode, and where somebody watches, it has
// none, so that the next object comes by here too.
static char *take_piece(Heap *heap, Thread *thread, size_t size) {
    size_t left = (size_t)(heap->nursery_limit - heap->nursery_next);
    bool alone = heap->stress || is_watched(heap) || size > PIECE_BYTES;
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

// Tells of an object that is to be made in `room`, unless that is NULL; answers the same.
static void *observe(const Heap *heap, Thread *thread, void *room, size_t size) {
    const VmObserver *observer = heap->vm->observer;
    if (room && is_watched(heap))
        observer->allocated(observer->context, state_of(thread)->top, room, size);
    return room;
}

static char *find_young_room(Heap *heap, Thread *thread, size_t size) {
    if (size > heap->old.widest)
        heap->old.widest = size;
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

static char *young_room(Heap *heap, Thread *thread, size_t size) {
    return observe(heap, thread, find_young_room(heap, thread, size), size);
}

// Young large objects of more than YOUNG_LARGE_BYTES are a reason for a minor collection.
static Object *large_room(Heap *heap, Thread *thread, size_t size) {
    if (heap->stress) {
        if (!collect_under_stress(heap, size))
            return NULL;
    } else if (heap->young_large && heap->young_large_bytes + size > YOUNG_LARGE_BYTES) {
        if (!collect_nursery(heap))
            return NULL;
    }
    if (!has_room(heap, size) && !make_room(heap, size))
        return NULL;
    return observe(heap, thread, large_new(heap, size), size);
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
    if (heap->refused || heap->old.refused)
        fail(thread, "the system gives no more memory (%zu bytes are in use)", used_bytes(heap));
    else
        fail(thread, "the heap is exhausted (%zu bytes were wanted; at most %zu may be in use)",
             size, heap->maximum);
    heap->refused = heap->old.refused = false;
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
    int64_t header = header_make(class_index, layout);
    if (size > HEAP_NURSERY_MOST) {
        Object *object = large_room(heap, thread, size);
        if (!object)
            return exhausted(thread, size);
        object->header = large_header(heap, header);
        return object;
    }
    Object *object = (Object *)small_room(heap, thread, size);
    if (!object)
        return exhausted(thread, size);
    object->header = header;
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
    HEAP_ADD(heap->permanent, heap->permanent_count, heap->permanent_capacity, object);
    object->header |= HEADER_BARRIER;
}

void heap_collect(Thread *thread, Frame *frame) {
    state_of(thread)->top = frame;
    collect_all(vm_of(thread)->heap);
}

void heap_poll(Thread *thread, Frame *frame) {
    Heap *heap = vm_of(thread)->heap;
    state_of(thread)->top = frame;
    if (heap->stores >= HEAP_STORES_MOST)
        collect_nursery(heap);
}

HeapFigures heap_figures(const Vm *vm) {
    const Heap *heap = vm->heap;
    HeapFigures figures = heap->figures;
    figures.allocated += heap_nursery_used(heap);
    for (const Thread *each = vm->threads.first; each; each = state_of(each)->next)
        figures.allocated -= (size_t)((char *)each->room_limit - (char *)each->room);
    figures.used = used_bytes(heap);
    figures.maximum = heap->maximum;
    return figures;
}

size_t heap_maximum(const Vm *vm) {
    return vm->heap->maximum;
}
