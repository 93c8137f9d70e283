// See dispatch_print.h: reports for a terminal. Colours stand for classes, the same ones
// everywhere; without them the words say all that there is to say.
#include "backend/anatomy/dispatch_print.h"

#include "support/source_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// How a terminal is told the colour of a row (ISO 6429).
static const char *colour_of(const DispatchRow *row) {
    static const char *const colours[DISPATCH_CLASSES] = {
        [DISPATCH_OPCODE_FETCH] = "\033[32m", [DISPATCH_PC_ADVANCE] = "\033[36m",
        [DISPATCH_FRAME_READ] = "\033[31m",   [DISPATCH_SPILL] = "\033[35m",
        [DISPATCH_COPY] = "\033[95m",         [DISPATCH_ADDRESS] = "\033[33m",
        [DISPATCH_RANGE_CHECK] = "\033[91m",  [DISPATCH_TABLE_LOAD] = "\033[34m",
        [DISPATCH_JUMP] = "\033[1m",          [DISPATCH_OTHER] = "\033[7m",
    };
    return row->role == DISPATCH_ROLE_STEP        ? colours[row->class]
           : row->role == DISPATCH_ROLE_ELSEWHERE ? ""
                                                  : "\033[2m";
}

typedef struct TextPrinter {
    Text *out;
    bool in_colour;
} TextPrinter;

static void begin_colour(const TextPrinter *printer, const DispatchRow *row) {
    if (printer->in_colour)
        text_add(printer->out, colour_of(row));
}

static void end_colour(const TextPrinter *printer) {
    if (printer->in_colour)
        text_add(printer->out, "\033[0m");
}

// Ends a line of columns, of which the last may be empty.
static void end_line(Text *out) {
    while (out->length > 0 && out->chars[out->length - 1] == ' ')
        out->chars[--out->length] = '\0';
    text_add(out, "\n");
}

static const char *plural(size_t count) {
    return count == 1 ? "" : "s";
}

// ---- Rows ----------------------------------------------------------------------------

static void print_place(const DispatchReport *report, const DispatchRow *row, Text *out) {
    const char *place =
        row->line > 0 ? source_line_text(&report->parts, row->line, report->arena) : "";
    if (row->line > 0 && row->column > 0)
        place = arena_printf(report->arena, "%s:%d", place, row->column);
    text_addf(out, " %-9s", place);
}

static void print_row(const TextPrinter *printer, const DispatchReport *report,
                      const DispatchRow *row) {
    Text *out = printer->out;
    begin_colour(printer, row);
    text_addf(out, "  %8" PRIx64 "  %-40s %-18s", row->instruction->offset, row->instruction->text,
              dispatch_row_text(row));
    end_colour(printer);
    if (row->latency >= 0)
        text_addf(out, " %7.0f %10.2f ", row->latency, row->throughput);
    print_place(report, row, out);
    text_addf(out, " %s", row->operation ? row->operation : "");
    end_line(out);
}

// A rule stands where the code goes on in another block.
static void print_rows(const TextPrinter *printer, const DispatchReport *report,
                       const DispatchRows *rows) {
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->items[i].begins_block)
            text_add(printer->out, "  ----\n");
        print_row(printer, report, &rows->items[i]);
    }
}

// The bytecode's work is shown with the path if it was chosen; that of the median one, which nobody
// asked for by name, is left out.
static void print_path(const TextPrinter *printer, const DispatchReport *report,
                       const MeasuredBytecode *shown) {
    const DispatchPath *path = &shown->path;
    text_addf(printer->out, "%s: %zu instruction%s, %d block%s\n", shown->in_table->name,
              path->steps.count, plural(path->steps.count), path->blocks,
              plural((size_t)path->blocks));
    DispatchRows rows = dispatch_rows_path(report, shown, report->chosen != NULL);
    print_rows(printer, report, &rows);
    if (!report->chosen)
        return;
    DispatchRows elsewhere = dispatch_rows_elsewhere(report, shown);
    if (elsewhere.count == 0)
        return;
    text_addf(printer->out, "\n%s off this way: %zu instruction%s\n", shown->in_table->name,
              elsewhere.count, plural(elsewhere.count));
    print_rows(printer, report, &elsewhere);
}

