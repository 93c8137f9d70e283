// Where a program's time goes, by samples: each is a stack, and the processor's time since the one
// before. A line's time is *self* where the program was found in it, and *total* where that or a
// method called from it was; the same for routines. Recursion counts once.
//
// Of a deep stack only the youngest frames are looked at.
#ifndef RUNTIME_PROFILE_SAMPLES_H
#define RUNTIME_PROFILE_SAMPLES_H

#include "runtime/profile/places.h"

enum { SAMPLES_DEPTH = 128 };

// Nanoseconds.
typedef struct Cost {
    uint64_t self, total;
    uint64_t samples; // in which it was the youngest
    uint64_t met;     // the number of the last sample that it was in
} Cost;

// A path of calls from the root, which is node 0 and no routine: one node for each way that leads
// to a routine (a calling context tree; G. Ammons, T. Ball, J. R. Larus, "Exploiting Hardware
// Performance Counters with Flow and Context Sensitive Profiling", PLDI 1997).
typedef struct CallNode {
    size_t parent, routine;
    uint64_t self, samples;
} CallNode;

typedef struct GuestSamples {
    Places *places;
    uint64_t count, time;
    uint64_t cut;                       // samples of stacks that were deeper
    ARENA_VECTOR(Cost) routines, lines; // by their numbers
    PairTable node_keys;
    ARENA_VECTOR(CallNode) nodes;
} GuestSamples;

void samples_begin(GuestSamples *samples, Places *places);

// The thread is in the frame, and `time` nanoseconds have passed since the last sample.
void samples_add(GuestSamples *samples, const Thread *thread, const Frame *frame, uint64_t time);

// For rankings: of a Cost, by the time of its own, then by the rest; 0 where there was none.
uint64_t cost_weight(const void *cost);

#endif
