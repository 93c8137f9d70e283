// Program by program, with single runs; and which runs somebody should look at.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

// Of more runs of a row every so many-th is drawn.
enum { RUNS_DRAWN = 240 };

// Their times, or some of them, in the order in which they were measured.
static void add_times(const ReportPage *page, const PageRuns *runs, PlotRow *row) {
    double *times = ARENA_ARRAY(page->arena, double, RUNS_DRAWN);
    size_t step = (runs->count + RUNS_DRAWN - 1) / RUNS_DRAWN;
    for (size_t i = 0; i < runs->count; i += step)
        if (runs->items[i]->microseconds > 0)
            times[row->point_count++] = runs->items[i]->microseconds / 1000;
    row->points = times;
}

static bool is_thinned(const ReportPage *page) {
    for (size_t i = 0; i < page->campaign->subjects.count * page->campaign->programs.count; i++)
        if (page->runs[i].count > RUNS_DRAWN)
            return true;
    return false;
}

static bool add_panel(ReportPage *page, size_t program) {
    RowPlot plot = {.title = "Times of single runs",
                    .description =
                        "A row for each implementation, a dot for each process; the table "
                        "above has medians.",
                    .axis = "milliseconds, logarithmic",
                    .is_logarithmic = true};
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        size_t subject = page->order[i];
        const AnalysisRow *from = page_row(page, subject, program);
        PlotRow row = page_subject_row(page, subject);
        add_times(page, page_runs(page, subject, program), &row);
        row.has_mark = row.point_count > 0 && from->processes > 0 && from->median > 0;
        row.mark = from->median / 1000;
        ARENA_PUSH(page->arena, &plot.rows, row);
    }
    Text heading = {0};
    markup_text(&heading, page_program(page, program));
    bool good = page_add_rows_panel(page, text_chars(&heading), &plot);
    text_free(&heading);
    return good;
}

// ---- Runs to look at ----------------------------------------------------------------------------

static bool is_remarkable(const AnalysisRow *row) {
    return row->failures || row->repeated || row->outliers || row->verdict != RUN_VERIFIED;
}

static void add_remarkable(const ReportPage *page, const AnalysisRow *row, Text *out) {
    const size_t counts[] = {row->failures, row->repeated, row->outliers};
    text_add(out, "<tr>");
    markup_cell(out, NULL, page_program(page, row->program));
    text_add(out, "<th scope=\"row\">");
    page_add_subject(page, out, row->subject);
    text_add(out, "</th>");
    for (int i = 0; i < 3; i++)
        if (counts[i])
            markup_figure_cell(out, "%zu", counts[i]);
        else
            text_add(out, "<td></td>");
    markup_cell(out, "remark", row->reason);
    text_add(out, "</tr>\n");
}

static bool has_failed(const AnalysisRow *row) {
    return row->failures || row->verdict != RUN_VERIFIED;
}

// Those that failed, or the others.
static void add_remark_table(const ReportPage *page, bool failed, Text *out) {
    markup_begin_scroll(out, "Runs to look at");
    text_add(out,
             "<table>\n<thead><tr><th>program</th><th>who</th><th class=\"number\">failed</th>"
             "<th class=\"number\">repeated</th><th class=\"number\">outliers</th><th></th></tr>"
             "</thead>\n<tbody>\n");
    for (size_t program = 0; program < page->campaign->programs.count; program++)
        for (size_t i = 0; i < page->campaign->subjects.count; i++) {
            const AnalysisRow *row = page_row(page, page->order[i], program);
            if (is_remarkable(row) && has_failed(row) == failed)
                add_remarkable(page, row, out);
        }
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
}

static void add_remarks(const ReportPage *page, Text *out) {
    size_t failed = 0, others = 0, repeated = 0, outliers = 0;
    for (size_t program = 0; program < page->campaign->programs.count; program++)
        for (size_t i = 0; i < page->campaign->subjects.count; i++) {
            const AnalysisRow *row = page_row(page, i, program);
            failed += has_failed(row);
            others += is_remarkable(row) && !has_failed(row);
            repeated += row->repeated;
            outliers += row->outliers;
        }
    text_add(out, "<h3 id=\"runs\">Runs to look at</h3>\n");
    text_addf(
        out,
        "<p>Of %zu runs %zu were <em>repeated</em>, as the machine was taken away from them: "
        "wall time was far above processor time. %zu are <em>outliers</em>, beyond three times "
        "the quartiles’ distance; they are counted, and not left out.%s</p>\n",
        page->campaign->measured.count, repeated, outliers, failed ? "" : " None failed.");
    if (failed)
        add_remark_table(page, true, out);
    if (!others)
        return;
    markup_begin_details(out, "Which were repeated, and which are outliers");
    add_remark_table(page, false, out);
    markup_end_details(out);
}

bool report_programs(ReportPage *page) {
    page_begin_section(page, "programs", "Run by run");
    page_paragraph(
        page,
        "Each dot is a process, the line the median. Within a row the first run is on top "
        "and the last one below, so a drift shows as a slant.%s",
        is_thinned(page) ? " Of very many runs every so many-th is drawn." : "");
    bool good = true;
    page_begin_panels(page);
    for (size_t i = 0; i < page->campaign->programs.count && good; i++)
        good = add_panel(page, i);
    page_end_panels(page);
    add_remarks(page, page->out);
    page_end_section(page);
    return good;
}
