// Frames as C sees them. The interpreter makes nearly all of them; what is here mirrors it for
// control primitives and for the start of a run. A call in SOM is no call in C: a primitive that
// evaluates a block, or performs a message, makes a frame and answers it, and the interpreter
// goes on there. (Such interpreters are called stackless.) So recursion in SOM is bounded by the
// machine's stack of frames alone, and C has nothing on its own stack that unwinding would have
// to know.
//
// A control primitive is called with its caller's pc at the send: whoever lets that caller go on
// moves the pc on.
#ifndef RUNTIME_CALLS_FRAME_H
#define RUNTIME_CALLS_FRAME_H

#include "runtime/calls/method.h"

// The receiver in a frame: of a block, the `self` inside it.
static inline Value frame_self(Frame *frame) {
    return frame_arguments(frame)[-1 - frame->method->argument_count];
}

// The place of the receiver on the caller's stack, where the result will go.
static inline Value *frame_receiver_slot(Frame *frame) {
    return &frame_arguments(frame)[-1 - frame->method->argument_count];
}

// The call site of the instruction at the frame's pc, which must be a send.
CallSite *frame_site(Frame *frame);

// Moves the pc back to the instruction before it, after the caller has been moved on already.
void frame_rewind(Frame *frame);

// The end of a control primitive that has its result: it replaces the operands from
// `slot` on, and the frame goes on.
Frame *frame_answer(Frame *frame, Value *slot, Value result);

// Sends `selector` to *slot, whose `count` arguments stand above it and end at the
// frame's sp. Answers the frame to go on in, as a control primitive does.
Frame *frame_send(Thread *thread, Frame *frame, Value *slot, Symbol *selector, int64_t count);

// The same once the method is known.
Frame *frame_invoke(Thread *thread, Frame *frame, Value *slot, Method *method, int64_t count);

// Evaluates the block in *slot, which must have `count` arguments.
Frame *frame_evaluate(Thread *thread, Frame *frame, Value *slot, int64_t count);

// Sends doesNotUnderstand:arguments: instead of `selector`.
Frame *frame_not_understood(Thread *thread, Frame *frame, Value *slot, Symbol *selector,
                            int64_t count);

// What a call site without a method holds: the control primitive that does that.
Frame *frame_not_understood_here(Thread *thread, Frame *frame, Value *arguments);

// Starts the frame's method or block from its beginning.
Frame *frame_restart(Thread *thread, Frame *frame);

// Clears the home contexts of `frame` and of all frames above it; of all for NULL.
void frame_forget_homes(Thread *thread, const Frame *frame);

#endif
