// See dispatch_report.h. One bytecode's path can't stand for all: how a bytecode ends decides
// what its dispatch costs. So there are means, weighted by how often each was executed, and
// least, most and a median one to look at.
#define _GNU_SOURCE // qsort_r
#include "backend/anatomy/dispatch_report.h"

#include "backend/anatomy/machine_frame.h"
#include "support/spelling.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

DispatchReport *dispatch_report_read(Arena *arena, ObjectFile *object) {
    const Attribution *attribution = attribution_read(arena, object);
    if (attribution)
        object_find_slots(object, attribution->code.items, attribution->code.count);
    const MachineCode *code = attribution ? machine_code_read(arena, object, attribution) : NULL;
    const DispatchSites *sites = code ? dispatch_sites_find(arena, object, code) : NULL;
    if (!sites)
        return NULL;
    DispatchReport *report = ARENA_NEW(arena, DispatchReport);
    *report = (DispatchReport){.arena = arena,
                               .name = object->path,
                               .code = code,
                               .sites = sites,
                               .definition = attribution->definition,
                               .parts = attribution->parts};
    for (size_t i = 0; i < sites->bytecodes.count; i++) {
        const DispatchBytecode *in_table = &sites->bytecodes.items[i];
        if (in_table->block < 0)
            continue;
        MeasuredBytecode bytecode = {
            .in_table = in_table,
            .path = dispatch_path_find(arena, code, sites, in_table->block),
            .has_frame = machine_frame_is_always_made(code, in_table->block),
            .weight = 1,
        };
        ARENA_PUSH(arena, &report->bytecodes, bytecode);
    }
    return report;
}

// ---- Operations ----------------------------------------------------------------------

static int compare_places(const DispatchOperation *operation, int line, int column) {
    int difference = operation->line - line;
    return difference ? difference : operation->column - column;
}

// Those of one place by number, so that the order is the same each time.
static int by_place(const void *left, const void *right, void *operations) {
    int a = *(const int *)left, b = *(const int *)right;
    const DispatchOperation *other = &((const DispatchOperation *)operations)[b];
    int difference =
        compare_places(&((const DispatchOperation *)operations)[a], other->line, other->column);
    return difference ? difference : a - b;
}

void dispatch_report_know(DispatchReport *report, const DispatchOperation *operations,
                          size_t count) {
    int *sorted = ARENA_ARRAY(report->arena, int, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (int)i;
    if (count)
        qsort_r(sorted, count, sizeof *sorted, by_place, (void *)operations);
    report->operations = operations;
    report->operation_count = count;
    report->by_place = sorted;
}

size_t dispatch_report_first_at(const DispatchReport *report, int line, int column) {
    size_t low = 0, high = report->operation_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_places(&report->operations[report->by_place[middle]], line, column) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// ---- Weights -------------------------------------------------------------------------

// jansson counts columns from 0 where the file is empty.
static void complain_of_json(const char *path, const json_error_t *error) {
    if (error->line > 0)
        fprintf(stderr, "%s:%d:%d: error: %s\n", path, error->line,
                error->column > 0 ? error->column : 1, error->text);
    else
        fprintf(stderr, "%s: error: %s\n", path, error->text);
}

// Only whole numbers from 0 on are counts: a mean over others may be no number.
static bool check_counts(const json_t *counts, const char *path) {
    if (!json_is_array(counts)) {
        fprintf(stderr, "%s: error: no list named 'per_bytecode'\n", path);
        return false;
    }
    size_t index;
    json_t *item;
    json_array_foreach(counts, index, item) {
        const json_t *count = json_object_get(item, "count");
        if (json_is_string(json_object_get(item, "name")) && json_is_integer(count) &&
            json_integer_value(count) >= 0)
            continue;
        fprintf(stderr, "%s: error: item %zu of 'per_bytecode' is no name with a count\n", path,
                index + 1);
        return false;
    }
    return true;
}

// In a list that check_counts has seen, in which the bytecodes of one table follow those of
// another, in the object's order. A bytecode that isn't in the counts was not executed: they may
// come from another variant, whose fused bytecodes are others. `length` is that of its plain name.
static double count_of(const json_t *counts, const DispatchBytecode *bytecode, size_t length) {
    size_t index;
    json_t *item;
    const char *last = "";
    int table = -1;
    json_array_foreach(counts, index, item) {
        const char *in = json_string_value(json_object_get(item, "table"));
        const char *name = json_string_value(json_object_get(item, "name"));
        if (table < 0 || (in && strcmp(in, last) != 0))
            table++;
        last = in ? in : last;
        if (table == bytecode->table && strlen(name) == length &&
            strncmp(name, bytecode->name, length) == 0)
            return json_number_value(json_object_get(item, "count"));
    }
    return 0;
}

bool dispatch_report_weigh(DispatchReport *report, const char *path) {
    json_error_t error;
    json_t *file = json_load_file(path, 0, &error);
    if (!file) {
        complain_of_json(path, &error);
        return false;
    }
    const json_t *counts = json_object_get(file, "per_bytecode");
    report->is_weighted = check_counts(counts, path);
    for (size_t i = 0; report->is_weighted && i < report->bytecodes.count; i++) {
        MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        const DispatchBytecode *in_table = bytecode->in_table;
        bytecode->weight = count_of(counts, in_table, strcspn(in_table->name, "."));
    }
    json_decref(file);
    return report->is_weighted;
}

const MeasuredBytecode *dispatch_report_find(const DispatchReport *report, const char *name) {
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        if (strcmp(bytecode->in_table->name, name) == 0 && bytecode->path.dispatches)
            return bytecode;
    }
    return NULL;
}

// Of those that dispatch. NULL: none is near, or there is one of that very name, which doesn't.
static const char *nearest_name(const DispatchReport *report, const char *wanted) {
    Spelling spelling = {.wanted = wanted};
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        if (strcmp(bytecode->in_table->name, wanted) == 0)
            return NULL;
        if (bytecode->path.dispatches)
            spelling_try(&spelling, bytecode->in_table->name);
    }
    return spelling.nearest;
}

