// See rebench_import.h. Two passes: lines become measurements, with names as indices; then, as only
// the whole file tells which names it takes to tell rows apart, measurements become runs.
#include "cli/bench/rebench_import.h"

#include "cli/bench/rebench_data.h"
#include "cli/bench/statistics.h"
#include "cli/command.h"
#include "support/choice.h"
#include "support/diagnostic.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    DATA_MOST = 1 << 30,
    NAMES_MOST = 10000,
    ROWS_MOST = 1000000,
    FIELDS_MOST = 64,
    NUMBER_MOST = 1000000
};

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

// Names that occurred, in order.
typedef struct NameList {
    ARENA_VECTOR(const char *) names;
    size_t last; // the one that was looked up last, which is mostly wanted again
} NameList;

// What of a measurement is a name.
typedef enum NameKind {
    NAME_EXECUTOR,
    NAME_MACHINE,
    NAME_SUITE,
    NAME_PROGRAM,
    NAME_KINDS
} NameKind;

typedef struct Value {
    size_t names[NAME_KINDS]; // indices into the lists
    int invocation, iteration;
    double microseconds;
    bool is_total; // not `runtime`, which counts where there is no total
    int line;
} Value;

typedef struct Reader {
    Arena *arena;
    Diagnostics diagnostics;
    int line; // which one is read
    const char *begin;
    int columns[COLUMNS]; // which field; -1: there is none
    int width;            // how many fields a line has; 0: nothing says so
    NameList lists[NAME_KINDS];
    ARENA_VECTOR(Value) values;
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

static bool find_name(Reader *reader, NameKind kind, const Field *at, const char *name,
                      size_t *index) {
    NameList *list = &reader->lists[kind];
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

static bool find_names(Reader *reader, const Field *fields, Value *value) {
    static const Column columns[] = {[NAME_EXECUTOR] = COLUMN_EXECUTOR,
                                     [NAME_MACHINE] = COLUMN_MACHINE,
                                     [NAME_SUITE] = COLUMN_SUITE,
                                     [NAME_PROGRAM] = COLUMN_BENCHMARK};
    bool good = true;
    for (int i = 0; i < NAME_KINDS && good; i++) {
        const Field *field = &fields[columns[i]];
        Text name = {0};
        if (i == NAME_PROGRAM)
            print_program(fields, &name);
        else
            add_part(&name, "", field);
        good = find_name(reader, (NameKind)i, field, text_chars(&name), &value->names[i]);
        text_free(&name);
    }
    return good;
}

static bool read_value(Reader *reader, const Field *fields) {
    const Field *criterion = &fields[COLUMN_CRITERION];
    Value value = {.is_total = is(criterion, "total"), .line = reader->line};
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
    ARENA_PUSH(reader->arena, &reader->values, value);
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

// ---- Runs ---------------------------------------------------------------------------------------

// Which names it takes to tell measurements apart.
typedef struct Needed {
    bool machines, suites;
} Needed;

static int compare_values(const void *left, const void *right) {
    const Value *one = left, *other = right;
    static const NameKind kinds[] = {NAME_EXECUTOR, NAME_MACHINE, NAME_PROGRAM, NAME_SUITE};
    for (size_t i = 0; i < NAME_KINDS; i++)
        if (one->names[kinds[i]] != other->names[kinds[i]])
            return one->names[kinds[i]] < other->names[kinds[i]] ? -1 : 1;
    if (one->invocation != other->invocation)
        return one->invocation < other->invocation ? -1 : 1;
    if (one->iteration != other->iteration)
        return one->iteration < other->iteration ? -1 : 1;
    if (one->is_total != other->is_total)
        return one->is_total ? -1 : 1;
    return (one->line > other->line) - (one->line < other->line);
}

// All names but the suite are the same.
static bool is_same_row(const Value *one, const Value *other) {
    return one->names[NAME_EXECUTOR] == other->names[NAME_EXECUTOR] &&
           one->names[NAME_MACHINE] == other->names[NAME_MACHINE] &&
           one->names[NAME_PROGRAM] == other->names[NAME_PROGRAM];
}

static bool is_same_run(const Value *one, const Value *other) {
    return is_same_row(one, other) && one->names[NAME_SUITE] == other->names[NAME_SUITE] &&
           one->invocation == other->invocation;
}

// The same benchmark of one executor in two suites is two programs; in suites of two executors it
// is the same, as each may need a command of its own.
static Needed needed_names(const Reader *reader) {
    const Value *values = reader->values.items;
    Needed needed = {.machines = reader->lists[NAME_MACHINE].names.count > 1};
    for (size_t i = 1; i < reader->values.count && !needed.suites; i++)
        needed.suites = is_same_row(&values[i], &values[i - 1]) &&
                        values[i].names[NAME_SUITE] != values[i - 1].names[NAME_SUITE];
    return needed;
}

static const char *name_of(const Reader *reader, const Value *value, NameKind kind) {
    return reader->lists[kind].names.items[value->names[kind]];
}

// Takes the placement off the executor's name.
static const char *split_placement(Arena *arena, const char *executor, int *placement) {
    const char *mark = strstr(executor, rebench_placement);
    *placement = 0;
    if (!mark)
        return executor;
    const char *number = mark + sizeof rebench_placement - 1;
    size_t digits = strspn(number, "0123456789");
    if (!digits || digits > 3 || strcmp(number + digits, ")") != 0 || mark == executor)
        return executor;
    *placement = atoi(number);
    return arena_strndup(arena, executor, (size_t)(mark - executor));
}

static size_t subject_index(Campaign *campaign, const char *name) {
    size_t count = campaign->subjects.count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(campaign->subjects.items[i].name, name) == 0)
            return i;
    ARENA_PUSH(campaign->arena, &campaign->subjects, ((CampaignSubject){.name = name}));
    return count;
}

static size_t program_index(Campaign *campaign, const char *name) {
    size_t count = campaign->programs.count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(campaign->programs.items[i], name) == 0)
            return i;
    ARENA_PUSH(campaign->arena, &campaign->programs, name);
    return count;
}

static void name_run(const Reader *reader, const Value *value, Needed needed, CampaignRun *run) {
    Arena *arena = reader->arena;
    const char *program = name_of(reader, value, NAME_PROGRAM),
               *subject =
                   split_placement(arena, name_of(reader, value, NAME_EXECUTOR), &run->placement);
    if (needed.machines)
        subject = arena_printf(arena, "%s @%s", subject, name_of(reader, value, NAME_MACHINE));
    if (needed.suites)
        program = arena_printf(arena, "%s: %s", name_of(reader, value, NAME_SUITE), program);
    run->subject = subject_index(reader->campaign, subject);
    run->program = program_index(reader->campaign, program);
}

// The measurements of one invocation, from `first` on: `count` of them. False after an error.
static bool add_run(Reader *reader, const Value *first, size_t count, Needed needed) {
    CampaignRun run = {.microseconds = RUN_NO_FIGURE,
                       .wall = RUN_NO_FIGURE,
                       .user = RUN_NO_FIGURE,
                       .system = RUN_NO_FIGURE,
                       .instructions = RUN_NO_FIGURE,
                       .cycles = RUN_NO_FIGURE,
                       .branch_misses = RUN_NO_FIGURE,
                       .iterations = ARENA_ARRAY(reader->arena, double, count),
                       .run = first->invocation - 1};
    for (size_t i = 0; i < count; i++) {
        bool is_again = i && first[i].iteration == first[i - 1].iteration;
        if (is_again && first[i].is_total == first[i - 1].is_total) {
            diagnostic_error(&reader->diagnostics, (Location){first[i].line, 1},
                             "iteration %d of invocation %d is there twice: it is in line %d, too",
                             first[i].iteration, first[i].invocation, first[i - 1].line);
            return false;
        }
        if (!is_again)
            run.iterations[run.iteration_count++] = first[i].microseconds;
    }
    double *sorted = ARENA_ARRAY(reader->arena, double, run.iteration_count);
    memcpy(sorted, run.iterations, sizeof *sorted * run.iteration_count);
    run.microseconds = statistics_median(sorted, run.iteration_count);
    name_run(reader, first, needed, &run);
    ARENA_PUSH(reader->arena, &reader->campaign->measured, run);
    return true;
}

// A run, and the line that it begins in.
typedef struct Order {
    size_t first, count;
    int line;
} Order;

static int compare_orders(const void *left, const void *right) {
    const Order *one = left, *other = right;
    return (one->line > other->line) - (one->line < other->line);
}

// Runs in the order of the file, which is that in which they were made; so are subjects and
// programs.
static void make_runs(Reader *reader) {
    Value *values = reader->values.items;
    size_t count = reader->values.count;
    if (count)
        qsort(values, count, sizeof *values, compare_values);
    const Needed needed = needed_names(reader);
    ARENA_VECTOR(Order) orders = {0};
    for (size_t i = 0, length; i < count; i += length) {
        Order order = {.first = i, .line = values[i].line};
        for (length = 1; i + length < count && is_same_run(&values[i], &values[i + length]);
             length++)
            order.line =
                values[i + length].line < order.line ? values[i + length].line : order.line;
        order.count = length;
        ARENA_PUSH(reader->arena, &orders, order);
    }
    if (orders.count)
        qsort(orders.items, orders.count, sizeof *orders.items, compare_orders);
    for (size_t i = 0; i < orders.count; i++)
        add_run(reader, &values[orders.items[i].first], orders.items[i].count, needed);
}

// ---- The campaign -------------------------------------------------------------------------------

// Flags of an interpreter are ours; what has another name beside them is another system.
static void set_kinds(Campaign *campaign) {
    bool any = false;
    for (size_t i = 0; i < campaign->subjects.count; i++)
        any |= campaign->subjects.items[i].name[0] == '-';
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        CampaignSubject *subject = &campaign->subjects.items[i];
        subject->kind = any && subject->name[0] != '-' ? SUBJECT_PEER : SUBJECT_VARIANT;
    }
}

