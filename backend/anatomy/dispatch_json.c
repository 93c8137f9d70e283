// See dispatch_print.h. Of the keys at the top level, those that begin with `dispatch_` are
// means over all bytecodes; `instructions`, `blocks`, `classes`, `polls` and `path` are the shown
// bytecode's. Other tools read them, so none is renamed lightly.
#include "backend/anatomy/dispatch_print.h"
#include "support/json/json_text.h"

#include <inttypes.h>
#include <stdio.h>

static json_t *number_or_null(int number) {
    return number > 0 ? json_integer(number) : json_null();
}

static json_t *row_json(const DispatchReport *report, const DispatchRow *row) {
    char address[24];
    snprintf(address, sizeof address, "0x%" PRIx64, row->instruction->offset);
    json_t *item = json_pack("{s:s, s:o, s:s}", "address", address, "text",
                             json_text(row->instruction->text), "class", dispatch_row_text(row));
    json_set_line(item, &report->parts, row->line);
    json_object_set_new(item, "column", number_or_null(row->column));
    json_object_set_new(item, "operation", json_text(row->operation));
    if (row->latency >= 0) {
        json_object_set_new(item, "latency", json_real(row->latency));
        json_object_set_new(item, "throughput", json_real(row->throughput));
    }
    return item;
}

static json_t *rows_json(const DispatchReport *report, const DispatchRows *rows) {
    json_t *list = json_array();
    for (size_t i = 0; i < rows->count; i++)
        json_array_append_new(list, row_json(report, &rows->items[i]));
    return list;
}

// A list a block.
static json_t *blocks_json(const DispatchReport *report, const DispatchRows *rows) {
    json_t *blocks = json_array(), *block = NULL;
    for (size_t i = 0; i < rows->count; i++) {
        if (!block || rows->items[i].begins_block) {
            block = json_array();
            json_array_append_new(blocks, block);
        }
        json_array_append_new(block, row_json(report, &rows->items[i]));
    }
    return blocks;
}

static json_t *classes_json(const DispatchPath *path) {
    int classes[DISPATCH_CLASSES];
    dispatch_path_classes(path, classes);
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
        const DispatchPath *path = &bytecode->path;
        json_t *item = json_pack("{s:o, s:f}", "name", json_text(bytecode->in_table->name),
                                 "weight", bytecode->weight);
        bool dispatches = path->dispatches;
        json_object_set_new(item, "instructions",
                            dispatches ? json_integer((json_int_t)path->steps.count) : json_null());
        json_object_set_new(item, "blocks", dispatches ? json_integer(path->blocks) : json_null());
        json_object_set_new(item, "polls", dispatches ? json_integer(path->polls) : json_null());
        json_object_set_new(item, "classes", dispatches ? classes_json(path) : json_null());
        json_object_set_new(item, "frame", json_boolean(bytecode->has_frame));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *mean_json(const DispatchMeans *means, double mean) {
    return means->known ? json_real(mean) : json_null();
}

static json_t *class_means_json(const DispatchMeans *means) {
    json_t *object = json_object();
    for (int i = 0; i < DISPATCH_CLASSES; i++)
        if (means->classes[i] > 0)
            json_object_set_new(object, dispatch_class_text((DispatchClass)i),
                                json_real(means->classes[i]));
    return object;
}

static json_t *name_json(const MeasuredBytecode *bytecode) {
    return json_text(bytecode ? bytecode->in_table->name : NULL);
}

// Means over all bytecodes, and what there is of each.
static json_t *means_json(const DispatchReport *report, const DispatchShown *shown) {
    DispatchMeans means = dispatch_report_means(report);
    char hash[17];
    snprintf(hash, sizeof hash, "%016" PRIx64, object_code_hash(report->code->object));
    json_t *root = json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:I, s:I, s:s, s:o, s:o, s:o, s:o}",
                             "interpreter", json_text(report->name), "definition",
                             json_text(report->definition), "dispatch_instructions",
                             mean_json(&means, means.instructions), "dispatch_blocks",
                             mean_json(&means, means.blocks), "dispatch_classes",
                             class_means_json(&means), "dispatch_weighted", report->is_weighted,
                             "dispatch_sites", (json_int_t)report->sites->jumps.count, "frames",
                             (json_int_t)dispatch_report_frames(report, NULL, 0), "code_hash", hash,
                             "bytecodes", bytecodes_json(report), "least", name_json(shown->least),
                             "median", name_json(shown->median), "most", name_json(shown->most));
    if (report->is_weighted)
        json_object_set_new(root, "mean", mean_json(&means, means.instructions));
    return root;
}

