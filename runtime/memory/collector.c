// Moving objects: emptying the nursery, and copying everything while that is little.
//
// A minor collection moves what is alive in the nursery to a small half-space, and what was
// there already to the old space (D. Ungar, "Generation scavenging", SDE 1984): who has
// survived once is given time to die before it costs more. It starts from the roots and from
// the old objects that the program has stored into, which the write barrier remembers; so
// its time depends on neither the garbage nor the old space.
//
// Copying everything is the same with all that is alive, from the roots and the permanent
// objects, into new chunks. Both scan what they have copied until nothing is left that
// hasn't been, and leave in each object's place where it is now (C. Cheney, "A nonrecursive
// list compacting algorithm", CACM 13, 1970): in the half-space one object after the other;
// of the old space, whose holes are anywhere, there is a stack.
//
// Roots are the VM stacks by the frames' extents, of all threads, handles, globals, and permanent
// objects that have slots. Large objects stay where they are. While marking is under way, all that
// is met here is reached for it, too: see marking.h.
#include "runtime/memory/large.h"
#include "runtime/memory/layouts.h"
#include "runtime/memory/marking.h"
#include "support/memory.h"

#include <sys/mman.h>

enum {
    // What is marked after a minor collection, in bytes, and for each that got old meanwhile:
    // so marking is done before what it began with has grown by a quarter.
    SLICE_LEAST = 512 * 1024,
    SLICE_RATE = 4,
    SLICE_STRESS = 256,
    // What is given back to the system after one.
    TRIMMED_CHUNKS = 4,
    BURIED_BYTES = 16 * 1024 * 1024,
};

typedef struct Collection {
    Heap *heap;
    bool full;
    bool all_frames;                     // the whole stack is looked at
    char *half, *half_next, *half_limit; // where a minor collection moves survivors
    char *half_scan;
    uint64_t started;
    size_t before; // bytes in the old space
} Collection;

static bool within(const Object *object, const char *start, const char *limit) {
    return (size_t)((const char *)object - start) < (size_t)(limit - start);
}

// Where an object's new address stands once it has moved.
static Object **forwarding(Object *object) {
    return (Object **)(object + 1);
}

static bool survives_young(const Collection *collection, const Object *object) {
    return within(object, collection->half, collection->half_limit);
}

// Has an object that is old, or large, scanned.
static void push(Collection *collection, Object *object) {
    Heap *heap = collection->heap;
    HEAP_ADD(heap->copies, heap->copy_count, heap->copy_capacity, object);
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
    return (Object *)old_space_room(&heap->old, size);
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
    if (collection->full || !survives_young(collection, copy)) {
        copy->header = (copy->header & ~HEADER_MARKED) | collection->heap->black | HEADER_BARRIER;
        push(collection, copy);
    }
    return copy;
}

