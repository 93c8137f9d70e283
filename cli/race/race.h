// `loopwright race`: which schedules are tried, what is found, and what is said of it. The search
// is in race_search.c, the shrinking of what it finds in race_shrink.c; race_report.c and
// race_json.c print.
#ifndef CLI_RACE_RACE_H
#define CLI_RACE_RACE_H

#include "cli/race/interleaving.h"
#include "cli/race/shrink.h"
#include "cli/race/verdict.h"
#include "cli/variant.h"
#include "support/arena.h"

// How schedules are drawn.
typedef enum RaceStrategy { RACE_RANDOM, RACE_PCT, RACE_BOTH } RaceStrategy;
#define RACE_STRATEGIES "random|pct|both"

// One schedule, as an interpreter is told of it.
typedef struct RaceSchedule {
    bool is_replay; // else drawn from a seed
    uint64_t seed;
    bool is_pct;        // else random
    int depth;          // of PCT
    uint64_t length;    // of the program, in steps, as far as one knows; 0: not known
    const char *replay; // the file
    uint64_t most;      // steps that it may take; 0: those of the request
} RaceSchedule;

// What was asked for.
typedef struct RaceRequest {
    const char *executable;
    char **program;
    int program_count;
    const char *flags; // that make the interpreter again; NULL: it was there
    uint64_t first_seed;
    size_t seeds;
    RaceStrategy strategy;
    int depth, jobs, steps, seconds, shrinking;
    size_t most_lines;     // of a segment
    const char *save;      // where what is left of the schedule goes; NULL: nowhere
    regex_t *mustnt_match; // NULL: none
    bool same_output;
    bool counts;              // those that fail, instead of stopping at the first
    const char *log, *replay; // temporary files
} RaceRequest;

// What was found. Texts of the last run are the report's.
typedef struct Race {
    const RaceRequest *request;
    Arena *arena;
    uint64_t length;             // in steps, of the schedule that PCT takes the length from
    uint64_t output;             // verdict_hash of what it printed
    size_t tried;                // schedules
    size_t late;                 // of them, those that were ended by the clock
    size_t differing;            // likewise, that printed something else than the first
    size_t drawn[2], failing[2]; // RaceRequest.counts: how many, of random and of pct
    bool found;
    RaceSchedule schedule; // the first that fails, or the replay
    Verdict verdict;
    bool repeats;              // run again, it fails in the same way
    ScheduleLog before, after; // the log of what was found, or the file; and of the last run
    Shrinking shrinking;
    bool was_shrunk;
    const bool *kept;  // which switches of `before` are left; NULL: all
    bool was_followed; // `after` and the interleaving are there
    size_t not_taken;  // decisions that were followed, but didn't come about
    Text output_text, errors_text;
    Interleaving interleaving;
} Race;

// ---- Runs -------------------------------------------------------------------------------------

// Tries the seeds and, if one fails, finds out what is needed of its schedule. False after an error
// on stderr.
bool race_search(Race *race);

// Follows a schedule that was saved. False after an error on stderr.
bool race_replay(Race *race, const char *path);

// What of a run is written down.
typedef enum RaceLog { RACE_NO_LOG, RACE_LOG_TOTAL, RACE_LOG_SWITCHES, RACE_LOG_LINES } RaceLog;

// Runs the program once. The outcome is the caller's to free; the command line is left in the
// arena.
ParallelOutcome race_run(const RaceRequest *request, Arena *arena, const RaceSchedule *schedule,
                         RaceLog log);

// Reads the log that a run has written. False after an error on stderr.
bool race_read_log(const RaceRequest *request, Arena *arena, ScheduleLog *schedule);

// Shrinks `before`, the log of what was found.
void race_shrink(Race *race);

// A switch whose step has another one, too; NULL: there is none.
const LogRecord *race_decided_twice(const ScheduleLog *schedule);

// Runs the schedule that was found once more, for what it prints. False after an error on stderr.
bool race_look(Race *race);

// Follows what is left of `before`, for what it prints and for the interleaving. False after an
// error on stderr.
bool race_follow(Race *race);

// Writes the decisions that are left; false after an error on stderr.
bool race_write(const char *path, const Race *race);

// ---- Reports ----------------------------------------------------------------------------------

// Appends the command that runs the schedule again.
void race_command(const RaceRequest *request, const RaceSchedule *schedule, Text *out);

void race_report(const Race *race, Text *out);
void race_json(const Race *race, Text *out);

#endif
