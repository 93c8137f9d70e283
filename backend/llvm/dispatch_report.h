// A measured interpreter as JSON or text: the mean over the bytecodes' dispatch
// paths, each path's length, and one path in full.
#ifndef BACKEND_LLVM_DISPATCH_REPORT_H
#define BACKEND_LLVM_DISPATCH_REPORT_H

#include "backend/llvm/dispatch_path.h"

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
} DispatchReport;

// Measures every bytecode. All weights are 1.
DispatchReport *dispatch_report_new(Arena *arena, const MachineCode *code,
                                    const DispatchSites *sites);

// Takes the weights from the evaluator's counts, `{"bytecodes": [{"name", "count"},
// …]}`. False after an error on stderr.
bool dispatch_report_weigh(DispatchReport *report, const char *path);

// Writes the report to standard output. False with errno set if that fails.
bool dispatch_report_write(const DispatchReport *report, bool as_json);

#endif
