// A campaign as a data file of ReBench's (rebench_import.h reads them), for what its users have to
// look at such files.
#ifndef CLI_BENCH_REBENCH_DATA_H
#define CLI_BENCH_REBENCH_DATA_H

#include "cli/bench/campaign.h"
#include "support/text.h"

// Appends the campaign's runs as such a file. Runs that failed have no line in it, and of names
// only what fits: a tab or an end of line in one becomes a blank.
void rebench_data_print(const Campaign *campaign, Text *out);

// What stands between an executor's name and its placement's number, which a `)` follows.
extern const char rebench_placement[13];

// What follows the name of the first variant where it is measured once more (A/A).
extern const char rebench_again[];

// How an executor is called that is a subject in one of several placements; rebench_import takes it
// apart again.
const char *rebench_executor(Arena *arena, const char *subject, int placement, size_t layouts);

#endif
