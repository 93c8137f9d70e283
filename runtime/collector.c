// The collector: precise, moving, of two generations. A minor collection empties the
// nursery into the old space; a full one copies all that is alive into new chunks and
// frees the old ones (Cheney's algorithm: C. J. Cheney, "A nonrecursive list compacting
// algorithm", CACM 13, 1970). Roots are the VM stacks by the frames' extents, handles,
// globals, the one-byte strings, and permanent objects that have slots.
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/vm.h"

#include <stdlib.h>

typedef struct Collection {
    Heap *heap;
    bool full;
    Chunk *scan_chunk; // copies from here on have not been scanned
    char *scan;
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
    return (size + 15) & ~(size_t)15;
}

static bool in_nursery(const Heap *heap, const Object *object) {
    return (size_t)((const char *)object - heap->nursery) <
           (size_t)(heap->nursery_limit - heap->nursery);
}

// Where an object's new address stands once it has moved.
static Object **forwarding(Object *object) {
    return (Object **)(object + 1);
}

static void move_value(Collection *collection, Value *slot) {
    if (!value_is_object(*slot))
        return;
    Object *object = value_object(*slot);
    if (object->header & HEADER_PERMANENT)
        return;
    if (!collection->full && !in_nursery(collection->heap, object))
        return;
    if (!(object->header & HEADER_FORWARDED)) {
        size_t size = object_size(collection->heap->vm, object);
        Object *copy = (Object *)heap_old_room(collection->heap, size);
        if (!copy) {
            fprintf(stderr, "som: no memory left in the middle of a collection\n");
            abort();
        }
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

// What both collections end with: the nursery is empty and nothing is remembered.
static void finish(Heap *heap, uint64_t started) {
    heap->remembered_count = 0;
    heap->nursery_next = heap->nursery;
    if (heap->vm->thread)
        state_of(heap->vm->thread)->buffer = (AllocationBuffer){NULL, NULL};
    heap->figures.collections++;
    heap->figures.microseconds += vm_microseconds() - started;
}

void collect_nursery(Heap *heap) {
    uint64_t started = vm_microseconds();
    Collection collection = {.heap = heap, .scan_chunk = heap->last};
    if (heap->last)
        collection.scan = heap->last->next;
    scan_roots(&collection);
    for (size_t i = 0; i < heap->remembered_count; i++) {
        scan_object(&collection, heap->remembered[i]);
        heap->remembered[i]->header |= HEADER_BARRIER;
    }
    if (!collection.scan_chunk && heap->chunks) {
        collection.scan_chunk = heap->chunks;
        collection.scan = heap->chunks->start;
    }
    scan_copies(&collection);
    finish(heap, started);
}

void collect_all(Heap *heap) {
    uint64_t started = vm_microseconds();
    Chunk *before = heap->chunks;
    heap->chunks = heap->last = NULL;
    heap->old_bytes = 0;
    Collection collection = {.heap = heap, .full = true};
    for (size_t i = 0; i < heap->remembered_count; i++)
        heap->remembered[i]->header |= HEADER_BARRIER;
    scan_roots(&collection);
    for (size_t i = 0; i < heap->permanent_count; i++)
        scan_object(&collection, heap->permanent[i]);
    collection.scan_chunk = heap->chunks;
    if (heap->chunks)
        collection.scan = heap->chunks->start;
    scan_copies(&collection);
    chunks_free(before);
    if (heap->old_bytes > heap->threshold / 2)
        heap->threshold = 2 * heap->old_bytes;
    heap->figures.full_collections++;
    finish(heap, started);
}
