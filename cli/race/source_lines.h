// Lines of source files by their numbers, each file read once.
#ifndef CLI_RACE_SOURCE_LINES_H
#define CLI_RACE_SOURCE_LINES_H

#include "support/arena.h"

typedef struct SourceLines SourceLines;

// Lives in the arena, as all lines do.
SourceLines *source_lines_new(Arena *arena);

// The line of that number, from 1 on, without its end. NULL: the file has none, or can't be read.
const char *source_line(SourceLines *sources, const char *file, int line);

#endif
