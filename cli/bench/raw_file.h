// Raw data of a campaign: JSON lines, one for each thing known, written as soon as it is known, so
// that nothing measured is lost whatever happens. docs/measuring.md has the schema:
//
//   {"campaign": {…}}                    first: the machine, the date, subjects, programs, the plan
//   {"counts": {…}, "variant", "program"}  what is counted of a subject on a program
//   {"variant", "program", "run", "placement", "microseconds", …}  a run
//
// Keys that aren't known are passed over, so that newer files can be read.
#ifndef CLI_BENCH_RAW_FILE_H
#define CLI_BENCH_RAW_FILE_H

#include "cli/bench/campaign.h"
#include "support/text.h"

#include <jansson.h>
#include <stdio.h>

// What is written. A reader knows all before it, too.
enum { RAW_FILE_FORMAT = 1 };

// So many bytes are read at most: raw data of a year's campaigns are some megabytes.
enum { RAW_FILE_MOST = 1 << 30 };

// Reads a file ("-": standard input). The campaign has as many rounds (Campaign.runs) as its first
// line says, or as there are, as who goes on with one may want more. A last line that was cut off
// is left out with a warning; any other that can't be read is an error `FILE:LINE:COLUMN: error: …`
// with the line, on stderr. NULL then.
Campaign *raw_file_read(Arena *arena, const char *path);

// The same of a text that was read from there.
Campaign *raw_file_parse(Arena *arena, const char *path, const Text *text);

// Each writes a line and hands it to the system. False with errno set.
bool raw_file_put_campaign(FILE *file, const Campaign *campaign);
bool raw_file_put_counts(FILE *file, const Campaign *campaign, size_t subject, size_t program);
bool raw_file_put_run(FILE *file, const Campaign *campaign, const CampaignRun *run);

// Makes the file end with a line's end, so that what is written next begins a line: a last line
// that is whole gets one, and one that was cut off is taken away. False with errno set.
bool raw_file_end_line(const char *path);

// How all our JSON says it: true, false, or null where there is no known result.
json_t *raw_file_verdict(RunVerdict verdict);

#endif
