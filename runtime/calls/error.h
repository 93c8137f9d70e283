// Errors of a running program: what went wrong and where, on the machine's error stream, and then
// the end of the run as ordinary control flow. Nothing is thrown and no C frame is jumped over:
// whoever raises an error answers the frame to go on in, the bottom one, which halts. Errors in
// source files are support/diagnostic.h's.
#ifndef RUNTIME_CALLS_ERROR_H
#define RUNTIME_CALLS_ERROR_H

#include "runtime/objects/object.h"

// Notes why a value primitive fails and answers FAILED, for it to return.
Value fail(Thread *thread, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Writes `ERROR: …` and the stack from `frame` on, ends the run with status 1, and
// answers the frame to go on in: the bottom one, about to halt.
Frame *error_raise(Thread *thread, Frame *frame, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// The same with a text of any length.
Frame *error_raise_text(Thread *thread, Frame *frame, const char *chars, size_t length);

// The same with the reason that was noted by `fail`.
Frame *error_raise_failure(Thread *thread, Frame *frame);

// Writes the stack: class, selector, file and line of each frame, youngest first. Of
// very deep ones the middle is left out.
void error_trace(Thread *thread, const Frame *frame);

// Ends the run with a status, all frames unwound.
Frame *run_end(Thread *thread, int status);

// If the run may be interrupted, and has been: ends it with an error, and leaves the engine at
// once, by longjmp. Where all that the thread holds is in its frames.
void run_interrupt(Thread *thread, Frame *frame);

#endif
