// A schedule as interpreters write and follow it (`som --schedule-log`, `--schedule-replay`): which
// thread gives way to which, and when. A decision is named by how many steps its own thread has
// come, so that leaving one out leaves the others what they were.
//
// It is read here, and written; what of it matters is the business of shrink.h, and what it looks
// like to a reader that of interleaving.h.
#ifndef CLI_RACE_SCHEDULE_LOG_H
#define CLI_RACE_SCHEDULE_LOG_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// Logs of a run may be long; what is longer than this (in bytes) isn't read.
enum { LOG_MOST = 256 << 20 };

// Why a thread gives way. Where it waits or has ended it has to; at a poll it could as well go on.
typedef enum LogKind {
    LOG_POLL,
    LOG_YIELD,
    LOG_WAIT,
    LOG_END,
    LOG_LINE, // it doesn't: that is where it comes by
} LogKind;

// A place in a program. NULL and 0: not known. The texts live in the arena.
typedef struct LogPlace {
    const char *method; // CLASS>>SELECTOR
    const char *file;
    int line, column;
} LogPlace;

typedef struct LogRecord {
    LogKind kind;
    uint64_t thread;
    uint64_t count, next; // unless LOG_LINE: its step, from 1 on, and who goes on
    LogPlace place;
} LogRecord;

typedef struct ScheduleLog {
    ARENA_VECTOR(LogRecord) records; // in the order in which they were written
    size_t switches;                 // how many of them are no lines
    uint64_t steps;                  // of all threads together; 0: the end isn't told
} ScheduleLog;

const char *log_kind_text(LogKind kind);

// Must the thread give way there?
bool log_is_forced(LogKind kind);

// Reads a schedule; `name` is what messages call it. A last line that isn't ended is left out, as
// its writer may have been killed. False after errors on the stream (NULL: unsaid).
bool schedule_log_read(ScheduleLog *schedule, Arena *arena, const char *name, const Text *text,
                       FILE *stream);

// Appends the switches for which `kept` is true (NULL: all), counted without the lines between
// them; with the header, and the steps if they are known.
void schedule_log_print(const ScheduleLog *schedule, const bool *kept, Text *out);

#endif
