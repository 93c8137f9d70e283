// See dispatch_print.h: reports as one HTML page each, without scripts and without anything from
// elsewhere. Colours are variables of the style sheet, which has them twice, for light and for
// dark; every colour goes with a word, so that nobody needs to see it.
#include "backend/anatomy/dispatch_print.h"

#include "support/markup_text.h"
#include "support/source_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char style[] =
    ":root{color-scheme:light dark;--back:#fcfcfb;--text:#1d1d1f;--dim:#6b6b70;--rule:#dddde0;"
    "--opcode-fetch:#1a7f37;--pc-advance:#0b7285;--frame-read:#c62828;--spill-or-reload:#8e24aa;"
    "--copy:#ad1470;--address-arithmetic:#8a6100;--range-check:#d24a00;--table-load:#1f5fbf;"
    "--jump:#333a45;--other:#5d4037}\n"
    "@media(prefers-color-scheme:dark){:root{--back:#17181a;--text:#e8e8ea;--dim:#98989f;"
    "--rule:#36373b;--opcode-fetch:#5fd07a;--pc-advance:#4cc9dc;--frame-read:#ff7b72;"
    "--spill-or-reload:#d58cff;--copy:#ff8ac6;--address-arithmetic:#e2b84d;--range-check:#ffa05c;"
    "--table-load:#7fb2ff;--jump:#c9ced8;--other:#c7a28f}}\n"
    "body{background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif;"
    "max-width:75rem;margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}\n"
    "table{border-collapse:collapse;font:13px/1.6 ui-monospace,monospace}\n"
    ".wide{overflow-x:auto}\n"
    "th{text-align:left;color:var(--dim);font-weight:normal}\n"
    "th,td{padding:0 1rem 0 0;white-space:pre;vertical-align:top}\n"
    "td.number,th.number{text-align:right}\n"
    "tr.block td{border-top:1px solid var(--rule)}\n"
    ".aside{color:var(--dim)}\n"
    "td.place{color:var(--dim);max-width:26rem;overflow:hidden;text-overflow:ellipsis}\n"
    ".bar{display:flex;height:1.1rem;margin:.5rem 0}\n"
    ".bar i{display:block;margin-right:2px}\n"
    "i.length{display:inline-block;height:.7rem;background:var(--table-load)}\n";

// ---- Words ---------------------------------------------------------------------------

static void add_text(Text *out, const char *chars) {
    text_add_markup(out, chars, strlen(chars));
}

// The variable of the style sheet that has the class's colour: its name with dashes.
static void add_colour(Text *out, DispatchClass class) {
    text_add(out, "var(--");
    for (const char *c = dispatch_class_text(class); *c; c++)
        text_add_bytes(out, *c == ' ' ? "-" : c, 1);
    text_add(out, ")");
}

static void begin_page(Text *out, const char *title) {
    text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    add_text(out, title);
    text_addf(out, "</title>\n<style>\n%s</style>\n<h1>", style);
    add_text(out, title);
    text_add(out, "</h1>\n");
}

static void add_cell(Text *out, const char *chars) {
    text_add(out, "<td>");
    add_text(out, chars ? chars : "");
    text_add(out, "</td>");
}

// ---- The definition's lines ------------------------------------------------------------

// The text that places refer to; empty where it can't be read: a page can do without.
static Text read_definition(const DispatchReport *report) {
    Text text = {0};
    if (report->definition)
        source_read(report->definition, &report->parts, &text);
    return text;
}

