// A profile as JSON, all of it (docs/som.md says what the keys mean). Times are microseconds. The
// writer knows where commas go, and nothing else: `som` is linked with no library for this.
#include "runtime/profile/profile.h"
#include "runtime/profile/ranking.h"
#include "support/characters.h"

// ---- Writing ---------------------------------------------------------------------------

typedef struct Json {
    Text *out;
    bool begun; // something stands in the innermost object or array
} Json;

static void begin_value(Json *json) {
    text_add(json->out, json->begun ? ", " : "");
    json->begun = true;
}

// Bytes that are no UTF-8 (a file may be called anything) stand as U+FFFD.
static void add_string(Json *json, const char *chars) {
    static const char replacement[] = "\xEF\xBF\xBD";
    text_add(json->out, "\"");
    for (size_t left = strlen(chars), length; left; chars += length, left -= length) {
        bool is_character = (length = character_length(chars, left)) > 0;
        length = is_character ? length : 1;
        unsigned char first = (unsigned char)*chars;
        if (!is_character)
            text_add(json->out, replacement);
        else if (first < ' ')
            text_addf(json->out, "\\u%04x", first);
        else if (first == '"' || first == '\\')
            text_addf(json->out, "\\%c", first);
        else
            text_add_bytes(json->out, chars, length);
    }
    text_add(json->out, "\"");
}

static void add_text(Json *json, const char *chars) {
    begin_value(json);
    add_string(json, chars);
}

static void add_key(Json *json, const char *key) {
    begin_value(json);
    text_addf(json->out, "\"%s\": ", key);
}

static void add_word(Json *json, const char *key, const char *chars) {
    add_key(json, key);
    add_string(json, chars);
}

static void add_count(Json *json, const char *key, uint64_t count) {
    add_key(json, key);
    text_addf(json->out, "%llu", (unsigned long long)count);
}

static void add_time(Json *json, const char *key, uint64_t nanoseconds) {
    add_count(json, key, (nanoseconds + 500) / 1000);
}

static void open(Json *json, const char *bracket) {
    text_add(json->out, bracket);
    json->begun = false;
}

static void close(Json *json, const char *bracket) {
    text_add(json->out, bracket);
    json->begun = true;
}

// Rows of a table: an object each, on a line of its own.
static void open_rows(Json *json, const char *key) {
    add_key(json, key);
    open(json, "[");
}

static void open_row(Json *json) {
    text_add(json->out, json->begun ? ",\n    {" : "\n    {");
    json->begun = false;
}

// ---- Places ----------------------------------------------------------------------------

static void add_routine(Json *json, const Profile *profile, size_t number) {
    const Routine *routine = &profile->places.routines.items[number];
    add_word(json, "method", routine->label);
    add_word(json, "file", routine->file);
}

static void add_line(Json *json, const Profile *profile, size_t number) {
    const Line *line = &profile->places.lines.items[number];
    add_routine(json, profile, line->routine);
    add_count(json, "line", (uint64_t)line->number);
}

// ---- Time ------------------------------------------------------------------------------

static void add_costs(Json *json, const Profile *profile, bool by_line) {
    const GuestSamples *samples = &profile->samples;
    const Cost *costs = by_line ? samples->lines.items : samples->routines.items;
    size_t count = by_line ? samples->lines.count : samples->routines.count;
    Ranking ranking = ranking_make(costs, count, sizeof *costs, cost_weight);
    open_rows(json, by_line ? "lines" : "methods");
    for (size_t i = 0; i < ranking.count; i++) {
        const Cost *cost = ranking.items[i];
        open_row(json);
        (by_line ? add_line : add_routine)(json, profile, (size_t)(cost - costs));
        add_time(json, "self", cost->self);
        add_time(json, "total", cost->total);
        add_count(json, "samples", cost->samples);
        close(json, "}");
    }
    close(json, "]");
    ranking_free(&ranking);
}

// The methods on the way to the node, the oldest first.
static void add_path(Json *json, const Profile *profile, size_t number) {
    const CallNode *nodes = profile->samples.nodes.items;
    size_t path[SAMPLES_DEPTH + 1], depth = 0;
    for (; number; number = nodes[number].parent)
        path[depth++] = nodes[number].routine;
    add_key(json, "frames");
    open(json, "[");
    while (depth)
        add_text(json, profile->places.routines.items[path[--depth]].label);
    close(json, "]");
}

