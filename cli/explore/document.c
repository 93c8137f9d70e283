// See document.h. Most of a page is text that is there many times: a line of IR after each pass,
// an instruction in each bytecode. So texts stand once, in one list, and are numbers elsewhere;
// and of a pass only what it changed is told. That makes it a tenth as large.
#include "cli/explore/document.h"

#include "backend/anatomy/dispatch_rows.h"
#include "cli/explore/strings.h"
#include "ir/text/source.h"
#include "support/characters.h"
#include "support/json/json_text.h"
#include "support/line_diff.h"
#include "support/memory.h"
#include "support/source_text.h"

#include <stdlib.h>
#include <string.h>

static void append(json_t *list, json_t *item) {
    if (json_array_append_new(list, item) != 0)
        memory_exhausted();
}

// ---- The definition ------------------------------------------------------------------

static bool has_file(const json_t *definition, const char *name, const char *text) {
    return strcmp(json_string_value(json_object_get(definition, "file")), name) == 0 &&
           strcmp(json_string_value(json_object_get(definition, "text")), text) == 0;
}

// [first line, file] of each file that the definition includes: its text follows the definition's.
static json_t *parts_json(const SourceParts *parts) {
    json_t *list = json_array();
    for (size_t i = 0; i < parts->count; i++)
        append(list, json_pack("[i, o]", parts->items[i].first_line,
                               json_text(source_file_name(parts->items[i].name))));
    return list;
}

// The index of the variant's definition in the list, to which it is added if it isn't there: two
// variants mostly have the same. Of its path the last part is shown.
static json_t *definition_json(json_t *definitions, const IrModule *module) {
    Text buffer = {0}, text = {0}, name = {0};
    Source source = ir_source(module, &buffer);
    const char *slash = strrchr(source.name, '/');
    const char *last = slash ? slash + 1 : source.name, *all = source.text ? source.text : "";
    text_add_valid(&name, last, strlen(last));
    text_add_valid(&text, all, strlen(all));
    size_t index = 0;
    while (index < json_array_size(definitions) &&
           !has_file(json_array_get(definitions, index), text_chars(&name), text_chars(&text)))
        index++;
    if (index == json_array_size(definitions))
        append(definitions, json_pack("{s:s, s:s, s:o}", "file", text_chars(&name), "text",
                                      text_chars(&text), "parts", parts_json(&source.parts)));
    text_free(&buffer);
    text_free(&text);
    text_free(&name);
    return json_integer((json_int_t)index);
}

// ---- The IR --------------------------------------------------------------------------

// The texts of `count` lines from line `first` on.
static json_t *lines_json(Strings *strings, const char *text, int first, int count) {
    json_t *list = json_array();
    for (int line = 0; line < first; line++)
        text += strcspn(text, "\n") + 1;
    for (int line = 0; line < count; line++) {
        size_t length = strcspn(text, "\n");
        append(list, strings_add_bytes(strings, text, length));
        text += length + 1;
    }
    return list;
}

static int count_lines(const char *text) {
    int count = 0;
    for (; *text; count++)
        text += strcspn(text, "\n") + 1;
    return count;
}

// What leads from one state to the next: [steps, [[line, how many are removed, [those added]], …]].
static json_t *change_json(Strings *strings, const HistoryState *before,
                           const HistoryState *after) {
    Arena *scratch = arena_new();
    LineChanges changes = line_changes(scratch, before->text, after->text);
    json_t *list = json_array();
    for (size_t i = 0; i < changes.count; i++) {
        const LineChange *change = &changes.items[i];
        append(list, json_pack("[i, i, o]", change->before, change->removed,
                               lines_json(strings, after->text, change->after, change->added)));
    }
    arena_free(scratch);
    return json_pack("[I, o]", (json_int_t)after->steps, list);
}

static void add_history(json_t *item, Strings *strings, const HistoryBytecode *bytecode) {
    json_t *changes = json_array();
    const char *first = bytecode->states.count ? bytecode->states.items[0].text : "";
    for (size_t i = 1; i < bytecode->states.count; i++)
        append(changes,
               change_json(strings, &bytecode->states.items[i - 1], &bytecode->states.items[i]));
    json_object_set_new(item, "before", lines_json(strings, first, 0, count_lines(first)));
    json_object_set_new(item, "changes", changes);
}

// ---- Operations ----------------------------------------------------------------------