// ---- The whole -----------------------------------------------------------------------

static void print_frames(const DispatchReport *report, Text *out) {
    Text names = {0};
    size_t frames = dispatch_report_frames(report, &names, SIZE_MAX);
    if (frames)
        text_addf(out, "machine frame on every way: %zu bytecode%s (%s)\n", frames, plural(frames),
                  text_chars(&names));
    text_free(&names);
}

static void print_means(const DispatchReport *report, const DispatchShown *shown, Text *out) {
    DispatchMeans means = dispatch_report_means(report);
    size_t sites = report->sites->jumps.count;
    if (means.known)
        text_addf(out, "dispatch: %.2f instructions, %.2f blocks (%s mean), %zu site%s\n",
                  means.instructions, means.blocks, report->is_weighted ? "weighted" : "unweighted",
                  sites, plural(sites));
    else
        text_addf(out, "dispatch: %s, %zu site%s%s\n",
                  shown->least ? "no bytecode that dispatches was counted" : "no path found", sites,
                  plural(sites),
                  sites ? "" : ": there is no jump by a table (of few bytecodes LLVM compares)");
}

static void print_summary(const DispatchReport *report, const DispatchShown *shown, Text *out) {
    print_means(report, shown, out);
    if (shown->least)
        text_addf(out, "least: %s (%zu), median: %s (%zu), most: %s (%zu)\n",
                  shown->least->in_table->name, shown->least->path.steps.count,
                  shown->median->in_table->name, shown->median->path.steps.count,
                  shown->most->in_table->name, shown->most->path.steps.count);
}

static void print_classes(const TextPrinter *printer, const DispatchReport *report,
                          const MeasuredBytecode *shown) {
    Text *out = printer->out;
    DispatchMeans means = dispatch_report_means(report);
    int classes[DISPATCH_CLASSES];
    dispatch_path_classes(&shown->path, classes);
    text_addf(out, "\n%-18s  this path  mean of all\n", "class");
    for (int i = 0; i < DISPATCH_CLASSES; i++) {
        DispatchRow row = {.class = (DispatchClass)i};
        if (!classes[i] && means.classes[i] <= 0)
            continue;
        begin_colour(printer, &row);
        text_addf(out, "%-18s", dispatch_class_text(row.class));
        end_colour(printer);
        text_addf(out, "  %9d  %11.2f\n", classes[i], means.classes[i]);
    }
    text_addf(out, "%-18s  %9zu  %11.2f\n", "together", shown->path.steps.count,
              means.instructions);
    if (shown->path.polls)
        text_addf(out, "%-18s  %9d\n", "polls, apart", shown->path.polls);
}

static void print_model(const DispatchModel *model, Text *out) {
    text_addf(out, "%s, model %s: latency %d cycles, reciprocal throughput %.2f cycles\n",
              model->tool, model->processor, model->latency, model->throughput);
}

static void print_report(const TextPrinter *printer, const DispatchReport *report) {
    Text *out = printer->out;
    DispatchShown shown = dispatch_report_shown(report);
    print_summary(report, &shown, out);
    print_frames(report, out);
    if (!shown.shown)
        return;
    text_add(out, "\n");
    print_path(printer, report, shown.shown);
    print_classes(printer, report, shown.shown);
    if (report->model) {
        text_add(out, "\n");
        print_model(report->model, out);
    }
}

void dispatch_print_text(const DispatchReport *report, Text *out) {
    print_report(&(TextPrinter){.out = out}, report);
}

void dispatch_print_colours(const DispatchReport *report, Text *out) {
    print_report(&(TextPrinter){.out = out, .in_colour = true}, report);
}

// ---- Two of them ---------------------------------------------------------------------