// A line of it, with one blank where there are several.
static void add_line(Text *out, const Text *definition, int line) {
    const char *at = text_chars(definition);
    for (int i = 1; i < line && *at; i++) {
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    Text copy = {0};
    for (at += strspn(at, " \t"); *at && *at != '\n'; at++)
        if (!(at[0] == ' ' && at[1] == ' '))
            text_add_bytes(&copy, at, 1);
    add_text(out, text_chars(&copy));
    text_free(&copy);
}

// ---- Tables --------------------------------------------------------------------------

static void add_row(Text *out, const DispatchReport *report, const DispatchRow *row,
                    const Text *definition) {
    bool has_model = report->model != NULL;
    bool is_step = row->role == DISPATCH_ROLE_STEP;
    text_addf(out, "<tr class=\"%s%s\"><td class=\"number aside\">%" PRIx64 "</td>",
              row->begins_block ? "block" : "", is_step ? "" : " aside", row->instruction->offset);
    add_cell(out, row->instruction->text);
    text_add(out, "<td");
    if (is_step) {
        text_add(out, " style=\"color:");
        add_colour(out, row->class);
        text_add(out, "\"");
    }
    text_addf(out, ">%s</td>", dispatch_row_text(row));
    if (has_model && row->latency >= 0)
        text_addf(out, "<td class=\"number\">%.0f</td><td class=\"number\">%.2f</td>", row->latency,
                  row->throughput);
    else if (has_model)
        text_add(out, "<td></td><td></td>");
    add_cell(out, row->operation);
    text_add(out, "<td class=\"place\">");
    if (row->line > 0) {
        add_text(out, source_line_text(&report->parts, row->line, report->arena));
        text_add(out, row->column > 0 ? ":" : "");
        if (row->column > 0)
            text_addf(out, "%d", row->column);
        text_add(out, "  ");
        add_line(out, definition, row->line);
    }
    text_add(out, "</td></tr>\n");
}

static void add_rows(Text *out, const DispatchReport *report, const DispatchRows *rows) {
    Text definition = read_definition(report);
    text_addf(out,
              "<div class=\"wide\"><table>\n<tr><th class=\"number\">address</th>"
              "<th>instruction</th><th>what it is for</th>%s<th>IR operation</th>"
              "<th>definition</th></tr>\n",
              report->model ? "<th class=\"number\">latency</th>"
                              "<th class=\"number\">throughput</th>"
                            : "");
    for (size_t i = 0; i < rows->count; i++)
        add_row(out, report, &rows->items[i], &definition);
    text_add(out, "</table></div>\n");
    text_free(&definition);
}

// A part of it for each class, as long as it has instructions: two bars can be compared.
static void add_bar(Text *out, const int *classes) {
    text_add(out, "<div class=\"bar\" aria-hidden=\"true\">");
    for (int i = 0; i < DISPATCH_CLASSES; i++) {
        if (!classes[i])
            continue;
        text_addf(out, "<i style=\"width:%drem;background:", 2 * classes[i]);
        add_colour(out, (DispatchClass)i);
        text_add(out, "\"></i>");
    }
    text_add(out, "</div>\n");
}

// The classes of one report, or of two.
static void add_classes(Text *out, const DispatchReport *const *reports,
                        const MeasuredBytecode *const *bytecodes, int count) {
    int classes[2][DISPATCH_CLASSES] = {{0}};
    DispatchMeans means[2];
    for (int side = 0; side < count; side++) {
        means[side] = dispatch_report_means(reports[side]);
        if (bytecodes[side])
            dispatch_path_classes(&bytecodes[side]->path, classes[side]);
        add_bar(out, classes[side]);
    }
    text_add(out, "<table>\n<tr><th>class</th>");
    for (int side = 0; side < count; side++)
        text_addf(out, "<th class=\"number\">%s</th><th class=\"number\">mean of all</th>",
                  count == 1 ? "this path"
                  : side     ? "B"
                             : "A");
    text_add(out, "</tr>\n");
    for (int i = 0; i < DISPATCH_CLASSES; i++) {
        bool is_used = false;
        for (int side = 0; side < count; side++)
            is_used = is_used || classes[side][i] || means[side].classes[i] > 0;
        if (!is_used)
            continue;
        text_add(out, "<tr><td style=\"color:");
        add_colour(out, (DispatchClass)i);
        text_addf(out, "\">%s</td>", dispatch_class_text((DispatchClass)i));
        for (int side = 0; side < count; side++)
            text_addf(out, "<td class=\"number\">%d</td><td class=\"number\">%.2f</td>",
                      classes[side][i], means[side].classes[i]);
        text_add(out, "</tr>\n");
    }
    text_add(out, "<tr class=\"block\"><td>together</td>");
    for (int side = 0; side < count; side++)
        text_addf(out, "<td class=\"number\">%zu</td><td class=\"number\">%.2f</td>",
                  bytecodes[side] ? bytecodes[side]->path.steps.count : 0,
                  means[side].instructions);
    text_add(out, "</tr>\n</table>\n");
}

static void add_bytecodes(Text *out, const DispatchReport *report) {
    text_addf(out,
              "<h2>All bytecodes</h2>\n<div class=\"wide\"><table>\n<tr><th>bytecode</th>"
              "<th class=\"number\">instructions</th><th class=\"number\">blocks</th>"
              "<th class=\"number\">polls</th>%s<th></th></tr>\n",
              report->is_weighted ? "<th class=\"number\">executed</th>" : "");
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        const MeasuredBytecode *bytecode = &report->bytecodes.items[i];
        const DispatchPath *path = &bytecode->path;
        text_add(out, "<tr>");
        add_cell(out, bytecode->in_table->name);
        if (path->dispatches)
            text_addf(out,
                      "<td class=\"number\">%zu</td><td class=\"number\">%d</td>"
                      "<td class=\"number\">%d</td>",
                      path->steps.count, path->blocks, path->polls);
        else
            text_add(out, "<td class=\"number\">-</td><td></td><td></td>");
        if (report->is_weighted)
            text_addf(out, "<td class=\"number\">%.0f</td>", bytecode->weight);
        text_addf(out, "<td><i class=\"length\" style=\"width:%.1frem\"></i></td></tr>\n",
                  (double)path->steps.count / 2);
    }
    text_add(out, "</table></div>\n");
}

