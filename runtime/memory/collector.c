// The collector: precise, moving, of two generations. A minor collection moves what is
// alive in the nursery to a small half-space, and what was there already to the old
// space; a full one copies all that is alive into a new old space and frees the former
// one (Cheney's algorithm: C. J. Cheney, "A nonrecursive list compacting algorithm",
// CACM 13, 1970; ageing after D. Ungar, "Generation scavenging", SDE 1984). Large objects
// stay where they are and are marked. Roots are the VM stacks by the frames' extents,
// handles, globals, and permanent objects that have slots.
#include "runtime/memory/large.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

#include <sys/mman.h>

typedef struct Collection {
    Heap *heap;
    bool full;
    Chunk *scan_chunk; // old copies from here on have not been scanned
    char *scan;
    char *half, *half_next, *half_limit; // where a minor collection moves survivors
    char *half_scan;
    LargeObject *grey; // what is alive and has not been scanned
    uint64_t started;
    size_t before; // bytes in the old space
} Collection;

size_t object_size(const Vm *vm, const Object *object) {
    size_t size;
    switch (object_layout(object)) {
    case LAYOUT_PLAIN:
        size = sizeof(Object) + 8 * vm->classes[object_class_index(object)]->field_count;
        break;
    case LAYOUT_ARRAY:
    case LAYOUT_METHODS: size = sizeof(Array) + 8 * (size_t)((const Array *)object)->length; break;
    case LAYOUT_LARGE: {
        int64_t limbs = ((const Large *)object)->size;
        size = sizeof(Large) + 8 * (size_t)(limbs < 0 ? -limbs : limbs);
        break;
    }
    case LAYOUT_STRING: size = sizeof(String) + (size_t)((const String *)object)->length + 1; break;
    case LAYOUT_BLOCK: size = sizeof(Block); break;
    case LAYOUT_CONTEXT:
    case LAYOUT_HOME: size = sizeof(Context) + 8 * (size_t)((const Context *)object)->length; break;
    default: internal_error("a permanent object is measured");
    }
    return object_round(size);
}

static bool within(const Object *object, const char *start, const char *limit) {
    return (size_t)((const char *)object - start) < (size_t)(limit - start);
}

// Where an object's new address stands once it has moved.
static Object **forwarding(Object *object) {
    return (Object **)(object + 1);
}

static void push_large(Collection *collection, Object *object) {
    LargeObject *large = large_of(object);
    large->grey = collection->grey;
    collection->grey = large;
}

// A large object that has been reached. Old ones are no matter of a minor collection.
static void mark_large(Collection *collection, Object *object) {
    if (object->header & HEADER_MARKED || !(collection->full || large_of(object)->is_young))
        return;
    object->header |= HEADER_MARKED;
    push_large(collection, object);
}

// Room for the copy of an object: young for its second collection, else old.
static Object *room_for(Collection *collection, const Object *object, size_t size) {
    Heap *heap = collection->heap;
    if (!collection->full && within(object, heap->nursery, heap->nursery_limit) &&
        (size_t)(collection->half_limit - collection->half_next) >= size) {
        char *room = collection->half_next;
        collection->half_next += size;
        return (Object *)room;
    }
    return (Object *)heap_old_room(heap, size);
}

static bool survives_young(const Collection *collection, const Object *object) {
    return within(object, collection->half, collection->half_limit);
}

// Mostly two or three pairs of words: less than a call of memcpy costs.
static Object *copy_small(Collection *collection, const Object *object, size_t size) {
    Object *copy = room_for(collection, object, size);
    int64_t *to = (int64_t *)copy;
    const int64_t *from = (const int64_t *)object;
    for (size_t i = 0; i < size / sizeof(int64_t); i += 2) {
        to[i] = from[i];
        to[i + 1] = from[i + 1];
    }
    if (collection->full || !survives_young(collection, copy))
        copy->header |= HEADER_BARRIER;
    return copy;
}

// A large object is copied once, out of the nursery. NULL: it has to be treated as a small
// one, for the interpreter writes contexts without cards, or the system has no memory.
static Object *copy_large(Collection *collection, const Object *object, size_t size) {
    if (object_layout(object) == LAYOUT_CONTEXT || object_layout(object) == LAYOUT_HOME)
        return NULL;
    Object *copy = large_copy(collection->heap, object, size);
    if (!copy)
        return NULL;
    copy->header |= HEADER_LARGE;
    if (collection->full)
        copy->header |= HEADER_MARKED; // sweeping takes it off
    push_large(collection, copy);
    return copy;
}

// Moves an object unless that has been done, and answers where it is now.
static Object *move_object(Collection *collection, Object *object) {
    if (object->header & HEADER_FORWARDED)
        return *forwarding(object);
    size_t size = object_size(collection->heap->vm, object);
    Object *copy = size >= HEAP_LARGE_BYTES ? copy_large(collection, object, size) : NULL;
    if (!copy)
        copy = copy_small(collection, object, size);
    object->header |= HEADER_FORWARDED;
    *forwarding(object) = copy;
    return copy;
}

