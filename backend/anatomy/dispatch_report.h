// A measured interpreter as JSON or text: the mean over the bytecodes' dispatch
// paths, each path's length, and one path in full.
#ifndef BACKEND_ANATOMY_DISPATCH_REPORT_H
#define BACKEND_ANATOMY_DISPATCH_REPORT_H

#include "backend/anatomy/dispatch_path.h"

typedef struct MeasuredBytecode {
    const DispatchEntry *entry;
    DispatchPath path;
    double weight; // how often it was executed; without counts, 1 for each
} MeasuredBytecode;

typedef struct DispatchReport {
    Arena *arena;
    const MachineCode *code;
    const DispatchSites *sites;
    ARENA_VECTOR(MeasuredBytecode) bytecodes; // with machine code, by opcode
    const MeasuredBytecode *chosen;           // whose path is shown; NULL: a median one
} DispatchReport;

// Measures every bytecode. All weights are 1.
DispatchReport *dispatch_report_new(Arena *arena, const MachineCode *code,
                                    const DispatchSites *sites);

// Takes the weights from the evaluator's counts, `{"per_bytecode": [{"name", "count"},
// …]}`. False after an error on stderr.
bool dispatch_report_weigh(DispatchReport *report, const char *path);

// Has the report show the path of the bytecode `name`, in text with the work around
// it. False after an error on stderr: there is none, or it never dispatches.
bool dispatch_report_choose(DispatchReport *report, const char *name);

// Writes the report to standard output. False with errno set if that fails.
bool dispatch_report_write(const DispatchReport *report, bool as_json);

#endif
