// See profiling.h.
#include "runtime/command/profiling.h"

#include "runtime/bytecodes/image.h"
#include "runtime/process/output.h"
#include "runtime/process/signals.h"
#include "runtime/profile/profile.h"
#include "runtime/threads/threads.h"
#include "support/output_file.h"
#include "support/text.h"

#include <errno.h>
#include <stdlib.h>

enum { ROWS_MOST = 1000000 };

// ---- Options ---------------------------------------------------------------------------

unsigned profiling_parts(const char *words) {
    static const struct {
        const char *word;
        unsigned part;
    } known[] = {
        {"time", PROFILE_TIME}, {"allocation", PROFILE_ALLOCATION}, {"sends", PROFILE_SENDS}};
    unsigned parts = 0;
    for (;; words++) {
        size_t length = strcspn(words, ","), i = 0;
        while (i < sizeof known / sizeof *known &&
               (strlen(known[i].word) != length || strncmp(known[i].word, words, length)))
            i++;
        if (i == sizeof known / sizeof *known)
            return 0;
        parts |= known[i].part;
        words += length;
        if (!*words)
            return parts;
    }
}

static const char *take_file(Profiling *profiling, const char *file) {
    if (!*file)
        return "there is no file after --profile=";
    if (profiling->file_count == PROFILING_FILES)
        return "there are too many files for profiles";
    profiling->files[profiling->file_count++] = file;
    return NULL;
}

static const char *take_rows(Profiling *profiling, const char *digits) {
    char *end;
    unsigned long rows = strtoul(digits, &end, 10);
    if (*digits < '0' || *digits > '9' || *end || !rows || rows > ROWS_MOST)
        return "not a number of rows";
    profiling->rows = (int)rows;
    return NULL;
}

const char *profiling_take(Profiling *profiling, const char *option, bool *known) {
    static const char file[] = "--profile=", parts[] = "--profile-of=", rows[] = "--profile-rows=";
    *known = true;
    if (!strcmp(option, "--profile"))
        return take_file(profiling, "/dev/stderr");
    if (!strncmp(option, file, sizeof file - 1))
        return take_file(profiling, option + sizeof file - 1);
    if (!strncmp(option, rows, sizeof rows - 1))
        return take_rows(profiling, option + sizeof rows - 1);
    if (!strncmp(option, parts, sizeof parts - 1)) {
        profiling->parts = profiling_parts(option + sizeof parts - 1);
        return profiling->parts ? NULL : "time, allocation or sends is wanted, with commas between";
    }
    *known = false;
    return NULL;
}

const char *profiling_conflict(const Profiling *profiling, bool has_program) {
    if (!profiling->file_count)
        return profiling->parts || profiling->rows
                   ? "--profile-of and --profile-rows go with --profile"
                   : NULL;
    return has_program ? NULL : "there is no program to profile";
}

// ---- Before the run --------------------------------------------------------------------

static unsigned parts_of(const Profiling *profiling) {
    return profiling->parts ? profiling->parts : PROFILE_ALL;
}

static bool complain(const char *file) {
    fprintf(stderr, "som: error: can't write the profile to %s: %s\n", file, strerror(errno));
    return false;
}

// Where a file can be begun it can be written, as far as anybody knows before. To begin one changes
// who is asked when a signal comes.
static bool is_writable(const char *file) {
    Arena *arena = arena_new();
    OutputFile output;
    bool good = output_file_begin(&output, arena, file);
    int reason = errno;
    if (good)
        output_file_abandon(&output);
    arena_free(arena);
    signals_catch();
    errno = reason;
    return good;
}

// Without polls there are no samples, and whoever wants nothing but these gets nothing.
static bool check_polls(const Profiling *profiling, const char *image) {
    const char *polls = image_line(image, "polls");
    unsigned parts = parts_of(profiling);
    if (!(parts & PROFILE_TIME) || !polls || strncmp(polls, "none\n", 5))
        return true;
    bool alone = parts == PROFILE_TIME;
    for (int i = 0; i < profiling->file_count; i++)
        alone |= text_ends_with(profiling->files[i], ".folded");
    fprintf(stderr, "som: %s: " THREADS_NO_POLLS ", at which a profile of time is taken\n",
            alone ? "error" : "warning");
    return !alone;
}

bool profiling_check(const Profiling *profiling, const char *image) {
    for (int i = 0; i < profiling->file_count; i++)
        if (!is_writable(profiling->files[i]))
            return complain(profiling->files[i]);
    return check_polls(profiling, image);
}

// ---- The run ---------------------------------------------------------------------------

static bool write_to(const char *file, const Profile *profile) {
    Text text = {0};
    (text_ends_with(file, ".json")     ? profile_json
     : text_ends_with(file, ".folded") ? profile_folded
                                       : profile_tables)(profile, &text);
    if (text_ends_with(file, ".folded") && !text.length)
        fprintf(stderr, "som: warning: the program ended before the first sample\n");
    bool good = output_file_write(file, &text);
    text_free(&text);
    return good || complain(file);
}

static bool write_all(const Profiling *profiling, Profile *profile) {
    bool good = true;
    if (profiling->rows)
        profile->rows = (size_t)profiling->rows;
    for (int i = 0; i < profiling->file_count; i++)
        good &= write_to(profiling->files[i], profile);
    return good;
}

int profiling_run(const Profiling *profiling, Vm *vm, int count, char **strings) {
    Profile *profile = profile_start(vm, parts_of(profiling));
    if (!profile) {
        fprintf(stderr, "som: error: there is no timer for a profile: %s\n", strerror(errno));
        return 1;
    }
    vm->interruptible = true;
    signals_delay();
    int status = som_run(vm, count, strings);
    profile_stop(profile);
    output_flush(); // what the program has printed comes before; perhaps nobody reads it
    int number = signals_delayed();
    bool good = write_all(profiling, profile);
    profile_free(profile);
    if (number)
        signals_end_by(number);
    return good || status ? status : 1;
}
