// The answer first: who is how much faster, in one sentence and one table.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"

static const CampaignSubject *subject_at(const ReportPage *page, size_t subject) {
    return &page->campaign->subjects.items[subject];
}

// The variant that is faster than the baseline by most; 0: there is none.
static size_t best_variant(const ReportPage *page) {
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        size_t subject = page->order[i];
        if (subject > 0 && subject_at(page, subject)->kind == SUBJECT_VARIANT &&
            page->analysis->means[subject].difference == DIFFERENCE_FASTER)
            return subject;
    }
    return 0;
}

static size_t other_variants(const ReportPage *page, Difference difference) {
    size_t count = 0;
    for (size_t i = 1; i < page->campaign->subjects.count; i++)
        count += subject_at(page, i)->kind == SUBJECT_VARIANT &&
                 page->analysis->means[i].difference == difference;
    return count;
}

static bool has_other_variants(const ReportPage *page) {
    for (size_t i = 1; i < page->campaign->subjects.count; i++)
        if (subject_at(page, i)->kind == SUBJECT_VARIANT)
            return true;
    return false;
}

// ---- The sentence -------------------------------------------------------------------------------

static void add_headline(const ReportPage *page, size_t best, Text *out) {
    text_add(out, "<h1>");
    if (best) {
        page_add_subject(page, out, best);
        text_addf(out, " is <strong>%.2f times</strong> as fast as ",
                  1 / page->analysis->means[best].ratio.median);
        page_add_subject(page, out, 0);
    } else if (!page->campaign->measured.count) {
        text_add(out, "Nothing was measured yet of ");
        page_add_subject(page, out, 0);
    } else if (other_variants(page, DIFFERENCE_CANT_TELL)) {
        text_add(out, "It can’t be told whether a variant is faster than ");
        page_add_subject(page, out, 0);
    } else if (has_other_variants(page)) {
        text_add(out, "No variant is shown to be faster than ");
        page_add_subject(page, out, 0);
    } else {
        text_add(out, "What ");
        page_add_subject(page, out, 0);
        text_add(out, " takes");
    }
    text_add(out, "</h1>\n");
}

static void add_basis(const ReportPage *page, size_t best, Text *out) {
    const AnalysisRow *mean = &page->analysis->means[best];
    size_t programs = page->campaign->programs.count;
    if (programs == 1) {
        text_add(out, "Measured on ");
        markup_text(out, page_program(page, 0));
    } else {
        text_add(out, "The geometric mean over ");
        if (page->analysis->mean_programs < programs)
            text_addf(out, "%zu of ", page->analysis->mean_programs);
        text_addf(out, "%zu programs", programs);
    }
    if (best && mean->has_interval)
        text_addf(out, ", between %.2f and %.2f with a confidence of %.0f %%", 1 / mean->ratio.high,
                  1 / mean->ratio.low, mean->ratio.confidence * 100);
    text_add(out, ".");
    if (!best && other_variants(page, DIFFERENCE_CANT_TELL))
        text_addf(out, " With %zu run%s there is too little to go by, or too much noise.",
                  page->campaign->runs, page_plural(page->campaign->runs));
}

// How many other systems it is said to be faster than, and slower, and of how many nothing is.
static void add_peer_verdicts(size_t peers, size_t slower, size_t faster, Text *out) {
    text_addf(out, " It is faster than %zu of %zu other system%s", slower, peers,
              page_plural(peers));
    if (faster)
        text_addf(out, ", and slower than %zu", faster);
    if (slower + faster < peers)
        text_addf(out, " (of %zu that can’t be told)", peers - slower - faster);
}

// How the best variant, or the baseline, stands to other systems.
static void add_peers(const ReportPage *page, size_t best, Text *out) {
    size_t peers = 0, slower = 0, faster = 0, first = 0;
    double ratio;
    if (!page_mean(page, best, &ratio))
        return;
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        size_t subject = page->order[i];
        if (subject_at(page, subject)->kind != SUBJECT_PEER || !page_mean(page, subject, &ratio))
            continue;
        const AnalysisRow *mean = page_mean_against(page, subject, best);
        first = peers++ ? first : subject;
        slower += mean->difference == DIFFERENCE_SLOWER;
        faster += mean->difference == DIFFERENCE_FASTER;
    }
    if (!peers)
        return;
    const AnalysisRow *mean = page_mean_against(page, first, best);
    add_peer_verdicts(peers, slower, faster, out);
    if (mean->has_ratio) {
        text_add(out, "; the quickest of them, ");
        page_add_subject(page, out, first);
        text_addf(out, ", takes %.2f times as long", mean->ratio.median);
    }
    if (mean->has_interval)
        text_addf(out, ", between %.2f and %.2f", mean->ratio.low, mean->ratio.high);
    text_add(out, ".");
}

