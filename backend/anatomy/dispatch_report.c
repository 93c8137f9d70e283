// See dispatch_report.h.
#include "backend/anatomy/dispatch_report.h"

#include <jansson.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

DispatchReport *dispatch_report_new(Arena *arena, const MachineCode *code,
                                    const DispatchSites *sites) {
    DispatchReport *report = ARENA_NEW(arena, DispatchReport);
    *report = (DispatchReport){.arena = arena, .code = code, .sites = sites};
    for (size_t i = 0; i < sites->entries.count; i++) {
        const DispatchEntry *entry = &sites->entries.items[i];
        if (entry->block < 0)
            continue;
        MeasuredBytecode bytecode = {
            .entry = entry,
            .path = dispatch_path_find(arena, code, sites, entry->block),
            .weight = 1,
        };
        ARENA_PUSH(arena, &report->bytecodes, bytecode);
    }
    return report;
}

static double count_of(const json_t *counts, const char *name) {
    size_t index;
    json_t *item;
    json_array_foreach(counts, index, item) {
        const char *counted = json_string_value(json_object_get(item, "name"));
        if (counted && strcmp(counted, name) == 0)
            return json_number_value(json_object_get(item, "count"));
    }
    return 0;
}

bool dispatch_report_weigh(DispatchReport *report, const char *path) {
    json_error_t error;
    json_t *file = json_load_file(path, 0, &error);
    if (!file) {
        if (error.line > 0)
            fprintf(stderr, "%s:%d:%d: error: %s\n", path, error.line, error.column, error.text);
        else
            fprintf(stderr, "%s: error: %s\n", path, error.text);
        return false;
    }
    const json_t *counts = json_object_get(file, "per_bytecode");
    if (!json_is_array(counts)) {
        fprintf(stderr, "%s: error: no list named 'per_bytecode'\n", path);
        json_decref(file);
        return false;
    }
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        bytecode->weight = count_of(counts, bytecode->entry->name);
    }
    json_decref(file);
    return true;
}

bool dispatch_report_choose(DispatchReport *report, const char *name) {
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        if (strcmp(bytecode->entry->name, name) == 0 && bytecode->path.dispatches) {
            report->chosen = bytecode;
            return true;
        }
    }
    fprintf(stderr, "error: no bytecode '%s' that dispatches\n", name);
    return false;
}

// ---- Figures -------------------------------------------------------------------------

typedef struct Means {
    double instructions, blocks;
    bool known; // false: no bytecode that dispatches was counted
} Means;

static Means means_of(const DispatchReport *report) {
    Means means = {0};
    double weight = 0;
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        if (!bytecode->path.dispatches)
            continue;
        weight += bytecode->weight;
        means.instructions += bytecode->weight * (double)bytecode->path.steps.count;
        means.blocks += bytecode->weight * bytecode->path.blocks;
    }
    means.known = weight > 0;
    if (means.known) {
        means.instructions /= weight;
        means.blocks /= weight;
    }
    return means;
}

