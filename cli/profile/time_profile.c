// See time_profile.h. Samples are sorted by address first, so that each address is looked up once.
#include "cli/profile/time_profile.h"

#include "cli/command.h"
#include "cli/profile/sampled_places.h"
#include "support/source_text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *timed_kind_text(TimedKind kind) {
    static const char *const texts[TIMED_KINDS] = {
        [TIMED_DISPATCH] = "dispatch", [TIMED_WORK] = "work",
        [TIMED_POLL] = "polls",        [TIMED_RUNTIME] = "runtime",
        [TIMED_LIBRARY] = "libraries", [TIMED_UNATTRIBUTED] = "unattributed",
    };
    return texts[kind];
}

double time_share(const TimeProfile *profile, const Timed *timed) {
    return profile->all.time > 0 ? timed->time / profile->all.time : 0;
}

static void add(Timed *to, const Timed *more) {
    to->samples += more->samples;
    to->time += more->time;
}

// ---- Sorting down --------------------------------------------------------------------------

typedef struct Building {
    TimeProfile *profile;
    SampledPlaces *places;
    const char *executable; // as the kernel calls it; NULL: it was not sampled
} Building;

static TimedKind loop_kind(AttributedTo to_whom) {
    return to_whom == ATTRIBUTED_TO_DISPATCH ? TIMED_DISPATCH
           : to_whom == ATTRIBUTED_TO_POLL   ? TIMED_POLL
                                             : TIMED_WORK;
}

static void add_bytecode(TimeProfile *profile, int bytecode, TimedKind kind, const Timed *timed) {
    size_t i = 0;
    while (i < profile->bytecodes.count && profile->bytecodes.items[i].bytecode != bytecode)
        i++;
    if (i == profile->bytecodes.count)
        ARENA_PUSH(profile->arena, &profile->bytecodes, (TimedBytecode){.bytecode = bytecode});
    add(&profile->bytecodes.items[i].all, timed);
    add(&profile->bytecodes.items[i].kinds[kind], timed);
}

static void add_line(TimeProfile *profile, int line, const Timed *timed) {
    size_t i = 0;
    while (i < profile->lines.count && profile->lines.items[i].line != line)
        i++;
    if (i == profile->lines.count)
        ARENA_PUSH(profile->arena, &profile->lines, (TimedLine){.line = line});
    add(&profile->lines.items[i].all, timed);
}

static bool begins_bytecode(const DispatchReport *report, int instruction) {
    for (size_t i = 0; i < report->bytecodes.count; i++) {
        int block = report->bytecodes.items[i].in_table->block;
        if (report->code->blocks.items[block].first == instruction)
            return true;
    }
    return false;
}

