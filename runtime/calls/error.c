// Reporting errors of a running program and ending its run. What the program has printed gets out
// before the message.
#include "runtime/calls/error.h"

#include "runtime/calls/frame.h"
#include "runtime/calls/method.h"
#include "runtime/process/output.h"
#include "runtime/process/signals.h"
#include "runtime/vm.h"

#include <stdarg.h>

enum { TRACE_YOUNGEST = 30, TRACE_OLDEST = 10 };

Value fail(Thread *thread, const char *format, ...) {
    ThreadState *state = state_of(thread);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(state->failure, sizeof state->failure, format, arguments);
    va_end(arguments);
    return FAILED;
}

static void trace_line(const Vm *vm, const Frame *frame, bool youngest) {
    const Method *method = frame->method;
    const MethodDetails *details = details_of(method);
    const Class *holder = holder_of(method);
    fprintf(vm->errors, "    %s%s>>%s", details->is_block ? "[] in " : "",
            symbol_chars(holder->name), symbol_chars(signature_of(method)));
    int line = method_line(method, youngest ? frame->pc : frame->pc - 1);
    if (line)
        fprintf(vm->errors, " (%s:%d)", details->file, line);
    fputc('\n', vm->errors);
}

void error_trace(Thread *thread, const Frame *frame) {
    const Vm *vm = vm_of(thread);
    size_t depth = 0, number = 0;
    // The bottom frame is no method of the program's.
    for (const Frame *each = frame; each && each->caller; each = watermark_caller(thread, each))
        depth++;
    for (const Frame *each = frame; each && each->caller;
         each = watermark_caller(thread, each), number++) {
        if (number < TRACE_YOUNGEST || number + TRACE_OLDEST >= depth)
            trace_line(vm, each, number == 0);
        else if (number == TRACE_YOUNGEST)
            fprintf(vm->errors, "    … %zu more …\n", depth - TRACE_YOUNGEST - TRACE_OLDEST);
    }
}

Frame *run_end(Thread *thread, int status) {
    ThreadState *state = state_of(thread);
    threads_unwind(thread, NULL);
    frame_forget_homes(thread, NULL);
    watermark_forget(thread);
    state->status = status;
    state->ended = true;
    Frame *bottom = state->bottom;
    bottom->sp = frame_locals(bottom);
    bottom->pc = details_of(bottom->method)->code_count - 1; // its halt
    state->top = bottom;
    return bottom;
}

void run_interrupt(Thread *thread, Frame *frame) {
    ThreadState *state = state_of(thread);
    if (!state->vm->interruptible || !state->leave || !signals_interrupted())
        return;
    error_raise(thread, frame, "interrupted");
    longjmp(*state->leave, 1);
}

static void report(Thread *thread, const Frame *frame, const char *chars, size_t length) {
    const Vm *vm = vm_of(thread);
    output_flush();
    fputs("ERROR: ", vm->errors);
    fwrite(chars, 1, length, vm->errors);
    fputc('\n', vm->errors);
    error_trace(thread, frame);
}

Frame *error_raise_text(Thread *thread, Frame *frame, const char *chars, size_t length) {
    report(thread, frame, chars, length);
    return run_end(thread, 1);
}

Frame *error_raise(Thread *thread, Frame *frame, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return error_raise_text(thread, frame, text, strlen(text));
}

Frame *error_raise_failure(Thread *thread, Frame *frame) {
    char *failure = state_of(thread)->failure;
    Frame *next = error_raise_text(thread, frame, failure, strlen(failure));
    failure[0] = '\0';
    return next;
}
