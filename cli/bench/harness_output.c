// See harness_output.h. What a benchmark's run means: by its exit status, and by the lines that
// harnesses of Are-We-Fast-Yet's kind print. A time counts only if the result was compared with a
// known one, so what is no time, or a time of nothing, is told apart here.
#include "cli/bench/harness_output.h"

#include "cli/bench/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// The line that `text` begins with, without its end.
static const char *line_at(Arena *arena, const char *text) {
    return arena_strndup(arena, text, strcspn(text, "\n"));
}

// The first line that begins so, or NULL.
static const char *find_line(Arena *arena, const char *text, const char *begin) {
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, begin, strlen(begin)) == 0)
            return line_at(arena, line);
    }
    return NULL;
}

// The first line that has this in it, or NULL.
static const char *find_line_with(Arena *arena, const char *text, const char *part) {
    const char *at = strstr(text, part);
    if (!at)
        return NULL;
    while (at > text && at[-1] != '\n')
        at--;
    return line_at(arena, at);
}

static const char *last_line(Arena *arena, const char *text) {
    size_t length = strlen(text);
    while (length && text[length - 1] == '\n')
        length--;
    size_t begin = length;
    while (begin && text[begin - 1] != '\n')
        begin--;
    return arena_strndup(arena, text + begin, length - begin);
}

// "no known result for size 100", if the benchmark says that it has none; else NULL.
static const char *missing_result(Arena *arena, const Text *output, const Text *errors) {
    static const char mark[] = "No verification result", *const digits = "0123456789";
    const char *at = strstr(text_chars(errors), mark);
    if (!at)
        at = strstr(text_chars(output), mark);
    if (!at)
        return NULL;
    at += sizeof mark - 1;
    at += strcspn(at, "0123456789\n");
    size_t length = strspn(at, digits);
    return length ? arena_printf(arena, "no known result for size %.*s", (int)length, at)
                  : "no known result for this size";
}

// Why the program ended: it knows no result to compare with, or an error, which its trace comes
// after, or the line and a caret. Without any, the last line.
static const char *last_words(Arena *arena, const Text *output, const Text *errors) {
    const char *missing = missing_result(arena, output, errors);
    if (missing)
        return missing;
    const Text *texts[] = {errors, output};
    for (size_t i = 0; i < 2; i++) {
        const char *error = find_line(arena, text_chars(texts[i]), "ERROR: ");
        if (!error)
            error = find_line_with(arena, text_chars(texts[i]), ": error: ");
        if (error)
            return error;
    }
    return last_line(arena, text_chars(errors->length ? errors : output));
}

// Linux has no more signals: a greater status is a program's own, as Perl's 255.
enum { SIGNALS_MOST = 64 };

const char *harness_failure(Arena *arena, int status, const Text *output, const Text *errors) {
    const char *said = last_words(arena, output, errors);
    const char *between = *said ? ": " : "";
    if (status < 0)
        return arena_printf(arena, "it can't be started: %s", strerror(errno));
    if (status > 128 && status <= 128 + SIGNALS_MOST)
        return arena_printf(arena, "ended by signal %d%s%s", status - 128, between, said);
    if (status > 0)
        return arena_printf(arena, "exit status %d%s%s", status, between, said);
    return arena_printf(arena, "no line `NAME: iterations=1 runtime: Nus`%s%s", between, said);
}

// Reads `Nus`, a number of digits with or without a fraction. Below 0: it is none.
static double read_time(const char *text) {
    size_t whole = strspn(text, "0123456789"), end = whole;
    if (text[end] == '.')
        end += 1 + strspn(text + end + 1, "0123456789");
    if (!whole || strncmp(text + end, "us", 2) != 0)
        return -1;
    double time = strtod(text, NULL);
    return isfinite(time) ? time : -1;
}

// The times in lines `NAME: iterations=1 runtime: Nus`. One that can't be read makes the whole run
// wrong: to leave it out would shift the median without a word.
static HarnessRun read_times(Arena *arena, const char *output) {
    static const char mark[] = ": iterations=1 runtime: ";
    ARENA_VECTOR(double) times = {0};
    for (const char *at = output; (at = strstr(at, mark));) {
        const char *line = at;
        while (line > output && line[-1] != '\n')
            line--;
        at += sizeof mark - 1;
        double time = read_time(at);
        if (time < 0)
            return (HarnessRun){RUN_WRONG,
                                arena_printf(arena, "not a time: %s", line_at(arena, line)), 0, 0};
        ARENA_PUSH(arena, &times, time);
    }
    return (HarnessRun){times.count ? RUN_VERIFIED : RUN_WRONG, NULL, times.items, times.count};
}

// That a benchmark has no known result for a size is said on either stream, and may go with any
// status; it is looked for first, as it explains a failure.
HarnessRun harness_read(Arena *arena, int status, const Text *output, const Text *errors) {
    const char *missing = missing_result(arena, output, errors);
    if (missing)
        return (HarnessRun){RUN_UNKNOWN, missing, NULL, 0};
    HarnessRun run = {RUN_WRONG, NULL, NULL, 0};
    if (status == 0)
        run = read_times(arena, text_chars(output));
    if (run.verdict == RUN_WRONG && !run.reason)
        run.reason = harness_failure(arena, status, output, errors);
    return run;
}

double harness_median(Arena *arena, const HarnessRun *run) {
    if (!run->count)
        return RUN_NO_FIGURE;
    double *sorted = ARENA_ARRAY(arena, double, run->count);
    memcpy(sorted, run->iterations, run->count * sizeof *sorted);
    return statistics_median(sorted, run->count);
}