// Moves what the slot refers to; answers whether that is still young.
static inline bool move_value(Collection *collection, Value *slot) {
    if (!value_is_object(*slot))
        return false;
    Object *object = value_object(*slot);
    const Heap *heap = collection->heap;
    if (!collection->full) {
        if (!within(object, heap->nursery, heap->young_limit)) {
            if (heap->young_large && object->header & HEADER_LARGE)
                mark_large(collection, object);
            return false;
        }
        if (survives_young(collection, object))
            return true; // the slot was met before
        object = move_object(collection, object);
        *slot = value_of_object(object);
        return survives_young(collection, object);
    }
    if (!(object->header & (HEADER_PERMANENT | HEADER_LARGE)))
        *slot = value_of_object(move_object(collection, object));
    else if (object->header & HEADER_LARGE)
        mark_large(collection, object);
    return false;
}

static bool move_values(Collection *collection, Value *values, size_t count) {
    bool young = false;
    for (size_t i = 0; i < count; i++)
        young |= move_value(collection, &values[i]);
    return young;
}

// Answers whether the object refers to young ones afterwards.
static bool scan_object(Collection *collection, Object *object) {
    const Vm *vm = collection->heap->vm;
    switch (object_layout(object)) {
    case LAYOUT_PLAIN:
    case LAYOUT_CLASS:
        return move_values(collection, object_fields(object),
                           vm->classes[object_class_index(object)]->field_count);
    case LAYOUT_ARRAY:
        return move_values(collection, ((Array *)object)->elements,
                           (size_t)((Array *)object)->length);
    case LAYOUT_BLOCK: {
        bool young = move_value(collection, &((Block *)object)->outer);
        return move_value(collection, &((Block *)object)->receiver) | young;
    }
    case LAYOUT_CONTEXT:
    case LAYOUT_HOME: {
        Context *context = (Context *)object;
        bool young = move_value(collection, &context->outer);
        young |= move_value(collection, &context->previous);
        return move_values(collection, context_slots(context), (size_t)context->length) | young;
    }
    default: return false; // no references
    }
}

// A frame's values lie between the frame and whatever stands above: its own stack
// pointer, or the next frame.
static void scan_stack(Collection *collection, Thread *thread) {
    Frame *top = state_of(thread)->top;
    char *end = top ? (char *)top->sp : NULL;
    StackWalk walk = watermark_walk(thread, top, collection->full);
    for (; walk.frame; watermark_next(&walk)) {
        Value *values = frame_locals(walk.frame);
        size_t count = (size_t)(end - (char *)values) / sizeof(Value);
        end = (char *)walk.frame;
        walk.young = move_values(collection, values, count);
        walk.young |= move_value(collection, &walk.frame->context);
        collection->heap->figures.frames++;
    }
}

// A minor collection looks only at globals that may have young values; there may be
// millions that haven't.
static void scan_globals(Collection *collection) {
    Heap *heap = collection->heap;
    size_t kept = 0;
    for (size_t i = 0; i < heap->global_count; i++) {
        GlobalEntry *entry = heap->globals[i];
        entry->is_remembered = !collection->full && move_value(collection, &entry->global.value);
        if (entry->is_remembered)
            heap->globals[kept++] = entry;
    }
    heap->global_count = kept;
    for (GlobalEntry *each = heap->vm->globals.youngest; collection->full && each;
         each = each->older)
        move_value(collection, &each->global.value);
}

static void scan_roots(Collection *collection) {
    Vm *vm = collection->heap->vm;
    Thread *thread = vm->thread;
    if (thread) {
        scan_stack(collection, thread);
        move_value(collection, &thread->homes);
        for (HandleScope *scope = state_of(thread)->handles; scope; scope = scope->outer)
            move_values(collection, scope->values, scope->count);
    }
    scan_globals(collection);
}

// An old copy that refers to young objects has to be remembered.
static void scan_old(Collection *collection, Object *object) {
    if (!scan_object(collection, object))
        return;
    object->header &= ~HEADER_BARRIER;
    heap_remember(collection->heap, object);
}

// Scans a large object's cards that count; answers whether any still does.
static bool scan_cards(Collection *collection, Object *object) {
    LargeObject *large = large_of(object);
    bool all = !(object->header & HEADER_BARRIER);
    object->header |= HEADER_BARRIER;
    Value *slots;
    size_t count = heap_slots(collection->heap->vm, object, &slots);
    bool young = false;
    for (size_t first = 0, card = 0; first < count; first += LARGE_CARD_SLOTS, card++) {
        if (!all && !large->cards[card])
            continue;
        size_t left = count - first;
        large->cards[card] = move_values(collection, slots + first,
                                         left < LARGE_CARD_SLOTS ? left : LARGE_CARD_SLOTS);
        young |= large->cards[card];
    }
    large->is_listed &= young;
    return young;
}

// One that has been reached for the first time in its life, or by a full collection.
static void scan_large(Collection *collection, Object *object) {
    object->header &= ~HEADER_BARRIER;
    if (scan_cards(collection, object))
        heap_remember(collection->heap, object);
}

