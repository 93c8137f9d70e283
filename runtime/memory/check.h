// Checking the heap, in stress mode: what is reachable, found out a second time in the most
// simple way.
#ifndef RUNTIME_MEMORY_CHECK_H
#define RUNTIME_MEMORY_CHECK_H

#include "runtime/memory/heap.h"

// Ends the program with an internal error if marking, which is done, has missed an object
// that is alive, or a line that it lies on.
void check_marking(Heap *heap);

#endif
