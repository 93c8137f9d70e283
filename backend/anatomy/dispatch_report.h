// A measured interpreter as JSON or text: the mean over the bytecodes' dispatch
// paths, each path's length, and one path in full.
#ifndef BACKEND_ANATOMY_DISPATCH_REPORT_H
#define BACKEND_ANATOMY_DISPATCH_REPORT_H

#include "backend/anatomy/dispatch_path.h"
#include "support/text.h"

// One bytecode, measured.
typedef struct MeasuredBytecode {
    const DispatchBytecode *in_table; // what the table says of it
    DispatchPath path;
    bool has_frame; // all its ways make a machine frame, those too that need none
    double weight;  // how often it was executed; without counts, 1 for each
} MeasuredBytecode;

typedef struct DispatchReport {
    Arena *arena;
    const MachineCode *code;
    const DispatchSites *sites;
    ARENA_VECTOR(MeasuredBytecode) bytecodes; // with machine code, by table and opcode
    bool is_weighted;                         // by counts of a run
    const MeasuredBytecode *chosen;           // whose path is shown; NULL: a median one
} DispatchReport;

// Measures every bytecode of an interpreter's object, which must stay open. All weights are
// 1. NULL after an error on stderr. Lives in the arena.
DispatchReport *dispatch_report_read(Arena *arena, const ObjectFile *object);

// Takes the weights from the evaluator's counts, `{"per_bytecode": [{"name", "table", "count"},
// …]}` (without "table": all of one). False after an error on stderr.
bool dispatch_report_weigh(DispatchReport *report, const char *path);

// Has the report show the path of the bytecode `name`, in text with the work around
// it. False after an error on stderr: there is none, or it never dispatches.
bool dispatch_report_choose(DispatchReport *report, const char *name);

// The means over the bytecodes that dispatch, each with its weight.
typedef struct DispatchMeans {
    double instructions, blocks;
    bool known; // false: no bytecode that dispatches was counted
} DispatchMeans;
DispatchMeans dispatch_report_means(const DispatchReport *report);

// How many bytecodes have a machine frame on all their ways; if there are any, the names of the
// first `most` are appended to `names` (NULL: they are not wanted), separated by commas, and how
// many more there are.
size_t dispatch_report_frames(const DispatchReport *report, Text *names, size_t most);

// Appends the report.
void dispatch_report_json(const DispatchReport *report, Text *out);
void dispatch_report_text(const DispatchReport *report, Text *out);

#endif
