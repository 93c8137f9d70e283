// See report_page.h.
#include "cli/report/report_page.h"

#include "cli/report/markup.h"
#include "support/choice.h"

#include <stdlib.h>
#include <string.h>

// ---- The page's parts ---------------------------------------------------------------------------

void page_begin_section(ReportPage *page, const char *id, const char *title) {
    text_addf(page->out, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
    text_addf(&page->contents, "<li><a href=\"#%s\">%s</a></li>\n", id, title);
}

void page_end_section(ReportPage *page) {
    text_add(page->out, "</section>\n");
}

void page_is_absent(ReportPage *page, const char *title, const char *reason) {
    ARENA_PUSH(page->arena, &page->absent, ((AbsentPart){title, reason}));
}

void page_paragraph(ReportPage *page, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_add(page->out, "<p>");
    text_addv(page->out, format, arguments);
    text_add(page->out, "</p>\n");
    va_end(arguments);
}

bool page_add_rows(ReportPage *page, const RowPlot *plot) {
    text_add(page->out, "<figure>\n<div class=\"wide\">");
    bool good = row_plot_draw(plot, page->arena, ROW_PLOT_WIDE, page->out);
    text_add(page->out, "</div>\n<div class=\"narrow\">");
    good = good && row_plot_draw(plot, page->arena, ROW_PLOT_NARROW, page->out);
    text_add(page->out, "</div>\n</figure>\n");
    return good;
}

bool page_add_lines(ReportPage *page, const LinePlot *plot) {
    text_add(page->out, "<figure>\n<div class=\"wide\">");
    bool good = line_plot_draw(plot, page->arena, LINE_PLOT_WIDE, page->out);
    text_add(page->out, "</div>\n<div class=\"narrow\">");
    good = good && line_plot_draw(plot, page->arena, LINE_PLOT_NARROW, page->out);
    text_add(page->out, "</div>\n</figure>\n");
    return good;
}

void page_begin_panels(ReportPage *page) {
    text_add(page->out, "<div class=\"panels\">\n");
}

bool page_add_rows_panel(ReportPage *page, const char *heading, const RowPlot *plot) {
    text_addf(page->out, "<figure><h3>%s</h3>\n", heading);
    bool good = row_plot_draw(plot, page->arena, ROW_PLOT_SMALL, page->out);
    text_add(page->out, "</figure>\n");
    return good;
}

bool page_add_lines_panel(ReportPage *page, const char *heading, const LinePlot *plot) {
    text_addf(page->out, "<figure><h3>%s</h3>\n", heading);
    bool good = line_plot_draw(plot, page->arena, LINE_PLOT_SMALL, page->out);
    text_add(page->out, "</figure>\n");
    return good;
}

void page_end_panels(ReportPage *page) {
    text_add(page->out, "</div>\n");
}

// ---- Subjects and programs ----------------------------------------------------------------------

static const CampaignSubject *subject_at(const ReportPage *page, size_t subject) {
    return &page->campaign->subjects.items[subject];
}

// A, B, … Z, A2, B2, …
static const char *alias(const ReportPage *page, size_t subject) {
    size_t number = page->place[subject];
    char letter = (char)('A' + number % 26);
    return number < 26 ? arena_printf(page->arena, "%c", letter)
                       : arena_printf(page->arena, "%c%zu", letter, number / 26 + 1);
}

static const char *finish(const ReportPage *page, Text *text) {
    const char *copy = arena_strdup(page->arena, text_chars(text));
    text_free(text);
    return copy;
}

void page_add_subject(const ReportPage *page, Text *out, size_t subject) {
    text_add(out, "<span class=\"name\">");
    markup_text(out, subject_at(page, subject)->name);
    text_addf(out, "</span><span class=\"alias\">%s</span>", alias(page, subject));
}

const char *page_subject(const ReportPage *page, size_t subject) {
    Text text = {0};
    page_add_subject(page, &text, subject);
    return finish(page, &text);
}

// What was cut short is told where somebody points at it.
static void add_svg_name(Text *out, const char *name, size_t columns) {
    Text shown = {0};
    bool fits = markup_text_within(&shown, name, columns);
    if (!fits) {
        text_add(out, "<title>");
        markup_text(out, name);
        text_add(out, "</title>");
    }
    text_add(out, text_chars(&shown));
    text_free(&shown);
}

const char *page_subject_svg(const ReportPage *page, size_t subject, size_t columns) {
    Text text = {0};
    text_add(&text, "<tspan class=\"name code\">");
    add_svg_name(&text, subject_at(page, subject)->name, columns);
    text_addf(&text, "</tspan><tspan class=\"alias\">%s</tspan>", alias(page, subject));
    return finish(page, &text);
}

PlotColour page_subject_colour(const ReportPage *page, size_t subject) {
    if (subject == 0)
        return PLOT_BASELINE;
    switch (subject_at(page, subject)->kind) {
    case SUBJECT_VARIANT: return PLOT_VARIANT;
    case SUBJECT_CONTROL: return PLOT_CONTROL;
    case SUBJECT_PEER: return PLOT_PEER;
    case SUBJECT_AA: break;
    }
    return PLOT_AA;
}

const char *page_subject_kind(const ReportPage *page, size_t subject) {
    static const char *const words[] = {"baseline", "variant", "by hand", "peer", "A/A"};
    return words[page_subject_colour(page, subject) - PLOT_BASELINE];
}

PlotRow page_subject_row(const ReportPage *page, size_t subject) {
    return (PlotRow){
        .name = page_subject_svg(page, subject, ROW_NAME_WIDE),
        .name_short = page_subject_svg(page, subject, ROW_NAME_SMALL),
        .columns = markup_columns(subject_at(page, subject)->name),
        .colour = page_subject_colour(page, subject),
    };
}

const char *page_program(const ReportPage *page, size_t program) {
    return campaign_short_program(page->campaign, program);
}

const char *page_program_named(const ReportPage *page, const char *words) {
    for (size_t i = 0; words && i < page->campaign->programs.count; i++)
        if (strcmp(page->campaign->programs.items[i], words) == 0)
            return page_program(page, i);
    return words ? words : "";
}

const char *page_text_svg(const ReportPage *page, const char *chars, size_t columns) {
    Text text = {0};
    add_svg_name(&text, chars, columns);
    return finish(page, &text);
}

const char *page_program_svg(const ReportPage *page, size_t program, size_t columns) {
    return page_text_svg(page, page_program(page, program), columns);
}

PlotRow page_program_row(const ReportPage *page, size_t program) {
    return (PlotRow){
        .name = page_program_svg(page, program, ROW_NAME_WIDE),
        .name_short = page_program_svg(page, program, ROW_NAME_SMALL),
        .columns = markup_columns(page_program(page, program)),
        .colour = PLOT_TEXT,
    };
}

// ---- Figures ------------------------------------------------------------------------------------

const PageRuns *page_runs(const ReportPage *page, size_t subject, size_t program) {
    return &page->runs[subject * page->campaign->programs.count + program];
}

const AnalysisRow *page_row(const ReportPage *page, size_t subject, size_t program) {
    return analysis_row(page->analysis, subject, program);
}

bool page_mean(const ReportPage *page, size_t subject, double *ratio) {
    const AnalysisRow *mean = &page->analysis->means[subject];
    *ratio = mean->has_ratio ? mean->ratio.median : 1;
    return mean->has_ratio || subject == 0;
}

bool page_ratio(const ReportPage *page, size_t subject, size_t program, double *ratio) {
    const AnalysisRow *row = page_row(page, subject, program);
    bool is_baseline = subject == 0 && row->processes > 0;
    *ratio = row->has_ratio ? row->ratio.median : 1;
    return (row->has_ratio && row->ratio.median > 0) || is_baseline;
}

const char *page_ratio_text(const ReportPage *page, const AnalysisRow *row) {
    if (row->subject == 0 && row->difference == DIFFERENCE_BASELINE)
        return "1";
    return row->has_ratio ? arena_printf(page->arena, "%.3f", row->ratio.median) : "–";
}

const char *page_interval_text(const ReportPage *page, const AnalysisRow *row) {
    if (!row->has_ratio || !row->has_interval || row->difference == DIFFERENCE_BASELINE)
        return "";
    return arena_printf(page->arena, "[%.3f, %.3f]", row->ratio.low, row->ratio.high);
}

const char *page_difference(const ReportPage *page, Difference difference) {
    return choice_at(difference_names, (int)difference, page->arena);
}

const char *page_difference_class(Difference difference) {
    switch (difference) {
    case DIFFERENCE_FASTER: return "faster";
    case DIFFERENCE_SLOWER: return "slower";
    case DIFFERENCE_CANT_TELL: return "unsure";
    case DIFFERENCE_NONE:
    case DIFFERENCE_SAME_CODE:
    case DIFFERENCE_BASELINE: break;
    }
    return "none";
}

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void page_sort(double *numbers, size_t count) {
    if (count)
        qsort(numbers, count, sizeof *numbers, by_size);
}

double page_quantile(const double *sorted, size_t count, double part) {
    double at = part * (double)(count - 1);
    size_t below = (size_t)at, above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

const char *page_plural(size_t count) {
    return count == 1 ? "" : "s";
}
