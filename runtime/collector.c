// The collector: precise, moving, of two generations. A minor collection empties the
// nursery into the old space; a full one copies all that is alive into new chunks and
// frees the old ones (Cheney's algorithm: C. J. Cheney, "A nonrecursive list compacting
// algorithm", CACM 13, 1970). Large objects stay where they are and are marked. Roots are the VM
// stacks by the frames' extents, handles, globals, the one-byte strings, and permanent objects that
// have slots.
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/vm.h"

#include <stdlib.h>
#include <sys/mman.h>

typedef struct Collection {
    Heap *heap;
    bool full;
    Chunk *scan_chunk; // copies from here on have not been scanned
    char *scan;
    Chunk *grey; // large objects that are alive and have not been scanned
    uint64_t started;
    size_t before; // bytes in the old space
} Collection;

size_t object_size(const Vm *vm, const Object *object) {
    size_t size;
    switch (object_layout(object)) {
    case LAYOUT_PLAIN:
        size = sizeof(Object) + 8 * vm->classes[object_class_index(object)]->field_count;
        break;
    case LAYOUT_ARRAY: size = sizeof(Array) + 8 * (size_t)((const Array *)object)->length; break;
    case LAYOUT_LARGE: {
        int64_t limbs = ((const Large *)object)->size;
        size = sizeof(Large) + 8 * (size_t)(limbs < 0 ? -limbs : limbs);
        break;
    }
    case LAYOUT_STRING: size = sizeof(String) + (size_t)((const String *)object)->length + 1; break;
    case LAYOUT_BLOCK: size = sizeof(Block); break;
    case LAYOUT_CONTEXT:
    case LAYOUT_HOME: size = sizeof(Context) + 8 * (size_t)((const Context *)object)->length; break;
    default: abort(); // permanent objects are never measured
    }
    return object_round(size);
}

static bool in_nursery(const Heap *heap, const Object *object) {
    return (size_t)((const char *)object - heap->nursery) <
           (size_t)(heap->nursery_limit - heap->nursery);
}

// Where an object's new address stands once it has moved.
static Object **forwarding(Object *object) {
    return (Object **)(object + 1);
}

// A large object that a full collection has reached.
static void mark_large(Collection *collection, Object *object) {
    if (object->header & HEADER_MARKED)
        return;
    object->header |= HEADER_MARKED;
    Chunk *chunk = (Chunk *)((char *)object - offsetof(Chunk, start));
    chunk->grey = collection->grey;
    collection->grey = chunk;
}

static void move_value(Collection *collection, Value *slot) {
    if (!value_is_object(*slot))
        return;
    Object *object = value_object(*slot);
    if (!collection->full && !in_nursery(collection->heap, object))
        return;
    if (object->header & (HEADER_PERMANENT | HEADER_LARGE)) {
        if (object->header & HEADER_LARGE)
            mark_large(collection, object);
        return;
    }
    if (!(object->header & HEADER_FORWARDED)) {
        size_t size = object_size(collection->heap->vm, object);
        Object *copy = (Object *)heap_old_room(collection->heap, size);
        memcpy(copy, object, size);
        copy->header |= HEADER_BARRIER;
        object->header |= HEADER_FORWARDED;
        *forwarding(object) = copy;
    }
    *slot = value_of_object(*forwarding(object));
}

static void move_values(Collection *collection, Value *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        move_value(collection, &values[i]);
}

static void scan_object(Collection *collection, Object *object) {
    const Vm *vm = collection->heap->vm;
    switch (object_layout(object)) {
    case LAYOUT_PLAIN:
    case LAYOUT_CLASS:
        move_values(collection, object_fields(object),
                    vm->classes[object_class_index(object)]->field_count);
        break;
    case LAYOUT_ARRAY:
        move_values(collection, ((Array *)object)->elements, (size_t)((Array *)object)->length);
        break;
    case LAYOUT_BLOCK:
        move_value(collection, &((Block *)object)->outer);
        move_value(collection, &((Block *)object)->receiver);
        break;
    case LAYOUT_CONTEXT:
    case LAYOUT_HOME: {
        Context *context = (Context *)object;
        move_value(collection, &context->outer);
        move_value(collection, &context->previous);
        move_values(collection, context_slots(context), (size_t)context->length);
        break;
    }
    default: break; // no references
    }
}

// A frame's values lie between the frame and whatever stands above: its own stack
// pointer, or the next frame.
static void scan_stack(Collection *collection, Frame *top) {
    char *end = top ? (char *)top->sp : NULL;
    for (Frame *frame = top; frame; frame = frame->caller) {
        Value *values = frame_locals(frame);
        move_values(collection, values, (size_t)(end - (char *)values) / sizeof(Value));
        move_value(collection, &frame->context);
        end = (char *)frame;
    }
}

