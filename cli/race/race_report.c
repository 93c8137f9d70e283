// What `loopwright race` has found, as text: which schedule fails and how, the commands that show
// it again, and then the story: who ran past which lines, and what the program said.
#include "cli/race/race.h"

#include <string.h>

static void print_schedule(const RaceSchedule *schedule, Text *out) {
    if (schedule->is_replay)
        text_addf(out, "The schedule in %s", schedule->replay);
    else
        text_addf(out, "The schedule of seed %llu (%s)", (unsigned long long)schedule->seed,
                  schedule->is_pct ? "pct" : "random");
}

static const char *plural(size_t count) {
    return count == 1 ? "" : "s";
}

// Of all switches: who could have gone on, and who had to give way.
static size_t count_forced(const ScheduleLog *schedule) {
    size_t forced = 0;
    for (size_t i = 0; i < schedule->records.count; i++)
        forced += log_is_forced(schedule->records.items[i].kind);
    return forced;
}

static void print_count(const ScheduleLog *schedule, Text *out) {
    size_t forced = count_forced(schedule);
    text_addf(out, "%zu switch%s", schedule->switches, schedule->switches == 1 ? "" : "es");
    if (schedule->switches)
        text_addf(out, ", %zu of them where a thread waits or ends", forced);
}

static void print_shrinking(const Race *race, Text *out) {
    const Shrinking *shrinking = &race->shrinking;
    if (race->verdict.kind == VERDICT_ENDLESS) {
        text_add(out, "It is not shrunk: a schedule with fewer switches leaves threads without "
                      "turns, so that any loop\nthat waits for another thread goes round for "
                      "ever.\n");
    } else if (!race->before.switches) {
        text_add(out, "There is no switch in it: it has nothing to do with schedules.\n");
    } else if (!race->was_shrunk || !shrinking->fails) {
        text_add(out, "It has ");
        print_count(&race->before, out);
        text_add(out, ".\n");
    } else {
        text_addf(out, "Of its %zu switches %zu had to be chosen for it to fail in this way",
                  race->before.switches, shrinking->left);
        text_addf(out, " (%zu run%s%s);\nwith these it has ", shrinking->runs,
                  plural(shrinking->runs),
                  shrinking->is_least ? "" : ", no more were allowed: it may be fewer");
        print_count(&race->after, out);
        text_add(out, ".\n");
    }
}

static void print_doubts(const Race *race, Text *out) {
    bool differs = !race->repeats || (race->was_shrunk && !race->shrinking.fails);
    if (differs)
        text_add(out, "Run again, it does something else: the program depends on more than its "
                      "schedule, such as the\ntime, its surroundings, or chance.\n");
}

static void print_command(const Race *race, const RaceSchedule *schedule, Text *out) {
    text_add(out, "  ");
    race_command(race->request, schedule, out);
    text_add(out, "\n");
}

// As it was found and, if that was written, what is left of it.
static void print_commands(const Race *race, Text *out) {
    text_add(out, "\n");
    print_command(race, &race->schedule, out);
    const RaceSchedule saved = {
        .is_replay = true, .replay = race->request->save, .most = race->schedule.most};
    if (saved.replay)
        print_command(race, &saved, out);
}

// Whole lines up to about so many bytes; who wants all of it runs the program.
static void print_stream(const char *title, const Text *text, Text *out) {
    enum { MOST = 8192 };
    if (!text->length)
        return;
    text_addf(out, "\n%s:\n", title);
    const char *chars = text_chars(text);
    size_t length = text->length;
    if (length > MOST) {
        const char *newline = memchr(chars + MOST, '\n', length - MOST);
        length = newline ? (size_t)(newline - chars) + 1 : MOST;
    }
    text_add_bytes(out, chars, length);
    if (chars[length - 1] != '\n')
        text_add(out, "\n");
    if (length < text->length)
        text_addf(out, "… %zu more bytes …\n", text->length - length);
}

static void print_story(const Race *race, Text *out) {
    if (race->interleaving.segments.count) {
        text_add(out, "\n");
        interleaving_print(&race->interleaving, source_lines_new(race->arena),
                           race->request->most_lines, out);
    }
    print_stream("output", &race->output_text, out);
    print_stream("errors", &race->errors_text, out);
}

static void print_found(const Race *race, Text *out) {
    print_schedule(&race->schedule, out);
    text_add(out, " fails: ");
    verdict_describe(&race->verdict, out);
    text_addf(out, "\nIt is the %zu%s that was tried. ", race->tried,
              race->tried % 100 / 10 == 1 ? "th"
              : race->tried % 10 == 1     ? "st"
              : race->tried % 10 == 2     ? "nd"
              : race->tried % 10 == 3     ? "rd"
                                          : "th");
    print_shrinking(race, out);
    print_doubts(race, out);
    print_commands(race, out);
    print_story(race, out);
}

static void print_counts(const Race *race, Text *out) {
    static const char *const names[] = {"random", "pct"};
    text_addf(out, "%zu of %zu schedules fail:", race->failing[0] + race->failing[1], race->tried);
    const char *between = " ";
    for (int i = 0; i < 2; i++) {
        if (!race->drawn[i])
            continue;
        text_addf(out, "%s%zu of %zu %s", between, race->failing[i], race->drawn[i], names[i]);
        between = ", ";
    }
    text_addf(out, " (seeds %llu to %llu).\n", (unsigned long long)race->request->first_seed,
              (unsigned long long)(race->request->first_seed + race->tried - 1));
}

static void print_nothing_found(const Race *race, Text *out) {
    text_addf(out, "No schedule of %zu fails (seeds %llu to %llu).\n", race->tried,
              (unsigned long long)race->request->first_seed,
              (unsigned long long)(race->request->first_seed + race->tried - 1));
    if (race->differing)
        text_addf(out,
                  "%zu printed something else than the first schedule did: is that right? "
                  "(--fail-on-output)\n",
                  race->differing);
}

static void print_replay(const Race *race, Text *out) {
    print_schedule(&race->schedule, out);
    text_add(out, verdict_fails(&race->verdict) ? " fails: " : ": ");
    verdict_describe(&race->verdict, out);
    text_add(out, "\nIt has ");
    print_count(&race->after, out);
    text_add(out, ".\n");
    if (race->not_taken)
        text_addf(out,
                  "%zu of the %zu switches that it asks for did not come about: it was written "
                  "for another program,\nother arguments, or another policy.\n",
                  race->not_taken, race->before.switches);
    print_commands(race, out);
    print_story(race, out);
}

void race_report(const Race *race, Text *out) {
    if (race->schedule.is_replay)
        print_replay(race, out);
    else if (race->found)
        print_found(race, out);
    else if (race->request->counts)
        print_counts(race, out);
    else
        print_nothing_found(race, out);
}
