// See report.h. Counters appear in the order in which a pass first names them, so that the
// same pass on the same module gives the same text. Who passes no report pays for nothing but
// the call.
#include "passes/manager/report.h"

#include "support/characters.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static PassReportEntry *current(PassReport *report) {
    return report && report->entries.count ? &report->entries.items[report->entries.count - 1]
                                           : NULL;
}

void pass_report_begin(PassReport *report, const char *pass, const char *parameter) {
    if (!report)
        return;
    PassReportEntry entry = {.pass = arena_strdup(report->arena, pass)};
    if (parameter)
        entry.parameter = arena_strdup(report->arena, parameter);
    ARENA_PUSH(report->arena, &report->entries, entry);
}

void pass_count_add(PassReport *report, const char *counter, int64_t amount) {
    PassReportEntry *entry = current(report);
    if (!entry)
        return;
    for (size_t i = 0; i < entry->counters.count; i++)
        if (strcmp(entry->counters.items[i].name, counter) == 0) {
            entry->counters.items[i].value += amount;
            return;
        }
    PassCounter added = {arena_strdup(report->arena, counter), amount};
    ARENA_PUSH(report->arena, &entry->counters, added);
}

void pass_remark(PassReport *report, const char *format, ...) {
    PassReportEntry *entry = current(report);
    if (!entry || !format)
        return;
    // Formatted twice, once for the length.
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = arena_alloc(report->arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    ARENA_PUSH(report->arena, &entry->remarks, (const char *)text);
}

void pass_sizes_add(PassReport *report, const PassSizes *sizes) {
    PassReportEntry *entry = current(report);
    if (entry)
        ARENA_PUSH(report->arena, &entry->sizes, *sizes);
}

// ---- For people -------------------------------------------------------------------------

// The longest name decides where the figures begin.
static void print_sizes(const PassReportEntry *entry, Text *out) {
    int width = 0;
    for (size_t k = 0; k < entry->sizes.count; k++) {
        int length = (int)strlen(entry->sizes.items[k].bytecode);
        width = length > width ? length : width;
    }
    for (size_t k = 0; k < entry->sizes.count; k++) {
        const PassSizes *sizes = &entry->sizes.items[k];
        text_addf(out, "  %-*s", width, sizes->bytecode);
#define PRINT_SIZE(field, name)                                                                    \
    text_addf(out, "  %s %3d -> %-3d", name, sizes->before.field, sizes->after.field);
        IR_SIZES(PRINT_SIZE)
#undef PRINT_SIZE
        while (out->chars[out->length - 1] == ' ')
            out->chars[--out->length] = '\0';
        text_add(out, "\n");
    }
}

static void print_counters(const PassReportEntry *entry, Text *out) {
    for (size_t k = 0; k < entry->counters.count; k++)
        text_addf(out, "  %6lld  %s\n", (long long)entry->counters.items[k].value,
                  entry->counters.items[k].name);
    for (size_t k = 0; k < entry->remarks.count; k++)
        text_addf(out, "  %s\n", entry->remarks.items[k]);
}

void pass_report_print(const PassReport *report, bool times, Text *out) {
    for (size_t i = 0; i < report->entries.count; i++) {
        const PassReportEntry *entry = &report->entries.items[i];
        text_add(out, entry->pass);
        if (entry->parameter)
            text_addf(out, "=%s", entry->parameter);
        if (times)
            text_addf(out, " (%.3f ms)", entry->seconds * 1e3);
        text_add(out, "\n");
        (entry->sizes.count ? print_sizes : print_counters)(entry, out);
    }
}

// ---- For programs -----------------------------------------------------------------------

// A parameter may be a file's name, and so any bytes: what is no UTF-8 stands as `?`.
static void add_json_string(Text *out, const char *chars) {
    Text valid = {0};
    text_add_valid(&valid, chars, strlen(chars));
    text_add(out, "\"");
    for (const char *c = text_chars(&valid); *c; c++) {
        if (*c == '"' || *c == '\\')
            text_addf(out, "\\%c", *c);
        else if ((unsigned char)*c < ' ')
            text_addf(out, "\\u%04x", (unsigned char)*c);
        else
            text_add_bytes(out, c, 1);
    }
    text_add(out, "\"");
    text_free(&valid);
}

static void add_json_sizes(const PassReportEntry *entry, Text *out) {
    text_add(out, ", \"bytecodes\": [");
    for (size_t k = 0; k < entry->sizes.count; k++) {
        const PassSizes *sizes = &entry->sizes.items[k];
        text_add(out, k ? ", {\"name\": " : "{\"name\": ");
        add_json_string(out, sizes->bytecode);
#define ADD_SIZE(field, name)                                                                      \
    text_addf(out, ", \"" #field "\": {\"before\": %d, \"after\": %d}", sizes->before.field,       \
              sizes->after.field);
        IR_SIZES(ADD_SIZE)
#undef ADD_SIZE
        text_add(out, "}");
    }
    text_add(out, "]");
}

static void add_json_counters(const PassReportEntry *entry, Text *out) {
    text_add(out, ", \"counters\": {");
    for (size_t k = 0; k < entry->counters.count; k++) {
        text_add(out, k ? ", " : "");
        add_json_string(out, entry->counters.items[k].name);
        text_addf(out, ": %lld", (long long)entry->counters.items[k].value);
    }
    text_add(out, "}, \"remarks\": [");
    for (size_t k = 0; k < entry->remarks.count; k++) {
        text_add(out, k ? ", " : "");
        add_json_string(out, entry->remarks.items[k]);
    }
    text_add(out, "]");
}

static void add_json_entry(const PassReportEntry *entry, bool times, Text *out) {
    text_add(out, "  {\"pass\": ");
    add_json_string(out, entry->pass);
    if (entry->parameter) {
        text_add(out, ", \"parameter\": ");
        add_json_string(out, entry->parameter);
    }
    if (times)
        text_addf(out, ", \"milliseconds\": %.3f", entry->seconds * 1e3);
    (entry->sizes.count ? add_json_sizes : add_json_counters)(entry, out);
    text_add(out, "}");
}

void pass_report_json(const PassReport *report, bool times, Text *out) {
    text_add(out, "[");
    for (size_t i = 0; i < report->entries.count; i++) {
        text_add(out, i ? ",\n" : "\n");
        add_json_entry(&report->entries.items[i], times, out);
    }
    text_add(out, report->entries.count ? "\n]\n" : "]\n");
}
