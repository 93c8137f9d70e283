// Where a campaign's data come from and go to, as the options say it: files of raw data that are
// written, gone on with, read, compared; and the reports.
#ifndef CLI_BENCH_BENCH_DATA_H
#define CLI_BENCH_BENCH_DATA_H

#include "cli/bench/bench.h"

typedef enum BenchFormat { BENCH_TABLE, BENCH_JSON, BENCH_CSV, BENCH_REBENCH_DATA } BenchFormat;

// Names of files; NULL: the option wasn't given.
typedef struct BenchData {
    const char *raw;
    bool resume;
    const char *import;
    const char *compare, *with;
    const char *html;
    const char *history, *release; // a folder, and a name in it
    bool is_measured;              // else the campaign is read from `import` or `with`
    const Campaign *old;           // that of `compare`, once it is read
    const Analysis *analysis;      // once there is something to report; else NULL
} BenchData;

// All that can be known before the work: are the files to read there and good, can those to write
// be written, is there what a report needs? False after an error on stderr.
bool bench_data_check(Bench *bench, BenchData *data);

// Opens the file of raw data, if one is wanted, for the campaign, whose subjects are known. With
// `resume` the runs that are in it become the campaign's, which must be the same. False after an
// error on stderr.
bool bench_data_open(Bench *bench, const BenchData *data);
bool bench_data_close(Bench *bench, const BenchData *data);

// Reads the campaign that isn't measured. False after an error on stderr.
bool bench_data_read(Bench *bench, const BenchData *data);

// Appends the report. Answers the exit status: 1 if a result is wrong or unknown, or a comparison
// found something slower, which is said on stderr.
int bench_data_report(Bench *bench, BenchData *data, BenchFormat format, Text *out);

// Writes the reports that have files of their own, if there is something to report. False after an
// error on stderr.
bool bench_data_write_files(Bench *bench, const BenchData *data);

#endif