// A large object is copied once, out of the nursery. NULL: it has to be treated as a small
// one, for the interpreter writes contexts without cards, or the system has no memory.
static Object *copy_large(Collection *collection, const Object *object, size_t size) {
    if (object_layout(object) == LAYOUT_CONTEXT || object_layout(object) == LAYOUT_HOME)
        return NULL;
    Object *copy = large_copy(collection->heap, object, size);
    if (copy)
        push(collection, copy);
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

// A large object that has been reached. Old ones are no matter of a minor collection.
static void reach_large(Collection *collection, Object *object) {
    if (!marking_is_white(collection->heap, object) ||
        !(collection->full || large_of(object)->is_young))
        return;
    object->header ^= HEADER_MARKED;
    push(collection, object);
}

// An object that a minor collection doesn't move.
static void meet_old(Collection *collection, Object *object) {
    Heap *heap = collection->heap;
    if (object->header & HEADER_LARGE)
        reach_large(collection, object);
    if (heap->marking)
        marking_reach(heap, object);
}

// Moves what the slot refers to; answers whether that is still young.
static inline bool move_value(Collection *collection, Value *slot) {
    if (!value_is_object(*slot))
        return false;
    Object *object = value_object(*slot);
    const Heap *heap = collection->heap;
    if (!collection->full) {
        if (!within(object, heap->nursery, heap->young_limit)) {
            if (heap->marking || heap->young_large)
                meet_old(collection, object);
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
        reach_large(collection, object);
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
    Value *slots;
    size_t count = object_slots(collection->heap->vm, object, &slots);
    return move_values(collection, slots, count);
}

// ---- Roots ---------------------------------------------------------------------------

// A frame's values lie between the frame and whatever stands above: its own stack
// pointer, or the next frame.
static void scan_stack(Collection *collection, Thread *thread) {
    Frame *top = state_of(thread)->top;
    char *end = top ? (char *)top->sp : NULL;
    StackWalk walk = watermark_walk(thread, top, collection->all_frames);
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

// One that doesn't run stands at a poll, or in a primitive, like the one that collects.
static void scan_thread(Collection *collection, Thread *thread) {
    ThreadState *state = state_of(thread);
    scan_stack(collection, thread);
    move_value(collection, &thread->homes);
    move_value(collection, &state->object);
    move_value(collection, &state->awaited);
    for (size_t i = 0; i < state->critical.count; i++)
        move_value(collection, &state->critical.items[i].mutex);
    for (HandleScope *scope = state->handles; scope; scope = scope->outer)
        move_values(collection, scope->values, scope->count);
}

static void scan_roots(Collection *collection) {
    for (Thread *each = collection->heap->vm->threads.first; each; each = state_of(each)->next)
        scan_thread(collection, each);
    scan_globals(collection);
}

// ---- Scanning ------------------------------------------------------------------------

// Scans a large object's cards that count; answers whether any still does.
static bool scan_cards(Collection *collection, Object *object) {
    LargeObject *large = large_of(object);
    bool all = !(object->header & HEADER_BARRIER);
    object->header |= HEADER_BARRIER;
    Value *slots;
    size_t count = object_slots(collection->heap->vm, object, &slots);
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

// An old object that refers to young ones has to be remembered. A large one is scanned as a
// whole when it has been reached for the first time, or copied.
static void scan_old(Collection *collection, Object *object) {
    bool is_large = object->header & HEADER_LARGE;
    if (is_large)
        object->header &= ~HEADER_BARRIER;
    if (!(is_large ? scan_cards(collection, object) : scan_object(collection, object)))
        return;
    if (!is_large)
        object->header &= ~HEADER_BARRIER;
    heap_remember(collection->heap, object);
}

// Scans until all that is reachable has been.
static void scan_all(Collection *collection) {
    Heap *heap = collection->heap;
    for (;;) {
        if (heap->copy_count) {
            scan_old(collection, heap->copies[--heap->copy_count]);
        } else if (collection->half_scan < collection->half_next) {
            Object *object = (Object *)collection->half_scan;
            collection->half_scan += object_size(heap->vm, object);
            scan_object(collection, object);
        } else {
            return;
        }
    }
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

// Nothing is remembered any more, for nothing will be young.
static void forget_remembered(Heap *heap) {
    for (size_t i = 0; i < heap->remembered_count; i++) {
        Object *object = heap->remembered[i];
        object->header |= HEADER_BARRIER;
        if (object->header & HEADER_LARGE)
            large_forget_cards(large_of(object));
    }
    heap->remembered_count = 0;
}

// ---- Collecting ----------------------------------------------------------------------

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

bool heap_survives(const Heap *heap, const Object *object) {
    if (object->header & HEADER_LARGE)
        return !marking_is_white(heap, object);
    return object->header & HEADER_FORWARDED;
}

// All that is alive has been met, and nothing else is overwritten or given back yet.
static void observe(const Heap *heap) {
    const VmObserver *observer = heap->vm->observer;
    if (observer && observer->collected)
        observer->collected(observer->context, heap);
}

// The nursery is empty.
static void finish_nursery(Collection *collection) {
    Heap *heap = collection->heap;
    HeapFigures *figures = &heap->figures;
    figures->allocated += heap_nursery_used(heap);
    heap_give_up_pieces(heap);
    heap_spoil(heap, heap->nursery, heap->nursery_next);
    heap->nursery_next = heap->nursery;
    heap->stores = 0;
    figures->collections++;
    figures->copied += old_space_bytes(&heap->old) - collection->before;
    figures->copied += (size_t)(collection->half_next - collection->half);
}

static void note_time(Heap *heap, uint64_t started) {
    uint64_t taken = vm_microseconds() - started;
    heap->figures.microseconds += taken;
    if (taken > heap->figures.longest)
        heap->figures.longest = taken;
}

static void collect_young(Collection *collection) {
    Heap *heap = collection->heap;
    size_t half_bytes = (size_t)(heap->young_limit - heap->nursery_limit) / 2;
    collection->half = collection->half_next = collection->half_scan = heap->other_half;
    collection->half_limit = heap->other_half + half_bytes;
    collection->before = old_space_bytes(&heap->old);
    scan_roots(collection);
    scan_remembered(collection);
    scan_all(collection);
    observe(heap);
    large_sweep_young(heap);
    heap_spoil(heap, heap->survivors, heap->survivors_next);
    heap->other_half = heap->survivors;
    heap->survivors = collection->half;
    heap->survivors_next = collection->half_next;
    finish_nursery(collection);
}

// How much is to be marked after a collection of the nursery.
static size_t slice_after(const Collection *collection, size_t large_bytes) {
    const Heap *heap = collection->heap;
    size_t grown = old_space_bytes(&heap->old) - collection->before + large_bytes;
    return (heap->stress ? SLICE_STRESS : SLICE_LEAST) + SLICE_RATE * grown;
}

// What is copied may have grown to twice its size when it is copied again, and chunks are
// kept for that: copying into memory that the system has to provide takes several times as
// long.
static void trim(Heap *heap, size_t most) {
    size_t kept = heap_is_small(heap) ? 2 * old_space_bytes(&heap->old) : 0;
    old_space_trim(&heap->old, kept, most);
}

// Not while marking is under way.
static bool copy_all(Heap *heap) {
    Collection collection = {
        .heap = heap, .full = true, .all_frames = true, .started = vm_microseconds()};
    if (!old_space_ensure(&heap->old, old_space_bytes(&heap->old) + heap_young_used(heap)))
        return false;
    forget_remembered(heap); // before any of it dies
    heap->black ^= HEADER_MARKED;
    large_stay_white(heap);
    Chunk *before = old_space_leave(&heap->old);
    scan_roots(&collection);
    for (size_t i = 0; i < heap->permanent_count; i++)
        scan_object(&collection, heap->permanent[i]);
    scan_all(&collection);
    observe(heap);
    heap_spoil(heap, heap->survivors, heap->survivors_next);
    heap->survivors_next = heap->survivors;
    old_space_release(&heap->old, before);
    if (!heap->stress)
        trim(heap, SIZE_MAX);
    large_sweep(heap);
    large_bury(heap, SIZE_MAX);
    for (const Thread *each = heap->vm->threads.first; each && !heap->stress;
         each = state_of(each)->next)
        release_stack(each);
    finish_nursery(&collection);
    heap_set_threshold(heap);
    heap->figures.full_collections++;
    note_time(heap, collection.started);
    return true;
}

// A minor collection and `slice` bytes of marking, or what it is worth. What was much when
// marking began may be little, widely spread, at its end: then it is moved together.
static bool collect(Heap *heap, bool begins, size_t slice) {
    Collection collection = {.heap = heap, .all_frames = begins, .started = vm_microseconds()};
    size_t large_bytes = heap->young_large_bytes;
    if (!old_space_ensure(&heap->old, heap_young_used(heap)))
        return false;
    if (begins)
        marking_begin(heap);
    collect_young(&collection);
    bool marked = heap->marking;
    if (marked)
        marking_proceed(heap, slice ? slice : slice_after(&collection, large_bytes));
    trim(heap, TRIMMED_CHUNKS);
    large_bury(heap, BURIED_BYTES);
    note_time(heap, collection.started);
    if (marked && !heap->marking && heap_is_small(heap) && !heap->stress)
        copy_all(heap);
    return true;
}

bool collect_nursery(Heap *heap) {
    bool due = heap->stress || (!heap_is_small(heap) && heap_bytes(heap) > heap->threshold);
    return collect(heap, due && !heap->marking, 0);
}

bool collect_and_mark(Heap *heap) {
    return collect(heap, !heap->marking, SIZE_MAX);
}

// Marking that is under way is ended first: until then not all that is alive is black, and
// the next one, or copying, would take for black what isn't.
bool collect_all(Heap *heap) {
    if (heap->marking && !collect_and_mark(heap))
        return false;
    return heap->stress || heap_is_small(heap) ? copy_all(heap) : collect_and_mark(heap);
}
