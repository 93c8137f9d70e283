// A measured interpreter: each bytecode's dispatch path, the means over all, and what else is
// known of the instructions of one. How a report is printed is dispatch_print.h's subject.
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

// An operation of the IR that machine code may come from. Debug information refers to it by its
// number, from 1, in the module's order.
typedef struct DispatchOperation {
    const char *text; // "load method.code"
    int line, column; // in the definition
} DispatchOperation;

// What llvm-mca says of the path that is shown: for one model of a processor, without caches or
// mispredicted jumps.
typedef struct DispatchModel {
    const char *processor, *tool; // "znver4", "llvm-mca 19.1.7"
    int latency;                  // cycles from the first instruction's start to the last one's end
    double throughput;            // cycles between two paths where many follow each other
    // Of each step, its own.
    double *latencies, *throughputs;
} DispatchModel;

typedef struct DispatchReport {
    Arena *arena;
    const char *name; // what was measured: flags, or a file
    const MachineCode *code;
    const DispatchSites *sites;
    const char *definition;                   // the file that lines are of; NULL: not known
    SourceParts parts;                        // files that it includes, with the lines after
    ARENA_VECTOR(MeasuredBytecode) bytecodes; // with machine code, by table and opcode
    bool is_weighted;                         // by counts of a run
    const MeasuredBytecode *chosen;           // whose path is shown; NULL: a median one
    const DispatchOperation *operations;      // of the module that was emitted; NULL: not known
    size_t operation_count;
    const int *by_place;        // their indices, sorted by line and column
    const DispatchModel *model; // of the path that is shown; NULL: wasn't asked for
} DispatchReport;

// Measures every bytecode of an interpreter's object or program, which must stay open. All
// weights are 1. NULL after an error on stderr. Lives in the arena.
DispatchReport *dispatch_report_read(Arena *arena, ObjectFile *object);

// Takes the operations of the module that was emitted; they stay the caller's.
void dispatch_report_know(DispatchReport *report, const DispatchOperation *operations,
                          size_t count);
// The index in `by_place` of the first operation that isn't before the place.
size_t dispatch_report_first_at(const DispatchReport *report, int line, int column);

// Takes the weights from the evaluator's counts, `{"per_bytecode": [{"name", "table", "count"},
// …]}` (without "table": all of one). False after an error on stderr.
bool dispatch_report_weigh(DispatchReport *report, const char *path);

// Has the report show the path of the bytecode `name`, in text with the work around
// it. False after an error on stderr: there is none, or it never dispatches.
bool dispatch_report_choose(DispatchReport *report, const char *name);

// The bytecode of that name that dispatches; NULL: none.
const MeasuredBytecode *dispatch_report_find(const DispatchReport *report, const char *name);

// Bytecodes to look at; NULL: nothing dispatches.
typedef struct DispatchShown {
    const MeasuredBytecode *shown; // in full: the chosen one, else the median
    const MeasuredBytecode *least, *median, *most;
} DispatchShown;
DispatchShown dispatch_report_shown(const DispatchReport *report);

// The means over the bytecodes that dispatch, each with its weight.
typedef struct DispatchMeans {
    double instructions, blocks;
    double classes[DISPATCH_CLASSES];
    bool known; // false: no bytecode that dispatches was counted
} DispatchMeans;
DispatchMeans dispatch_report_means(const DispatchReport *report);

// How many bytecodes have a machine frame on all their ways; if there are any, the names of the
// first `most` are appended to `names` (NULL: they are not wanted), separated by commas, and how
// many more there are.
size_t dispatch_report_frames(const DispatchReport *report, Text *names, size_t most);

// How many instructions of each class the path has.
void dispatch_path_classes(const DispatchPath *path, int classes[DISPATCH_CLASSES]);

#endif
