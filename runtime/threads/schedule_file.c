// Reading a file of decisions: schedule_read (schedule.h). A last line without an end is passed
// over, as its writer may have been killed in the middle of it.
#include "runtime/threads/schedule.h"

#include "support/diagnostic.h"
#include "support/memory.h"
#include "support/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct Reader {
    Diagnostics diagnostics;
    const char *at; // the rest of the file
    int line;
    ScheduleDecision *decisions;
    size_t count, capacity;
} Reader;

static void complain(Reader *reader, const char *place, const char *what) {
    const char *begin = place;
    while (begin > reader->diagnostics.source.text && begin[-1] != '\n')
        begin--;
    diagnostic_error(&reader->diagnostics, (Location){reader->line, (int)(place - begin) + 1}, "%s",
                     what);
}

// The number after blanks; the place is behind it then. False after an error.
static bool read_number(Reader *reader, const char **place, uint64_t *number) {
    const char *at = *place + strspn(*place, " ");
    char *end;
    errno = 0;
    *number = strtoull(at, &end, 10);
    bool good = *at >= '0' && *at <= '9' && !errno && *number && *number <= INT64_MAX &&
                (*end == ' ' || *end == '\n');
    if (!good)
        complain(reader, at, "a number is wanted here, from 1 on");
    *place = end;
    return good;
}

static void add(Reader *reader, const ScheduleDecision *decision) {
    if (reader->count == reader->capacity) {
        reader->capacity = reader->capacity ? 2 * reader->capacity : 64;
        reader->decisions =
            memory_resize(reader->decisions, reader->capacity * sizeof *reader->decisions);
    }
    reader->decisions[reader->count++] = *decision;
}

static bool begins_with(const char *line, const char *word) {
    return strncmp(line, word, strlen(word)) == 0;
}

static void read_line(Reader *reader) {
    const char *at = reader->at;
    if (begins_with(at, "switch ")) {
        uint64_t thread, count, next;
        at += strlen("switch ");
        if (read_number(reader, &at, &thread) && read_number(reader, &at, &count) &&
            read_number(reader, &at, &next))
            add(reader, &(ScheduleDecision){(int64_t)thread, (int64_t)next, count});
    } else if (!begins_with(at, "line ") && !begins_with(at, "steps ") && *at != '\n' &&
               *at != '#') {
        complain(reader, at, "'switch', 'line', 'steps' or a comment is wanted here");
    }
}

static int compare(const void *left, const void *right) {
    const ScheduleDecision *one = left, *other = right;
    if (one->thread != other->thread)
        return one->thread < other->thread ? -1 : 1;
    return (one->count > other->count) - (one->count < other->count);
}

static void sort(Reader *reader) {
    if (reader->count)
        qsort(reader->decisions, reader->count, sizeof *reader->decisions, compare);
    for (size_t i = 1; i < reader->count; i++)
        if (!compare(&reader->decisions[i - 1], &reader->decisions[i])) {
            diagnostic_error(&reader->diagnostics, (Location){0},
                             "step %llu of thread %lld is decided twice",
                             (unsigned long long)reader->decisions[i].count,
                             (long long)reader->decisions[i].thread);
            return;
        }
}

static void read_lines(Reader *reader) {
    if (!begins_with(reader->at, "schedule 1\n")) {
        complain(reader, reader->at, "this is no schedule: it has to begin with 'schedule 1'");
        return;
    }
    for (const char *end; (end = strchr(reader->at, '\n')); reader->line++) {
        if (reader->line > 1)
            read_line(reader);
        reader->at = end + 1;
    }
    sort(reader);
}

bool schedule_read(const char *name, FILE *errors, ScheduleDecision **decisions, size_t *count) {
    Text text = {0};
    if (!text_read_file(&text, name)) {
        fprintf(errors, "som: error: can't read the schedule %s: %s\n", name, strerror(errno));
        return false;
    }
    const char *shown = strcmp(name, "-") ? name : "<stdin>";
    Reader reader = {
        .diagnostics = {.source = {shown, text_chars(&text), text.length, 1}, .stream = errors},
        .at = text_chars(&text),
        .line = 1};
    if (strlen(reader.at) != text.length)
        complain(&reader, reader.at + strlen(reader.at), "there is a NUL byte");
    else
        read_lines(&reader);
    text_free(&text);
    if (reader.diagnostics.errors) {
        free(reader.decisions);
        return false;
    }
    *decisions = reader.decisions;
    *count = reader.count;
    return true;
}
