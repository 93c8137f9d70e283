// `som --schedule-seed` and its relatives: the options that say which schedule a program runs with.
// What a schedule is stands in runtime/threads/schedule.h.
#ifndef RUNTIME_COMMAND_SCHEDULING_H
#define RUNTIME_COMMAND_SCHEDULING_H

#include "runtime/threads/schedule.h"

// As they were given, in part.
typedef struct Scheduling {
    ScheduleOptions options; // of kind SCHEDULE_NONE: the program runs without a schedule
    bool has_seed, has_kind;
} Scheduling;

// Takes an option of these, whole, if it is one: `known` is set. Answers what is wrong with it;
// NULL: nothing.
const char *scheduling_take(Scheduling *scheduling, const char *option, bool *known);

// Settles what kind it is. Answers what is wrong with all of them together; NULL: nothing.
const char *scheduling_conclude(Scheduling *scheduling, bool has_program);

#endif
