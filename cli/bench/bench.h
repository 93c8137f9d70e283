// What `loopwright bench` works on: a campaign, and what its subjects and programs are made of and
// started with. Making them is subjects.c, running them measure.c, and what is printed
// report_table.c, report_json.c and report_csv.c.
//
// The question of a campaign is "how much faster than the first subject, on this machine, and
// why?": times as ratios with their uncertainty, beside figures that don't vary (frame reads
// counted by the evaluator, dispatch read from the machine code).
#ifndef CLI_BENCH_BENCH_H
#define CLI_BENCH_BENCH_H

#include "cli/bench/analysis.h"
#include "cli/bench/peers.h"
#include "cli/emitted_cache.h"

#include <regex.h>
#include <stdio.h>

// What a subject of the campaign, of the same index, is made of.
typedef struct BenchSubject {
    const char *flags;           // of a variant, and of an A/A subject: its own; else NULL
    Variant variant;             // of a variant, and of an A/A subject; of others the default one
    int control;                 // of a control: an index of `control_kinds`
    Emitted *placements;         // as many as the campaign has layouts; of a peer NULL
    const Peer *peer;            // of a peer; else NULL
    const PeerCommand *commands; // of a peer, for each program; else NULL
} BenchSubject;

typedef struct BenchProgram {
    char **words; // what an interpreter is started with: -cp …, CLASS, ARGS
    size_t count;
    const char *class_path;      // what -cp says; NULL: nothing
    const char *count_arguments; // what is counted, which also weighs the bytecodes; NULL: nothing,
                                 // and dispatch figures are means over all bytecodes alike
} BenchProgram;

typedef struct Bench {
    Arena *arena;
    Campaign *campaign;
    const Campaign
        *begun; // the same, as far as it came before, to be gone on with; NULL: it begins
    ARENA_VECTOR(BenchSubject) subjects;
    ARENA_VECTOR(BenchProgram) programs;
    bool with_tail_duplication, with_aa;
    // How runs are made.
    int warmups;              // runs of each subject on each program before the first that counts
    double limit;             // seconds that a run may take
    bool is_pinned;           // to one processor, where we may
    bool is_process;          // the process's time counts, and not what a harness prints
    const regex_t *time_line; // nor that, but what such lines say; NULL: it isn't so
    const char *check;        // a shell command that says whether a result is right; NULL: none
    bool with_counters;       // of the processor, where it has them
    FILE *raw;                // where runs are written at once; NULL: nowhere
    bool was_interrupted;
} Bench;

// Emits all variants, builds the controls, and reads what is counted of them; adds subjects: those
// for LLVM's tail duplication where they are asked for and differ, and the A/A one. The campaign is
// complete then. False after an error on stderr.
bool bench_prepare(Bench *bench);

// Makes the runs that the campaign doesn't have yet, in an order that its seed says, until all are
// there or somebody interrupts (Bench.was_interrupted). False if raw data can't be written, after
// an error on stderr.
bool bench_measure(Bench *bench);

// The report, as a table for people, as JSON, or as CSV.
void bench_table(const Analysis *analysis, Text *out);
void bench_json(const Analysis *analysis, Text *out);
void bench_csv(const Analysis *analysis, Text *out);

// The same of two campaigns that were compared.
void bench_comparison_table(const Comparison *comparison, Text *out);
void bench_comparison_json(const Comparison *comparison, Text *out);
void bench_comparison_csv(const Comparison *comparison, Text *out);

#endif
