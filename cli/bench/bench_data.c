// See bench_data.h. Nothing that was measured may be lost: a file that is there is not written
// over, and one that is gone on with has to be of the same campaign, down to the machine code.
#include "cli/bench/bench_data.h"

#include "cli/bench/raw_file.h"
#include "cli/bench/rebench_import.h"
#include "cli/command.h"
#include "cli/report/report.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- Reading ------------------------------------------------------------------------------------

// Raw data are JSON; what ReBench writes never begins so. The file is read once, as it may be a
// pipe.
static Campaign *read_any(Arena *arena, const char *path) {
    Text text = {0};
    Campaign *campaign = NULL;
    if (text_read_file_up_to(&text, path, RAW_FILE_MOST)) {
        const char *chars = text_chars(&text), *first = chars + strspn(chars, " \t\r\n");
        bool is_rebench = *first && *first != '{';
        campaign =
            is_rebench ? rebench_import(arena, path, &text) : raw_file_parse(arena, path, &text);
    } else {
        command_failure("can't read %s: %s", command_input_name(path), strerror(errno));
    }
    text_free(&text);
    return campaign;
}

// A process takes longer than what its harness prints: that is no change.
static bool has_same_clock(const BenchData *data, const Campaign *new) {
    return !data->old || strcmp(data->old->clock, new->clock) == 0 ||
           !command_failure("%s can't be compared with: it has --time=%s, and the other one has "
                            "--time=%s",
                            data->compare, data->old->clock, new->clock);
}

bool bench_data_read(Bench *bench, const BenchData *data) {
    bench->campaign = read_any(bench->arena, data->import ? data->import : data->with);
    return bench->campaign && has_same_clock(data, bench->campaign);
}

// ---- What can be known before -------------------------------------------------------------------

static bool raw_is_new(const BenchData *data) {
    struct stat about;
    if (data->resume || stat(data->raw, &about) != 0 || about.st_size == 0)
        return true;
    return !S_ISREG(about.st_mode) ||
           !command_failure("%s has something in it: --resume goes on with a campaign, and a new "
                            "one needs a file of its own",
                            data->raw);
}

// "-" is standard output, which can be. A file that wasn't there isn't afterwards.
static bool can_write(const char *path) {
    if (strcmp(path, "-") == 0)
        return true;
    struct stat about;
    bool is_new = lstat(path, &about) != 0;
    FILE *file = fopen(path, "ae");
    if (!file)
        return !command_failure("can't write %s: %s", path, strerror(errno));
    fclose(file);
    if (is_new)
        unlink(path);
    return true;
}

