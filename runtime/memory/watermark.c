// The stack's watermark: setting it, passing it, and walking a stack down to it.
#include "runtime/memory/watermark.h"

#include "runtime/calls/method.h"
#include "runtime/vm.h"

// How many frames are left between the youngest and the mark: going up and down among
// them passes no mark, and a stack of no more has none.
enum { FRAMES_ABOVE = 64 };

Frame *watermark_caller(const Thread *thread, const Frame *frame) {
    Watermark *mark = &state_of(thread)->mark;
    return frame->caller == &mark->marker ? mark->caller : frame->caller;
}

void watermark_forget(Thread *thread) {
    Watermark *mark = &state_of(thread)->mark;
    if (mark->marked)
        mark->marked->caller = mark->caller;
    mark->marked = mark->caller = NULL;
}

// The marker's code is the bottom frame's halt.
static void set(Thread *thread, Frame *frame) {
    const Frame *bottom = state_of(thread)->bottom;
    Watermark *mark = &state_of(thread)->mark;
    mark->marked = frame;
    mark->caller = frame->caller;
    mark->marker = (Frame){
        .method = bottom->method,
        .pc = details_of(bottom->method)->code_count - 1,
        .context = NO_CONTEXT,
    };
    frame->caller = &mark->marker;
}

// Sets the mark well below a frame, where all is known to be unchanged.
static void set_below(Thread *thread, Frame *frame) {
    for (int i = 0; frame && i < FRAMES_ABOVE; i++)
        frame = frame->caller;
    if (frame && frame->caller)
        set(thread, frame);
}

Frame *watermark_cross(Thread *thread) {
    Watermark *mark = &state_of(thread)->mark;
    Frame *caller = mark->caller;
    if (!mark->marked)
        return NULL;
    caller->sp = mark->marker.sp;
    mark->marked = mark->caller = NULL;
    set_below(thread, caller);
    return caller;
}

void watermark_unwind(Thread *thread, const Frame *frame) {
    Watermark *mark = &state_of(thread)->mark;
    if (!mark->marked || (const char *)frame >= (const char *)mark->marked)
        return;
    mark->marked = mark->caller = NULL;
    set_below(thread, (Frame *)frame);
}

// ---- Walking -------------------------------------------------------------------------

StackWalk watermark_walk(Thread *thread, Frame *top, bool all) {
    Watermark *mark = &state_of(thread)->mark;
    StackWalk walk = {.frame = top, .thread = thread, .unchanged = all ? NULL : mark->caller};
    if (mark->marked && mark->marked != top)
        watermark_forget(thread);
    return walk;
}

// Goes on below what has been scanned, until the mark can be set.
static void finish(StackWalk *walk) {
    Thread *thread = walk->thread;
    if (state_of(thread)->mark.marked)
        return; // it is the youngest frame's, and stays
    Frame *frame = walk->clean;
    if (!frame && walk->unchanged)
        for (frame = walk->unchanged->caller; frame && walk->depth + 1 < FRAMES_ABOVE;)
            frame = frame->caller, walk->depth++;
    if (frame && frame->caller)
        set(thread, frame);
}

void watermark_next(StackWalk *walk) {
    if (walk->young)
        walk->clean = NULL;
    else if (!walk->clean && walk->depth >= FRAMES_ABOVE)
        walk->clean = walk->frame;
    walk->young = false;
    Frame *frame = walk->frame;
    walk->frame = frame == walk->unchanged ? NULL : watermark_caller(walk->thread, frame);
    if (walk->frame)
        walk->depth++;
    else
        finish(walk);
}
