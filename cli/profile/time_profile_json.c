// See time_profile_print.h: a profile of time as data, with all rows of all lists. Times are in
// nanoseconds or, by the event `cycles`, in cycles; shares are parts of all time.
#include "cli/profile/time_profile_print.h"
#include "support/json/json_text.h"

#include <inttypes.h>
#include <stdio.h>

static json_t *timed_json(const TimeProfile *profile, const Timed *timed) {
    return json_pack("{s:I, s:f, s:f}", "samples", (json_int_t)timed->samples, "time", timed->time,
                     "share", time_share(profile, timed));
}

static void set_text(json_t *object, const char *key, const char *text) {
    json_object_set_new(object, key, json_text(text));
}

static void set_address(json_t *object, const MachineInstruction *instruction) {
    char address[24];
    snprintf(address, sizeof address, "0x%" PRIx64, instruction->address);
    set_text(object, "address", address);
    set_text(object, "text", instruction->text);
}

static json_t *kinds_json(const TimeProfile *profile, const Timed *kinds, int count) {
    json_t *object = json_object();
    for (int i = 0; i < count; i++)
        json_object_set_new(object, timed_kind_text((TimedKind)i), timed_json(profile, &kinds[i]));
    return object;
}

static json_t *bytecodes_json(const TimeProfile *profile) {
    json_t *list = json_array();
    for (size_t i = 0; i < profile->bytecodes.count; i++) {
        const TimedBytecode *timed = &profile->bytecodes.items[i];
        json_t *item = timed_json(profile, &timed->all);
        set_text(item, "name", code_owner_name(profile->report, timed->bytecode));
        json_object_set_new(item, "kinds", kinds_json(profile, timed->kinds, TIMED_LOOP_KINDS));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *names_json(const TimeProfile *profile, const TimedName *names, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *item = timed_json(profile, &names[i].all);
        set_text(item, "name", names[i].name);
        set_text(item, "file", names[i].file);
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *lines_json(const TimeProfile *profile) {
    json_t *list = json_array();
    for (size_t i = 0; i < profile->lines.count; i++) {
        json_t *item = timed_json(profile, &profile->lines.items[i].all);
        json_set_line(item, &profile->report->parts, profile->lines.items[i].line);
        set_text(item, "text", profile->lines.items[i].text);
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *addresses_json(const TimeProfile *profile) {
    json_t *list = json_array();
    for (size_t i = 0; i < profile->instructions.count; i++) {
        const TimedInstruction *timed = &profile->instructions.items[i];
        const MachineInstruction *at =
            &profile->report->code->instructions.items[timed->instruction];
        const CodeOwner *owner = &profile->owners[timed->instruction];
        json_t *item = timed_json(profile, &timed->all);
        set_address(item, at);
        set_text(item, "bytecode", code_owner_name(profile->report, owner->bytecode));
        set_text(item, "class",
                 owner->class < DISPATCH_CLASSES ? dispatch_class_text(owner->class) : NULL);
        json_set_line(item, &profile->report->parts, at->line.line);
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *table_json(const TimeProfile *profile, const TimeTable *table) {
    json_t *rows = json_array();
    int block = 1;
    for (size_t i = 0; i < table->rows.count; i++) {
        const DispatchRow *row = &table->rows.items[i];
        block += i > 0 && (row->begins_block || i == table->on_way);
        json_t *item = timed_json(profile, &table->times[i]);
        json_object_set_new(item, "block", json_integer(block));
        set_address(item, row->instruction);
        set_text(item, "class", dispatch_row_text(row));
        json_set_line(item, &profile->report->parts, row->line);
        set_text(item, "operation", row->operation);
        json_array_append_new(rows, item);
    }
    json_t *object = json_object();
    set_text(object, "of", table->name);
    json_object_set_new(object, "rows", rows);
    return object;
}

void time_profile_print_json(const TimeProfile *profile, const TimeTable *table,
                             const TimeProfileWords *words, Text *out) {
    const Samples *samples = profile->samples;
    json_t *root = timed_json(profile, &profile->all);
    set_text(root, "interpreter", words->interpreter);
    set_text(root, "program", words->program);
    set_text(root, "event", time_profile_event(profile));
    json_object_set_new(root, "frequency", json_integer(samples->frequency));
    json_object_set_new(root, "lost", json_integer((json_int_t)samples->lost));
    json_object_set_new(root, "throttled", json_integer((json_int_t)samples->throttled));
    set_text(root, "definition", profile->report->definition);
    json_object_set_new(root, "kinds", kinds_json(profile, profile->kinds, TIMED_KINDS));
    json_object_set_new(root, "arrivals", timed_json(profile, &profile->arrivals));
    json_object_set_new(root, "bytecodes", bytecodes_json(profile));
    json_object_set_new(root, "functions",
                        names_json(profile, profile->functions.items, profile->functions.count));
    json_object_set_new(root, "libraries",
                        names_json(profile, profile->libraries.items, profile->libraries.count));
    json_object_set_new(root, "lines", lines_json(profile));
    json_object_set_new(root, "addresses", addresses_json(profile));
    json_object_set_new(root, "table", table_json(profile, table));
    json_text_print(root, out);
    json_decref(root);
}