static json_t *model_json(const DispatchModel *model) {
    return json_pack("{s:o, s:o, s:i, s:f}", "processor", json_text(model->processor), "tool",
                     json_text(model->tool), "latency", model->latency, "throughput",
                     model->throughput);
}

static json_t *report_json(const DispatchReport *report) {
    DispatchShown shown = dispatch_report_shown(report);
    const DispatchPath none = {0};
    const DispatchPath *path = shown.shown ? &shown.shown->path : &none;
    DispatchRows rows = {0};
    if (shown.shown)
        rows = dispatch_rows_path(report, shown.shown, false);
    json_t *root = means_json(report, &shown);
    json_t *of_shown =
        json_pack("{s:o, s:I, s:i, s:I, s:o, s:i, s:i, s:o}", "bytecode", name_json(shown.shown),
                  "instructions", (json_int_t)path->steps.count, "blocks", path->blocks, "sites",
                  (json_int_t)report->sites->jumps.count, "classes", classes_json(path), "polls",
                  path->polls, "padding", path->padding, "path", rows_json(report, &rows));
    json_object_update(root, of_shown);
    json_decref(of_shown);
    if (report->chosen) {
        DispatchRows way = dispatch_rows_path(report, report->chosen, true);
        DispatchRows elsewhere = dispatch_rows_elsewhere(report, report->chosen);
        json_object_set_new(root, "handler",
                            json_pack("{s:o, s:o}", "way", blocks_json(report, &way), "elsewhere",
                                      blocks_json(report, &elsewhere)));
    }
    if (report->model)
        json_object_set_new(root, "model", model_json(report->model));
    return root;
}

static void print(json_t *root, Text *out) {
    json_text_print(root, out);
    json_decref(root);
}

void dispatch_print_json(const DispatchReport *report, Text *out) {
    print(report_json(report), out);
}

// ---- Two of them ---------------------------------------------------------------------

// Indices into the two paths; null: that one has no such instruction.
static json_t *pairs_json(const DispatchDiff *diff) {
    json_t *list = json_array();
    for (size_t i = 0; i < diff->pairs.count; i++) {
        const DispatchPair *pair = &diff->pairs.items[i];
        const DispatchRow *any = pair->rows[0] ? pair->rows[0] : pair->rows[1];
        json_t *item = json_pack("{s:s}", "class", dispatch_row_text(any));
        for (int side = 0; side < 2; side++)
            json_object_set_new(item, side ? "b" : "a",
                                pair->rows[side]
                                    ? json_integer(pair->rows[side] - diff->rows[side].items)
                                    : json_null());
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *compared_classes_json(const DispatchDiff *diff) {
    int classes[2][DISPATCH_CLASSES] = {{0}};
    for (int side = 0; side < 2; side++)
        if (diff->bytecodes[side])
            dispatch_path_classes(&diff->bytecodes[side]->path, classes[side]);
    json_t *object = json_object();
    for (int i = 0; i < DISPATCH_CLASSES; i++)
        if (classes[0][i] || classes[1][i])
            json_object_set_new(object, dispatch_class_text((DispatchClass)i),
                                json_pack("{s:i, s:i}", "a", classes[0][i], "b", classes[1][i]));
    return object;
}

void dispatch_diff_print_json(const DispatchDiff *diff, Text *out) {
    print(json_pack("{s:o, s:o, s:o, s:o}", "classes", compared_classes_json(diff), "rows",
                    pairs_json(diff), "a", report_json(diff->reports[0]), "b",
                    report_json(diff->reports[1])),
          out);
}