static int by_length(const void *left, const void *right) {
    const MeasuredBytecode *a = *(MeasuredBytecode *const *)left;
    const MeasuredBytecode *b = *(MeasuredBytecode *const *)right;
    if (a->path.steps.count != b->path.steps.count)
        return a->path.steps.count < b->path.steps.count ? -1 : 1;
    return a->entry->opcode - b->entry->opcode;
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

// The one that half of what is executed is no longer than.
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

static void count_classes(const DispatchPath *path, int *classes) {
    for (size_t i = 0; i < path->steps.count; i++)
        classes[path->steps.items[i].class]++;
}

// ---- JSON ----------------------------------------------------------------------------

static json_t *path_json(const DispatchReport *report, const DispatchPath *path) {
    json_t *steps = json_array();
    for (size_t i = 0; i < path->steps.count; i++) {
        const DispatchStep *step = &path->steps.items[i];
        const MachineInstruction *instruction =
            &report->code->instructions.items[step->instruction];
        char address[24];
        snprintf(address, sizeof address, "0x%llx", (unsigned long long)instruction->offset);
        json_array_append_new(
            steps, json_pack("{s:s, s:s, s:s, s:i, s:i}", "address", address, "text",
                             instruction->text, "class", dispatch_class_text(step->class), "line",
                             instruction->line.line, "column", instruction->line.column));
    }
    return steps;
}

static json_t *classes_json(const DispatchPath *path) {
    int classes[DISPATCH_CLASSES] = {0};
    count_classes(path, classes);
    json_t *object = json_object();
    for (int i = 0; i < DISPATCH_CLASSES; i++)
        if (classes[i] > 0)
            json_object_set_new(object, dispatch_class_text((DispatchClass)i),
                                json_integer(classes[i]));
    return object;
}

static json_t *bytecodes_json(const DispatchReport *report) {
    json_t *list = json_array();
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        json_t *item =
            json_pack("{s:s, s:f}", "name", bytecode->entry->name, "weight", bytecode->weight);
        bool dispatches = bytecode->path.dispatches;
        json_object_set_new(item, "instructions",
                            dispatches ? json_integer((json_int_t)bytecode->path.steps.count)
                                       : json_null());
        json_object_set_new(item, "blocks",
                            dispatches ? json_integer(bytecode->path.blocks) : json_null());
        json_object_set_new(item, "polls",
                            dispatches ? json_integer(bytecode->path.polls) : json_null());
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *mean_json(const Means *means, double mean) {
    return means->known ? json_real(mean) : json_null();
}

static bool write_json(const DispatchReport *report) {
    Means means = means_of(report);
    const MeasuredBytecode **sorted =
        ARENA_ARRAY(report->arena, const MeasuredBytecode *, report->bytecodes.count + 1);
    size_t count = sort_by_length(report, sorted);
    const MeasuredBytecode *shown = report->chosen ? report->chosen : median_of(sorted, count);
    const DispatchPath none = {0};
    const DispatchPath *path = shown ? &shown->path : &none;
    json_t *root = json_object();
    json_object_set_new(root, "dispatch_instructions", mean_json(&means, means.instructions));
    json_object_set_new(root, "dispatch_blocks", mean_json(&means, means.blocks));
    json_object_set_new(root, "dispatch_sites",
                        json_integer((json_int_t)report->sites->jumps.count));
    char hash[17];
    snprintf(hash, sizeof hash, "%016" PRIx64, object_code_hash(report->code->object));
    json_object_set_new(root, "code_hash", json_string(hash));
    json_object_set_new(root, "per_bytecode", bytecodes_json(report));
    json_object_set_new(root, "bytecode", shown ? json_string(shown->entry->name) : json_null());
    json_object_set_new(root, "instructions", json_integer((json_int_t)path->steps.count));
    json_object_set_new(root, "blocks", json_integer(path->blocks));
    json_object_set_new(root, "sites", json_integer((json_int_t)report->sites->jumps.count));
    json_object_set_new(root, "least", count ? json_string(sorted[0]->entry->name) : json_null());
    json_object_set_new(root, "most",
                        count ? json_string(sorted[count - 1]->entry->name) : json_null());
    json_object_set_new(root, "classes", classes_json(path));
    json_object_set_new(root, "polls", json_integer(path->polls));
    json_object_set_new(root, "padding", json_integer(path->padding));
    json_object_set_new(root, "path", path_json(report, path));
    bool written = json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) == 0;
    json_decref(root);
    return written && putchar('\n') != EOF && fflush(stdout) == 0;
}

// ---- Text ----------------------------------------------------------------------------

static void print_path(const DispatchReport *report, const MeasuredBytecode *shown) {
    const DispatchPath *path = &shown->path;
    printf("%s: %zu instructions, %d blocks\n", shown->entry->name, path->steps.count,
           path->blocks);
    int last_block = -1;
    size_t step = 0;
    for (size_t i = 0; i < path->way.count; i++) {
        const MachineInstruction *instruction =
            &report->code->instructions.items[path->way.items[i]];
        bool is_step =
            step < path->steps.count && path->steps.items[step].instruction == path->way.items[i];
        if (!is_step && !report->chosen)
            continue;
        const char *class = is_step ? dispatch_class_text(path->steps.items[step++].class)
                            : instruction->kind == MACHINE_PADDING       ? "(padding)"
                            : instruction->to_whom == ATTRIBUTED_TO_POLL ? "(poll)"
                                                                         : "(work)";
        if (last_block >= 0 && instruction->block != last_block)
            puts("  ----");
        last_block = instruction->block;
        printf("  %8llx  %-40s %s\n", (unsigned long long)instruction->offset, instruction->text,
               class);
    }
}

static bool write_text(const DispatchReport *report) {
    Means means = means_of(report);
    const MeasuredBytecode **sorted =
        ARENA_ARRAY(report->arena, const MeasuredBytecode *, report->bytecodes.count + 1);
    size_t count = sort_by_length(report, sorted);
    const MeasuredBytecode *shown = report->chosen ? report->chosen : median_of(sorted, count);
    if (means.known)
        printf("dispatch: %.2f instructions, %.2f blocks (mean), %zu sites\n", means.instructions,
               means.blocks, report->sites->jumps.count);
    else
        printf("dispatch: no path found, %zu sites\n", report->sites->jumps.count);
    if (count > 0)
        printf("least: %s (%zu), most: %s (%zu)\n\n", sorted[0]->entry->name,
               sorted[0]->path.steps.count, sorted[count - 1]->entry->name,
               sorted[count - 1]->path.steps.count);
    if (shown)
        print_path(report, shown);
    return fflush(stdout) == 0 && !ferror(stdout);
}

bool dispatch_report_write(const DispatchReport *report, bool as_json) {
    return as_json ? write_json(report) : write_text(report);
}
