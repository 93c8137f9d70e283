// A definition's file to its header's: what `loopwright gen` does, and `loopwright-gen`, by which
// the build makes the header that `loopwright` itself is compiled with.
#ifndef FRONTEND_LOOP_GENERATE_H
#define FRONTEND_LOOP_GENERATE_H

#include "support/arena.h"

typedef enum LoopGenerated {
    LOOP_GENERATED,
    LOOP_HAS_ERRORS, // reported to stderr, with their places
    LOOP_UNREADABLE, // the definition; errno says why
    LOOP_UNWRITABLE, // the header; errno says why
    LOOP_NO_RULE,    // the rule can't be written; errno says why
} LoopGenerated;

// Writes the header of the definition in the file `input` to `*output`, as output_file_write does.
// Where that is NULL it becomes the header's own name, in the current folder: loop_header_name.
// What was there stays unless the header is whole. To `depfile`, unless that is NULL, goes a rule
// of make, which says on which files the header depends.
LoopGenerated loop_generate(Arena *arena, const char *input, const char **output,
                            const char *depfile);

#endif