// ---- Pages ---------------------------------------------------------------------------

static void add_means(Text *out, const DispatchReport *report) {
    DispatchMeans means = dispatch_report_means(report);
    text_add(out, "<p>");
    if (means.known)
        text_addf(out, "%.2f instructions and %.2f blocks a dispatch (%s mean), ",
                  means.instructions, means.blocks,
                  report->is_weighted ? "weighted" : "unweighted");
    text_addf(out, "%zu dispatch site%s.", report->sites->jumps.count,
              report->sites->jumps.count == 1 ? "" : "s");
    if (report->model)
        text_addf(
            out,
            " %s, model %s: latency %d cycles, reciprocal throughput %.2f cycles for the path "
            "below.",
            report->model->tool, report->model->processor, report->model->latency,
            report->model->throughput);
    text_add(out, "</p>\n");
}

// What the path is of; `bytecode` is NULL where nothing dispatches.
static void add_heading(Text *out, const char *subject, const MeasuredBytecode *bytecode) {
    text_add(out, "<h2>");
    add_text(out, subject);
    if (bytecode)
        text_addf(out, ": %zu instruction%s, %d block%s", bytecode->path.steps.count,
                  bytecode->path.steps.count == 1 ? "" : "s", bytecode->path.blocks,
                  bytecode->path.blocks == 1 ? "" : "s");
    text_add(out, "</h2>\n");
}

static void add_extremes(Text *out, const DispatchShown *shown) {
    const MeasuredBytecode *const all[] = {shown->least, shown->median, shown->most};
    static const char *const words[] = {"Least: ", ", median: ", ", most: "};
    text_add(out, "<p>");
    for (int i = 0; i < 3; i++) {
        text_add(out, words[i]);
        add_text(out, all[i]->in_table->name);
        text_addf(out, " (%zu)", all[i]->path.steps.count);
    }
    text_add(out, ".</p>\n");
}

void dispatch_print_page(const DispatchReport *report, Text *out) {
    DispatchShown shown = dispatch_report_shown(report);
    Text title = {0};
    text_addf(&title, "The dispatch of %s", report->name);
    begin_page(out, text_chars(&title));
    text_free(&title);
    add_means(out, report);
    if (shown.shown) {
        add_extremes(out, &shown);
        add_heading(out, shown.shown->in_table->name, shown.shown);
        DispatchRows rows = dispatch_rows_path(report, shown.shown, report->chosen != NULL);
        add_rows(out, report, &rows);
        add_classes(out, &report, &shown.shown, 1);
    }
    if (report->chosen) {
        DispatchRows elsewhere = dispatch_rows_elsewhere(report, report->chosen);
        if (elsewhere.count > 0) {
            text_add(out, "<h2>Off this way</h2>\n");
            add_rows(out, report, &elsewhere);
        }
    }
    add_bytecodes(out, report);
    text_add(out, "</html>\n");
}

static void add_pair(Text *out, const DispatchPair *pair) {
    const DispatchRow *any = pair->rows[0] ? pair->rows[0] : pair->rows[1];
    text_add(out, "<tr><td style=\"color:");
    add_colour(out, any->class);
    text_addf(out, "\">%s</td>", dispatch_row_text(any));
    for (int side = 0; side < 2; side++) {
        const DispatchRow *row = pair->rows[side];
        if (row)
            text_addf(out, "<td class=\"number aside\">%" PRIx64 "</td>", row->instruction->offset);
        else
            text_add(out, "<td></td>");
        add_cell(out, row ? row->instruction->text : "");
    }
    text_add(out, "</tr>\n");
}

void dispatch_diff_print_page(const DispatchDiff *diff, Text *out) {
    Text title = {0};
    text_addf(&title, "The dispatch of %s and of %s", diff->reports[0]->name,
              diff->reports[1]->name);
    begin_page(out, text_chars(&title));
    text_free(&title);
    for (int side = 0; side < 2; side++) {
        Text prefix = {0};
        text_addf(&prefix, "%c, %s", 'A' + side, diff->reports[side]->name);
        if (diff->bytecodes[side])
            text_addf(&prefix, ", %s", diff->bytecodes[side]->in_table->name);
        add_heading(out, text_chars(&prefix), diff->bytecodes[side]);
        add_means(out, diff->reports[side]);
        text_free(&prefix);
    }
    text_add(out, "<h2>Side by side</h2>\n<div class=\"wide\"><table>\n<tr><th>class</th>"
                  "<th class=\"number\">address</th><th>A</th><th class=\"number\">address</th>"
                  "<th>B</th></tr>\n");
    for (size_t i = 0; i < diff->pairs.count; i++)
        add_pair(out, &diff->pairs.items[i]);
    text_add(out, "</table></div>\n");
    add_classes(out, diff->reports, diff->bytecodes, 2);
    text_add(out, "</html>\n");
}
