// The processor's counters, where a campaign has them (`--counters`): what a time is made of.
// Medians over the processes, whole: start-up and warm-up are part of them.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <math.h>

typedef struct Counted {
    double instructions, per_cycle,
        misses; // RUN_NO_FIGURE: not known. Misses by a thousand instructions.
} Counted;

static double median_of(double *numbers, size_t count) {
    page_sort(numbers, count);
    return count ? page_quantile(numbers, count, 0.5) : RUN_NO_FIGURE;
}

static Counted counted_of(const ReportPage *page, size_t subject, size_t program) {
    const PageRuns *runs = page_runs(page, subject, program);
    size_t count = 0, timed = 0, missed = 0;
    double *instructions = ARENA_ARRAY(page->arena, double, runs->count + 1);
    double *per_cycle = ARENA_ARRAY(page->arena, double, runs->count + 1);
    double *misses = ARENA_ARRAY(page->arena, double, runs->count + 1);
    for (size_t i = 0; i < runs->count; i++) {
        const CampaignRun *run = runs->items[i];
        if (run->instructions <= 0)
            continue;
        instructions[count++] = run->instructions;
        if (run->cycles > 0)
            per_cycle[timed++] = run->instructions / run->cycles;
        if (run->branch_misses >= 0)
            misses[missed++] = 1000 * run->branch_misses / run->instructions;
    }
    return (Counted){median_of(instructions, count), median_of(per_cycle, timed),
                     median_of(misses, missed)};
}

static void add_figure(Text *out, double figure, const char *format) {
    if (figure == RUN_NO_FIGURE) {
        markup_no_figure(out);
        return;
    }
    text_add(out, "<td class=\"number\">");
    text_addf(out, format, figure);
    text_add(out, "</td>");
}

// ---- Over all programs --------------------------------------------------------------------------

static void add_subject(const ReportPage *page, const Counted *all, size_t subject, Text *out) {
    size_t programs = page->campaign->programs.count, compared = 0, timed = 0, missed = 0;
    double *per_cycle = ARENA_ARRAY(page->arena, double, programs + 1);
    double *misses = ARENA_ARRAY(page->arena, double, programs + 1);
    double logarithms = 0;
    for (size_t program = 0; program < programs; program++) {
        const Counted *mine = &all[subject * programs + program], *first = &all[program];
        if (mine->instructions > 0 && first->instructions > 0) {
            logarithms += log(mine->instructions / first->instructions);
            compared++;
        }
        if (mine->per_cycle != RUN_NO_FIGURE)
            per_cycle[timed++] = mine->per_cycle;
        if (mine->misses != RUN_NO_FIGURE)
            misses[missed++] = mine->misses;
    }
    text_add(out, "<tr><th scope=\"row\">");
    page_add_subject(page, out, subject);
    text_add(out, "</th>");
    add_figure(out, compared == programs ? exp(logarithms / (double)compared) : RUN_NO_FIGURE,
               "%.3f");
    add_figure(out, median_of(per_cycle, timed), "%.2f");
    add_figure(out, median_of(misses, missed), "%.2f");
    text_add(out, "</tr>\n");
}

static void add_subjects(const ReportPage *page, const Counted *all, Text *out) {
    markup_begin_scroll(out, "The processor’s counters");
    text_add(out, "<table>\n<thead><tr><th></th><th class=\"number\">instructions,<br>by the "
                  "baseline’s</th><th class=\"number\">a cycle,<br>median</th>"
                  "<th class=\"number\">branch misses by<br>1000 instructions, median</th></tr>"
                  "</thead>\n<tbody>\n");
    for (size_t i = 0; i < page->campaign->subjects.count; i++)
        add_subject(page, all, page->order[i], out);
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
}

// ---- Program by program -------------------------------------------------------------------------

static void add_programs(const ReportPage *page, const Counted *all, Text *out) {
    size_t programs = page->campaign->programs.count;
    markup_begin_details(out, "Program by program");
    markup_begin_scroll(out, "The processor’s counters, program by program");
    text_add(out, "<table>\n<thead><tr><th>program</th><th>who</th>"
                  "<th class=\"number\">million instructions</th><th class=\"number\">a cycle</th>"
                  "<th class=\"number\">branch misses by 1000</th></tr></thead>\n<tbody>\n");
    for (size_t program_index = 0; program_index < programs; program_index++)
        for (size_t i = 0; i < page->campaign->subjects.count; i++) {
            const Counted *counted = &all[page->order[i] * programs + program_index];
            bool is_known = counted->instructions != RUN_NO_FIGURE;
            text_add(out, "<tr>");
            markup_cell(out, NULL, page_program(page, program_index));
            text_add(out, "<th scope=\"row\">");
            page_add_subject(page, out, page->order[i]);
            text_add(out, "</th>");
            add_figure(out, is_known ? counted->instructions / 1e6 : RUN_NO_FIGURE, "%.1f");
            add_figure(out, counted->per_cycle, "%.2f");
            add_figure(out, counted->misses, "%.2f");
            text_add(out, "</tr>\n");
        }
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
    markup_end_details(out);
}

void report_counters(ReportPage *page) {
    static const char title[] = "The processor’s counters";
    size_t subjects = page->campaign->subjects.count, programs = page->campaign->programs.count;
    Counted *all = ARENA_ARRAY(page->arena, Counted, subjects * programs + 1);
    bool is_any = false;
    for (size_t i = 0; i < subjects * programs; i++) {
        all[i] = counted_of(page, i / programs, i % programs);
        is_any = is_any || all[i].instructions != RUN_NO_FIGURE;
    }
    if (!is_any) {
        page_is_absent(page, title,
                       "they were not asked for (--counters), or the machine has none");
        return;
    }
    page_begin_section(page, "counters", title);
    page_paragraph(page,
                   "Of whole processes, in user mode. Fewer instructions that take longer wait "
                   "for something: branch misses are the jumps that were foreseen wrongly, each "
                   "of which costs some twenty cycles.");
    add_subjects(page, all, page->out);
    add_programs(page, all, page->out);
    page_end_section(page);
}
