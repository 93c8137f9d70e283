// See rebench_import.h. Lines become measurements, with names as indices; rebench_runs.c makes runs
// of them, as only the whole file tells which names it takes to tell rows apart.
#include "cli/bench/rebench_import.h"

#include "cli/bench/rebench_values.h"
#include "cli/command.h"
#include "support/choice.h"
#include "support/diagnostic.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MOST = 10000, FIELDS_MOST = 64, NUMBER_MOST = 1000000 };

// ---- Columns ------------------------------------------------------------------------------------

// In the order of a file that doesn't name them.
typedef enum Column {
    COLUMN_INVOCATION,
    COLUMN_ITERATION,
    COLUMN_VALUE,
    COLUMN_UNIT,
    COLUMN_CRITERION,
    COLUMN_BENCHMARK,
    COLUMN_EXECUTOR,
    COLUMNS_NEEDED,
    COLUMN_SUITE = COLUMNS_NEEDED,
    COLUMN_EXTRA_ARGS,
    COLUMN_CORES,
    COLUMN_INPUT_SIZE,
    COLUMN_VAR_VALUE,
    COLUMN_TAG,
    COLUMN_MACHINE,
    COLUMNS,
} Column;

static const char column_names[] = "invocation|iteration|value|unit|criterion|benchmark|executor|"
                                   "suite|extraArgs|cores|inputSize|varValue|tag|machine";

typedef struct Reader {
    Arena *arena;
    Diagnostics diagnostics;
    int line; // which one is read
    const char *begin;
    int columns[COLUMNS]; // which field; -1: there is none
    int width;            // how many fields a line has; 0: nothing says so
    RebenchValues values;
    Campaign *campaign;
} Reader;

// A field of a line.
typedef struct Field {
    const char *chars;
    size_t length;
} Field;

static bool wrong(Reader *reader, const char *at, const char *what) {
    const Location where = {reader->line, (int)(at - reader->begin) + 1};
    diagnostic_error(&reader->diagnostics, where, "%s", what);
    return false;
}

static bool wrong_field(Reader *reader, const Field *field, const char *what) {
    int shown = field->length < 40 ? (int)field->length : 40;
    return wrong(reader, field->chars,
                 arena_printf(reader->arena, "'%.*s' is %s", shown, field->chars, what));
}

static bool is(const Field *field, const char *text) {
    return field->length == strlen(text) && strncmp(field->chars, text, field->length) == 0;
}

static int split(const char *line, size_t length, Field *fields) {
    int count = 0;
    for (const char *at = line, *end = line + length; count < FIELDS_MOST;) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        fields[count++] = (Field){at, (size_t)((tab ? tab : end) - at)};
        if (!tab)
            break;
        at = tab + 1;
    }
    return count;
}

// The line that names the columns. Those that we have no use for are passed over.
static bool read_header(Reader *reader, const Field *fields, int count) {
    int columns[COLUMNS];
    memset(columns, -1, sizeof columns);
    for (int i = 0; i < count; i++) {
        int column = choice_find(column_names,
                                 arena_strndup(reader->arena, fields[i].chars, fields[i].length));
        if (column >= 0 && columns[column] >= 0)
            return wrong_field(reader, &fields[i], "the name of two columns");
        if (column >= 0)
            columns[column] = i;
    }
    for (int i = 0; i < COLUMNS_NEEDED; i++)
        if (columns[i] < 0)
            return wrong(reader, reader->begin,
                         arena_printf(reader->arena, "there is no column '%s'",
                                      choice_at(column_names, i, reader->arena)));
    memcpy(reader->columns, columns, sizeof columns);
    reader->width = count;
    return true;
}

// ---- Numbers and names --------------------------------------------------------------------------

static bool read_count(Reader *reader, const Field *field, int *number) {
    size_t digits = strspn(field->chars, "0123456789");
    long value =
        digits == field->length && digits > 0 && digits < 9 ? strtol(field->chars, NULL, 10) : 0;
    *number = (int)value;
    if (value >= 1 && value <= NUMBER_MOST)
        return true;
    return wrong_field(reader, field, "no number from 1 to 1000000");
}

// A decimal number with or without a fraction and an exponent: no sign, no NaN, nothing infinite.
static bool is_decimal(const Field *field) {
    const char *digits = "0123456789", *at = field->chars;
    size_t whole = strspn(at, digits), fraction = 0;
    at += whole;
    if (*at == '.') {
        fraction = strspn(at + 1, digits);
        at += 1 + fraction;
    }
    if ((*at == 'e' || *at == 'E') && whole + fraction) {
        at += 1 + (at[1] == '+' || at[1] == '-');
        size_t exponent = strspn(at, digits);
        whole = exponent ? whole : 0;
        fraction = exponent ? fraction : 0;
        at += exponent;
    }
    return whole + fraction > 0 && at == field->chars + field->length;
}

