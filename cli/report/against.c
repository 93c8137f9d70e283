// A subject compared with another one than the campaign's first: the same runs, analysed once more
// with another baseline.
#include "cli/report/report_page.h"

static size_t moved(size_t subject, size_t first) {
    return subject == first ? 0 : subject < first ? subject + 1 : subject;
}

// The same campaign with that subject as its first.
static Campaign *rebased(const ReportPage *page, size_t first) {
    const Campaign *from = page->campaign;
    Campaign *to = campaign_new(page->arena);
    *to = *from;
    to->subjects.items = ARENA_ARRAY(page->arena, CampaignSubject, from->subjects.count);
    for (size_t i = 0; i < from->subjects.count; i++)
        to->subjects.items[moved(i, first)] = from->subjects.items[i];
    campaign_complete(to);
    for (size_t i = 0; i < from->subjects.count; i++)
        for (size_t program = 0; program < from->programs.count; program++)
            *campaign_counts(to, moved(i, first), program) = *campaign_counts(from, i, program);
    to->measured.items = ARENA_ARRAY(page->arena, CampaignRun, from->measured.count + 1);
    for (size_t i = 0; i < from->measured.count; i++) {
        to->measured.items[i] = from->measured.items[i];
        to->measured.items[i].subject = moved(from->measured.items[i].subject, first);
    }
    return to;
}

const AnalysisRow *page_mean_against(const ReportPage *page, size_t subject, size_t base) {
    const Analysis **analysis = &page->against[base];
    if (!*analysis)
        *analysis = base ? analysis_of(page->arena, rebased(page, base)) : page->analysis;
    return &(*analysis)->means[moved(subject, base)];
}
