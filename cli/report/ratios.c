// Ratios with their intervals, over all programs and one by one, and what may be said of them.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <float.h>

static void set_interval(PlotRow *row, const AnalysisRow *from) {
    row->has_span = from->has_interval;
    row->low = from->ratio.low;
    row->high = from->ratio.high;
}

// A difference that isn't one is drawn dim.
static PlotColour colour_of(const ReportPage *page, const AnalysisRow *row) {
    bool is_told = row->difference == DIFFERENCE_FASTER || row->difference == DIFFERENCE_SLOWER;
    return is_told ? page_subject_colour(page, row->subject) : PLOT_DIM;
}

static const char *figure_of(const ReportPage *page, const AnalysisRow *row) {
    return arena_printf(page->arena, "%s %s", page_ratio_text(page, row),
                        page_interval_text(page, row));
}

// ---- Over all programs --------------------------------------------------------------------------

static bool add_means(ReportPage *page) {
    RowPlot plot = {.title = "Geometric means of the ratios, with their intervals",
                    .description =
                        "A row for each implementation; the table at the top of the page "
                        "has the figures.",
                    .axis_left = "← quicker",
                    .axis = "time by the baseline’s",
                    .axis_right = "slower →",
                    .is_logarithmic = true,
                    .has_reference = true,
                    .reference = 1};
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        const AnalysisRow *mean = &page->analysis->means[page->order[i]];
        PlotRow row = page_subject_row(page, page->order[i]);
        if (mean->subject == 0 || !mean->has_ratio || mean->ratio.median <= 0)
            continue;
        set_interval(&row, mean);
        row.colour = colour_of(page, mean);
        row.has_summary = true;
        row.summary = mean->ratio.median;
        row.figure = figure_of(page, mean);
        ARENA_PUSH(page->arena, &plot.rows, row);
    }
    return !plot.rows.count || page_add_rows(page, &plot);
}

// ---- A table of all verdicts --------------------------------------------------------------------

// What is seen beside the figure, and what is heard.
static const char *const signs[] = {
    [DIFFERENCE_NONE] = "=",      [DIFFERENCE_FASTER] = "▾",    [DIFFERENCE_SLOWER] = "▴",
    [DIFFERENCE_CANT_TELL] = "?", [DIFFERENCE_SAME_CODE] = "≡", [DIFFERENCE_BASELINE] = "",
};

static void add_verdict(const ReportPage *page, const AnalysisRow *row, Text *out) {
    if (!row->has_ratio) {
        markup_no_figure(out);
        return;
    }
    const char *words = page_difference(page, row->difference);
    text_addf(out,
              "<td class=\"number %s\" title=\"%s %s\">%.3f<span aria-hidden=\"true\"> %s</span>"
              "<span class=\"heard\"> %s</span></td>",
              page_difference_class(row->difference), words, page_interval_text(page, row),
              row->ratio.median, signs[row->difference], words);
}

static void add_verdicts(const ReportPage *page, Text *out) {
    const Campaign *campaign = page->campaign;
    text_add(out,
             "<h3>Program by program</h3>\n<p class=\"note\">▾ faster, ▴ slower, = no difference, "
             "? can’t tell: too few runs for so many comparisons, or too much noise; ≡ the same "
             "machine code. Verdicts are corrected for their number, so that all of a campaign "
             "hold together.</p>\n");
    markup_begin_scroll(out, "Ratios and verdicts, program by program");
    text_add(out, "<table class=\"matrix\">\n<thead><tr><th></th>");
    for (size_t i = 0; i < campaign->programs.count; i++) {
        text_add(out, "<th class=\"number\" scope=\"col\">");
        markup_text_within(out, page_program(page, i), ROW_NAME_SMALL);
        text_add(out, "</th>");
    }
    text_add(out, "<th class=\"number\" scope=\"col\">all</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        size_t subject = page->order[i];
        if (subject == 0)
            continue;
        text_add(out, "<tr><th scope=\"row\">");
        page_add_subject(page, out, subject);
        text_add(out, "</th>");
        for (size_t program_index = 0; program_index < campaign->programs.count; program_index++)
            add_verdict(page, page_row(page, subject, program_index), out);
        add_verdict(page, &page->analysis->means[subject], out);
        text_add(out, "</tr>\n");
    }
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
}

// ---- A panel for each subject -------------------------------------------------------------------

static RowPlot panel_of(const ReportPage *page, size_t subject) {
    RowPlot plot = {.title = "Ratios with intervals, program by program",
                    .description = "The diamond is the geometric mean; the table above has the "
                                   "figures.",
                    .axis = "time by the baseline’s",
                    .is_logarithmic = true,
                    .has_reference = true,
                    .reference = 1};
    for (size_t i = 0; i < page->campaign->programs.count; i++) {
        const AnalysisRow *from = page_row(page, subject, i);
        PlotRow row = page_program_row(page, i);
        if (from->has_ratio && from->ratio.median > 0) {
            row.has_mark = true;
            row.mark = from->ratio.median;
            row.colour = colour_of(page, from);
            set_interval(&row, from);
        }
        ARENA_PUSH(page->arena, &plot.rows, row);
    }
    const AnalysisRow *mean = &page->analysis->means[subject];
    PlotRow row = {.name = "all", .name_short = "all", .colour = colour_of(page, mean)};
    row.has_summary = mean->has_ratio && mean->ratio.median > 0;
    row.summary = mean->ratio.median;
    if (row.has_summary)
        set_interval(&row, mean);
    ARENA_PUSH(page->arena, &plot.rows, row);
    return plot;
}