static bool read_time(Reader *reader, const Field *value, const Field *unit, double *microseconds) {
    static const struct {
        const char *name;
        double microseconds;
    } units[] = {{"ms", 1e3}, {"us", 1}, {"s", 1e6}, {"ns", 1e-3}, {"\xc2\xb5s", 1}};
    double factor = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        factor = is(unit, units[i].name) ? units[i].microseconds : factor;
    if (!factor)
        return wrong_field(reader, unit, "no unit of time: s, ms, us or ns");
    *microseconds = is_decimal(value) ? strtod(value->chars, NULL) * factor : INFINITY;
    return isfinite(*microseconds) || wrong_field(reader, value, "no time");
}

static bool find_name(Reader *reader, RebenchNameKind kind, const Field *at, const char *name,
                      size_t *index) {
    RebenchNames *list = &reader->values.lists[kind];
    size_t count = list->names.count;
    for (size_t i = 0; i < count; i++) {
        *index = (list->last + i) % count;
        if (strcmp(list->names.items[*index], name) == 0) {
            list->last = *index;
            return true;
        }
    }
    if (count == NAMES_MOST)
        return wrong_field(reader, at, "one name too many: there are 10000 others");
    *index = list->last = count;
    ARENA_PUSH(reader->arena, &list->names, arena_strdup(reader->arena, name));
    return true;
}

// ---- Lines --------------------------------------------------------------------------------------

// A line's fields by column; what the file doesn't have is empty.
static void order(const Reader *reader, const Field *fields, int count, Field *ordered) {
    for (int i = 0; i < COLUMNS; i++) {
        int column = reader->columns[i];
        ordered[i] = column >= 0 && column < count ? fields[column] : (Field){"", 0};
    }
}

static void add_part(Text *text, const char *before, const Field *field) {
    if (field->length) {
        text_add(text, before);
        text_add_bytes(text, field->chars, field->length);
    }
}

// "Sieve 100": the benchmark and what else the run was given. Our own configurations have all of it
// in the benchmark's name (rebench_export.h).
static void print_program(const Field *fields, Text *out) {
    const Field *benchmark = &fields[COLUMN_BENCHMARK], *arguments = &fields[COLUMN_EXTRA_ARGS];
    add_part(out, "", benchmark);
    const char *end = benchmark->chars + benchmark->length;
    bool is_there = benchmark->length > arguments->length &&
                    end[-(int)arguments->length - 1] == ' ' &&
                    strncmp(end - arguments->length, arguments->chars, arguments->length) == 0;
    if (!is_there)
        add_part(out, " ", arguments);
    add_part(out, " ", &fields[COLUMN_INPUT_SIZE]);
    add_part(out, " ", &fields[COLUMN_VAR_VALUE]);
    if (!is(&fields[COLUMN_CORES], "1"))
        add_part(out, " cores=", &fields[COLUMN_CORES]);
    add_part(out, " ", &fields[COLUMN_TAG]);
}

static bool find_names(Reader *reader, const Field *fields, RebenchValue *value) {
    static const Column columns[] = {[REBENCH_EXECUTOR] = COLUMN_EXECUTOR,
                                     [REBENCH_MACHINE] = COLUMN_MACHINE,
                                     [REBENCH_SUITE] = COLUMN_SUITE,
                                     [REBENCH_PROGRAM] = COLUMN_BENCHMARK};
    bool good = true;
    for (int i = 0; i < REBENCH_NAME_KINDS && good; i++) {
        const Field *field = &fields[columns[i]];
        Text name = {0};
        if (i == REBENCH_PROGRAM)
            print_program(fields, &name);
        else
            add_part(&name, "", field);
        good = find_name(reader, (RebenchNameKind)i, field, text_chars(&name), &value->names[i]);
        text_free(&name);
    }
    return good;
}

