// Marking the old space, a piece at a time. While it is small, a collection copies all of it
// at once; but to stop a program for as long as ten million objects take would be felt. So
// marking goes on in slices, each after a minor collection, while the program changes what
// has been marked already.
//
// Objects are white (not reached), grey (reached, and waiting on a stack to be scanned) or
// black. The danger is a white object that only a black one refers to. A minor collection
// prevents it, without a barrier of marking's own: it scans what the program has stored into
// since the last one, the roots, and what becomes old, in order to find young objects; while
// marking is under way it makes all white objects grey that it meets there (an incremental
// update: E. Dijkstra et al., "On-the-fly garbage collection: an exercise in cooperation",
// CACM 21, 1978; G. Steele, "Multiprocessing compactifying garbage collection", CACM 18,
// 1975). So when after a minor collection nothing is left grey, all that is alive is black:
// the program hasn't run since.
#ifndef RUNTIME_MEMORY_MARKING_H
#define RUNTIME_MEMORY_MARKING_H

#include "runtime/memory/heap.h"

// Begins marking, right before a minor collection that is to see the whole stack. What has
// begun has to be ended: what is black then is white for the next time.
void marking_begin(Heap *heap);

// Makes an old object grey if it is white. It must not be young.
void marking_reach_white(Heap *heap, Object *object);

static inline bool marking_is_white(const Heap *heap, const Object *object) {
    return (object->header & (HEADER_MARKED | HEADER_PERMANENT)) == (heap->black ^ HEADER_MARKED);
}

static inline void marking_reach(Heap *heap, Object *object) {
    if (marking_is_white(heap, object))
        marking_reach_white(heap, object);
}

// Scans grey objects, right after a minor collection, until `bytes` bytes of them are. Ends
// marking if there are none left: white objects are free then.
void marking_proceed(Heap *heap, size_t bytes);

#endif
