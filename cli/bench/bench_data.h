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

// Appends the report, and writes those that have files of their own. Answers the exit status: 1 if
// a result is wrong or unknown, a comparison found something slower, or anything failed, which is
// said on stderr.
int bench_data_report(Bench *bench, const BenchData *data, BenchFormat format, Text *out);

#endif
