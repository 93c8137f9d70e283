// See rebench_values.h: measurements become runs, subjects and programs.
#include "cli/bench/rebench_values.h"

#include "cli/bench/rebench_data.h"
#include "cli/bench/statistics.h"
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

// More would be a table that doesn't fit into memory.
enum { ROWS_MOST = 1000000 };

// ---- Runs ---------------------------------------------------------------------------------------

typedef struct Maker {
    Campaign *campaign;
    RebenchValues *values;
    Diagnostics *diagnostics;
} Maker;

// Which names it takes to tell measurements apart.
typedef struct Needed {
    bool machines, suites;
} Needed;

static int compare_values(const void *left, const void *right) {
    const RebenchValue *one = left, *other = right;
    static const RebenchNameKind kinds[] = {REBENCH_EXECUTOR, REBENCH_MACHINE, REBENCH_PROGRAM,
                                            REBENCH_SUITE};
    for (size_t i = 0; i < REBENCH_NAME_KINDS; i++)
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
static bool is_same_row(const RebenchValue *one, const RebenchValue *other) {
    return one->names[REBENCH_EXECUTOR] == other->names[REBENCH_EXECUTOR] &&
           one->names[REBENCH_MACHINE] == other->names[REBENCH_MACHINE] &&
           one->names[REBENCH_PROGRAM] == other->names[REBENCH_PROGRAM];
}

static bool is_same_run(const RebenchValue *one, const RebenchValue *other) {
    return is_same_row(one, other) && one->names[REBENCH_SUITE] == other->names[REBENCH_SUITE] &&
           one->invocation == other->invocation;
}

// The same benchmark of one executor in two suites is two programs; in suites of two executors it
// is the same, as each may need a command of its own.
static Needed needed_names(const Maker *maker) {
    const RebenchValue *values = maker->values->all.items;
    Needed needed = {.machines = maker->values->lists[REBENCH_MACHINE].names.count > 1};
    for (size_t i = 1; i < maker->values->all.count && !needed.suites; i++)
        needed.suites = is_same_row(&values[i], &values[i - 1]) &&
                        values[i].names[REBENCH_SUITE] != values[i - 1].names[REBENCH_SUITE];
    return needed;
}

static const char *name_of(const Maker *maker, const RebenchValue *value, RebenchNameKind kind) {
    return maker->values->lists[kind].names.items[value->names[kind]];
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

static void name_run(const Maker *maker, const RebenchValue *value, Needed needed,
                     CampaignRun *run) {
    Arena *arena = maker->campaign->arena;
    const char *program = name_of(maker, value, REBENCH_PROGRAM),
               *subject =
                   split_placement(arena, name_of(maker, value, REBENCH_EXECUTOR), &run->placement);
    if (needed.machines)
        subject = arena_printf(arena, "%s @%s", subject, name_of(maker, value, REBENCH_MACHINE));
    if (needed.suites)
        program = arena_printf(arena, "%s: %s", name_of(maker, value, REBENCH_SUITE), program);
    run->subject = subject_index(maker->campaign, subject);
    run->program = program_index(maker->campaign, program);
}

// The measurements of one invocation, from `first` on: `count` of them.
static void add_run(const Maker *maker, const RebenchValue *first, size_t count, Needed needed) {
    CampaignRun run = {.microseconds = RUN_NO_FIGURE,
                       .wall = RUN_NO_FIGURE,
                       .user = RUN_NO_FIGURE,
                       .system = RUN_NO_FIGURE,
                       .instructions = RUN_NO_FIGURE,
                       .cycles = RUN_NO_FIGURE,
                       .branch_misses = RUN_NO_FIGURE,
                       .iterations = ARENA_ARRAY(maker->campaign->arena, double, count),
                       .run = first->invocation - 1};
    for (size_t i = 0; i < count; i++) {
        bool is_again = i && first[i].iteration == first[i - 1].iteration;
        if (is_again && first[i].is_total == first[i - 1].is_total) {
            diagnostic_error(maker->diagnostics, (Location){first[i].line, 1},
                             "iteration %d of invocation %d is there twice: it is in line %d, too",
                             first[i].iteration, first[i].invocation, first[i - 1].line);
            return;
        }
        if (!is_again)
            run.iterations[run.iteration_count++] = first[i].microseconds;
    }
    double *sorted = ARENA_ARRAY(maker->campaign->arena, double, run.iteration_count);
    memcpy(sorted, run.iterations, sizeof *sorted * run.iteration_count);
    run.microseconds = statistics_median(sorted, run.iteration_count);
    name_run(maker, first, needed, &run);
    ARENA_PUSH(maker->campaign->arena, &maker->campaign->measured, run);
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

// Runs in the order of the file, which is that in which they were made.
static void make_runs(const Maker *maker) {
    RebenchValue *values = maker->values->all.items;
    size_t count = maker->values->all.count;
    if (count)
        qsort(values, count, sizeof *values, compare_values);
    const Needed needed = needed_names(maker);
    ARENA_VECTOR(Order) orders = {0};
    for (size_t i = 0, length; i < count; i += length) {
        Order order = {.first = i, .line = values[i].line};
        for (length = 1; i + length < count && is_same_run(&values[i], &values[i + length]);
             length++)
            order.line =
                values[i + length].line < order.line ? values[i + length].line : order.line;
        order.count = length;
        ARENA_PUSH(maker->campaign->arena, &orders, order);
    }
    if (orders.count)
        qsort(orders.items, orders.count, sizeof *orders.items, compare_orders);
    for (size_t i = 0; i < orders.count; i++)
        add_run(maker, &values[orders.items[i].first], orders.items[i].count, needed);
}

// ---- The campaign -------------------------------------------------------------------------------

static bool is_variant(const char *name) {
    return name[0] == '-';
}

// Is there a subject that this one is once more?
static bool is_again(const Campaign *campaign, const char *name) {
    size_t length = strlen(name), end = strlen(rebench_again);
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        const char *other = campaign->subjects.items[i].name;
        if (strlen(other) + end == length && strncmp(name, other, length - end) == 0 &&
            strcmp(name + length - end, rebench_again) == 0)
            return true;
    }
    return false;
}

// Flags of an interpreter are ours; what has another name beside them is another system.
static void set_kinds(Campaign *campaign) {
    bool any = false;
    for (size_t i = 0; i < campaign->subjects.count; i++)
        any |= is_variant(campaign->subjects.items[i].name);
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        CampaignSubject *subject = &campaign->subjects.items[i];
        subject->kind = is_again(campaign, subject->name)   ? SUBJECT_AA
                        : any && !is_variant(subject->name) ? SUBJECT_PEER
                                                            : SUBJECT_VARIANT;
    }
}

// ReBench runs things in an order of its own, which says nothing: ours are first, as one of them is
// what the others are compared with.
static int compare_subjects(const void *left, const void *right) {
    const CampaignSubject *one = left, *other = right;
    if (is_variant(one->name) != is_variant(other->name))
        return is_variant(one->name) ? -1 : 1;
    return strcmp(one->name, other->name);
}

static int compare_programs(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

// Subjects and programs by their names; runs stay in their order.
static void sort_names(Campaign *campaign) {
    Arena *arena = campaign->arena;
    size_t subjects = campaign->subjects.count, programs = campaign->programs.count;
    CampaignSubject *old_subjects = ARENA_ARRAY(arena, CampaignSubject, subjects);
    const char **old_programs = ARENA_ARRAY(arena, const char *, programs);
    memcpy(old_subjects, campaign->subjects.items, sizeof *old_subjects * subjects);
    memcpy(old_programs, campaign->programs.items, sizeof *old_programs * programs);
    qsort(campaign->subjects.items, subjects, sizeof *old_subjects, compare_subjects);
    qsort(campaign->programs.items, programs, sizeof *old_programs, compare_programs);
    for (size_t i = 0; i < campaign->measured.count; i++) {
        CampaignRun *run = &campaign->measured.items[i];
        const CampaignSubject *subject =
            bsearch(&old_subjects[run->subject], campaign->subjects.items, subjects,
                    sizeof *old_subjects, compare_subjects);
        const char *const *program = bsearch(&old_programs[run->program], campaign->programs.items,
                                             programs, sizeof *old_programs, compare_programs);
        run->subject = (size_t)(subject - campaign->subjects.items);
        run->program = (size_t)(program - (const char *const *)campaign->programs.items);
    }
}

static bool complete(const Maker *maker) {
    Campaign *campaign = maker->campaign;
    const char *name = maker->diagnostics->source.name;
    if (maker->diagnostics->errors)
        return false;
    if (!campaign->measured.count) {
        command_failure("%s: there is no time in it: no line with the criterion 'total'", name);
        return false;
    }
    if (campaign->subjects.count * campaign->programs.count > ROWS_MOST) {
        command_failure("%s: %zu executors and %zu benchmarks are too many", name,
                        campaign->subjects.count, campaign->programs.count);
        return false;
    }
    for (size_t i = 0; i < campaign->measured.count; i++) {
        const CampaignRun *run = &campaign->measured.items[i];
        if ((size_t)run->placement >= campaign->layouts)
            campaign->layouts = (size_t)run->placement + 1;
    }
    campaign_count_rounds(campaign);
    campaign->clock = "harness";
    sort_names(campaign);
    set_kinds(campaign);
    campaign_complete(campaign);
    return true;
}

bool rebench_make_runs(Campaign *campaign, RebenchValues *values, Diagnostics *diagnostics) {
    const Maker maker = {campaign, values, diagnostics};
    make_runs(&maker);
    return complete(&maker);
}
