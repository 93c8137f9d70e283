// The report of a campaign as one page that needs nothing else: who is how much faster, how sure
// that is, and what of the machine code explains it. `loopwright bench --html=FILE` writes it.
//
// What is said of times comes from the campaign and its analysis alone, so that data of last year,
// or of another machine, get the same page. What other commands know of its variants (the dispatch
// in machine code, executions, a program's own profile) is gathered beforehand, and may be missing.
#ifndef CLI_REPORT_REPORT_H
#define CLI_REPORT_REPORT_H

#include "cli/bench/analysis.h"
#include "cli/report/history.h"
#include "support/text.h"

#include <jansson.h>

// What commands print of a variant, as data. NULL: there is none, and the remark says why.
typedef struct ReportVariant {
    size_t subject;   // whose flags its name is
    json_t *dispatch; // `loopwright dispatch FLAGS --json`
    json_t *samples;  // `loopwright profile FLAGS --json`
    json_t *executed; // `loopwright run FLAGS --engine=eval --counts`
    const char *no_dispatch, *no_samples, *no_executed;
} ReportVariant;

// All zero: nothing was gathered, as for data from elsewhere.
typedef struct ReportExtras {
    ARENA_VECTOR(ReportVariant) variants; // in the subjects' order
    const char *counted_program;          // that `executed` is of
    const char *sampled_program;          // that `samples` and the flame graph are of
    const char *flame;                    // an SVG file: the flame graph of that program
    json_t *methods;      // `loopwright profile --guest=time --json` of the same run
    size_t flame_subject; // who ran it
    const char *no_flame;
} ReportExtras;

// Is there what a report needs, gnuplot? To be asked before anything is measured. False after an
// error on stderr.
bool report_check(void);

// Runs our own commands for each variant of the campaign, several at a time. `counted` is a small
// program to count on with the evaluator, `CLASS ARGS`; NULL: nothing is counted. What fails leaves
// a remark. Strings live in the arena; the rest is freed by report_extras_free.
void report_gather(Arena *arena, const Campaign *campaign, const char *counted,
                   ReportExtras *extras);
void report_extras_free(ReportExtras *extras);

// Appends the page. Extras and history may be NULL. False after an error on stderr.
bool report_html(const Campaign *campaign, const Analysis *analysis, const ReportExtras *extras,
                 const ReportHistory *history, Text *out);

#endif