typedef struct Numbering {
    Arena *arena;
    PointerMap first; // of each region: the number of its first operation, from 1
} Numbering;

// As debug information counts them (DispatchOperation).
static Numbering number_regions(Arena *arena, const IrModule *module) {
    Numbering numbering = {.arena = arena};
    int next = 1;
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            const IrRegion *region = module->functions.items[f]->regions.items[r];
            pointer_map_add(arena, &numbering.first, region, next);
            for (size_t b = 0; b < region->blocks.count; b++)
                for (const IrInstruction *i = region->blocks.items[b]->first; i; i = i->next)
                    next++;
        }
    return numbering;
}

// Of each region of a bytecode as the last pass left it, in the order of its text.
static json_t *numbers_json(const Numbering *numbering, const IrShownRegions *regions) {
    json_t *list = json_array();
    for (size_t i = 0; i < regions->count; i++)
        append(list, json_integer(pointer_map_find(&numbering->first, regions->items[i])));
    return list;
}

// ---- Machine code --------------------------------------------------------------------

// [address, instruction, what it is for, line, column, operation, the operation's number]; what is
// not known at the end is left out.
static json_t *row_json(Strings *strings, const DispatchRow *row) {
    json_t *list = json_array();
    append(list, json_integer((json_int_t)row->instruction->offset));
    append(list, strings_add(strings, row->instruction->text));
    append(list, strings_add(strings, dispatch_row_text(row)));
    if (!row->line)
        return list;
    append(list, json_integer(row->line));
    append(list, json_integer(row->column));
    if (row->operation)
        append(list, strings_add(strings, row->operation));
    else if (row->number)
        append(list, json_null());
    if (row->number)
        append(list, json_integer(row->number));
    return list;
}

// A list a block.
static json_t *blocks_json(Strings *strings, const DispatchRows *rows) {
    json_t *blocks = json_array(), *block = NULL;
    for (size_t i = 0; i < rows->count; i++) {
        if (!block || rows->items[i].begins_block) {
            block = json_array();
            append(blocks, block);
        }
        append(block, row_json(strings, &rows->items[i]));
    }
    return blocks;
}

static json_t *handler_json(Strings *strings, const DispatchReport *report,
                            const MeasuredBytecode *bytecode) {
    const DispatchPath *path = &bytecode->path;
    DispatchRows way = dispatch_rows_path(report, bytecode, true);
    DispatchRows elsewhere = dispatch_rows_elsewhere(report, bytecode);
    json_t *item =
        json_pack("{s:o, s:o, s:o}", "name", json_text(bytecode->in_table->name), "way",
                  blocks_json(strings, &way), "elsewhere", blocks_json(strings, &elsewhere));
    if (path->dispatches)
        json_object_update_new(item, json_pack("{s:I, s:i, s:i}", "instructions",
                                               (json_int_t)path->steps.count, "blocks",
                                               path->blocks, "polls", path->polls));
    if (report->is_weighted)
        json_object_set_new(item, "executed", json_real(bytecode->weight));
    return item;
}

// Handlers of a bytecode: one for each table. Theirs are called NAME, NAME.1, …
static json_t *handlers_json(Strings *strings, const DispatchReport *report, const char *name) {
    json_t *list = json_array();
    size_t length = strlen(name);
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        const char *its = bytecode->in_table->name;
        if (strcspn(its, ".") == length && strncmp(its, name, length) == 0)
            append(list, handler_json(strings, report, bytecode));
    }
    return list;
}

// ---- Bytecodes -----------------------------------------------------------------------

static const IrBytecode *find_bytecode(const IrModule *module, const char *name,
                                       const IrTable **table) {
    for (size_t i = 0; i < module->tables.count; i++) {
        *table = module->tables.items[i];
        const IrBytecode *found = ir_find_bytecode(*table, name);
        if (found)
            return found;
    }
    return NULL;
}

static const char *origin_text(IrOrigin origin) {
    static const char *const texts[] = {
        [IR_ORIGIN_BASE] = "base",
        [IR_ORIGIN_RESERVED] = "reserved",
        [IR_ORIGIN_QUICKENED] = "quickened",
        [IR_ORIGIN_FUSED] = "fused",
    };
    return texts[origin];
}

static json_t *components_json(Strings *strings, const IrTable *table, const IrBytecode *bytecode) {
    json_t *list = json_array();
    for (size_t i = 0; i < bytecode->components.count; i++)
        append(list,
               strings_add(strings, table->bytecodes.items[bytecode->components.items[i]].name));
    return list;
}

