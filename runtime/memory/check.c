// See check.h. Goes from the roots to all that is reachable, with a bit of the header for
// what has been seen, and takes the bits off again.
#include "runtime/memory/check.h"

#include "runtime/memory/large.h"
#include "runtime/memory/layouts.h"
#include "runtime/memory/marking.h"
#include "support/internal_error.h"
#include "support/memory.h"

#include <stdlib.h>

typedef struct Check {
    Heap *heap;
    Object **seen; // those from `next` on have not been scanned
    size_t count, capacity, next;
} Check;

static void check_lines(const OldSpace *space, const Object *object, size_t size) {
    const Chunk *chunk = chunk_of(object);
    size_t offset = (size_t)((const char *)object - (const char *)chunk);
    for (size_t line = offset / LINE_BYTES; line <= (offset + size - 1) / LINE_BYTES; line++)
        if (chunk->lines[line] != space->epoch)
            internal_error("a line is free on which an object is alive");
}

static void check_object(const Heap *heap, const Object *object) {
    if (heap_is_young(heap, object) || object->header & HEADER_PERMANENT)
        return;
    if (object->header & HEADER_FORWARDED)
        internal_error("an object is where it has moved away from");
    if (marking_is_white(heap, object))
        internal_error("marking has missed an object");
    if (!(object->header & HEADER_LARGE))
        check_lines(&heap->old, object, object_size(heap->vm, object));
}

static void see(Check *check, Value *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Object *object = value_is_object(values[i]) ? value_object(values[i]) : NULL;
        if (!object || object->header & HEADER_CHECKED)
            continue;
        check_object(check->heap, object);
        object->header |= HEADER_CHECKED;
        HEAP_ADD(check->seen, check->count, check->capacity, object);
    }
}

static void see_stack(Check *check, const Thread *thread) {
    Frame *frame = state_of(thread)->top;
    char *end = frame ? (char *)frame->sp : NULL;
    for (; frame; frame = watermark_caller(thread, frame)) {
        Value *values = frame_locals(frame);
        see(check, values, (size_t)(end - (char *)values) / sizeof(Value));
        see(check, &frame->context, 1);
        end = (char *)frame;
    }
}

static void see_thread(Check *check, Thread *thread) {
    ThreadState *state = state_of(thread);
    see_stack(check, thread);
    see(check, &thread->homes, 1);
    see(check, &state->object, 1);
    see(check, &state->awaited, 1);
    for (size_t i = 0; i < state->critical.count; i++)
        see(check, &state->critical.items[i].mutex, 1);
    for (HandleScope *scope = state->handles; scope; scope = scope->outer)
        see(check, scope->values, scope->count);
}

static void see_roots(Check *check) {
    Vm *vm = check->heap->vm;
    for (Thread *each = vm->threads.first; each; each = state_of(each)->next)
        see_thread(check, each);
    for (GlobalEntry *each = vm->globals.youngest; each; each = each->older)
        see(check, &each->global.value, 1);
    for (size_t i = 0; i < check->heap->permanent_count; i++)
        see(check, (Value[]){value_of_object(check->heap->permanent[i])}, 1);
}

void check_marking(Heap *heap) {
    Check check = {.heap = heap};
    see_roots(&check);
    while (check.next < check.count) {
        Value *slots;
        size_t count = object_slots(heap->vm, check.seen[check.next++], &slots);
        see(&check, slots, count);
    }
    for (size_t i = 0; i < check.count; i++)
        check.seen[i]->header &= ~HEADER_CHECKED;
    free(check.seen);
}
