// What a campaign's runs say: medians, ratios with intervals, and whether a difference is one. All
// of it is computed from a Campaign, so that data of last year get the same answers.
//
// How (docs/measuring.md, "Statistics"): the unit is a process, as iterations within one are not
// independent (Georges, Buytaert and Eeckhout, OOPSLA 2007, section 3; Kalibera and Jones, ISMM
// 2013); where there are several placements, the unit is a placement.
#ifndef CLI_BENCH_ANALYSIS_H
#define CLI_BENCH_ANALYSIS_H

#include "cli/bench/campaign.h"
#include "cli/bench/statistics.h"

typedef enum Difference {
    DIFFERENCE_NONE, // what there may be is too small to matter
    DIFFERENCE_FASTER,
    DIFFERENCE_SLOWER,
    DIFFERENCE_CANT_TELL, // too few runs, or too much noise
    DIFFERENCE_SAME_CODE, // never called one: it is the same machine code
    DIFFERENCE_BASELINE,  // it is what others are compared with
} Difference;

// "no difference|faster|slower|can't tell|same code|baseline", in that order.
extern const char difference_names[];

// A subject on a program; or, in `means`, on all of them: then `program` says nothing, the counts
// are sums, and the figures of runs aren't there.
typedef struct AnalysisRow {
    size_t subject, program;
    RunVerdict verdict;     // of the first run that wasn't verified, if there is one
    const char *reason;     // why it isn't verified or, for a verified row, has no ratio; NULL
    size_t processes;       // that gave a time
    size_t failures;        // that didn't
    size_t repeated;        // that the machine was away in
    size_t outliers;        // beyond three times the quartiles' distance: shown, and not left out
    double median;          // microseconds, of the placements' medians; RUN_NO_FIGURE without any
    double least, greatest; // of the placements' medians
    double user;            // median of the process's time in user mode; RUN_NO_FIGURE
    double wall;            // median of the process's time; RUN_NO_FIGURE
    double first_iteration; // median of the first iterations by the median of the last ones: what
                            // warming up costs; RUN_NO_FIGURE with fewer than two iterations
    bool has_ratio, has_interval;
    StatisticsInterval ratio; // to the first subject
    Difference difference;
    // How often noise alone would show such a difference in one of the campaign's rows (means among
    // them; rows of the same code are adjusted among themselves); 1 where nothing was tested.
    double chance;
} AnalysisRow;

typedef struct Analysis {
    const Campaign *campaign;
    AnalysisRow *rows; // a row of programs for each subject
    // For each subject: the geometric mean of its ratios, over the programs that the first one is
    // verified on. Without a ratio on one of these there is no mean, and a reason.
    AnalysisRow *means;
    size_t mean_programs; // how many these are
    double noise;         // the median over rows of the relative spread of processes: 0.02 is 2 %
    // So many runs of each tell 3 % on any one program apart on such noise, in nine campaigns of
    // ten, and this program is the one that needs them, the noisiest. 0: not known.
    size_t wanted_runs, wanted_program;
} Analysis;

const Analysis *analysis_of(Arena *arena, const Campaign *campaign);
const AnalysisRow *analysis_row(const Analysis *analysis, size_t subject, size_t program);

// ---- Two campaigns -----------------------------------------------------------------------------

typedef struct ComparisonRow {
    const char *subject, *program;
    const char *short_program;            // as campaign_short_program has it
    const AnalysisRow *old_row, *new_row; // NULL: not measured there
    bool has_ratio, has_interval;
    StatisticsInterval ratio; // new by old
    Difference difference;
    double chance;
    const char *reason; // why nothing can be told; NULL
} ComparisonRow;

typedef struct Comparison {
    ARENA_VECTOR(ComparisonRow) rows; // what both have, and then what one has
    bool same_machine;                // as far as it is known
    // The median of the rows' ratios: what all have in common may be the day's, not the code's. 1
    // if there is no ratio.
    double shift;
} Comparison;

const Comparison *analysis_compare(Arena *arena, const Analysis *before, const Analysis *after);

#endif
