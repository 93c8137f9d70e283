// What a running program looks like, in few words and for people: the method that a frame is of,
// what a value is, what an operand means. For tracers. Nothing is sent for it, nothing allocated
// in the heap, and a description is short, however large the thing is.
#ifndef RUNTIME_CALLS_DESCRIBE_H
#define RUNTIME_CALLS_DESCRIBE_H

#include "runtime/calls/method.h"

// `Class>>selector`, as traces of errors have it.
void describe_method(Text *text, const Method *method);
// The same of a frame: of a block's `[] in ` before it.
void describe_frame(Text *text, const Thread *thread, const Frame *frame);

// Where the frame's operand stack begins. NULL for the watermark's marker, which has none.
const Value *describe_stack(const Thread *thread, Frame *frame);

// A number, string, symbol, boolean, nil, class by what it is; others as instances of their class.
// Strings are cut off, and escaped, so that there is one line.
void describe_value(Text *text, const Vm *vm, Value value);

// What an operand of that role in the method's code stands for: a selector, a global, a literal, a
// field. Nothing where the number says it all.
void describe_operand(Text *text, const Vm *vm, const Method *method, const char *role,
                      int64_t operand);

#endif