static Campaign *complete(Reader *reader) {
    Campaign *campaign = reader->campaign;
    const char *name = reader->diagnostics.source.name;
    if (reader->diagnostics.errors)
        return NULL;
    if (!campaign->measured.count) {
        command_failure("%s: there is no time in it: no line with the criterion 'total'", name);
        return NULL;
    }
    if (campaign->subjects.count * campaign->programs.count > ROWS_MOST) {
        command_failure("%s: %zu executors and %zu benchmarks are too many", name,
                        campaign->subjects.count, campaign->programs.count);
        return NULL;
    }
    for (size_t i = 0; i < campaign->measured.count; i++) {
        const CampaignRun *run = &campaign->measured.items[i];
        if ((size_t)run->run >= campaign->runs)
            campaign->runs = (size_t)run->run + 1;
        if ((size_t)run->placement >= campaign->layouts)
            campaign->layouts = (size_t)run->placement + 1;
    }
    campaign->clock = "harness";
    set_kinds(campaign);
    campaign_complete(campaign);
    return campaign;
}

Campaign *rebench_import(Arena *arena, const char *path) {
    Text text = {0};
    if (!text_read_file_up_to(&text, path, DATA_MOST)) {
        command_failure("can't read %s: %s", command_input_name(path), strerror(errno));
        text_free(&text);
        return NULL;
    }
    Reader reader = {.arena = arena,
                     .diagnostics = {.source = {.name = strcmp(path, "-") == 0 ? "<stdin>" : path,
                                                .text = text_chars(&text),
                                                .length = text.length},
                                     .stream = stderr},
                     .campaign = campaign_new(arena)};
    for (int i = 0; i < COLUMNS; i++)
        reader.columns[i] = i <= COLUMN_VAR_VALUE ? i : -1;
    read_lines(&reader);
    if (!reader.diagnostics.errors)
        make_runs(&reader);
    Campaign *campaign = complete(&reader);
    text_free(&text);
    return campaign;
}