// Two that write one file would make nonsense of it, or one of them take the other's last line for
// cut off. The system lets go of the lock however we end.
static bool lock(FILE *file, const char *path) {
    return flock(fileno(file), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK ||
           !command_failure("another campaign is being written to %s", path);
}

// Opens the file, which is ours from now on. False after an error on stderr.
static bool open_raw(Bench *bench, const BenchData *data) {
    bench->raw = fopen(data->raw, "ae");
    if (!bench->raw)
        return !command_failure("can't write %s: %s", data->raw, strerror(errno));
    bool is_ours = lock(bench->raw, data->raw);
    if (!is_ours) {
        fclose(bench->raw);
        bench->raw = NULL;
    }
    return is_ours && raw_is_new(data);
}

// False after an error on stderr.
static bool read_begun(Bench *bench, const BenchData *data) {
    struct stat about;
    if (!data->resume || stat(data->raw, &about) != 0 || about.st_size == 0)
        return true;
    bench->begun = raw_file_read(bench->arena, data->raw);
    return bench->begun != NULL;
}

// Where there is no folder yet, no release has been kept: that is said in the page, and on a
// terminal, as it may be a slip.
static void note_missing_history(const BenchData *data) {
    struct stat about;
    if (data->history && stat(data->history, &about) != 0)
        command_note("no release is known: %s: %s", data->history, strerror(errno));
}

bool bench_data_check(Bench *bench, BenchData *data) {
    if (data->raw && (!open_raw(bench, data) || !read_begun(bench, data)))
        return false;
    if (data->html && (!report_check() || !can_write(data->html)))
        return false;
    if (data->release && !can_write(history_path(bench->arena, data->history, data->release)))
        return false;
    if (!data->release)
        note_missing_history(data);
    if (data->compare)
        data->old = read_any(bench->arena, data->compare);
    return !data->compare ||
           (data->old && (!data->is_measured || has_same_clock(data, bench->campaign)));
}

// ---- Going on with a campaign -------------------------------------------------------------------

// What isn't known is no difference.
static bool differs(const char *was, const char *is) {
    return was && is && strcmp(was, is) != 0;
}

// NULL: it is the same.
static const char *what_differs(Arena *arena, const Campaign *old, const Campaign *new) {
    if (old->subjects.count != new->subjects.count || old->programs.count != new->programs.count)
        return "it has other variants or programs";
    for (size_t i = 0; i < old->programs.count; i++)
        if (strcmp(old->programs.items[i], new->programs.items[i]) != 0)
            return arena_printf(arena, "its program is `%s`, and not `%s`", old->programs.items[i],
                                new->programs.items[i]);
    for (size_t i = 0; i < old->subjects.count; i++) {
        const CampaignSubject *was = &old->subjects.items[i], *is = &new->subjects.items[i];
        if (strcmp(was->name, is->name) != 0 || was->kind != is->kind)
            return arena_printf(arena, "it has `%s` where `%s` is now", was->name, is->name);
        if (differs(was->code_hash, is->code_hash))
            return arena_printf(arena, "the machine code of `%s` is another one now", is->name);
        if (differs(was->made_by, is->made_by))
            return arena_printf(arena, "`%s` was %s, and is %s", is->name, was->made_by,
                                is->made_by);
        if (differs(was->command, is->command))
            return arena_printf(arena, "`%s` was started as `%s`, and not as `%s`", is->name,
                                was->command, is->command);
    }
    if (differs(old->machine.processor, new->machine.processor))
        return arena_printf(arena, "it is of another machine, %s", old->machine.processor);
    if (old->layouts != new->layouts)
        return arena_printf(arena, "it has --layouts=%zu", old->layouts);
    if (strcmp(old->clock, new->clock) != 0)
        return arena_printf(arena, "it has --time=%s", old->clock);
    return NULL;
}

// The runs of the file become the campaign's. What its first line says stays so: that the order of
// runs is the one that it would have been.
static bool take_up(Bench *bench, const char *path) {
    const Campaign *old = bench->begun;
    const char *different = what_differs(bench->arena, old, bench->campaign);
    if (different)
        return !command_failure("%s is another campaign: %s", path, different);
    bench->campaign->measured.items = old->measured.items;
    bench->campaign->measured.count = old->measured.count;
    bench->campaign->measured.capacity = old->measured.capacity;
    bench->campaign->seed = old->seed;
    bench->campaign->date = old->date;
    command_note("%s has %zu runs", path, old->measured.count);
    return raw_file_end_line(path) ||
           !command_failure("can't go on with %s: %s", path, strerror(errno));
}

static bool begin_file(Bench *bench) {
    const Campaign *campaign = bench->campaign;
    bool good = raw_file_put_campaign(bench->raw, campaign);
    for (size_t i = 0; i < campaign->subjects.count; i++)
        for (size_t program = 0; program < campaign->programs.count; program++)
            good = good && raw_file_put_counts(bench->raw, campaign, i, program);
    return good;
}

bool bench_data_open(Bench *bench, const BenchData *data) {
    if (!data->raw)
        return true;
    if (bench->begun)
        return take_up(bench, data->raw);
    return begin_file(bench) || !command_failure("can't write %s: %s", data->raw, strerror(errno));
}

// A campaign that couldn't begin leaves no file.
bool bench_data_close(Bench *bench, const BenchData *data) {
    struct stat about;
    if (!bench->raw)
        return true;
    if (fstat(fileno(bench->raw), &about) == 0 && S_ISREG(about.st_mode) && about.st_size == 0)
        unlink(data->raw);
    bool good = fsync(fileno(bench->raw)) == 0 || errno == EINVAL;
    good = fclose(bench->raw) == 0 && good;
    bench->raw = NULL;
    return good || !command_failure("can't write %s: %s", data->raw, strerror(errno));
}
