// ReBench's data files: what smarr/ReBench has measured, as a campaign. So a campaign that outgrows
// one machine can go on there (rebench_export.h) and come back into the same report.
//
// The format, as ReBench 1.0 to 1.3 write it: lines of fields with tabs between them, comments that
// begin with `#`, and, since 1.2, a line that names the columns. A line is one value of one
// criterion of one iteration in one invocation, which is a process. Versions before 1.0 don't say
// of which process a time is; their files are refused.
#ifndef CLI_BENCH_REBENCH_IMPORT_H
#define CLI_BENCH_REBENCH_IMPORT_H

#include "cli/bench/campaign.h"
#include "support/text.h"

// Reads the text of a file, whose name is for messages ("-": standard input). Executors are the
// subjects, benchmarks with their arguments the programs, invocations the runs, and their `total`
// values the iterations; other criteria are passed over. ReBench keeps no run that failed, so all
// are verified. The order of a file says nothing, as ReBench has one of its own: subjects and
// programs are in that of their names, variants of ours (a `-` begins them) first.
//
// A last line without an end is left out with a warning; anything else that can't be read is an
// error `FILE:LINE:COLUMN: error: …` on stderr. NULL then.
Campaign *rebench_import(Arena *arena, const char *path, const Text *text);

#endif
