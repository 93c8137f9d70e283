// What was measured of each release, one small file a release in a folder (bench/history), which
// the report plots. A file is JSON:
//
//   {"release": "0.1.0", "date": "2026-11-29T20:40:00Z", "machine": "AMD EPYC …", "programs": 14,
//    "baseline": "-O0",
//    "subjects": [{"name": "-O2", "kind": "variant", "ratio": 0.352, "low": 0.341, "high": 0.366,
//                  "dispatch_instructions": 3.02}, …]}
//
// `ratio` is the geometric mean, over the programs, of the time by the baseline's, `low` and `high`
// its interval, `dispatch_instructions` the mean over the programs; each is null where it isn't
// known.
#ifndef CLI_REPORT_HISTORY_H
#define CLI_REPORT_HISTORY_H

#include "cli/bench/analysis.h"

typedef struct HistorySubject {
    const char *name, *kind;
    double ratio, low, high;      // RUN_NO_FIGURE: not known
    double dispatch_instructions; // likewise
} HistorySubject;

typedef struct HistoryRelease {
    const char *release, *date, *machine, *baseline;
    size_t programs;
    ARENA_VECTOR(HistorySubject) subjects;
} HistoryRelease;

typedef struct ReportHistory {
    ARENA_VECTOR(HistoryRelease) releases; // by date, the oldest first
} ReportHistory;

// The name of a release's file.
const char *history_path(Arena *arena, const char *folder, const char *release);

// Writes the file of a release. False after an error on stderr.
bool history_write(const char *path, const Campaign *campaign, const Analysis *analysis,
                   const char *release);

// Reads the .json files of a folder. A file that isn't as it should be is left out, with a warning;
// a folder that can't be read has none.
const ReportHistory *history_read(Arena *arena, const char *folder);

// The mean, over the programs, of the instructions of the subject's dispatch; RUN_NO_FIGURE where
// none is known.
double history_dispatch(const Campaign *campaign, size_t subject);

#endif
