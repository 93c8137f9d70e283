// A program's execution in the evaluator, bytecode by bytecode: a line each, written before it
// runs. Nothing is kept but what is needed for the next line, and each line is written at once: a
// trace may be of any length, and however the run ends, the last line is of the bytecode that ran
// then.
//
// What is in a line comes from the module (cli/trace_state.h) and, for methods, source lines and
// values, from the loop's runtime, if that can tell.
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include "backend/eval/eval.h"

// What a runtime tells of a frame that is about to go on. It changes nothing, and appends no line
// break.
typedef struct TraceWords {
    void (*method)(const void *thread, const void *frame, Text *out);
    // Whether it is of the method that somebody has named.
    bool (*is_method)(const void *thread, const void *frame, const char *name);
    int (*line)(const void *frame, int64_t pc);            // 0: not known
    const void *(*stack)(const void *thread, void *frame); // where it begins; NULL: not known
    void (*value)(const void *thread, uint64_t bits, Text *out);
    void (*operand)(const void *thread, const void *frame, const char *role, int64_t operand,
                    Text *out);
    void (*flush)(void); // writes the lines that the program has printed
} TraceWords;

typedef struct TraceRequest {
    const char *file;   // "-" is standard output
    const char *method; // only bytecodes of this one; NULL: of all. Needs words
    uint64_t from, to;  // only those with these numbers; 0: no limit
} TraceRequest;

typedef struct Trace Trace;

// Begins a trace of a program whose loop is `module`. The words may be NULL. NULL after an error on
// stderr. All lives in `arena`.
Trace *trace_begin(Arena *arena, const IrModule *module, const TraceRequest *request,
                   const TraceWords *words);
// What the evaluator is to call.
const EvalObserver *trace_observer(const Trace *trace);
// False if the trace isn't whole, which has been reported.
bool trace_end(Trace *trace);

#endif
