// Taking notes: the observer's functions, each of which hands on to the part that it is about.
#include "runtime/profile/profile.h"

#include "runtime/process/ticks.h"
#include "support/memory.h"

#include <stdlib.h>

// Others than the clock ask threads to look up, too. A tick may be one of several that have passed;
// the time tells. What we take ourselves is not the program's.
static void polled(void *context, Thread *thread, const Frame *frame) {
    Profile *profile = context;
    if (!ticks_pending())
        return;
    uint64_t now = ticks_processor_time();
    samples_add(&profile->samples, thread, frame, now - profile->looked);
    profile->looked = ticks_processor_time();
}

static void filled(void *context, const Frame *frame, const CallSite *site, Value receiver) {
    Profile *profile = context;
    sends_note(&profile->sends, frame, site, receiver);
}

static void allocated(void *context, const Frame *frame, const Object *object, size_t size) {
    Profile *profile = context;
    allocation_note(&profile->allocation, frame, object, size);
}

static void collected(void *context, const Heap *heap) {
    Profile *profile = context;
    allocation_collected(&profile->allocation, heap);
}

// Without a part nobody is told of what only it wants to know.
static VmObserver observer_of(Profile *profile) {
    VmObserver observer = {.context = profile};
    if (profile->parts & PROFILE_TIME)
        observer.polled = polled;
    if (profile->parts & PROFILE_SENDS)
        observer.filled = filled;
    if (profile->parts & PROFILE_ALLOCATION) {
        observer.allocated = allocated;
        observer.collected = collected;
    }
    return observer;
}

Profile *profile_start(Vm *vm, unsigned parts) {
    if (parts & PROFILE_TIME && !ticks_start(vm->thread, PROFILE_PERIOD))
        return NULL;
    Profile *profile = memory_allocate(sizeof *profile);
    *profile = (Profile){.vm = vm, .parts = parts, .rows = PROFILE_ROWS, .arena = arena_new()};
    profile->places.arena = profile->arena;
    samples_begin(&profile->samples, &profile->places);
    profile->allocation.places = profile->sends.places = &profile->places;
    profile->observer = observer_of(profile);
    vm_observe(vm, &profile->observer);
    profile->looked = ticks_processor_time();
    return profile;
}

void profile_stop(Profile *profile) {
    if (profile->parts & PROFILE_TIME)
        ticks_stop();
    vm_observe(profile->vm, NULL);
    allocation_end(&profile->allocation);
}

void profile_free(Profile *profile) {
    if (!profile)
        return;
    arena_free(profile->arena);
    free(profile);
}
