// What passes tell about their work, for --stats: named counters and remarks, one
// group a pass that ran, in order. A pass that did nothing says so by its counters.
#ifndef PASSES_MANAGER_REPORT_H
#define PASSES_MANAGER_REPORT_H

#include "ir/analysis/size.h"
#include "support/arena.h"
#include "support/text.h"

#include <stdint.h>

typedef struct PassCounter {
    const char *name; // "polls placed: backEdge"
    int64_t value;
} PassCounter;

// One bytecode's code before the pass and after it.
typedef struct PassSizes {
    const char *bytecode;
    IrSize before, after;
} PassSizes;

typedef struct PassReportEntry {
    const char *pass;
    const char *parameter; // NULL: none
    double seconds;
    ARENA_VECTOR(PassCounter) counters;
    ARENA_VECTOR(const char *) remarks;
    ARENA_VECTOR(PassSizes) sizes; // of the bytecodes that somebody asked about
} PassReportEntry;

// Owned by whoever ran the pipeline; all strings live in `arena`.
typedef struct PassReport {
    Arena *arena;
    ARENA_VECTOR(PassReportEntry) entries;
} PassReport;

// Begins the group of a pass; what follows is added to it.
void pass_report_begin(PassReport *report, const char *pass, const char *parameter);

// Adds to the counter of that name, which begins at 0. Adding 0 makes it appear. All
// that follow do nothing if `report` is NULL.
void pass_count_add(PassReport *report, const char *counter, int64_t amount);

// A line of its own, as printf's.
void pass_remark(PassReport *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Of one bytecode. Counters and remarks are about the whole loop: an entry with sizes is printed
// without them.
void pass_sizes_add(PassReport *report, const PassSizes *sizes);

// The report for people: a line a pass, its counters, its remarks. With `times`, the
// time of each; without, the text is the same in each run.
void pass_report_print(const PassReport *report, bool times, Text *out);

// The same for programs: a JSON array of {"pass", "parameter", "milliseconds",
// "counters": {…}, "remarks": […]}; without `times`, no "milliseconds". An entry with sizes has
// "bytecodes": [{"name", "instructions": {"before", "after"}, …}] instead of the last two.
void pass_report_json(const PassReport *report, bool times, Text *out);

#endif
