// Watching a run: what the machine tells whoever wants to know what a program does (a profiler).
// It tells at places that are slow anyway: polls that somebody asked for, call sites that miss,
// the allocator's slow way, collections. So a machine that nobody watches pays nothing for it;
// one that is watched allocates every object on the slow way.
//
// An observer looks and takes notes: it changes nothing of the machine, allocates nothing in the
// heap, and sends nothing.
#ifndef RUNTIME_OBSERVER_H
#define RUNTIME_OBSERVER_H

#include "runtime/objects/object.h"

typedef struct Heap Heap;

// Of what an observer has no function for it is not told.
typedef struct VmObserver {
    void *context;
    // The thread has been asked to look up, by `request`, and does, in the frame: its pc is at a
    // message or at the end of a turn of a loop.
    void (*polled)(void *context, Thread *thread, const Frame *frame);
    // What the send at the frame's pc found for this receiver stands in the site from now on.
    void (*filled)(void *context, const Frame *frame, const CallSite *site, Value receiver);
    // The instruction at the frame's pc, or a primitive that it calls, is about to make an object
    // there, of so many bytes; nothing is written yet.
    void (*allocated)(void *context, const Frame *frame, const Object *object, size_t size);
    // A collection has found all that is alive: heap_survives (memory/heap.h) tells of each object
    // that was made since the last one. Their memory is as it was, for the last time.
    void (*collected)(void *context, const Heap *heap);
} VmObserver;

#endif
