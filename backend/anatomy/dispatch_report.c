// See dispatch_report.h. One bytecode's path can't stand for all: how a bytecode ends decides
// what its dispatch costs. So there are means, weighted by how often each was executed, and
// least, most and a median one to look at.
#include "backend/anatomy/dispatch_report.h"

#include "backend/anatomy/machine_frame.h"
#include "support/memory.h"

#include <jansson.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

DispatchReport *dispatch_report_read(Arena *arena, const ObjectFile *object) {
    const Attribution *attribution = attribution_read(arena, object);
    const MachineCode *code = attribution ? machine_code_read(arena, object, attribution) : NULL;
    const DispatchSites *sites = code ? dispatch_sites_find(arena, object, code) : NULL;
    if (!sites)
        return NULL;
    DispatchReport *report = ARENA_NEW(arena, DispatchReport);
    *report = (DispatchReport){.arena = arena, .code = code, .sites = sites};
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

bool dispatch_report_choose(DispatchReport *report, const char *name) {
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        if (strcmp(bytecode->in_table->name, name) == 0 && bytecode->path.dispatches) {
            report->chosen = bytecode;
            return true;
        }
    }
    fprintf(stderr, "%s: error: no bytecode '%s' that dispatches\n", report->code->object->path,
            name);
    return false;
}

// ---- Figures -------------------------------------------------------------------------

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
    }
    means.known = weight > 0;
    if (means.known) {
        means.instructions /= weight;
        means.blocks /= weight;
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
            json_pack("{s:s, s:f}", "name", bytecode->in_table->name, "weight", bytecode->weight);
        bool dispatches = bytecode->path.dispatches;
        json_object_set_new(item, "instructions",
                            dispatches ? json_integer((json_int_t)bytecode->path.steps.count)
                                       : json_null());
        json_object_set_new(item, "blocks",
                            dispatches ? json_integer(bytecode->path.blocks) : json_null());
        json_object_set_new(item, "polls",
                            dispatches ? json_integer(bytecode->path.polls) : json_null());
        json_object_set_new(item, "frame", json_boolean(bytecode->has_frame));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *mean_json(const DispatchMeans *means, double mean) {
    return means->known ? json_real(mean) : json_null();
}

// What is shown in full, and the shortest and longest path; NULL: nothing dispatches.
typedef struct ShownPaths {
    const MeasuredBytecode *chosen, *least, *most;
} ShownPaths;

static ShownPaths choose_shown(const DispatchReport *report) {
    const MeasuredBytecode **sorted =
        ARENA_ARRAY(report->arena, const MeasuredBytecode *, report->bytecodes.count + 1);
    size_t count = sort_by_length(report, sorted);
    if (count == 0)
        return (ShownPaths){0};
    return (ShownPaths){.chosen = report->chosen ? report->chosen : median_of(sorted, count),
                        .least = sorted[0],
                        .most = sorted[count - 1]};
}

static json_t *name_json(const MeasuredBytecode *bytecode) {
    return bytecode ? json_string(bytecode->in_table->name) : json_null();
}

// `instructions` and `blocks` without a prefix are those of the bytecode that is shown; the means
// over all begin with `dispatch_`.
void dispatch_report_json(const DispatchReport *report, Text *out) {
    DispatchMeans means = dispatch_report_means(report);
    ShownPaths shown = choose_shown(report);
    const DispatchPath none = {0};
    const DispatchPath *path = shown.chosen ? &shown.chosen->path : &none;
    json_int_t sites = (json_int_t)report->sites->jumps.count;
    char hash[17];
    snprintf(hash, sizeof hash, "%016" PRIx64, object_code_hash(report->code->object));
    json_t *root = json_pack(
        "{s:o, s:o, s:b, s:I, s:I, s:s, s:o, s:o, s:I, s:i, s:I, s:o, s:o, s:o, s:i, s:i, s:o}",
        "dispatch_instructions", mean_json(&means, means.instructions), "dispatch_blocks",
        mean_json(&means, means.blocks), "dispatch_weighted", report->is_weighted, "dispatch_sites",
        sites, "frames", (json_int_t)dispatch_report_frames(report, NULL, 0), "code_hash", hash,
        "bytecodes", bytecodes_json(report), "bytecode", name_json(shown.chosen), "instructions",
        (json_int_t)path->steps.count, "blocks", path->blocks, "sites", sites, "least",
        name_json(shown.least), "most", name_json(shown.most), "classes", classes_json(path),
        "polls", path->polls, "padding", path->padding, "path", path_json(report, path));
    char *chars = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    if (!chars)
        memory_exhausted();
    text_addf(out, "%s\n", chars);
    free(chars);
    json_decref(root);
}

// ---- Text ----------------------------------------------------------------------------

// A rule stands where the path goes on in another block. The bytecode's work is shown with it if a
// bytecode was chosen; that of the median one, which nobody asked for by name, is left out.
static void print_path(const DispatchReport *report, const MeasuredBytecode *shown, Text *out) {
    const DispatchPath *path = &shown->path;
    text_addf(out, "%s: %zu instructions, %d blocks\n", shown->in_table->name, path->steps.count,
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
            text_add(out, "  ----\n");
        last_block = instruction->block;
        text_addf(out, "  %8llx  %-40s %s\n", (unsigned long long)instruction->offset,
                  instruction->text, class);
    }
}

static void print_frames(const DispatchReport *report, Text *out) {
    Text names = {0};
    size_t frames = dispatch_report_frames(report, &names, SIZE_MAX);
    if (frames)
        text_addf(out, "machine frame on every way: %zu bytecode%s (%s)\n", frames,
                  frames == 1 ? "" : "s", text_chars(&names));
    text_free(&names);
}

void dispatch_report_text(const DispatchReport *report, Text *out) {
    DispatchMeans means = dispatch_report_means(report);
    ShownPaths shown = choose_shown(report);
    if (means.known)
        text_addf(out, "dispatch: %.2f instructions, %.2f blocks (%s mean), %zu sites\n",
                  means.instructions, means.blocks, report->is_weighted ? "weighted" : "unweighted",
                  report->sites->jumps.count);
    else
        text_addf(out, "dispatch: %s, %zu sites\n",
                  shown.least ? "no bytecode that dispatches was counted" : "no path found",
                  report->sites->jumps.count);
    if (shown.least)
        text_addf(out, "least: %s (%zu), most: %s (%zu)\n", shown.least->in_table->name,
                  shown.least->path.steps.count, shown.most->in_table->name,
                  shown.most->path.steps.count);
    print_frames(report, out);
    if (shown.least)
        text_add(out, "\n");
    if (shown.chosen)
        print_path(report, shown.chosen, out);
}