// All panels have the same axis.
static bool add_panels(ReportPage *page) {
    size_t count = page->campaign->subjects.count;
    RowPlot *plots = ARENA_ARRAY(page->arena, RowPlot, count);
    double least = DBL_MAX, greatest = -DBL_MAX;
    for (size_t i = 0; i < count; i++) {
        plots[i] = panel_of(page, page->order[i]);
        if (page->order[i] != 0)
            row_plot_reach(&plots[i], &least, &greatest);
    }
    bool good = true;
    page_begin_panels(page);
    for (size_t i = 0; i < count && good; i++) {
        if (page->order[i] == 0)
            continue;
        plots[i].least = least;
        plots[i].greatest = greatest;
        good = page_add_rows_panel(page, page_subject(page, page->order[i]), &plots[i]);
    }
    page_end_panels(page);
    return good;
}

// ---- All that is known of a row -----------------------------------------------------------------

static void add_detail(const ReportPage *page, const AnalysisRow *row, Text *out) {
    bool has_time = row->processes > 0;
    text_add(out, "<tr>");
    markup_cell(out, NULL, page_program(page, row->program));
    text_add(out, "<th scope=\"row\">");
    page_add_subject(page, out, row->subject);
    text_add(out, "</th>");
    if (has_time) {
        markup_figure_cell(out, "%.1f", row->median / 1000);
        markup_figure_cell(out, "[%.1f, %.1f]", row->least / 1000, row->greatest / 1000);
    } else {
        markup_no_figure(out);
        markup_no_figure(out);
    }
    if (has_time && row->user != RUN_NO_FIGURE)
        markup_figure_cell(out, "%.1f", row->user / 1000);
    else
        markup_no_figure(out);
    markup_figure_cell(out, "%s", page_ratio_text(page, row));
    markup_figure_cell(out, "%s", page_interval_text(page, row));
    text_addf(out, "<td class=\"%s\">%s</td>", page_difference_class(row->difference),
              page_difference(page, row->difference));
    if (row->has_ratio && row->difference != DIFFERENCE_BASELINE)
        markup_figure_cell(out, "%.2g", row->chance);
    else
        markup_no_figure(out);
    markup_figure_cell(out, "%zu", row->processes);
    markup_cell(out, "remark", row->reason);
    text_add(out, "</tr>\n");
}

static void add_details(const ReportPage *page, Text *out) {
    markup_begin_details(out, "All rows, with times");
    markup_begin_scroll(out, "All rows, with times");
    text_add(out,
             "<table>\n<thead><tr><th>program</th><th>who</th><th class=\"number\">median ms</th>"
             "<th class=\"number\">over placements</th><th class=\"number\">user ms</th>"
             "<th class=\"number\">ratio</th><th class=\"number\">interval</th><th>verdict</th>"
             "<th class=\"number\">by chance</th><th class=\"number\">processes</th><th></th>"
             "</tr></thead>\n<tbody>\n");
    for (size_t program = 0; program < page->campaign->programs.count; program++)
        for (size_t i = 0; i < page->campaign->subjects.count; i++)
            add_detail(page, page_row(page, page->order[i], program), out);
    text_add(out, "</tbody></table>\n<p class=\"note\"><em>By chance</em> is how often noise alone "
                  "would show such a difference, with as many comparisons as there are here. "
                  "<em>User</em> is the process’s whole time in user mode, start-up and warm-up "
                  "included.</p>\n");
    markup_end_scroll(out);
    markup_end_details(out);
}

bool report_ratios(ReportPage *page) {
    page_begin_section(page, "ratios", "How sure that is");
    text_add(page->out, "<p>A line is the interval that holds the true ratio with the confidence "
                        "given; where it reaches 1, nothing is called faster or slower.");
    if (page->analysis->noise > 0)
        text_addf(page->out, " Processes of the same program vary by %.1f %% here (median).",
                  page->analysis->noise * 100);
    if (page->analysis->wanted_runs)
        text_addf(page->out, " %zu runs tell 3 %% apart in nine campaigns of ten; these had %zu.",
                  page->analysis->wanted_runs, page->campaign->runs);
    text_add(page->out, "</p>\n");
    bool good = true;
    if (page->campaign->subjects.count > 1) {
        good = add_means(page);
        add_verdicts(page, page->out);
        good = good && add_panels(page);
    }
    add_details(page, page->out);
    page_end_section(page);
    return good;
}
