// What `loopwright bench` gathers: a row a variant. Measuring (bench_measure.c), what a run's
// output means (bench_run.c), and reporting (bench_report.c) stand in files of their own.
//
// The question of a row is "how much faster than the first one, on this machine, and why?":
// times as ratios with their uncertainty, beside figures that don't vary (frame reads counted
// by the evaluator, dispatch read from the machine code).
#ifndef CLI_BENCH_BENCH_H
#define CLI_BENCH_BENCH_H

#include "cli/bench/statistics.h"
#include "cli/emitted_cache.h"

#include <jansson.h>

// What is known of a program's result.
typedef enum BenchVerdict {
    BENCH_VERIFIED,
    BENCH_UNKNOWN, // there is nothing to compare it with
    BENCH_WRONG,   // or there was none: the program failed, or printed no time
} BenchVerdict;

// One run of the program.
typedef struct BenchRun {
    BenchVerdict verdict;
    const char *reason; // why it isn't verified
    double time;        // microseconds
} BenchRun;

// The row's interpreter in one of its placements.
typedef struct BenchPlacement {
    Emitted emitted;
    double *times; // microseconds, one a run; below 0: that run gave none
    size_t time_count;
    double median;
    double ratio; // to the first row in the same placement: the median, run by run
} BenchPlacement;

typedef struct BenchRow {
    const char *name;           // the flags as they were given; of a control, its kind and compiler
    Variant variant;            // of a control: the default one
    bool is_control;            // written by hand, see control.h: no figures but times
    int control;                // an index of `control_kinds`
    const char *compiler;       // of a control: "gcc 12"
    BenchPlacement *placements; // as many as the bench has layouts
    BenchVerdict verdict;       // of the first run that wasn't verified, if there is one
    const char *reason;         // why it isn't verified or, for a verified row, has no ratio
    double median;              // of the placements' medians
    double least, greatest;     // of the placements' medians
    // To the first row. With one layout: the median, run by run, and its interval. With more:
    // the median of the placements' ratios, and the interval over these.
    StatisticsInterval ratio;
    bool has_ratio;
    // From the object of the first placement, and from the evaluator's counts.
    double dispatch_instructions, dispatch_blocks;
    bool has_dispatch; // false: no bytecode that dispatches was executed
    int dispatch_sites;
    const char *code_hash; // of the interpreter's machine code; NULL: a control's
    double frame_reads;
    bool has_reads; // there was a program to count on
} BenchRow;

typedef struct Bench {
    ARENA_VECTOR(BenchRow) rows; // the first is a variant
    size_t runs;                 // of each placement
    size_t layouts;              // how many placements each row is run in
    char **program;              // what the interpreter is started with: -cp …, CLASS, ARGS
    size_t program_count;
    // The program to count on, which also weighs the bytecodes; NULL: nothing is counted,
    // and the dispatch figures are means over all bytecodes alike.
    const char *count_arguments;
    bool with_tail_duplication;
    Arena *arena;
} Bench;

// Emits all rows, adds those for LLVM's tail duplication where they are asked for and
// differ, and reads the dispatch figures and the counts. False after an error on stderr.
bool bench_prepare(Bench *bench);
// Runs the program `runs` times with each placement of each row, in turn, and computes medians and
// ratios.
void bench_measure(Bench *bench);

// What a run says by its exit status (as process_run gives it) and what it printed.
BenchRun bench_read_run(Arena *arena, int status, const Text *output, const Text *errors);
// Why a program failed, in one line: its error, or the last that it had to say.
const char *bench_failure(Arena *arena, int status, const Text *output, const Text *errors);

// The report, as a table for people, as JSON, or as CSV.
void bench_table(const Bench *bench, Text *out);
void bench_json(const Bench *bench, Text *out);
void bench_csv(const Bench *bench, Text *out);

#endif
