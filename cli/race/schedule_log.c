// See schedule_log.h. One line a record, fields with a blank between them, of which the last may
// have blanks itself: it is a file's name. A file that somebody has written by hand may leave out
// where a thread stands, as interpreters don't look at it.
#define _GNU_SOURCE // memmem
#include "cli/race/schedule_log.h"

#include "support/diagnostic.h"

#include <limits.h>
#include <string.h>

enum { VERSION = 1 };

static const char *const kind_texts[] = {"poll", "yield", "wait", "end", "line"};
enum { KINDS = sizeof kind_texts / sizeof *kind_texts };

const char *log_kind_text(LogKind kind) {
    return kind_texts[kind];
}

bool log_is_forced(LogKind kind) {
    return kind == LOG_WAIT || kind == LOG_END;
}

// ---- Fields ---------------------------------------------------------------------------------

// The line that is read: `at` is where the next field begins, `end` where the line does.
typedef struct LineReader {
    ScheduleLog *schedule;
    Arena *arena;
    Diagnostics *diagnostics;
    const char *start, *at, *end;
    int number;
} LineReader;

static bool complain(LineReader *reader, const char *at, const char *what) {
    const Location where = {reader->number, (int)(at - reader->start) + 1};
    diagnostic_error(reader->diagnostics, where, "%s", what);
    return false;
}

static bool is_over(const LineReader *reader) {
    return reader->at == reader->end;
}

// Takes the next field, and the blank after it.
static const char *take_field(LineReader *reader, size_t *length) {
    const char *field = reader->at;
    const char *blank = memchr(field, ' ', (size_t)(reader->end - field));
    *length = (size_t)((blank ? blank : reader->end) - field);
    reader->at = blank ? blank + 1 : reader->end;
    return field;
}