bool dispatch_report_choose(DispatchReport *report, const char *name) {
    report->chosen = dispatch_report_find(report, name);
    if (report->chosen)
        return true;
    const char *nearest = nearest_name(report, name);
    fprintf(stderr, "%s: error: no bytecode '%s' that dispatches", report->name, name);
    if (nearest)
        fprintf(stderr, ", did you mean '%s'?", nearest);
    fputs("\n", stderr);
    return false;
}

// ---- Figures -------------------------------------------------------------------------

void dispatch_path_classes(const DispatchPath *path, int classes[DISPATCH_CLASSES]) {
    memset(classes, 0, sizeof *classes * DISPATCH_CLASSES);
    for (size_t i = 0; i < path->steps.count; i++)
        classes[path->steps.items[i].class]++;
}

// A bytecode that never dispatches (it leaves the interpreter) has no path, and isn't a path of
// length 0.
DispatchMeans dispatch_report_means(const DispatchReport *report) {
    DispatchMeans means = {0};
    double weight = 0;
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        if (!bytecode->path.dispatches)
            continue;
        weight += bytecode->weight;
        means.instructions += bytecode->weight * (double)bytecode->path.steps.count;
        means.blocks += bytecode->weight * bytecode->path.blocks;
        for (size_t s = 0; s < bytecode->path.steps.count; s++)
            means.classes[bytecode->path.steps.items[s].class] += bytecode->weight;
    }
    means.known = weight > 0;
    if (means.known) {
        means.instructions /= weight;
        means.blocks /= weight;
        for (int i = 0; i < DISPATCH_CLASSES; i++)
            means.classes[i] /= weight;
    }
    return means;
}

size_t dispatch_report_frames(const DispatchReport *report, Text *names, size_t most) {
    size_t count = 0;
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        if (!report->bytecodes.items[i].has_frame)
            continue;
        if (names && count < most)
            text_addf(names, "%s%s", count ? ", " : "", report->bytecodes.items[i].in_table->name);
        count++;
    }
    if (names && count > most)
        text_addf(names, " and %zu more", count - most);
    return count;
}

// By opcode where lengths are equal, so that the same one is shown each time.
static int by_length(const void *left, const void *right) {
    const MeasuredBytecode *a = *(MeasuredBytecode *const *)left;
    const MeasuredBytecode *b = *(MeasuredBytecode *const *)right;
    if (a->path.steps.count != b->path.steps.count)
        return a->path.steps.count < b->path.steps.count ? -1 : 1;
    if (a->in_table->table != b->in_table->table)
        return a->in_table->table - b->in_table->table;
    return a->in_table->opcode - b->in_table->opcode;
}

// The bytecodes that dispatch, shortest path first. Returns how many.
static size_t sort_by_length(const DispatchReport *report, const MeasuredBytecode **sorted) {
    size_t count = 0;
    for (size_t i = 0; i < report->bytecodes.count; i++)
        if (report->bytecodes.items[i].path.dispatches)
            sorted[count++] = &report->bytecodes.items[i];
    qsort(sorted, count, sizeof *sorted, by_length);
    return count;
}

// The one that half of what is executed is no longer than: a weighted median. Where nothing at
// all was counted, the middle one of the list.
static const MeasuredBytecode *median_of(const MeasuredBytecode **sorted, size_t count) {
    double whole = 0, passed = 0;
    for (size_t i = 0; i < count; i++)
        whole += sorted[i]->weight;
    for (size_t i = 0; i < count; i++) {
        passed += sorted[i]->weight;
        if (passed * 2 >= whole && sorted[i]->weight > 0)
            return sorted[i];
    }
    return count > 0 ? sorted[count / 2] : NULL;
}

DispatchShown dispatch_report_shown(const DispatchReport *report) {
    Arena *scratch = arena_new();
    const MeasuredBytecode **sorted =
        ARENA_ARRAY(scratch, const MeasuredBytecode *, report->bytecodes.count + 1);
    size_t count = sort_by_length(report, sorted);
    DispatchShown shown = {0};
    if (count > 0) {
        shown.least = sorted[0];
        shown.median = median_of(sorted, count);
        shown.most = sorted[count - 1];
        shown.shown = report->chosen ? report->chosen : shown.median;
    }
    arena_free(scratch);
    return shown;
}
