// See report.h. The page's frame and style stand beside this file, in page/, and are embedded; each
// section is a file of its own (report_page.h). There is no script in it.
#include "cli/report/report.h"

#include "cli/embedded_page.h"
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

#include <float.h>
#include <stdlib.h>

extern const EmbeddedFile report_page_files[];
extern const size_t report_page_file_count;

bool report_check(void) {
    return plot_check();
}

typedef struct Ranked {
    size_t subject;
    double mean;
} Ranked;

static int by_mean(const void *left, const void *right) {
    const Ranked *a = left, *b = right;
    if (a->mean != b->mean)
        return (a->mean > b->mean) - (a->mean < b->mean);
    return (a->subject > b->subject) - (a->subject < b->subject);
}

static void rank(ReportPage *page) {
    size_t count = page->campaign->subjects.count;
    Ranked *ranked = ARENA_ARRAY(page->arena, Ranked, count + 1);
    size_t *order = ARENA_ARRAY(page->arena, size_t, count + 1);
    size_t *place = ARENA_ARRAY(page->arena, size_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        ranked[i].subject = i;
        if (!page_mean(page, i, &ranked[i].mean))
            ranked[i].mean = DBL_MAX;
    }
    qsort(ranked, count, sizeof *ranked, by_mean);
    for (size_t i = 0; i < count; i++) {
        order[i] = ranked[i].subject;
        place[ranked[i].subject] = i;
    }
    page->order = order;
    page->place = place;
}

// By subject and program. There may be very many, so each is gone through but a few times.
static void sort_runs(ReportPage *page) {
    const Campaign *campaign = page->campaign;
    size_t cells = campaign->subjects.count * campaign->programs.count;
    page->runs = ARENA_ARRAY(page->arena, PageRuns, cells + 1);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < campaign->measured.count; i++) {
            const CampaignRun *run = &campaign->measured.items[i];
            PageRuns *runs = &page->runs[run->subject * campaign->programs.count + run->program];
            if (run->verdict != RUN_VERIFIED)
                continue;
            if (pass)
                runs->items[runs->count] = run;
            runs->count++;
        }
        for (size_t i = 0; i < cells && !pass; i++) {
            page->runs[i].items =
                ARENA_ARRAY(page->arena, const CampaignRun *, page->runs[i].count + 1);
            page->runs[i].count = 0;
        }
    }
}

static bool add_sections(ReportPage *page) {
    bool good = report_ranking(page) && report_ratios(page) && report_programs(page) &&
                report_warm_up(page) && report_dispatch(page);
    if (!good)
        return false;
    report_counters(page);
    report_code(page);
    report_executed(page);
    good = report_ablation(page);
    report_flame(page);
    good = good && report_releases(page);
    report_conditions(page);
    return good;
}

bool report_html(const Campaign *campaign, const Analysis *analysis, const ReportExtras *extras,
                 const ReportHistory *history, Text *out) {
    static const ReportExtras no_extras;
    static const ReportHistory no_history;
    Text date = {0}, answer = {0}, sections = {0};
    ReportPage page = {.arena = campaign->arena,
                       .campaign = campaign,
                       .analysis = analysis,
                       .extras = extras ? extras : &no_extras,
                       .history = history ? history : &no_history,
                       .out = &answer};
    markup_text(&date, campaign->date ? campaign->date : "");
    page.against = ARENA_ARRAY(page.arena, const Analysis *, campaign->subjects.count + 1);
    rank(&page);
    sort_runs(&page);
    report_answer(&page);
    page.out = &sections;
    bool good = add_sections(&page);
    const PagePart parts[] = {{"date", &date},
                              {"answer", &answer},
                              {"contents", &page.contents},
                              {"sections", &sections}};
    if (good)
        embedded_page(report_page_files, report_page_file_count, parts,
                      sizeof parts / sizeof *parts, out);
    text_free(&date);
    text_free(&answer);
    text_free(&page.contents);
    text_free(&sections);
    return good;
}
