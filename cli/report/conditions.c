// Where and how it was measured, what isn't in the page, how to read it, how to repeat it.
#include "cli/report/markup.h"
#include "cli/report/report_page.h"
#include "support/shell_word.h"

#include <inttypes.h>
#include <string.h>

static void add_fact(Text *out, const char *name, const char *value) {
    if (!value)
        return;
    text_addf(out, "<dt>%s</dt><dd>", name);
    markup_text(out, value);
    text_add(out, "</dd>\n");
}

static void add_facts(const ReportPage *page, Text *out) {
    const Campaign *campaign = page->campaign;
    const CampaignMachine *machine = &campaign->machine;
    Arena *arena = page->arena;
    text_add(out, "<dl class=\"facts\">\n");
    add_fact(out, "Date", campaign->date);
    add_fact(out, "Processor", machine->processor);
    add_fact(out, "Cores", machine->cores ? arena_printf(arena, "%d", machine->cores) : NULL);
    add_fact(out, "Kernel", machine->kernel);
    add_fact(out, "Compiler", machine->compiler);
    add_fact(out, "Loopwright", campaign->version);
    add_fact(out, "Clock",
             campaign->clock && strcmp(campaign->clock, "process") == 0
                 ? "the process’s: start-up is part of a time"
                 : "the harness’s: start-up is no part of a time");
    add_fact(out, "Runs",
             arena_printf(arena, "%zu process%s of each subject on each program%s", campaign->runs,
                          campaign->runs == 1 ? "" : "es",
                          campaign->layouts > 1
                              ? arena_printf(arena, ", in each of %zu placements of its code",
                                             campaign->layouts)
                              : ""));
    add_fact(out, "Order",
             arena_printf(arena, "interleaved and shuffled, seed %" PRIu64, campaign->seed));
    if (page->analysis->noise > 0)
        add_fact(
            out, "Noise",
            arena_printf(arena, "%.1f %% between processes (median)", page->analysis->noise * 100));
    add_fact(out, "Counted on", campaign->count_arguments);
    text_add(out, "</dl>\n");
}

static void add_hints(const ReportPage *page, Text *out) {
    const CampaignMachine *machine = &page->campaign->machine;
    if (!machine->hints.count)
        return;
    text_add(out, "<h3>What makes figures doubtful here</h3>\n<ul>\n");
    for (size_t i = 0; i < machine->hints.count; i++) {
        text_add(out, "<li>");
        markup_text(out, machine->hints.items[i]);
        text_add(out, "</li>\n");
    }
    text_add(out, "</ul>\n");
}

static void add_subjects(const ReportPage *page, Text *out) {
    text_add(out, "<h3>Who was measured</h3>\n");
    markup_begin_scroll(out, "Who was measured");
    text_add(out, "<table class=\"secret\">\n<thead><tr><th>who</th><th>kind</th><th>made by</th>"
                  "<th>machine code</th><th>command</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < page->campaign->subjects.count; i++) {
        const CampaignSubject *subject = &page->campaign->subjects.items[i];
        const CampaignSubject *twin = campaign_twin(page->campaign, i);
        text_add(out, "<tr><th scope=\"row\">");
        page_add_subject(page, out, i);
        text_addf(out, "</th><td>%s</td>", page_subject_kind(page, i));
        markup_cell(out, NULL, subject->made_by);
        text_add(out, "<td class=\"code\">");
        markup_text_within(out, subject->code_hash ? subject->code_hash : "", 16);
        if (twin) {
            text_add(out, " as ");
            markup_text(out, twin->name);
        }
        text_add(out, "</td>");
        markup_cell(out, "code", subject->command);
        text_add(out, "</tr>\n");
    }
    text_add(out, "</tbody></table>\n");
    markup_end_scroll(out);
}

static void add_reading(Text *out) {
    text_add(
        out,
        "<h3>How to read it</h3>\n<ul>\n"
        "<li>A <em>ratio</em> is a time by the baseline’s time in the same session: 0.5 is half "
        "the "
        "time. Axes of ratios are logarithmic, so that twice and half are as far from 1.</li>\n"
        "<li>An <em>interval</em> holds the true ratio with the confidence given. What it doesn’t "
        "support is not called a difference. Verdicts are corrected for how many there are.</li>\n"
        "<li>What counts is processes, not iterations: those of one process have its memory layout "
        "and its luck in common.</li>\n"
        "<li>Counts (instructions of a dispatch, sites, executions) are the same in every run. "
        "Where "
        "a time and a count disagree, the count is not what is uncertain.</li>\n"
        "<li>Machines differ, and so do their verdicts: an order found on one is no law.</li>\n"
        "</ul>\n");
}

