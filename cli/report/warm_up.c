// How a process' iterations change while it runs: what warming up costs is shown, not assumed.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <float.h>

// More iterations than that are drawn by every so many-th.
enum { ITERATIONS_DRAWN = 80 };

// Medians over the processes, iteration by iteration, by the median of the second half of them.
typedef struct WarmUp {
    double *ratios;
    size_t count;
} WarmUp;

// As many iterations as all its processes have that have several.
static size_t iterations_of(const PageRuns *runs) {
    size_t count = 0;
    for (size_t i = 0; i < runs->count; i++) {
        size_t mine = runs->items[i]->iteration_count;
        if (mine > 1 && (!count || mine < count))
            count = mine;
    }
    return count;
}

static double median_at(const PageRuns *runs, size_t iteration, double *room) {
    size_t count = 0;
    for (size_t i = 0; i < runs->count; i++)
        if (runs->items[i]->iteration_count > 1 && runs->items[i]->iterations[iteration] > 0)
            room[count++] = runs->items[i]->iterations[iteration];
    page_sort(room, count);
    return count ? page_quantile(room, count, 0.5) : 0;
}

static WarmUp warm_up_of(const ReportPage *page, size_t subject, size_t program) {
    const PageRuns *runs = page_runs(page, subject, program);
    WarmUp warm_up = {.count = iterations_of(runs)};
    size_t count = warm_up.count;
    double *room = ARENA_ARRAY(page->arena, double, runs->count + 1);
    double *last = ARENA_ARRAY(page->arena, double, count + 1);
    warm_up.ratios = ARENA_ARRAY(page->arena, double, count + 1);
    for (size_t i = 0; i < count; i++) {
        warm_up.ratios[i] = median_at(runs, i, room);
        if (warm_up.ratios[i] <= 0)
            return (WarmUp){0};
    }
    size_t late = count - count / 2;
    for (size_t i = count - late; i < count; i++)
        last[i - (count - late)] = warm_up.ratios[i];
    page_sort(last, late);
    for (size_t i = 0; i < count; i++)
        warm_up.ratios[i] /= page_quantile(last, late, 0.5);
    return warm_up;
}

static PlotLine line_of(const ReportPage *page, const WarmUp *warm_up, PlotColour colour) {
    size_t step = (warm_up->count + ITERATIONS_DRAWN - 1) / ITERATIONS_DRAWN, count = 0;
    PlotPoint *points = ARENA_ARRAY(page->arena, PlotPoint, warm_up->count);
    for (size_t i = 0; i < warm_up->count; i += step)
        points[count++] = (PlotPoint){(double)i + 1, warm_up->ratios[i]};
    return (PlotLine){.points = points, .count = count, .colour = colour};
}

// The median over the programs, as far as all of them go.
static PlotLine summary_of(const ReportPage *page, const WarmUp *warm_ups, size_t count,
                           PlotColour colour) {
    WarmUp all = {0};
    size_t first = 0;
    while (first < count && !warm_ups[first].count)
        first++;
    for (size_t i = first; i < count; i++)
        if (warm_ups[i].count && (!all.count || warm_ups[i].count < all.count))
            all.count = warm_ups[i].count;
    all.ratios = ARENA_ARRAY(page->arena, double, all.count + 1);
    double *room = ARENA_ARRAY(page->arena, double, count);
    for (size_t i = 0; i < all.count; i++) {
        size_t found = 0;
        for (size_t program = 0; program < count; program++)
            if (warm_ups[program].count)
                room[found++] = warm_ups[program].ratios[i];
        page_sort(room, found);
        all.ratios[i] = page_quantile(room, found, 0.5);
    }
    PlotLine line = line_of(page, &all, colour);
    line.is_strong = true;
    return line;
}

static LinePlot panel_of(const ReportPage *page, size_t subject) {
    size_t programs = page->campaign->programs.count;
    PlotColour colour = page_subject_colour(page, subject);
    WarmUp *warm_ups = ARENA_ARRAY(page->arena, WarmUp, programs);
    LinePlot plot = {.title = "Times of a process’s iterations, by its later ones",
                     .description = "A thin line for each program, a thick one for the median of "
                                    "all; the table below has the first iterations.",
                     .axis = "iteration",
                     .is_logarithmic = true,
                     .has_reference = true,
                     .reference = 1};
    for (size_t i = 0; i < programs; i++) {
        warm_ups[i] = warm_up_of(page, subject, i);
        if (warm_ups[i].count)
            ARENA_PUSH(page->arena, &plot.lines, line_of(page, &warm_ups[i], colour));
    }
    if (plot.lines.count)
        ARENA_PUSH(page->arena, &plot.lines, summary_of(page, warm_ups, programs, colour));
    return plot;
}

static void add_table(const ReportPage *page, Text *out) {
    markup_begin_details(out, "As a table: the first iteration by the last ones");
    markup_begin_scroll(out, "The first iteration by the last ones");
    text_add(out, "<table class=\"matrix\">\n<thead><tr><th></th>");
    for (size_t program = 0; program < page->campaign->programs.count; program++) {
        text_add(out, "<th class=\"number\" scope=\"col\">");
        markup_text_within(out, page_program(page, program), ROW_NAME_SMALL);
        text_add(out, "</th>");
    }
    text_add(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        text_add(out, "<tr><th scope=\"row\">");
        page_add_subject(page, out, page->order[i]);
        text_add(out, "</th>");
        for (size_t program = 0; program < page->campaign->programs.count; program++) {
            double first = page_row(page, page->order[i], program)->first_iteration;
            if (first == RUN_NO_FIGURE)
                markup_no_figure(out);
            else
                markup_figure_cell(out, "%.2f", first);
        }
        text_add(out, "</tr>\n");
    }
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
    markup_end_details(out);
}

static bool add_panels(ReportPage *page, LinePlot *plots) {
    size_t count = page->campaign->subjects.count;
    double least = DBL_MAX, greatest = -DBL_MAX;
    for (size_t i = 0; i < count; i++)
        line_plot_reach(&plots[i], &least, &greatest);
    bool good = true;
    page_begin_panels(page);
    for (size_t i = 0; i < count && good; i++) {
        plots[i].least = least;
        plots[i].greatest = greatest;
        if (plots[i].lines.count)
            good = page_add_lines_panel(page, page_subject(page, page->order[i]), &plots[i]);
    }
    page_end_panels(page);
    return good;
}

bool report_warm_up(ReportPage *page) {
    static const char title[] = "Warming up";
    size_t count = page->campaign->subjects.count, lines = 0;
    LinePlot *plots = ARENA_ARRAY(page->arena, LinePlot, count);
    for (size_t i = 0; i < count; i++) {
        plots[i] = panel_of(page, page->order[i]);
        lines += plots[i].lines.count;
    }
    if (!lines) {
        page_is_absent(page, title, "each process ran its program once, or told one time");
        return true;
    }
    page_begin_section(page, "warm-up", title);
    page_paragraph(page,
                   "The iterations of a process one after the other, each by the median of the "
                   "second half of them: a thin line for each program, a thick one for the "
                   "median over all. What counts elsewhere in this page is the median of a "
                   "process’s iterations.");
    bool good = add_panels(page, plots);
    add_table(page, page->out);
    page_end_section(page);
    return good;
}