static void add_instruction(TimeProfile *profile, int instruction, const Timed *timed) {
    const CodeOwner *owner = &profile->owners[instruction];
    TimedKind kind = loop_kind(owner->to_whom);
    if (kind == TIMED_WORK && begins_bytecode(profile->report, instruction))
        add(&profile->arrivals, timed);
    add(&profile->kinds[kind], timed);
    add(&profile->by_instruction[instruction], timed);
    add_bytecode(profile, owner->bytecode, kind, timed);
    add_line(profile, profile->report->code->instructions.items[instruction].line.line, timed);
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_same(const char *left, const char *right) {
    return left == right || (left && right && strcmp(left, right) == 0);
}

static void add_function(TimeProfile *profile, const TimedName *named) {
    size_t i = 0;
    while (i < profile->functions.count &&
           !(is_same(profile->functions.items[i].name, named->name) &&
             is_same(profile->functions.items[i].file, named->file)))
        i++;
    if (i == profile->functions.count) {
        TimedName new = *named;
        new.all = (Timed){0};
        ARENA_PUSH(profile->arena, &profile->functions, new);
    }
    add(&profile->functions.items[i].all, &named->all);
}

static void add_library(TimeProfile *profile, const char *file, const Timed *timed) {
    size_t i = 0;
    while (i < profile->libraries.count && strcmp(profile->libraries.items[i].name, file) != 0)
        i++;
    if (i == profile->libraries.count)
        ARENA_PUSH(profile->arena, &profile->libraries,
                   ((TimedName){.name = file, .kind = TIMED_LIBRARY}));
    add(&profile->libraries.items[i].all, timed);
}

// What no symbol has (a stub that the linker made) is still its file's.
static void add_elsewhere(TimeProfile *profile, const SampledPlace *place, bool is_executable,
                          const Timed *timed) {
    if (!place->file) {
        add(&profile->kinds[TIMED_UNATTRIBUTED], timed);
        return;
    }
    TimedKind kind = is_executable ? TIMED_RUNTIME : TIMED_LIBRARY;
    const char *file = is_executable ? NULL : last_part(place->file);
    TimedName named = {place->function ? place->function : "(no symbol)", file, kind, *timed};
    add(&profile->kinds[kind], timed);
    add_function(profile, &named);
    if (file)
        add_library(profile, file, timed);
}

static void add_address(const Building *building, uint64_t address, const Timed *timed) {
    TimeProfile *profile = building->profile;
    SampledPlace place = sampled_place(building->places, address);
    bool is_executable = is_same(place.file, building->executable) && place.file;
    int instruction = is_executable ? code_owners_at(profile->report, place.address) : -1;
    add(&profile->all, timed);
    if (instruction >= 0)
        add_instruction(profile, instruction, timed);
    else
        add_elsewhere(profile, &place, is_executable, timed);
}

static int by_address(const void *left, const void *right) {
    const Sample *a = left, *b = right;
    return (a->address > b->address) - (a->address < b->address);
}

static void add_samples(const Building *building, const Samples *samples) {
    size_t count = samples->items.count;
    Arena *scratch = arena_new();
    Sample *sorted = ARENA_ARRAY(scratch, Sample, count);
    if (count)
        memcpy(sorted, samples->items.items, sizeof *sorted * count);
    qsort(sorted, count, sizeof *sorted, by_address);
    for (size_t i = 0, next; i < count; i = next) {
        Timed timed = {0};
        for (next = i; next < count && sorted[next].address == sorted[i].address; next++)
            add(&timed, &(Timed){1, (double)sorted[next].period});
        add_address(building, sorted[i].address, &timed);
    }
    arena_free(scratch);
}

// The kernel names files by paths without links.
static const char *mapped_name(const Samples *samples, const char *executable) {
    struct stat wanted, found;
    if (stat(executable, &wanted) != 0)
        return NULL;
    for (size_t i = 0; i < samples->files.count; i++) {
        const char *path = samples->files.items[i].path;
        if (stat(path, &found) == 0 && found.st_dev == wanted.st_dev &&
            found.st_ino == wanted.st_ino)
            return path;
    }
    return NULL;
}

// ---- Order ---------------------------------------------------------------------------------

static int compare_timed(const Timed *a, const Timed *b) {
    return (a->time < b->time) - (a->time > b->time);
}

// Of equals the first in the table, the alphabet, the definition, the code.
static int by_time_of_bytecode(const void *left, const void *right) {
    const TimedBytecode *a = left, *b = right;
    int order = compare_timed(&a->all, &b->all);
    return order ? order : a->bytecode - b->bytecode;
}

static int by_time_of_name(const void *left, const void *right) {
    const TimedName *a = left, *b = right;
    int order = compare_timed(&a->all, &b->all);
    return order ? order : strcmp(a->name, b->name);
}

static int by_time_of_line(const void *left, const void *right) {
    const TimedLine *a = left, *b = right;
    int order = compare_timed(&a->all, &b->all);
    return order ? order : a->line - b->line;
}

static int by_time_of_instruction(const void *left, const void *right) {
    const TimedInstruction *a = left, *b = right;
    int order = compare_timed(&a->all, &b->all);
    return order ? order : a->instruction - b->instruction;
}

#define SORT(list, compare)                                                                        \
    do {                                                                                           \
        if ((list).count)                                                                          \
            qsort((list).items, (list).count, sizeof *(list).items, compare);                      \
    } while (0)

static void sort(TimeProfile *profile) {
    for (size_t i = 0; i < profile->report->code->instructions.count; i++)
        if (profile->by_instruction[i].samples)
            ARENA_PUSH(profile->arena, &profile->instructions,
                       ((TimedInstruction){(int)i, profile->by_instruction[i]}));
    SORT(profile->bytecodes, by_time_of_bytecode);
    SORT(profile->functions, by_time_of_name);
    SORT(profile->libraries, by_time_of_name);
    SORT(profile->lines, by_time_of_line);
    SORT(profile->instructions, by_time_of_instruction);
}

// The lines' texts, as far as the definition is where it was.
static void read_lines(TimeProfile *profile) {
    Text text = {0};
    const char *definition = profile->report->definition;
    if (definition) {
        source_read(definition, &profile->report->parts, &text);
        int number = 1;
        for (const char *line = text_chars(&text); *line; number++) {
            size_t length = strcspn(line, "\n");
            for (size_t i = 0; i < profile->lines.count; i++)
                if (profile->lines.items[i].line == number)
                    profile->lines.items[i].text = arena_strndup(
                        profile->arena, line + strspn(line, " "), length - strspn(line, " "));
            line += length + (line[length] == '\n');
        }
    }
    text_free(&text);
}

TimeProfile *time_profile_new(Arena *arena, const Samples *samples, const DispatchReport *report,
                              const char *executable) {
    TimeProfile *profile = ARENA_NEW(arena, TimeProfile);
    *profile = (TimeProfile){
        .arena = arena, .samples = samples, .report = report, .owners = code_owners_find(report)};
    profile->by_instruction = ARENA_ARRAY(arena, Timed, report->code->instructions.count);
    Building building = {profile, sampled_places_new(arena, samples),
                         mapped_name(samples, executable)};
    add_samples(&building, samples);
    sampled_places_close(building.places);
    sort(profile);
    read_lines(profile);
    return profile;
}
