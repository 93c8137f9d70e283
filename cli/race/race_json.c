// What `loopwright race` has found, as data.
#include "cli/race/race.h"

#include "support/json/json_text.h"

#include <string.h>

static json_t *take_text(Text *text) {
    json_t *string = json_text(text_chars(text));
    text_free(text);
    return string;
}

static json_t *program_json(const RaceRequest *request) {
    json_t *words = json_array();
    for (int i = 0; i < request->program_count; i++)
        json_array_append_new(words, json_text(request->program[i]));
    return words;
}

// Seeds may be larger than a JSON number of jansson's.
static json_t *seed_json(uint64_t seed) {
    Text text = {0};
    if (seed <= INT64_MAX)
        return json_integer((json_int_t)seed);
    text_addf(&text, "%llu", (unsigned long long)seed);
    return take_text(&text);
}

static json_t *verdict_json(const Verdict *verdict) {
    static const char *const kinds[] = {
        [VERDICT_GOOD] = "good",       [VERDICT_STATUS] = "status",
        [VERDICT_SIGNAL] = "signal",   [VERDICT_MATCH] = "match",
        [VERDICT_OUTPUT] = "output",   [VERDICT_TALKATIVE] = "too-much-output",
        [VERDICT_ENDLESS] = "endless", [VERDICT_CUT_OFF] = "cut-off",
        [VERDICT_LATE] = "late",       [VERDICT_UNSTARTED] = "unstarted",
    };
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(kinds[verdict->kind]));
    json_object_set_new(object, "number", json_integer(verdict->number));
    json_object_set_new(object, "line", json_text(verdict->line));
    return object;
}

static json_t *decisions_json(const Race *race) {
    json_t *decisions = json_array();
    size_t index = 0;
    for (size_t i = 0; i < race->before.records.count; i++) {
        const LogRecord *record = &race->before.records.items[i];
        if (record->kind == LOG_LINE || (race->kept && !race->kept[index++]))
            continue;
        json_t *decision = json_object();
        json_object_set_new(decision, "thread", json_integer((json_int_t)record->thread));
        json_object_set_new(decision, "count", json_integer((json_int_t)record->count));
        json_object_set_new(decision, "next", json_integer((json_int_t)record->next));
        json_object_set_new(decision, "kind", json_string(log_kind_text(record->kind)));
        json_array_append_new(decisions, decision);
    }
    return decisions;
}

static json_t *switches_json(const ScheduleLog *schedule) {
    size_t forced = 0;
    for (size_t i = 0; i < schedule->records.count; i++)
        forced += log_is_forced(schedule->records.items[i].kind);
    json_t *object = json_object();
    json_object_set_new(object, "switches", json_integer((json_int_t)schedule->switches));
    json_object_set_new(object, "forced", json_integer((json_int_t)forced));
    json_object_set_new(object, "steps", json_integer((json_int_t)schedule->steps));
    return object;
}

static json_t *shrinking_json(const Race *race) {
    if (!race->was_shrunk || !race->shrinking.fails)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "decisions", json_integer((json_int_t)race->shrinking.left));
    json_object_set_new(object, "runs", json_integer((json_int_t)race->shrinking.runs));
    json_object_set_new(object, "is_least", json_boolean(race->shrinking.is_least));
    return object;
}

static json_t *schedule_json(const Race *race) {
    const RaceSchedule *schedule = &race->schedule;
    json_t *object = json_object();
    if (schedule->is_replay) {
        json_object_set_new(object, "file", json_text(schedule->replay));
        json_object_set_new(object, "not_taken", json_integer((json_int_t)race->not_taken));
    } else {
        json_object_set_new(object, "seed", seed_json(schedule->seed));
        json_object_set_new(object, "strategy", json_string(schedule->is_pct ? "pct" : "random"));
        if (schedule->is_pct) {
            json_object_set_new(object, "depth", json_integer(schedule->depth));
        }
        json_object_set_new(object, "length", json_integer((json_int_t)schedule->length));
        json_object_set_new(object, "repeats", json_boolean(race->repeats));
    }
    Text command = {0};
    race_command(race->request, schedule, &command);
    json_object_set_new(object, "command", take_text(&command));
    return object;
}

// What was run last: what was found, or the replay.
static void add_story(const Race *race, json_t *document) {
    json_object_set_new(document, "schedule", schedule_json(race));
    json_object_set_new(document, "verdict", verdict_json(&race->verdict));
    json_object_set_new(document, "before",
                        race->found && race->verdict.kind != VERDICT_ENDLESS
                            ? switches_json(&race->before)
                            : json_null());
    json_object_set_new(document, "shrinking", shrinking_json(race));
    json_object_set_new(document, "after",
                        race->was_followed ? switches_json(&race->after) : json_null());
    json_object_set_new(document, "decisions", decisions_json(race));
    json_object_set_new(document, "segments",
                        race->was_followed
                            ? interleaving_json(&race->interleaving, source_lines_new(race->arena))
                            : json_array());
    json_object_set_new(document, "output", json_text(text_chars(&race->output_text)));
    json_object_set_new(document, "errors", json_text(text_chars(&race->errors_text)));
}

static json_t *counts_json(const Race *race) {
    static const char *const names[] = {"random", "pct"};
    json_t *object = json_object();
    for (int i = 0; i < 2; i++) {
        json_t *counts = json_object();
        json_object_set_new(counts, "tried", json_integer((json_int_t)race->drawn[i]));
        json_object_set_new(counts, "failing", json_integer((json_int_t)race->failing[i]));
        json_object_set_new(object, names[i], counts);
    }
    return object;
}

void race_json(const Race *race, Text *out) {
    const RaceRequest *request = race->request;
    json_t *document = json_object();
    json_object_set_new(document, "program", program_json(request));
    json_object_set_new(document, "flags", json_text(request->flags));
    if (!race->schedule.is_replay) {
        json_object_set_new(document, "found", json_boolean(race->found));
        json_object_set_new(document, "first_seed", seed_json(request->first_seed));
        json_object_set_new(document, "tried", json_integer((json_int_t)race->tried));
        if (request->counts)
            json_object_set_new(document, "counts", counts_json(race));
        json_object_set_new(document, "late", json_integer((json_int_t)race->late));
        json_object_set_new(document, "differing", json_integer((json_int_t)race->differing));
    }
    if (race->found || race->schedule.is_replay)
        add_story(race, document);
    json_text_print(document, out);
    json_decref(document);
}