// ---- How to repeat it ---------------------------------------------------------------------------

// A subject as an option of `loopwright bench`; NULL: there is none for it.
static const char *option_of(const ReportPage *page, const CampaignSubject *subject) {
    switch (subject->kind) {
    case SUBJECT_VARIANT: return arena_printf(page->arena, "--variant=%s", subject->name);
    case SUBJECT_CONTROL:
        return strstr(subject->name, "switch") ? "--control=switch" : "--control=goto";
    case SUBJECT_PEER:
        return subject->command
                   ? arena_printf(page->arena, "--peer=%s=%s", subject->name, subject->command)
                   : NULL;
    case SUBJECT_AA: return "--aa";
    }
    return NULL;
}

// What all programs begin with, "-cp DIR ", or nothing.
static const char *class_path_of(const ReportPage *page) {
    const Campaign *campaign = page->campaign;
    const char *first = campaign->programs.count ? campaign->programs.items[0] : "";
    size_t length = strncmp(first, "-cp ", 4) == 0 ? 4 + strcspn(first + 4, " ") + 1 : 0;
    if (length && first[length - 1] != ' ')
        return "";
    for (size_t i = 0; i < campaign->programs.count; i++)
        if (strncmp(campaign->programs.items[i], first, length) != 0)
            return "";
    return arena_strndup(page->arena, first, length);
}

static void add_option(Text *command, const char *option) {
    text_add(command, " \\\n    ");
    text_add_shell_word(command, option);
}

// The one that was given or, where data don't have it, one that comes to the same.
static void add_command(const ReportPage *page, Text *command) {
    const Campaign *campaign = page->campaign;
    if (campaign->command) {
        text_add(command, campaign->command);
        return;
    }
    const char *class_path = class_path_of(page);
    text_add(command, "loopwright bench");
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        const char *option = option_of(page, &campaign->subjects.items[i]);
        if (option)
            add_option(command, option);
    }
    for (size_t i = 0; i < campaign->programs.count; i++)
        add_option(command, arena_printf(page->arena, "--program=%s",
                                         campaign->programs.items[i] + strlen(class_path)));
    if (campaign->count_arguments)
        add_option(command,
                   arena_printf(page->arena, "--count-args=%s", campaign->count_arguments));
    text_addf(command, " \\\n    --runs=%zu --layouts=%zu --seed=%" PRIu64, campaign->runs,
              campaign->layouts, campaign->seed);
    if (*class_path) {
        text_add(command, " -cp ");
        text_add_shell_word(command,
                            arena_strndup(page->arena, class_path + 4, strlen(class_path) - 5));
    }
}

static void add_repeating(const ReportPage *page, Text *out) {
    Text command = {0};
    add_command(page, &command);
    text_add(out, "<h3>How to repeat it</h3>\n");
    markup_begin_scroll(out, "The command");
    text_add(out, "<pre class=\"secret\">");
    for (const char *line = text_chars(&command); *line;) {
        size_t length = strcspn(line, "\n");
        markup_text(out, arena_strndup(page->arena, line, length));
        text_add(out, "\n");
        line += length + (line[length] == '\n');
    }
    text_add(out, "</pre>\n");
    markup_end_scroll(out);
    text_free(&command);
}

static void add_absent(const ReportPage *page, Text *out) {
    if (!page->absent.count)
        return;
    text_add(out, "<h3>What isn’t here</h3>\n<ul>\n");
    for (size_t i = 0; i < page->absent.count; i++) {
        text_addf(out, "<li>%s: ", page->absent.items[i].title);
        markup_text(out, page->absent.items[i].reason);
        text_add(out, ".</li>\n");
    }
    text_add(out, "</ul>\n");
}

void report_conditions(ReportPage *page) {
    page_begin_section(page, "conditions", "Where and how");
    add_facts(page, page->out);
    add_hints(page, page->out);
    add_subjects(page, page->out);
    add_reading(page->out);
    add_repeating(page, page->out);
    add_absent(page, page->out);
    page_end_section(page);
}