// ---- The table ----------------------------------------------------------------------------------

static void add_verdict(const ReportPage *page, const AnalysisRow *mean, Text *out) {
    text_addf(out, "<td class=\"%s\">%s</td>", page_difference_class(mean->difference),
              page_difference(page, mean->difference));
}

static void add_row(const ReportPage *page, size_t subject, Text *out) {
    const AnalysisRow *mean = &page->analysis->means[subject];
    double dispatch = history_dispatch(page->campaign, subject), ratio;
    text_add(out, "<tr><th scope=\"row\">");
    page_add_subject(page, out, subject);
    text_addf(out, "</th><td class=\"kind\">%s</td>", page_subject_kind(page, subject));
    if (page_mean(page, subject, &ratio))
        markup_figure_cell(out, "%s", page_ratio_text(page, mean));
    else
        markup_no_figure(out);
    markup_figure_cell(out, "%s", page_interval_text(page, mean));
    if (page_mean(page, subject, &ratio) && ratio > 0)
        markup_figure_cell(out, "%.2f×", 1 / ratio);
    else
        markup_no_figure(out);
    add_verdict(page, mean, out);
    if (dispatch == RUN_NO_FIGURE)
        markup_no_figure(out);
    else
        markup_figure_cell(out, "%.2f", dispatch);
    text_add(out, "</tr>\n");
}

static void add_table(const ReportPage *page, Text *out) {
    markup_begin_scroll(out, "All subjects, the quickest first");
    text_add(out, "<table>\n<thead><tr><th>who</th><th class=\"kind\">kind</th>"
                  "<th class=\"number\">time</th><th class=\"number\">interval</th>"
                  "<th class=\"number\">as fast</th><th>verdict</th>"
                  "<th class=\"number\">dispatch</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->campaign->subjects.count; i++)
        add_row(page, page->order[i], out);
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
    text_add(out, "<p class=\"note\"><em>Time</em> is the ratio to ");
    page_add_subject(page, out, 0);
    text_add(out, ", <em>as fast</em> its inverse; <em>dispatch</em> the machine instructions from "
                  "the end of a bytecode to the first useful one of the next.</p>\n");
}

// ---- What makes it doubtful ---------------------------------------------------------------------

typedef struct Flaws {
    size_t failures, unverified, repeated;
} Flaws;

static Flaws count_flaws(const ReportPage *page) {
    Flaws flaws = {0};
    const Campaign *campaign = page->campaign;
    for (size_t i = 0; i < campaign->measured.count; i++) {
        const CampaignRun *run = &campaign->measured.items[i];
        flaws.failures += run->verdict == RUN_WRONG;
        flaws.unverified += run->verdict == RUN_UNKNOWN;
        flaws.repeated += run->repeated > 0;
    }
    return flaws;
}

static void add_doubts(const ReportPage *page, Text *out) {
    Flaws flaws = count_flaws(page);
    const CampaignMachine *machine = &page->campaign->machine;
    if (!flaws.failures && !flaws.unverified && !machine->hints.count)
        return;
    text_add(out, "<aside class=\"doubts\"><h2>To be read with care</h2>\n<ul>\n");
    if (flaws.failures)
        text_addf(out,
                  "<li>%zu run%s failed or had a wrong result: <a href=\"#runs\">which</a>.</li>\n",
                  flaws.failures, page_plural(flaws.failures));
    if (flaws.unverified)
        text_addf(out, "<li>%zu run%s could not be verified.</li>\n", flaws.unverified,
                  page_plural(flaws.unverified));
    for (size_t i = 0; i < machine->hints.count; i++) {
        text_add(out, "<li>");
        markup_text(out, machine->hints.items[i]);
        text_add(out, "</li>\n");
    }
    text_add(out, "</ul></aside>\n");
}

void report_answer(ReportPage *page) {
    size_t best = best_variant(page);
    text_add(page->out, "<section id=\"answer\">\n");
    add_headline(page, best, page->out);
    text_add(page->out, "<p class=\"lead\">");
    add_basis(page, best, page->out);
    add_peers(page, best, page->out);
    text_add(page->out, "</p>\n");
    add_doubts(page, page->out);
    add_table(page, page->out);
    page_end_section(page);
}
