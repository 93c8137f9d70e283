// What analysis.c, analysis_compare.c and wanted_runs.c share.
#ifndef CLI_BENCH_ANALYSIS_ROWS_H
#define CLI_BENCH_ANALYSIS_ROWS_H

#include "cli/bench/analysis.h"
#include "cli/bench/ratio.h"
#include "cli/bench/samples.h"

// Who calls a difference what chance alone shows in more than so many of a hundred campaigns is
// wrong too often.
#define ANALYSIS_CHANCE 0.05

// A ratio that lies between this and its inverse is no difference that matters.
#define ANALYSIS_SMALL 1.05

// What a ratio is worth, given its chance after it was adjusted for all the other tests.
Difference analysis_difference(const Ratio *ratio, double chance);

// The row with what is known of its runs by themselves, without a ratio.
AnalysisRow analysis_describe(Arena *arena, size_t subject, size_t program,
                              const CampaignRun **runs, size_t run_count, const Samples *samples);

// Why the row has no ratio to any other, whichever it is; NULL: it may have one.
const char *analysis_hindrance(Arena *arena, const AnalysisRow *row, const Samples *samples);

#endif