// The table's default has no line of its own there, and is no bytecode.
static json_t *bytecode_json(Strings *strings, const ExploredVariant *variant,
                             const Numbering *numbering, const HistoryBytecode *history) {
    const IrModule *module = variant->subject.module;
    const IrTable *table = NULL;
    const IrBytecode *bytecode = find_bytecode(module, history->name, &table);
    json_t *item = json_pack("{s:o, s:s}", "name", json_text(history->name), "origin",
                             bytecode ? origin_text(bytecode->origin) : "default");
    if (bytecode) {
        json_object_set_new(item, "opcode", json_integer(bytecode->opcode));
        json_object_set_new(item, "line", json_integer(bytecode->at.line));
        if (bytecode->origin == IR_ORIGIN_FUSED)
            json_object_set_new(item, "components", components_json(strings, table, bytecode));
    }
    add_history(item, strings, history);
    IrShownRegions regions = ir_view_bytecode(module, history->name, numbering->arena);
    json_object_set_new(item, "numbers", numbers_json(numbering, &regions));
    json_object_set_new(item, "handlers",
                        handlers_json(strings, variant->subject.report, history->name));
    return item;
}

// ---- A variant -----------------------------------------------------------------------

// All steps of the pipeline, those too that were left out: states count them.
static json_t *passes_json(const PassReport *report) {
    Text text = {0};
    pass_report_json(report, false, &text);
    json_t *passes = json_loads(text_chars(&text), 0, NULL);
    text_free(&text);
    return passes ? passes : json_array();
}

static json_t *means_json(const DispatchReport *report) {
    DispatchMeans means = dispatch_report_means(report);
    if (!means.known)
        return json_null();
    json_t *classes = json_object();
    for (int i = 0; i < DISPATCH_CLASSES; i++)
        if (means.classes[i] > 0)
            json_object_set_new(classes, dispatch_class_text((DispatchClass)i),
                                json_real(means.classes[i]));
    return json_pack("{s:f, s:f, s:o}", "instructions", means.instructions, "blocks", means.blocks,
                     "classes", classes);
}

static json_t *variant_json(Strings *strings, json_t *definitions, const ExploredVariant *variant) {
    const IrModule *module = variant->subject.module;
    const DispatchReport *report = variant->subject.report;
    Arena *scratch = arena_new();
    Numbering numbering = number_regions(scratch, module);
    json_t *bytecodes = json_array();
    for (size_t i = 0; i < variant->history.bytecodes.count; i++)
        append(bytecodes,
               bytecode_json(strings, variant, &numbering, &variant->history.bytecodes.items[i]));
    IrShownRegions rest = ir_view_rest(module, scratch);
    json_t *trunk = json_pack("{s:o}", "numbers", numbers_json(&numbering, &rest));
    add_history(trunk, strings, &variant->history.trunk);
    json_t *item =
        json_pack("{s:o, s:o, s:s, s:o, s:o, s:i, s:I, s:b, s:o, s:o, s:o}", "name",
                  json_text(variant->subject.name), "flags", json_text(variant->flags), "form",
                  ir_form_text(module->form), "definition", definition_json(definitions, module),
                  "passes", passes_json(&variant->report), "llvm", variant->subject.llvm_version,
                  "sites", (json_int_t)report->sites->jumps.count, "weighted", report->is_weighted,
                  "means", means_json(report), "trunk", trunk, "bytecodes", bytecodes);
    arena_free(scratch);
    return item;
}

// In the order in which a dispatch's classes are listed everywhere.
static json_t *classes_json(void) {
    json_t *list = json_array();
    for (int i = 0; i < DISPATCH_CLASSES; i++)
        append(list, json_string(dispatch_class_text((DispatchClass)i)));
    return list;
}

json_t *explore_document(const ExploredVariant *variants, size_t count) {
    Strings *strings = strings_new();
    json_t *definitions = json_array(), *list = json_array();
    for (size_t i = 0; i < count; i++)
        append(list, variant_json(strings, definitions, &variants[i]));
    json_t *root = json_pack("{s:o, s:o, s:o, s:o}", "classes", classes_json(), "definitions",
                             definitions, "variants", list, "strings", strings_take(strings));
    if (!root)
        memory_exhausted();
    return root;
}
