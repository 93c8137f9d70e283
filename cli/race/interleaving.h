// What a schedule looks like to who reads it: who ran, past which lines of the program, up to where
// it gave way to whom. Made of a log with lines (`som --schedule-log=FILE --schedule-lines`).
#ifndef CLI_RACE_INTERLEAVING_H
#define CLI_RACE_INTERLEAVING_H

#include "cli/race/schedule_log.h"
#include "cli/race/source_lines.h"

#include <jansson.h>

// What one thread did until another one ran.
typedef struct InterleavingSegment {
    uint64_t thread;
    // Where it came by, no two after each other on one line; the first is where it goes on, if that
    // is known, and the last where it stops.
    ARENA_VECTOR(LogPlace) lines;
    const LogRecord *end; // how it gave way; NULL: the program was over
} InterleavingSegment;

typedef struct Interleaving {
    ARENA_VECTOR(InterleavingSegment) segments;
} Interleaving;

// Both live in the arena; the schedule must live as long.
void interleaving_make(Interleaving *interleaving, Arena *arena, const ScheduleLog *schedule);

// Appends it as text, indented by thread, with at most `most_lines` lines for a segment (0: all).
// Lines of files that aren't there, as those of the core library, are left out.
void interleaving_print(const Interleaving *interleaving, SourceLines *sources, size_t most_lines,
                        Text *out);

// All of it as an array, a new reference.
json_t *interleaving_json(const Interleaving *interleaving, SourceLines *sources);

#endif