static void scan_old_copies(Collection *collection) {
    const Heap *heap = collection->heap;
    if (!collection->scan_chunk && heap->chunks) {
        collection->scan_chunk = heap->chunks;
        collection->scan = heap->chunks->start;
    }
    for (Chunk *chunk = collection->scan_chunk; chunk;) {
        while (collection->scan < chunk->next) {
            Object *object = (Object *)collection->scan;
            collection->scan += object_size(heap->vm, object);
            scan_old(collection, object);
        }
        chunk = chunk->following;
        if (!chunk)
            return;
        collection->scan_chunk = chunk;
        collection->scan = chunk->start;
    }
}

// Scans until all that is reachable has been.
static void scan_all(Collection *collection) {
    for (;;) {
        scan_old_copies(collection);
        if (collection->half_scan < collection->half_next) {
            Object *object = (Object *)collection->half_scan;
            collection->half_scan += object_size(collection->heap->vm, object);
            scan_object(collection, object);
        } else if (collection->grey) {
            LargeObject *large = collection->grey;
            collection->grey = large->grey;
            scan_large(collection, (Object *)large->start);
        } else {
            return;
        }
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
    size_t used = heap->old_bytes + heap->large_bytes;
    heap->threshold = 2 * used > HEAP_LEAST_THRESHOLD ? 2 * used : HEAP_LEAST_THRESHOLD;
}

// What both collections end with: the nursery is empty.
static void finish(Collection *collection) {
    Heap *heap = collection->heap;
    Thread *thread = heap->vm->thread;
    HeapFigures *figures = &heap->figures;
    figures->allocated += heap_nursery_used(heap);
    if (thread) {
        figures->allocated -= (size_t)((char *)thread->room_limit - (char *)thread->room);
        thread->room = thread->room_limit = NULL;
    }
    heap_spoil(heap, heap->nursery, heap->nursery_next);
    heap->nursery_next = heap->nursery;
    uint64_t taken = vm_microseconds() - collection->started;
    figures->collections++;
    figures->copied += heap->old_bytes - collection->before;
    figures->copied += (size_t)(collection->half_next - collection->half);
    figures->microseconds += taken;
    if (taken > figures->longest)
        figures->longest = taken;
}

// Nothing is remembered any more, for nothing will be young.
static void forget_remembered(Heap *heap) {
    for (size_t i = 0; i < heap->remembered_count; i++) {
        Object *object = heap->remembered[i];
        object->header |= HEADER_BARRIER;
        if (!(object->header & HEADER_LARGE))
            continue;
        large_forget_cards(large_of(object));
    }
    heap->remembered_count = 0;
}

// Of what was remembered, keeps what still refers to young objects.
static void scan_remembered(Collection *collection) {
    Heap *heap = collection->heap;
    size_t kept = 0;
    for (size_t i = 0; i < heap->remembered_count; i++) {
        Object *object = heap->remembered[i];
        if (object->header & HEADER_LARGE ? scan_cards(collection, object)
                                          : scan_object(collection, object))
            heap->remembered[kept++] = object;
        else
            object->header |= HEADER_BARRIER;
    }
    heap->remembered_count = kept;
}

bool collect_nursery(Heap *heap) {
    Collection collection = {.heap = heap, .started = vm_microseconds()};
    if (!heap_ensure_spares(heap, heap_young_used(heap)))
        return false;
    size_t half_bytes = (size_t)(heap->young_limit - heap->nursery_limit) / 2;
    collection.half = collection.half_next = collection.half_scan = heap->other_half;
    collection.half_limit = heap->other_half + half_bytes;
    collection.before = heap->old_bytes;
    collection.scan_chunk = heap->last;
    if (heap->last)
        collection.scan = heap->last->next;
    scan_roots(&collection);
    scan_remembered(&collection);
    scan_all(&collection);
    large_sweep_young(heap);
    heap_spoil(heap, heap->survivors, heap->survivors_next);
    heap->other_half = heap->survivors;
    heap->survivors = collection.half;
    heap->survivors_next = collection.half_next;
    finish(&collection);
    return true;
}

bool collect_all(Heap *heap) {
    Collection collection = {.heap = heap, .full = true, .started = vm_microseconds()};
    if (!heap_ensure_spares(heap, heap->old_bytes + heap_young_used(heap)))
        return false;
    forget_remembered(heap); // before any of it dies
    Chunk *before = heap->chunks;
    heap->chunks = heap->last = NULL;
    heap->old_bytes = 0;
    scan_roots(&collection);
    for (size_t i = 0; i < heap->permanent_count; i++)
        scan_object(&collection, heap->permanent[i]);
    scan_all(&collection);
    heap_spoil(heap, heap->survivors, heap->survivors_next);
    heap->survivors_next = heap->survivors;
    heap_release(heap, before);
    large_sweep(heap);
    if (heap->vm->thread && !heap->stress)
        release_stack(heap->vm->thread);
    set_threshold(heap);
    heap->figures.full_collections++;
    finish(&collection);
    return true;
}