static void scan_roots(Collection *collection) {
    Vm *vm = collection->heap->vm;
    Thread *thread = vm->thread;
    if (thread) {
        ThreadState *state = state_of(thread);
        scan_stack(collection, state->top);
        move_value(collection, &thread->homes);
        for (HandleScope *scope = state->handles; scope; scope = scope->outer)
            move_values(collection, scope->values, scope->count);
    }
    for (size_t i = 0; i < vm->globals.slot_count; i++)
        if (vm->globals.slots[i])
            move_value(collection, &vm->globals.slots[i]->value);
    move_value(collection, &vm->system);
}

static void scan_copies(Collection *collection) {
    for (;;) {
        Chunk *chunk = collection->scan_chunk;
        if (!chunk)
            return;
        while (collection->scan < chunk->next) {
            Object *object = (Object *)collection->scan;
            collection->scan += object_size(collection->heap->vm, object);
            scan_object(collection, object);
        }
        if (!chunk->following)
            return;
        collection->scan_chunk = chunk->following;
        collection->scan = chunk->following->start;
    }
}

// Scans until all that is reachable has been.
static void scan_all(Collection *collection) {
    for (;;) {
        if (!collection->scan_chunk && collection->heap->chunks) {
            collection->scan_chunk = collection->heap->chunks;
            collection->scan = collection->heap->chunks->start;
        }
        scan_copies(collection);
        Chunk *large = collection->grey;
        if (!large)
            return;
        collection->grey = large->grey;
        scan_object(collection, (Object *)large->start);
    }
}

// Frees the large objects that were not reached.
static void sweep_large(Heap *heap) {
    for (Chunk **link = &heap->large; *link;) {
        Chunk *chunk = *link;
        Object *object = (Object *)chunk->start;
        if (object->header & HEADER_MARKED) {
            object->header &= ~HEADER_MARKED;
            link = &chunk->following;
            continue;
        }
        *link = chunk->following;
        heap->large_bytes -= (size_t)(chunk->next - chunk->start);
        munmap(chunk, chunk->size);
    }
}

// The pages of the VM stack that lie well above the youngest frame go back to the system.
static void release_stack(const Thread *thread) {
    enum { KEPT = 256 * 1024, PAGE = 4096 };
    const ThreadState *state = state_of(thread);
    if (!state->top)
        return;
    size_t used = (size_t)((char *)state->top->sp - state->stack) + KEPT;
    used = (used + PAGE - 1) & ~(size_t)(PAGE - 1);
    if (used < state->stack_size)
        madvise(state->stack + used, state->stack_size - used, MADV_DONTNEED);
}

// Where the next full collection is due.
static void set_threshold(Heap *heap) {
    enum { LEAST = 8 * 1024 * 1024 };
    size_t used = heap->old_bytes + heap->large_bytes;
    heap->threshold = 2 * used > LEAST ? 2 * used : LEAST;
}

// What both collections end with: the nursery is empty, and nothing is remembered but
// what a store has to remember again.
static void finish(Collection *collection) {
    Heap *heap = collection->heap;
    Thread *thread = heap->vm->thread;
    for (size_t i = 0; i < heap->remembered_count; i++)
        heap->remembered[i]->header |= HEADER_BARRIER;
    heap->remembered_count = 0;
    HeapFigures *figures = &heap->figures;
    figures->allocated += heap_nursery_used(heap);
    if (thread) {
        figures->allocated -= (size_t)((char *)thread->room_limit - (char *)thread->room);
        thread->room = thread->room_limit = NULL;
    }
    heap->nursery_next = heap->nursery;
    uint64_t taken = vm_microseconds() - collection->started;
    figures->collections++;
    figures->copied += heap->old_bytes - collection->before;
    figures->microseconds += taken;
    if (taken > figures->longest)
        figures->longest = taken;
}

bool collect_nursery(Heap *heap) {
    Collection collection = {.heap = heap, .started = vm_microseconds()};
    if (!heap_ensure_spares(heap, heap_nursery_used(heap)))
        return false;
    collection.before = heap->old_bytes;
    collection.scan_chunk = heap->last;
    if (heap->last)
        collection.scan = heap->last->next;
    scan_roots(&collection);
    for (size_t i = 0; i < heap->remembered_count; i++)
        scan_object(&collection, heap->remembered[i]);
    scan_all(&collection);
    finish(&collection);
    return true;
}

bool collect_all(Heap *heap) {
    Collection collection = {.heap = heap, .full = true, .started = vm_microseconds()};
    if (!heap_ensure_spares(heap, heap->old_bytes + heap_nursery_used(heap)))
        return false;
    // What is remembered may die, so it is forgotten first.
    for (size_t i = 0; i < heap->remembered_count; i++)
        heap->remembered[i]->header |= HEADER_BARRIER;
    heap->remembered_count = 0;
    Chunk *before = heap->chunks;
    heap->chunks = heap->last = NULL;
    heap->old_bytes = 0;
    scan_roots(&collection);
    for (size_t i = 0; i < heap->permanent_count; i++)
        scan_object(&collection, heap->permanent[i]);
    scan_all(&collection);
    heap_release(heap, before);
    sweep_large(heap);
    if (heap->vm->thread && !heap->stress)
        release_stack(heap->vm->thread);
    set_threshold(heap);
    heap->figures.full_collections++;
    finish(&collection);
    return true;
}
