// The watermark of a thread's stack: frames below it have not run since the collection
// that found nothing young in them, so a minor collection needn't look at them again.
// Without it a deep recursion that allocates has its whole stack scanned each time.
//
// To know how far down the program has returned costs the interpreter nothing: one frame
// has its caller replaced by a marker, whose code is `halt`. Returning from that frame
// ends `interpret`; what called it moves the mark further down and goes on in the true
// caller. (Return barriers: T. Yuasa, Y. Nakagawa, T. Komiya, M. Yasugi, "Return barrier:
// incremental stack scanning for snapshot real-time garbage collection", 2002.)
//
// The caller of the frame that runs is never replaced nor put back, for the interpreter
// may hold it in a register.
#ifndef RUNTIME_MEMORY_WATERMARK_H
#define RUNTIME_MEMORY_WATERMARK_H

#include "interpreter.h"

#include <stdbool.h>

typedef struct Watermark {
    Frame marker;  // stands for `caller`
    Frame *marked; // the frame whose caller is the marker; NULL: none
    Frame *caller; // the true one; what lies below it is unchanged and has nothing young
} Watermark;

// The frame's caller, seen through the marker; NULL for a bottom frame.
Frame *watermark_caller(const Thread *thread, const Frame *frame);

// Removes the mark. Not for a frame that runs and is going to return.
void watermark_forget(Thread *thread);

// After `interpret` has ended: the frame to go on in, or NULL if it was the bottom frame
// that halted.
Frame *watermark_cross(Thread *thread);

// For C that leaves frames without returning from them: the program goes on in `frame`,
// which has been reached by way of watermark_caller or of a home context.
void watermark_unwind(Thread *thread, const Frame *frame);

// Walks a stack for the collector, youngest frame first:
//
//     for (StackWalk walk = watermark_walk(thread, top); walk.frame; watermark_next(&walk))
//         …scan walk.frame; if it refers to young objects: walk.young = true…
//
// It ends where the stack has not changed, or with the bottom frame if `all` has to be
// seen, and then has set the mark anew.
typedef struct StackWalk {
    Frame *frame; // NULL: done
    bool young;   // set by whoever scans
    Thread *thread;
    Frame *unchanged; // the last frame to be seen
    Frame *clean;     // from this one down, none had anything young
    int depth;        // of the frame, below the youngest
} StackWalk;

StackWalk watermark_walk(Thread *thread, Frame *top, bool all);
void watermark_next(StackWalk *walk);

#endif
