// What `loopwright bench` gathers: a row a variant. Measuring and reporting stand in
// files of their own.
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include "cli/emitter.h"
#include "cli/statistics.h"

#include <jansson.h>

typedef struct BenchRow {
    const char *name; // the flags as they were given
    Variant variant;
    Emitted emitted;
    bool verified;       // every run exited with 0 and printed its times
    const char *problem; // what the first run that did not had to say
    double *times;       // microseconds, one a run
    size_t time_count;
    double median;
    StatisticsInterval ratio; // to the first row, run by run
    // From the emitted object and the evaluator; has_… tells whether they are there.
    bool has_dispatch, has_reads;
    double dispatch_instructions, dispatch_blocks;
    int dispatch_sites;
    const char *code_hash; // of the interpreter's machine code
    double frame_reads;
} BenchRow;

typedef struct Bench {
    ARENA_VECTOR(BenchRow) rows;
    size_t runs;
    char **program; // what the interpreter is started with: -cp …, CLASS, ARGS
    size_t program_count;
    const char *count_arguments; // NULL: nothing is counted
    bool with_tail_dup;
    Arena *arena;
} Bench;

// Emits all rows, adds those for LLVM's tail duplication where they are asked for and
// differ, and reads the dispatch figures and the counts. False after an error on stderr.
bool bench_prepare(Bench *bench);
// Runs the program `runs` times with each row, in turn, and computes medians and ratios.
void bench_measure(Bench *bench);

// The report, as a table for people, as JSON, or as CSV.
void bench_table(const Bench *bench, Text *out);
void bench_json(const Bench *bench, Text *out);
void bench_csv(const Bench *bench, Text *out);

// The machine's name for reports: the processor's model and the number of cores.
const char *bench_machine(Arena *arena);

#endif
