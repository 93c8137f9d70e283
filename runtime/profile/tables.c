// A profile as tables for people: of each kind the rows that matter most. JSON has all of them.
#include "runtime/profile/profile.h"
#include "runtime/profile/ranking.h"

enum { CLASSES = 3 }; // of a site that are named

static double share(uint64_t part, uint64_t whole) {
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

static size_t shown(const Profile *profile, size_t count) {
    return count < profile->rows ? count : profile->rows;
}

static void add_left(Text *out, const Profile *profile, size_t count) {
    if (count > profile->rows)
        text_addf(out, "  … and %zu more\n", count - profile->rows);
}

// `Foo.som:12  Foo>>bar`
static void add_line(Text *out, const Profile *profile, size_t number) {
    const Line *line = &profile->places.lines.items[number];
    const Routine *routine = &profile->places.routines.items[line->routine];
    if (line->number)
        text_addf(out, "%s:%d  ", routine->file, line->number);
    text_add(out, routine->label);
}

// ---- Time ------------------------------------------------------------------------------

static void add_costs(Text *out, const Profile *profile, bool by_line) {
    const GuestSamples *samples = &profile->samples;
    const Cost *costs = by_line ? samples->lines.items : samples->routines.items;
    size_t count = by_line ? samples->lines.count : samples->routines.count;
    Ranking ranking = ranking_make(costs, count, sizeof *costs, cost_weight);
    text_addf(out, "\n    self     total  %s\n", by_line ? "line" : "method");
    for (size_t i = 0; i < shown(profile, ranking.count); i++) {
        const Cost *cost = ranking.items[i];
        text_addf(out, "%6.1f %%  %6.1f %%  ", share(cost->self, samples->time),
                  share(cost->total, samples->time));
        if (by_line)
            add_line(out, profile, (size_t)(cost - costs));
        else
            text_add(out, profile->places.routines.items[cost - costs].label);
        text_add(out, "\n");
    }
    add_left(out, profile, ranking.count);
    ranking_free(&ranking);
}

static void add_time(Text *out, const Profile *profile) {
    const GuestSamples *samples = &profile->samples;
    text_addf(out, "Time: %.3f s of the processor's, by %llu samples taken at polls\n",
              (double)samples->time / 1e9, (unsigned long long)samples->count);
    if (!samples->count)
        text_add(out, "The program ended before the first poll that a sample could be taken at\n");
    if (samples->cut)
        text_addf(out,
                  "%llu of them are of deeper stacks than %d calls, and know only the youngest\n",
                  (unsigned long long)samples->cut, SAMPLES_DEPTH);
    if (!samples->count)
        return;
    add_costs(out, profile, false);
    add_costs(out, profile, true);
}

// ---- Allocation ------------------------------------------------------------------------

static void add_allocation(Text *out, const Profile *profile) {
    const Allocation *allocation = &profile->allocation;
    const AllocationSite *sites = allocation->sites.items;
    AllocationSite all = allocation_sum(allocation);
    text_addf(out, "Allocation: %llu objects of %llu bytes\n", (unsigned long long)all.made.objects,
              (unsigned long long)all.made.bytes);
    if (!all.made.objects)
        return;
    text_addf(out,
              "%llu objects of %llu bytes survived the collection that came next, %llu met none\n"
              "\n     objects         bytes  survived  what, where\n",
              (unsigned long long)all.survived.objects, (unsigned long long)all.survived.bytes,
              (unsigned long long)all.undecided.objects);
    Ranking ranking =
        ranking_make(sites, allocation->sites.count, sizeof *sites, allocation_weight);
    for (size_t i = 0; i < shown(profile, ranking.count); i++) {
        const AllocationSite *site = ranking.items[i];
        text_addf(out, "%12llu  %12llu  %6.1f %%  %s  ", (unsigned long long)site->made.objects,
                  (unsigned long long)site->made.bytes,
                  share(site->survived.objects, site->made.objects),
                  allocation_name(profile->vm, site->header));
        add_line(out, profile, site->line);
        text_add(out, "\n");
    }
    add_left(out, profile, ranking.count);
    ranking_free(&ranking);
}

// ---- Sends -----------------------------------------------------------------------------

static void add_kinds(Text *out, const Sends *sends) {
    SendTotals totals = sends_sum(sends);
    text_addf(out, "Sends: %llu misses at %zu sites; sends that don't miss are not counted\n",
              (unsigned long long)totals.misses, sends->sites.count);
    text_add(out, "\n      misses         sites  kind, at the end\n");
    for (int i = 0; i < SEND_KIND_COUNT; i++)
        if (totals.kinds[i].sites)
            text_addf(out, "%12llu  %12llu  %s\n", (unsigned long long)totals.kinds[i].misses,
                      (unsigned long long)totals.kinds[i].sites, send_kind_names[i]);
}

static void add_classes(Text *out, const SendSite *send) {
    for (size_t i = 0; i < send->classes.count && i < CLASSES; i++)
        text_addf(out, "%s%s", i ? ", " : "  (", symbol_chars(send->classes.items[i]->name));
    text_add(out, send->classes.count > CLASSES ? ", …)" : ")");
}

static void add_send(Text *out, const Profile *profile, const SendSite *send) {
    text_addf(out, "%12llu  %12zu  %s  ", (unsigned long long)send->misses, send->classes.count,
              symbol_chars(send->site->selector));
    add_line(out, profile, send->line);
    add_classes(out, send);
    text_add(out, "\n");
}

// That a site misses once, when it is sent to for the first time, tells nothing.
static uint64_t misses_again(const void *site) {
    return send_weight(site) - 1;
}

static void add_sends(Text *out, const Profile *profile) {
    const Sends *sends = &profile->sends;
    const SendSite *sites = sends->sites.items;
    add_kinds(out, sends);
    Ranking ranking = ranking_make(sites, sends->sites.count, sizeof *sites, misses_again);
    text_add(out, ranking.count ? "\n      misses       classes  selector, where (classes)\n"
                                : "\nNo site has missed twice\n");
    for (size_t i = 0; i < shown(profile, ranking.count); i++)
        add_send(out, profile, ranking.items[i]);
    add_left(out, profile, ranking.count);
    ranking_free(&ranking);
}

void profile_tables(const Profile *profile, Text *out) {
    static const struct {
        unsigned part;
        void (*add)(Text *out, const Profile *profile);
    } parts[] = {
        {PROFILE_TIME, add_time}, {PROFILE_ALLOCATION, add_allocation}, {PROFILE_SENDS, add_sends}};
    bool is_first = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!(profile->parts & parts[i].part))
            continue;
        text_add(out, is_first ? "" : "\n");
        parts[i].add(out, profile);
        is_first = false;
    }
}
