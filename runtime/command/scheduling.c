// See scheduling.h.
#include "runtime/command/scheduling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// As many points of change as anybody would draw; the probability to find anything with more is
// nothing.
enum { DEPTH_MOST = 1000 };

// Reads a whole number up to `end`, a character or the text's end. NULL: it isn't one.
static const char *take_number(const char *text, char end, uint64_t *number) {
    char *rest;
    errno = 0;
    *number = strtoull(text, &rest, 10);
    return *text >= '0' && *text <= '9' && !errno && *rest == end ? rest : NULL;
}

// The text behind `word` and a colon; NULL: it doesn't begin with these.
static const char *after(const char *text, const char *word) {
    size_t length = strlen(word);
    return !strncmp(text, word, length) && text[length] == ':' ? text + length + 1 : NULL;
}

static const char *take_kind(Scheduling *scheduling, const char *kind) {
    ScheduleOptions *options = &scheduling->options;
    const char *steps = after(kind, "random"), *depth = after(kind, "pct");
    bool good = !strcmp(kind, "random");
    options->kind = depth ? SCHEDULE_PCT : SCHEDULE_RANDOM;
    scheduling->has_kind = true;
    if (depth) {
        steps = take_number(depth, ':', &options->depth);
        steps = steps && options->depth && options->depth <= DEPTH_MOST ? steps + 1 : NULL;
    }
    if (steps)
        good = take_number(steps, '\0', &options->length) && options->length;
    return good ? NULL : "random, random:STEPS or pct:DEPTH:STEPS is wanted";
}

static const char *take_file(const char **file, const char *name) {
    *file = name;
    return *name ? NULL : "there is no file after the =";
}

static const char *take_value(Scheduling *scheduling, const char *option, const char *value,
                              bool *known) {
    ScheduleOptions *options = &scheduling->options;
    size_t length = (size_t)(value - option);
    if (!strncmp(option, "--schedule-seed=", length)) {
        scheduling->has_seed = true;
        return take_number(value, '\0', &options->seed) ? NULL : "a seed is a whole number";
    }
    if (!strncmp(option, "--schedule=", length))
        return take_kind(scheduling, value);
    if (!strncmp(option, "--schedule-replay=", length))
        return take_file(&options->replay, value);
    if (!strncmp(option, "--schedule-log=", length))
        return take_file(&options->log, value);
    if (!strncmp(option, "--schedule-steps=", length))
        return take_number(value, '\0', &options->most) && options->most
                   ? NULL
                   : "a number of steps is wanted, from 1 on";
    *known = false;
    return NULL;
}

const char *scheduling_take(Scheduling *scheduling, const char *option, bool *known) {
    const char *equals = strchr(option, '=');
    *known = true;
    if (!strcmp(option, "--schedule-lines")) {
        scheduling->options.lines = true;
        return NULL;
    }
    if (!strcmp(option, "--schedule-total")) {
        scheduling->options.only_total = true;
        return NULL;
    }
    if (equals)
        return take_value(scheduling, option, equals + 1, known);
    *known = false;
    return NULL;
}

const char *scheduling_conclude(Scheduling *scheduling, bool has_program) {
    ScheduleOptions *options = &scheduling->options;
    bool has_any = scheduling->has_seed || options->replay;
    if (scheduling->has_kind && !scheduling->has_seed)
        return "--schedule goes with --schedule-seed";
    if (scheduling->has_seed && options->replay)
        return "--schedule-seed and --schedule-replay are two schedules";
    if ((options->log || options->most) && !has_any)
        return "--schedule-log and --schedule-steps go with --schedule-seed or --schedule-replay";
    if ((options->lines || options->only_total) && !options->log)
        return "--schedule-lines and --schedule-total go with --schedule-log";
    if (options->lines && options->only_total)
        return "--schedule-lines and --schedule-total contradict each other";
    if (has_any && !has_program)
        return "there is no program to schedule";
    if (options->replay)
        options->kind = SCHEDULE_REPLAY;
    else if (scheduling->has_seed && !scheduling->has_kind)
        options->kind = SCHEDULE_RANDOM;
    return NULL;
}