static bool read_value(Reader *reader, const Field *fields) {
    const Field *criterion = &fields[COLUMN_CRITERION];
    RebenchValue value = {.is_total = is(criterion, "total"), .line = reader->line};
    if (!read_count(reader, &fields[COLUMN_INVOCATION], &value.invocation) ||
        !read_count(reader, &fields[COLUMN_ITERATION], &value.iteration))
        return false;
    if (!value.is_total && !is(criterion, "runtime"))
        return true;
    if (!fields[COLUMN_BENCHMARK].length || !fields[COLUMN_EXECUTOR].length)
        return wrong(reader,
                     fields[COLUMN_BENCHMARK].length ? fields[COLUMN_EXECUTOR].chars
                                                     : fields[COLUMN_BENCHMARK].chars,
                     "a name is missing");
    if (!read_time(reader, &fields[COLUMN_VALUE], &fields[COLUMN_UNIT], &value.microseconds) ||
        !find_names(reader, fields, &value))
        return false;
    ARENA_PUSH(reader->arena, &reader->values.all, value);
    return true;
}

static bool read_fields(Reader *reader, const char *line, size_t length) {
    Field fields[FIELDS_MOST], ordered[COLUMNS];
    int count = split(line, length, fields);
    if (is(&fields[0], "invocation"))
        return read_header(reader, fields, count);
    if (*line == '[')
        return wrong(reader, line,
                     "this is of a ReBench before 1.0, which doesn't say of which "
                     "process a time is");
    int least = 0;
    for (int i = 0; i < COLUMNS_NEEDED; i++)
        least = reader->columns[i] + 1 > least ? reader->columns[i] + 1 : least;
    if (count < least || (reader->width && count > reader->width))
        return wrong(reader, line,
                     arena_printf(reader->arena,
                                  "%d field%s with tabs between them, where %d are wanted", count,
                                  count == 1 ? "" : "s", reader->width ? reader->width : least));
    order(reader, fields, count, ordered);
    return read_value(reader, ordered);
}

// What a comment says of the machine and of the time.
static void read_comment(Reader *reader, const char *line, size_t length) {
    static const char date[] = "# Execution Start: ", machine[] = "# Environment: ";
    Campaign *campaign = reader->campaign;
    if (!campaign->date && strncmp(line, date, sizeof date - 1) == 0)
        campaign->date =
            arena_strndup(reader->arena, line + sizeof date - 1, length - (sizeof date - 1));
    if (campaign->machine.processor || strncmp(line, machine, sizeof machine - 1) != 0)
        return;
    json_t *data = json_loadb(line + sizeof machine - 1, length - (sizeof machine - 1), 0, NULL),
           *part;
    const char *text = json_string_value(json_object_get(data, "cpu"));
    if (text)
        campaign->machine.processor = arena_strdup(reader->arena, text);
    size_t index;
    json_array_foreach(json_object_get(data, "software"), index, part) {
        const char *name = json_string_value(json_object_get(part, "name")),
                   *version = json_string_value(json_object_get(part, "version")),
                   *system = json_string_value(json_object_get(data, "osType"));
        if (name && version && strcmp(name, "kernel-release") == 0)
            campaign->machine.kernel =
                arena_printf(reader->arena, "%s %s", system ? system : "", version);
    }
    json_decref(data);
}

static void read_line(Reader *reader, size_t length) {
    const char *line = reader->begin, *nothing = memchr(line, '\0', length);
    if (nothing) {
        wrong(reader, nothing, "there is a NUL byte");
        return;
    }
    if (length && line[length - 1] == '\r')
        length--;
    if (*line == '#')
        read_comment(reader, line, length);
    else if (length)
        read_fields(reader, line, length);
}

// ReBench writes whole lines; one without an end was cut off, and a part of a name is another name.
static void read_lines(Reader *reader) {
    const Source *source = &reader->diagnostics.source;
    const char *end = source->text + source->length;
    for (reader->begin = source->text; reader->begin < end;) {
        const char *stop = memchr(reader->begin, '\n', (size_t)(end - reader->begin));
        reader->line++;
        if (!stop) {
            command_warning("%s:%d: the last line has no end: it is left out", source->name,
                            reader->line);
            return;
        }
        read_line(reader, (size_t)(stop - reader->begin));
        reader->begin = stop + 1;
    }
}

// ---- The file -----------------------------------------------------------------------------------

Campaign *rebench_import(Arena *arena, const char *path, const Text *text) {
    Reader reader = {.arena = arena,
                     .diagnostics = {.source = {.name = command_input_name(path),
                                                .text = text_chars(text),
                                                .length = text->length},
                                     .stream = stderr},
                     .campaign = campaign_new(arena)};
    for (int i = 0; i < COLUMNS; i++)
        reader.columns[i] = i <= COLUMN_VAR_VALUE ? i : -1;
    read_lines(&reader);
    bool good = !reader.diagnostics.errors &&
                rebench_make_runs(reader.campaign, &reader.values, &reader.diagnostics);
    return good ? reader.campaign : NULL;
}
