// See history.h.
#include "cli/report/history.h"

#include "cli/command.h"
#include "support/choice.h"
#include "support/json/json_text.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

double history_dispatch(const Campaign *campaign, size_t subject) {
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < campaign->programs.count; i++) {
        const CampaignCounts *counts = campaign_counts(campaign, subject, i);
        if (counts->has_dispatch) {
            sum += counts->dispatch_instructions;
            count++;
        }
    }
    return count ? sum / (double)count : RUN_NO_FIGURE;
}

const char *history_path(Arena *arena, const char *folder, const char *release) {
    return arena_printf(arena, "%s/%s.json", folder, release);
}

// ---- Writing ------------------------------------------------------------------------------------

static json_t *subject_json(const Campaign *campaign, const Analysis *analysis, size_t subject) {
    const CampaignSubject *of = &campaign->subjects.items[subject];
    const AnalysisRow *mean = &analysis->means[subject];
    double dispatch = history_dispatch(campaign, subject);
    bool has_interval = mean->has_ratio && mean->has_interval;
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "name", json_text(of->name), "kind",
                     choice_at(subject_kinds, (int)of->kind, campaign->arena), "ratio",
                     json_real_or_null(mean->has_ratio, mean->ratio.median), "low",
                     json_real_or_null(has_interval, mean->ratio.low), "high",
                     json_real_or_null(has_interval, mean->ratio.high), "dispatch_instructions",
                     json_real_or_null(dispatch != RUN_NO_FIGURE, dispatch));
}

bool history_write(const char *path, const Campaign *campaign, const Analysis *analysis,
                   const char *release) {
    json_t *subjects = json_array();
    for (size_t i = 0; i < campaign->subjects.count; i++)
        json_array_append_new(subjects, subject_json(campaign, analysis, i));
    const char *baseline = campaign->subjects.count ? campaign->subjects.items[0].name : NULL;
    json_t *root = json_pack(
        "{s:o, s:o, s:o, s:I, s:o, s:o}", "release", json_text(release), "date",
        json_text(campaign->date), "machine", json_text(campaign->machine.processor), "programs",
        (json_int_t)analysis->mean_programs, "baseline", json_text(baseline), "subjects", subjects);
    Text text = {0};
    json_text_print(root, &text);
    json_decref(root);
    bool good = command_write(path, &text);
    text_free(&text);
    return good;
}

// ---- Reading ------------------------------------------------------------------------------------

static const char *string_at(Arena *arena, const json_t *object, const char *key) {
    const char *string = json_string_value(json_object_get(object, key));
    return string ? arena_strdup(arena, string) : NULL;
}

static double figure_at(const json_t *object, const char *key) {
    const json_t *figure = json_object_get(object, key);
    return json_is_number(figure) && json_number_value(figure) > 0 ? json_number_value(figure)
                                                                   : RUN_NO_FIGURE;
}

// NULL, or what is wrong with it.
static const char *read_release(Arena *arena, const json_t *root, HistoryRelease *release) {
    release->release = string_at(arena, root, "release");
    release->date = string_at(arena, root, "date");
    release->machine = string_at(arena, root, "machine");
    release->baseline = string_at(arena, root, "baseline");
    release->programs = (size_t)json_integer_value(json_object_get(root, "programs"));
    if (!release->release || !release->date)
        return "no text 'release', or no 'date'";
    const json_t *subjects = json_object_get(root, "subjects"), *item;
    if (!json_is_array(subjects))
        return "no list 'subjects'";
    size_t index;
    json_array_foreach(subjects, index, item) {
        HistorySubject subject = {.name = string_at(arena, item, "name"),
                                  .kind = string_at(arena, item, "kind"),
                                  .ratio = figure_at(item, "ratio"),
                                  .low = figure_at(item, "low"),
                                  .high = figure_at(item, "high"),
                                  .dispatch_instructions =
                                      figure_at(item, "dispatch_instructions")};
        if (!subject.name || !subject.kind)
            return "a subject without a 'name' or a 'kind'";
        ARENA_PUSH(arena, &release->subjects, subject);
    }
    return NULL;
}

static void read_file(Arena *arena, const char *path, ReportHistory *history) {
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (!root) {
        command_warning("%s:%d:%d: left out: %s", path, error.line, error.column, error.text);
        return;
    }
    HistoryRelease release = {0};
    const char *fault = read_release(arena, root, &release);
    if (fault)
        command_warning("%s: left out: %s", path, fault);
    else
        ARENA_PUSH(arena, &history->releases, release);
    json_decref(root);
}

static bool is_json(const char *name) {
    size_t length = strlen(name);
    return name[0] != '.' && length > 5 && strcmp(name + length - 5, ".json") == 0;
}

static int by_date(const void *left, const void *right) {
    const HistoryRelease *a = left, *b = right;
    int order = strcmp(a->date, b->date);
    return order ? order : strcmp(a->release, b->release);
}

const ReportHistory *history_read(Arena *arena, const char *folder) {
    ReportHistory *history = ARENA_NEW(arena, ReportHistory);
    DIR *directory = opendir(folder);
    if (!directory)
        return history;
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (is_json(entry->d_name))
            read_file(arena, arena_printf(arena, "%s/%s", folder, entry->d_name), history);
    closedir(directory);
    if (history->releases.count)
        qsort(history->releases.items, history->releases.count, sizeof *history->releases.items,
              by_date);
    return history;
}