// How wide the longest instruction of a side is.
static int width_of(const DispatchRows *rows, int least) {
    int width = least;
    for (size_t i = 0; i < rows->count; i++)
        if ((int)strlen(rows->items[i].instruction->text) > width)
            width = (int)strlen(rows->items[i].instruction->text);
    return width;
}

static void print_pairs(const TextPrinter *printer, const DispatchDiff *diff) {
    Text *out = printer->out;
    int width = width_of(&diff->rows[0], (int)strlen(diff->reports[0]->name));
    text_addf(out, "%-18s  %-*s  %s\n", "class", width, diff->reports[0]->name,
              diff->reports[1]->name);
    for (size_t i = 0; i < diff->pairs.count; i++) {
        const DispatchPair *pair = &diff->pairs.items[i];
        const DispatchRow *any = pair->rows[0] ? pair->rows[0] : pair->rows[1];
        begin_colour(printer, any);
        text_addf(out, "%-18s", dispatch_row_text(any));
        end_colour(printer);
        text_addf(out, "  %-*s  %s", width, pair->rows[0] ? pair->rows[0]->instruction->text : "",
                  pair->rows[1] ? pair->rows[1]->instruction->text : "");
        end_line(out);
    }
}

static void print_compared_classes(const TextPrinter *printer, const DispatchDiff *diff) {
    Text *out = printer->out;
    int classes[2][DISPATCH_CLASSES] = {{0}}, sums[2] = {0};
    DispatchMeans means[2];
    for (int side = 0; side < 2; side++) {
        means[side] = dispatch_report_means(diff->reports[side]);
        if (diff->bytecodes[side])
            dispatch_path_classes(&diff->bytecodes[side]->path, classes[side]);
    }
    text_addf(out, "\n%-18s  %5s %5s %6s  %8s %8s\n", "class", "A", "B", "B - A", "mean A",
              "mean B");
    for (int i = 0; i < DISPATCH_CLASSES; i++) {
        DispatchRow row = {.class = (DispatchClass)i};
        if (!classes[0][i] && !classes[1][i] && means[0].classes[i] <= 0 &&
            means[1].classes[i] <= 0)
            continue;
        sums[0] += classes[0][i], sums[1] += classes[1][i];
        begin_colour(printer, &row);
        text_addf(out, "%-18s", dispatch_class_text(row.class));
        end_colour(printer);
        text_addf(out, "  %5d %5d %+6d  %8.2f %8.2f\n", classes[0][i], classes[1][i],
                  classes[1][i] - classes[0][i], means[0].classes[i], means[1].classes[i]);
    }
    text_addf(out, "%-18s  %5d %5d %+6d  %8.2f %8.2f\n", "together", sums[0], sums[1],
              sums[1] - sums[0], means[0].instructions, means[1].instructions);
}

static void print_side(const DispatchReport *report, const MeasuredBytecode *bytecode, char letter,
                       Text *out) {
    text_addf(out, "%c  %s: ", letter, report->name);
    DispatchShown shown = dispatch_report_shown(report);
    if (bytecode)
        text_addf(out, "%s, %zu instruction%s, %d block%s\n   ", bytecode->in_table->name,
                  bytecode->path.steps.count, plural(bytecode->path.steps.count),
                  bytecode->path.blocks, plural((size_t)bytecode->path.blocks));
    print_means(report, &shown, out);
    if (report->model) {
        text_add(out, "   ");
        print_model(report->model, out);
    }
}

static void print_diff(const TextPrinter *printer, const DispatchDiff *diff) {
    for (int side = 0; side < 2; side++)
        print_side(diff->reports[side], diff->bytecodes[side], (char)('A' + side), printer->out);
    text_add(printer->out, "\n");
    print_pairs(printer, diff);
    print_compared_classes(printer, diff);
}

void dispatch_diff_print_text(const DispatchDiff *diff, Text *out) {
    print_diff(&(TextPrinter){.out = out}, diff);
}

void dispatch_diff_print_colours(const DispatchDiff *diff, Text *out) {
    print_diff(&(TextPrinter){.out = out, .in_colour = true}, diff);
}
