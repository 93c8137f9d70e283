// What the command line of `loopwright bench` says, before it is a campaign, and what in it goes
// together.
#ifndef CLI_BENCH_BENCH_OPTIONS_H
#define CLI_BENCH_BENCH_OPTIONS_H

#include "cli/bench/bench.h"
#include "cli/bench/bench_data.h"

// What may be exported.
enum { EXPORT_NOTHING = -1, EXPORT_CONFIGURATION, EXPORT_DATA };

// What the command line says, before it is a campaign.
typedef struct BenchOptions {
    Bench bench;
    BenchData data;
    bool json, csv;
    int runs, layouts, warmups, limit, clock, pin, seed;
    int export_format;
    Variant loop; // of every variant that names no other
    ARENA_VECTOR(BenchSubject) variants;
    ARENA_VECTOR(BenchSubject) controls; // they come after all variants,
    ARENA_VECTOR(const char *) peers;    // and peers after these
    ARENA_VECTOR(const char *) programs; // of --program=
    ARENA_VECTOR(const char *) count_arguments;
    const char *campaign, *class_path, *awfy, *output, *time_line;
    OptionProgram program;
} BenchOptions;

// Whether the options go together, and with the files that they name. Sets whether anything is run
// (`data.is_measured`). Answers EXIT_OK, or the exit status of an error that it has reported.
int bench_options_check(const Command *command, BenchOptions *options);

#endif
