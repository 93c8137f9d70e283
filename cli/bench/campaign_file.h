// A campaign in a file: the options of `loopwright bench` as on the command line, one a line, so
// that a campaign can be kept beside what it measures and run again by one word. docs/measuring.md,
// "A campaign in a file", has the form.
//
// What the options mean is none of its business: the words that it finds go through the parser of
// the command line (options_parse_file).
#ifndef CLI_BENCH_CAMPAIGN_FILE_H
#define CLI_BENCH_CAMPAIGN_FILE_H

#include "cli/options.h"
#include "support/arena.h"

// The file that the command line names by `--campaign=FILE`, the last if there are several; NULL:
// none. Nothing after a `--` is looked at.
const char *campaign_file_named(int argc, char *const *argv);

// Reads the file ("-": standard input): all of it lives in the arena. False after errors on stderr,
// with their places.
bool campaign_file_read(Arena *arena, const char *path, OptionFile *file);

// The words of the file and after them those of the command line, as options_parse_file takes them;
// `*argc` is changed.
char **campaign_file_splice(Arena *arena, const OptionFile *file, int *argc, char *const *argv);

#endif
