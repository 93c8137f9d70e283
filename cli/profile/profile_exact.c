// `loopwright profile --exact`: executions instead of time. The evaluator counts them, so they are
// the same in every run; the data are what `loopwright run --engine=eval --counts` writes.
#include "cli/counting.h"
#include "cli/profile/profile_programs.h"
#include "support/interruption.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- Running -------------------------------------------------------------------------------

// In the child: never returns.
static void run_counted(const ProfileOptions *options, Arena *arena, const IrModule *module,
                        const char *counts) {
    Evaluation evaluation = options->evaluation;
    evaluation.variant = &options->variant;
    evaluation.counts = counts;
    int status =
        evaluation_run(&evaluation, arena, module, options->program.count, options->program.words);
    fflush(stdout);
    _exit(status);
}

// Answers the program's exit status; -1 after an error on stderr. Counts are written also after a
// program has failed, as what it executed up to there was executed.
static int count(const ProfileOptions *options, Arena *arena, const IrModule *module,
                 const char *counts) {
    pid_t child = profile_fork();
    if (child == 0)
        run_counted(options, arena, module, counts);
    int status = child < 0 ? -1 : child_wait(child);
    if (status == -1)
        command_failure("can't run the program: %s", strerror(errno));
    return status == -1 ? -1 : profile_status(status);
}

// ---- Printing ------------------------------------------------------------------------------

// What the evaluator counts of each bytecode besides its executions.
typedef struct Column {
    const char *key, *head;
} Column;

static const Column columns[] = {
    {"frame_reads", "frame reads"},
    {"frame_writes", "frame writes"},
    {"stack_loads", "stack loads"},
    {"stack_stores", "stack stores"},
    {"dispatches", "dispatches"},
    {"range_checks", "range checks"},
    {"polls", "polls"},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

typedef struct ExactRow {
    const char *name;
    json_int_t count, columns[COLUMNS];
    size_t place; // in the table
} ExactRow;

typedef ARENA_VECTOR(ExactRow) ExactRows;

static ExactRow read_row(const json_t *from, const char *name) {
    ExactRow row = {.name = name, .count = json_integer_value(json_object_get(from, "count"))};
    for (size_t i = 0; i < COLUMNS; i++)
        row.columns[i] = json_integer_value(json_object_get(from, columns[i].key));
    return row;
}

static int by_count(const void *left, const void *right) {
    const ExactRow *a = left, *b = right;
    if (a->count != b->count)
        return (a->count < b->count) - (a->count > b->count);
    return (a->place > b->place) - (a->place < b->place);
}

// Those that were executed, the most frequent first.
static ExactRows read_rows(Arena *arena, const json_t *root) {
    ExactRows rows = {0};
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(root, "per_bytecode"), index, item) {
        ExactRow row = read_row(item, json_string_value(json_object_get(item, "name")));
        row.place = index;
        if (row.count)
            ARENA_PUSH(arena, &rows, row);
    }
    if (rows.count)
        qsort(rows.items, rows.count, sizeof *rows.items, by_count);
    return rows;
}

static void print_row(const ExactRow *row, json_int_t all, Text *out) {
    text_addf(out, "%14" JSON_INTEGER_FORMAT " %6.2f %%", row->count,
              all ? 100.0 * (double)row->count / (double)all : 0.0);
    for (size_t i = 0; i < COLUMNS; i++)
        text_addf(out, " %13" JSON_INTEGER_FORMAT, row->columns[i]);
    text_addf(out, "  %s\n", row->name);
}

static void print_text(const ProfileOptions *options, Arena *arena, const json_t *root, Text *out) {
    ExactRows rows = read_rows(arena, root);
    ExactRow sum = read_row(root, "together");
    for (size_t i = 0; i < rows.count; i++)
        sum.count += rows.items[i].count;
    text_addf(out, "%s\n%" JSON_INTEGER_FORMAT " bytecodes by the evaluator\n\n",
              profile_program(options, arena),
              json_integer_value(json_object_get(root, "bytecodes")));
    text_addf(out, "%14s %8s", "count", "share");
    for (size_t i = 0; i < COLUMNS; i++)
        text_addf(out, " %13s", columns[i].head);
    text_add(out, "  bytecode\n");
    size_t most = profile_rows(options);
    for (size_t i = 0; i < rows.count && i < most; i++)
        print_row(&rows.items[i], sum.count, out);
    if (rows.count > most)
        text_addf(out, "... and %zu more\n", rows.count - most);
    print_row(&sum, sum.count, out);
}

static FoldedStacks stacks_of(const ProfileOptions *options, Arena *arena, const json_t *root) {
    FoldedStacks stacks = {0};
    ExactRows rows = read_rows(arena, root);
    for (size_t i = 0; i < rows.count; i++) {
        const char *frames[] = {profile_program(options, arena), "interpret", rows.items[i].name};
        folded_stacks_add(&stacks, arena, frames, 3, (uint64_t)rows.items[i].count);
    }
    folded_stacks_sort(&stacks);
    return stacks;
}

// `text` is what the evaluator wrote, and is printed as it is where data are asked for.
static bool print(const ProfileOptions *options, Arena *arena, const json_t *root, Text *text) {
    FoldedStacks stacks = stacks_of(options, arena, root);
    bool good =
        profile_write_stacks(options, profile_program(options, arena), "executions", &stacks);
    if (good && profile_has_report(options)) {
        Text report = {0};
        if (!options->json)
            print_text(options, arena, root, &report);
        good = command_write(options->output, options->json ? text : &report);
        text_free(&report);
    }
    return good;
}

// ---- All together --------------------------------------------------------------------------

// Where the evaluator didn't come to counting there is nothing: it has said why if it ended by
// itself, but a program (of a library) may have ended the process.
static bool is_explained(int status, const Text *text) {
    return !text->length && status == EXIT_FAILED;
}

static bool read_and_print(const ProfileOptions *options, Arena *arena, const char *counts,
                           int status) {
    Text text = {0};
    json_t *root = NULL;
    bool good = text_read_file(&text, counts);
    if (!good)
        command_failure("can't read what was counted, %s: %s", counts, strerror(errno));
    else if (!is_explained(status, &text)) {
        json_error_t error;
        root = json_loadb(text_chars(&text), text.length, 0, &error);
        good = root && print(options, arena, root, &text);
        if (!text.length)
            command_failure("nothing was counted: the program ended the evaluator, too (exit "
                            "status %d)",
                            status);
        else if (!root)
            command_failure("what was counted can't be read: %s", error.text);
    }
    json_decref(root);
    text_free(&text);
    return good;
}

int profile_exact(ProfileOptions *options) {
    Arena *arena = arena_new();
    IrModule *module = variant_module(&options->variant, arena, NULL, false, NULL);
    const char *counts = module ? counting_file(arena) : NULL;
    int status = counts ? count(options, arena, module, counts) : -1;
    if (status >= 0 && !read_and_print(options, arena, counts, status) && status == EXIT_OK)
        status = EXIT_FAILED;
    temporary_remove(counts);
    arena_free(arena);
    return status < 0 ? EXIT_FAILED : status;
}