static void add_stacks(Json *json, const Profile *profile) {
    const GuestSamples *samples = &profile->samples;
    open_rows(json, "stacks");
    for (size_t i = 0; i < samples->nodes.count; i++) {
        const CallNode *node = &samples->nodes.items[i];
        if (!node->samples)
            continue;
        open_row(json);
        add_path(json, profile, i);
        add_time(json, "self", node->self);
        add_count(json, "samples", node->samples);
        close(json, "}");
    }
    close(json, "]");
}

static void add_times(Json *json, const Profile *profile) {
    const GuestSamples *samples = &profile->samples;
    add_time(json, "microseconds", samples->time);
    add_count(json, "samples", samples->count);
    add_count(json, "period", PROFILE_PERIOD);
    add_count(json, "depth", SAMPLES_DEPTH);
    add_count(json, "cut", samples->cut);
    add_costs(json, profile, false);
    add_costs(json, profile, true);
    add_stacks(json, profile);
}

// ---- Allocation ------------------------------------------------------------------------

static void add_amounts(Json *json, const AllocationSite *site) {
    add_count(json, "objects", site->made.objects);
    add_count(json, "bytes", site->made.bytes);
    add_count(json, "survived", site->survived.objects);
    add_count(json, "survived_bytes", site->survived.bytes);
    add_count(json, "undecided", site->undecided.objects);
}

static void add_allocation(Json *json, const Profile *profile) {
    const Allocation *allocation = &profile->allocation;
    const AllocationSite *sites = allocation->sites.items;
    const AllocationSite all = allocation_sum(allocation);
    add_amounts(json, &all);
    Ranking ranking =
        ranking_make(sites, allocation->sites.count, sizeof *sites, allocation_weight);
    open_rows(json, "sites");
    for (size_t i = 0; i < ranking.count; i++) {
        const AllocationSite *site = ranking.items[i];
        open_row(json);
        add_line(json, profile, site->line);
        add_word(json, "class", allocation_name(profile->vm, site->header));
        add_amounts(json, site);
        close(json, "}");
    }
    close(json, "]");
    ranking_free(&ranking);
}

// ---- Sends -----------------------------------------------------------------------------

static void add_kinds(Json *json, const SendTotals *totals) {
    open_rows(json, "kinds");
    for (int i = 0; i < SEND_KIND_COUNT; i++) {
        if (!totals->kinds[i].sites)
            continue;
        open_row(json);
        add_word(json, "kind", send_kind_names[i]);
        add_count(json, "sites", totals->kinds[i].sites);
        add_count(json, "misses", totals->kinds[i].misses);
        close(json, "}");
    }
    close(json, "]");
}

static void add_send(Json *json, const Profile *profile, const SendSite *send) {
    open_row(json);
    add_line(json, profile, send->line);
    add_word(json, "selector", symbol_chars(send->site->selector));
    add_word(json, "kind", send_kind_names[send_kind(send->site)]);
    add_word(json, "bytecode", send_bytecode(profile->vm, send));
    add_count(json, "misses", send->misses);
    add_key(json, "classes");
    open(json, "[");
    for (size_t i = 0; i < send->classes.count; i++)
        add_text(json, symbol_chars(send->classes.items[i]->name));
    close(json, "]");
    close(json, "}");
}

static void add_sends(Json *json, const Profile *profile) {
    const Sends *sends = &profile->sends;
    const SendSite *sites = sends->sites.items;
    const SendTotals totals = sends_sum(sends);
    add_count(json, "misses", totals.misses);
    add_kinds(json, &totals);
    Ranking ranking = ranking_make(sites, sends->sites.count, sizeof *sites, send_weight);
    open_rows(json, "sites");
    for (size_t i = 0; i < ranking.count; i++)
        add_send(json, profile, ranking.items[i]);
    close(json, "]");
    ranking_free(&ranking);
}

void profile_json(const Profile *profile, Text *out) {
    static const struct {
        unsigned part;
        const char *key;
        void (*add)(Json *json, const Profile *profile);
    } parts[] = {{PROFILE_TIME, "time", add_times},
                 {PROFILE_ALLOCATION, "allocation", add_allocation},
                 {PROFILE_SENDS, "sends", add_sends}};
    Json json = {out, false};
    open(&json, "{");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!(profile->parts & parts[i].part))
            continue;
        text_add(out, json.begun ? ",\n" : "\n");
        text_addf(out, "  \"%s\": ", parts[i].key);
        open(&json, "{");
        parts[i].add(&json, profile);
        close(&json, "}");
    }
    text_add(out, "\n}\n");
}
