// See marking.h. Grey objects wait on a stack, not in a queue: what an object refers to is
// scanned soon after it, while it is in the processor's cache.
#include "runtime/memory/marking.h"

#include "runtime/memory/check.h"
#include "runtime/memory/large.h"
#include "runtime/memory/layouts.h"
#include "support/memory.h"

#include <stdlib.h>

enum {
    PIECE_SLOTS = 1024, // of a wide object are scanned in one go, so that no slice gets long
    GLOBALS = 1024,
};

static void push(Heap *heap, Object *object) {
    HEAP_ADD(heap->grey, heap->grey_count, heap->grey_capacity, ((Grey){object, 0}));
}

void marking_begin(Heap *heap) {
    heap->marking = true;
    heap->black ^= HEADER_MARKED;
    heap->marked_bytes = 0;
    heap->bytes_before = old_space_bytes(&heap->old);
    old_space_begin(&heap->old);
    large_stay_white(heap);
    for (size_t i = 0; i < heap->permanent_count; i++)
        push(heap, heap->permanent[i]);
    heap->unmarked_global = heap->vm->globals.youngest;
}

void marking_reach_white(Heap *heap, Object *object) {
    bool is_large = object->header & HEADER_LARGE;
    if (is_large && large_of(object)->is_young)
        return; // the next minor collection decides
    object->header ^= HEADER_MARKED;
    if (!is_large) {
        size_t size = object_size(heap->vm, object);
        old_space_keep(&heap->old, object, size);
        heap->marked_bytes += size;
    }
    Value *slots;
    if (object_slots(heap->vm, object, &slots))
        push(heap, object);
}

static void reach_value(Heap *heap, Value value) {
    if (value_is_object(value) && !heap_is_young(heap, value_object(value)))
        marking_reach(heap, value_object(value));
}

// Scans a piece of the object on top of the stack; returns the bytes that it has. Slots go on
// the stack last to first, so the first one, of a list's cell usually the element, is finished
// before the rest of the list is followed, and elements don't pile up.
static size_t scan_piece(Heap *heap) {
    Grey *grey = &heap->grey[heap->grey_count - 1];
    Value *slots;
    size_t count = object_slots(heap->vm, grey->object, &slots), first = grey->next;
    size_t end = count - first > PIECE_SLOTS ? first + PIECE_SLOTS : count;
    grey->next = end;
    if (end == count)
        heap->grey_count--;
    for (size_t i = end; i-- > first;)
        reach_value(heap, slots[i]);
    return sizeof(Object) + sizeof(Value) * (end - first);
}

// A few of the globals that marking has not seen. What has got a value since then is
// remembered, for it may be a young one.
static size_t scan_globals(Heap *heap) {
    size_t count = 0;
    for (; heap->unmarked_global && count < GLOBALS; count++) {
        reach_value(heap, heap->unmarked_global->global.value);
        heap->unmarked_global = heap->unmarked_global->older;
    }
    return count * sizeof(GlobalEntry);
}

// What is free now must not be scanned by the next minor collection.
static void forget_white(Heap *heap) {
    size_t kept = 0;
    for (size_t i = 0; i < heap->remembered_count; i++)
        if (!marking_is_white(heap, heap->remembered[i]))
            heap->remembered[kept++] = heap->remembered[i];
    heap->remembered_count = kept;
}

static void end(Heap *heap) {
    heap->marking = false;
    free(heap->grey);
    heap->grey = NULL;
    heap->grey_capacity = 0;
    if (heap->stress)
        check_marking(heap);
    forget_white(heap);
    old_space_end(&heap->old,
                  heap->marked_bytes + old_space_bytes(&heap->old) - heap->bytes_before);
    large_sweep(heap);
    heap_set_threshold(heap);
    heap->figures.collections++;
    heap->figures.full_collections++;
}

void marking_proceed(Heap *heap, size_t bytes) {
    size_t done = 0;
    while (done < bytes) {
        if (heap->grey_count)
            done += scan_piece(heap);
        else if (heap->unmarked_global)
            done += scan_globals(heap);
        else
            return end(heap);
    }
}
