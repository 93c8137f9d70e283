// See mutex.h. Nothing here lets another thread run, so what it asks and what it changes is one
// step.
#include "runtime/threads/mutex.h"

#include "runtime/memory/layouts.h"
#include "runtime/vm.h"

enum { OWNER, DEPTH, FIELDS };

static Value *fields_of(const Vm *vm, Value mutex) {
    Value *slots;
    if (!value_has_layout(mutex, LAYOUT_PLAIN) ||
        object_slots(vm, value_object(mutex), &slots) < FIELDS)
        return NULL;
    return slots;
}

bool mutex_is_one(const Vm *vm, Value value) {
    return fields_of(vm, value) != NULL;
}

static void set(Thread *thread, Value mutex, int64_t owner, int64_t depth) {
    Value *fields = fields_of(vm_of(thread), mutex);
    Object *object = value_object(mutex);
    heap_store(thread, object, &fields[OWNER], owner ? value_of_integer(owner) : NIL);
    heap_store(thread, object, &fields[DEPTH], value_of_integer(depth));
}

// How often the thread has locked it.
static int64_t depth_for(const Thread *thread, Value mutex) {
    const Value *fields = fields_of(vm_of(thread), mutex);
    if (fields[OWNER] != value_of_integer(state_of(thread)->number) ||
        !value_is_integer(fields[DEPTH]))
        return 0;
    return value_integer(fields[DEPTH]);
}

bool mutex_try(Thread *thread, Value mutex) {
    int64_t depth = depth_for(thread, mutex);
    if (!depth && fields_of(vm_of(thread), mutex)[OWNER] != NIL)
        return false;
    set(thread, mutex, state_of(thread)->number, depth + 1);
    return true;
}

int64_t mutex_give_up_wholly(Thread *thread, Value mutex) {
    int64_t depth = depth_for(thread, mutex);
    if (!depth)
        return 0;
    set(thread, mutex, 0, 0);
    threads_wake(vm_of(thread), mutex, false);
    return depth;
}

bool mutex_give_up(Thread *thread, Value mutex) {
    int64_t depth = depth_for(thread, mutex);
    if (depth > 1)
        set(thread, mutex, state_of(thread)->number, depth - 1);
    return depth > 1 || mutex_give_up_wholly(thread, mutex);
}

void mutex_lock_again(Thread *thread, Value mutex, int64_t depth) {
    set(thread, mutex, state_of(thread)->number, depth);
}