// False unless all of it is a number that fits.
static bool read_number(const char *field, size_t length, uint64_t most, uint64_t *number) {
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        uint64_t digit = (uint64_t)(field[i] - '0');
        if (digit > 9 || *number > (most - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return length > 0;
}

static bool take_number(LineReader *reader, uint64_t least, const char *wanted, uint64_t *number) {
    size_t length;
    const char *field = take_field(reader, &length);
    if (read_number(field, length, INT64_MAX, number) && *number >= least)
        return true;
    return complain(reader, field, wanted);
}

static bool take_kind(LineReader *reader, LogKind *kind) {
    size_t length;
    const char *field = take_field(reader, &length);
    for (int i = 0; i < LOG_LINE; i++)
        if (strlen(kind_texts[i]) == length && memcmp(kind_texts[i], field, length) == 0) {
            *kind = (LogKind)i;
            return true;
        }
    return complain(reader, field, "one of 'poll', 'yield', 'wait' and 'end' is wanted");
}

// ---- Places ---------------------------------------------------------------------------------

// The same few texts come again and again: the last one is likely to be the next one.
static const char *keep(LineReader *reader, const char *chars, size_t length, const char *before) {
    if (before && strncmp(before, chars, length) == 0 && !before[length])
        return before;
    return arena_strndup(reader->arena, chars, length);
}

// Takes `:NUMBER` off the end; -1 if there is none.
static int take_last_number(const char *chars, size_t *length) {
    size_t begin = *length;
    while (begin && chars[begin - 1] >= '0' && chars[begin - 1] <= '9')
        begin--;
    uint64_t number;
    if (!begin || chars[begin - 1] != ':' ||
        !read_number(chars + begin, *length - begin, INT_MAX, &number))
        return -1;
    *length = begin - 1;
    return (int)number;
}

// `FILE:LINE:COL` up to the line's end, or `-`.
static bool take_position(LineReader *reader, LogPlace *place, const LogPlace *before) {
    const char *field = reader->at;
    size_t length = (size_t)(reader->end - field);
    reader->at = reader->end;
    if (length == 1 && *field == '-')
        return true;
    place->column = take_last_number(field, &length);
    place->line = place->column < 0 ? -1 : take_last_number(field, &length);
    if (place->line < 0 || !length)
        return complain(reader, field, "FILE:LINE:COLUMN or - is wanted");
    place->file = keep(reader, field, length, before->file);
    return true;
}

// A block's has blanks in front: `[] in CLASS>>SELECTOR`.
static const char *take_method(LineReader *reader, size_t *length) {
    const char *method = take_field(reader, length);
    const char *end = memmem(method, (size_t)(reader->end - method), ">>", 2);
    while (*length && *method != '-' && end && method + *length < end && !is_over(reader)) {
        size_t more;
        const char *word = take_field(reader, &more);
        *length = (size_t)(word - method) + more;
    }
    return method;
}

static bool take_place(LineReader *reader, LogPlace *place) {
    const ScheduleLog *schedule = reader->schedule;
    LogPlace before = {0};
    if (schedule->records.count)
        before = schedule->records.items[schedule->records.count - 1].place;
    if (is_over(reader))
        return true;
    size_t length;
    const char *method = take_method(reader, &length);
    if (!length)
        return complain(reader, method, "CLASS>>SELECTOR or - is wanted");
    if (length > 1 || *method != '-')
        place->method = keep(reader, method, length, before.method);
    return is_over(reader) || take_position(reader, place, &before);
}

// ---- Lines ----------------------------------------------------------------------------------

static bool read_switch(LineReader *reader) {
    LogRecord record = {.kind = LOG_POLL};
    bool good =
        take_number(reader, 1, "a thread's number is wanted, from 1 on", &record.thread) &&
        take_number(reader, 1, "a thread's step is wanted, from 1 on", &record.count) &&
        take_number(reader, 1, "the number of the thread that goes on is wanted", &record.next) &&
        (is_over(reader) || take_kind(reader, &record.kind)) && take_place(reader, &record.place);
    if (!good)
        return false;
    ARENA_PUSH(reader->arena, &reader->schedule->records, record);
    reader->schedule->switches++;
    return true;
}

static bool read_line_record(LineReader *reader) {
    LogRecord record = {.kind = LOG_LINE};
    if (!take_number(reader, 1, "a thread's number is wanted, from 1 on", &record.thread) ||
        !take_place(reader, &record.place))
        return false;
    ARENA_PUSH(reader->arena, &reader->schedule->records, record);
    return true;
}

static bool read_steps(LineReader *reader) {
    return take_number(reader, 0, "a number of steps is wanted", &reader->schedule->steps) &&
           (is_over(reader) || complain(reader, reader->at, "nothing more is wanted here"));
}

static bool read_header(LineReader *reader) {
    static const char *const wanted = "this is no schedule: `schedule 1` is wanted";
    size_t length;
    uint64_t version;
    const char *word = take_field(reader, &length);
    if (length != 8 || memcmp(word, "schedule", length) != 0)
        return complain(reader, word, wanted);
    if (!take_number(reader, 0, wanted, &version))
        return false;
    if (version != VERSION)
        return complain(reader, word + length + 1, "only schedules of version 1 are known");
    return is_over(reader) || complain(reader, reader->at, "nothing more is wanted here");
}

static bool read_record(LineReader *reader) {
    static const struct {
        const char *word;
        bool (*read)(LineReader *reader);
    } records[] = {{"switch", read_switch}, {"line", read_line_record}, {"steps", read_steps}};
    size_t length;
    const char *word = take_field(reader, &length);
    if (reader->start == reader->end || *word == '#')
        return true;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (strlen(records[i].word) == length && memcmp(records[i].word, word, length) == 0)
            return records[i].read(reader);
    return complain(reader, word, "one of 'switch', 'line', 'steps' and a comment is wanted");
}

// A whole file without a header is something else, and one complaint about it enough.
bool schedule_log_read(ScheduleLog *schedule, Arena *arena, const char *name, const Text *text,
                       FILE *stream) {
    const char *chars = text_chars(text), *end = chars + text->length;
    Diagnostics diagnostics = {.source = {.name = name, .text = chars, .length = text->length},
                               .stream = stream};
    LineReader reader = {schedule, arena, &diagnostics, chars, chars, chars, 0};
    *schedule = (ScheduleLog){0};
    for (const char *newline; (newline = memchr(chars, '\n', (size_t)(end - chars)));
         chars = newline + 1) {
        reader.start = reader.at = chars;
        reader.end = newline;
        reader.number++;
        if (reader.number == 1 && !read_header(&reader))
            return false;
        if (reader.number > 1)
            read_record(&reader);
    }
    if (reader.number == 0) {
        reader.number = 1;
        complain(&reader, reader.start, "this is no schedule: `schedule 1` is wanted");
    }
    return diagnostics.errors == 0;
}

// ---- Writing --------------------------------------------------------------------------------

static void print_place(const LogPlace *place, Text *out) {
    text_addf(out, " %s ", place->method ? place->method : "-");
    if (place->file)
        text_addf(out, "%s:%d:%d", place->file, place->line, place->column);
    else
        text_add(out, "-");
}

void schedule_log_print(const ScheduleLog *schedule, const bool *kept, Text *out) {
    text_addf(out, "schedule %d\n", VERSION);
    size_t index = 0;
    for (size_t i = 0; i < schedule->records.count; i++) {
        const LogRecord *record = &schedule->records.items[i];
        if (record->kind == LOG_LINE || (kept && !kept[index++]))
            continue;
        text_addf(out, "switch %llu %llu %llu %s", (unsigned long long)record->thread,
                  (unsigned long long)record->count, (unsigned long long)record->next,
                  kind_texts[record->kind]);
        print_place(&record->place, out);
        text_add(out, "\n");
    }
    if (schedule->steps)
        text_addf(out, "steps %llu\n", (unsigned long long)schedule->steps);
}
