// Ablation: what each pass does alone, added to a level, and what is lost where it is left out of
// one. A campaign has such rows if its variants are called so: `-O0 -fPASS` beside `-O0`, `-O2
// -fno-PASS` beside `-O2`. Ratios are to that level: the same runs, analysed with another baseline.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <string.h>

typedef struct AblationRow {
    size_t subject, level; // whose flags are the level's and one more
    const char *pass;
    bool is_left_out;
    const AnalysisRow *mean; // to the level; NULL: it has no ratio
} AblationRow;

typedef ARENA_VECTOR(AblationRow) AblationRows;

// ---- Finding them -------------------------------------------------------------------------------

static size_t find_variant(const Campaign *campaign, const char *name, size_t length) {
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        const CampaignSubject *subject = &campaign->subjects.items[i];
        if (subject->kind == SUBJECT_VARIANT && strlen(subject->name) == length &&
            strncmp(subject->name, name, length) == 0)
            return i;
    }
    return campaign->subjects.count;
}

// `LEVEL -fPASS` or `LEVEL -fno-PASS`, where LEVEL is a variant, too.
static bool read_row(const Campaign *campaign, size_t subject, AblationRow *row) {
    const char *name = campaign->subjects.items[subject].name, *last = strrchr(name, ' ');
    if (campaign->subjects.items[subject].kind != SUBJECT_VARIANT || !last || last == name ||
        strncmp(last, " -f", 3) != 0)
        return false;
    size_t level = find_variant(campaign, name, (size_t)(last - name));
    const char *pass = last + 3;
    bool is_left_out = strncmp(pass, "no-", 3) == 0;
    *row = (AblationRow){subject, level, is_left_out ? pass + 3 : pass, is_left_out, NULL};
    return level < campaign->subjects.count;
}

static AblationRows rows_of(const ReportPage *page) {
    AblationRows rows = {0};
    AblationRow row;
    for (size_t i = 0; i < page->campaign->subjects.count; i++)
        if (read_row(page->campaign, i, &row))
            ARENA_PUSH(page->arena, &rows, row);
    return rows;
}

static void analyse(const ReportPage *page, AblationRows *rows) {
    for (size_t i = 0; i < rows->count; i++) {
        AblationRow *row = &rows->items[i];
        const AnalysisRow *mean = page_mean_against(page, row->subject, row->level);
        row->mean = mean->has_ratio && mean->ratio.median > 0 ? mean : NULL;
    }
}

// ---- Showing them -------------------------------------------------------------------------------

static bool add_plot(ReportPage *page, const AblationRows *rows, bool are_left_out) {
    RowPlot plot = {.title = are_left_out ? "Each pass left out" : "Each pass alone",
                    .description = "Geometric means of the times by those of the level, with "
                                   "intervals; the table below has the figures.",
                    .axis_left = are_left_out ? "← better without" : "← it helps",
                    .axis = "time by the level’s",
                    .axis_right = are_left_out ? "it helps →" : "better without →",
                    .is_logarithmic = true,
                    .has_reference = true,
                    .reference = 1};
    for (size_t i = 0; i < rows->count; i++) {
        const AblationRow *from = &rows->items[i];
        if (from->is_left_out != are_left_out || !from->mean)
            continue;
        PlotRow row = page_subject_row(page, from->subject);
        bool is_told = from->mean->difference == DIFFERENCE_FASTER ||
                       from->mean->difference == DIFFERENCE_SLOWER;
        row.colour = is_told ? PLOT_VARIANT : PLOT_DIM;
        row.has_summary = true;
        row.summary = from->mean->ratio.median;
        row.has_span = from->mean->has_interval;
        row.low = from->mean->ratio.low;
        row.high = from->mean->ratio.high;
        row.figure = arena_printf(page->arena, "%s %s", page_ratio_text(page, from->mean),
                                  page_interval_text(page, from->mean));
        ARENA_PUSH(page->arena, &plot.rows, row);
    }
    if (!plot.rows.count)
        return true;
    text_addf(page->out, "<h3>%s</h3>\n", plot.title);
    return page_add_rows(page, &plot);
}

static double dispatches_of(const Campaign *campaign, size_t subject) {
    double sum = 0;
    for (size_t i = 0; i < campaign->programs.count; i++) {
        const CampaignCounts *counts = campaign_counts(campaign, subject, i);
        sum += counts->has_executed ? counts->dispatches : 0;
    }
    return sum;
}

static void add_change(Text *out, double from, double to, const char *format) {
    if (from <= 0 || to <= 0) {
        markup_no_figure(out);
        return;
    }
    text_add(out, "<td class=\"number\">");
    text_addf(out, format, from);
    text_add(out, " → ");
    text_addf(out, format, to);
    text_add(out, "</td>");
}

static void add_row(const ReportPage *page, const AblationRow *row, Text *out) {
    const Campaign *campaign = page->campaign;
    text_add(out, "<tr><th scope=\"row\" class=\"code\">");
    markup_text(out, row->pass);
    text_addf(out, "</th><td>%s ", row->is_left_out ? "left out of" : "alone, added to");
    page_add_subject(page, out, row->level);
    text_add(out, "</td>");
    if (row->mean) {
        markup_figure_cell(out, "%s", page_ratio_text(page, row->mean));
        markup_figure_cell(out, "%s", page_interval_text(page, row->mean));
        text_addf(out, "<td class=\"%s\">%s</td>", page_difference_class(row->mean->difference),
                  page_difference(page, row->mean->difference));
    } else {
        markup_no_figure(out);
        text_add(out, "<td></td><td></td>");
    }
    add_change(out, history_dispatch(campaign, row->level),
               history_dispatch(campaign, row->subject), "%.2f");
    add_change(out, dispatches_of(campaign, row->level) / 1e6,
               dispatches_of(campaign, row->subject) / 1e6, "%.2f");
    text_add(out, "</tr>\n");
}

static void add_table(const ReportPage *page, const AblationRows *rows, Text *out) {
    markup_begin_scroll(out, "Passes alone and left out");
    text_add(out, "<table>\n<thead><tr><th>pass</th><th></th><th class=\"number\">time</th>"
                  "<th class=\"number\">interval</th><th>verdict</th>"
                  "<th class=\"number\">instructions<br>of a dispatch</th>"
                  "<th class=\"number\">dispatches,<br>millions</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < rows->count; i++)
        add_row(page, &rows->items[i], out);
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
}

bool report_ablation(ReportPage *page) {
    static const char title[] = "Each pass alone, and left out";
    AblationRows rows = rows_of(page);
    if (!rows.count) {
        page_is_absent(page, title,
                       "it needs variants such as -O0 -fPASS beside -O0, or -O2 "
                       "-fno-PASS beside -O2");
        return true;
    }
    analyse(page, &rows);
    page_begin_section(page, "ablation", title);
    page_paragraph(page, "Ratios are to the level that the pass is added to, or left out of: the "
                         "geometric mean over all programs. The two columns of counts at the end "
                         "don’t vary.");
    bool good = add_plot(page, &rows, false) && add_plot(page, &rows, true);
    add_table(page, &rows, page->out);
    page_end_section(page);
    return good;
}
