// `loopwright profile`: where the time of a program goes. The interpreter that the flags ask for
// runs it as machine code, with its own streams and its own exit status, and is sampled meanwhile.
#include "cli/dispatch/dispatch_subject.h"
#include "cli/emitted_cache.h"
#include "cli/profile/profile.h"
#include "cli/profile/sampler.h"
#include "cli/profile/time_profile_print.h"
#include "support/interruption.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct TimedRun {
    const ProfileOptions *options;
    Arena *arena;
    const char *executable, *interpreter; // a file; what reports call it
    DispatchSubject subject;
    Samples samples;
} TimedRun;

// ---- The interpreter -----------------------------------------------------------------------

// What was emitted before has to be something that can be run: an object is none.
static bool check_executable(const char *path) {
    struct stat status;
    if (access(path, F_OK) == 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
        access(path, X_OK) == 0)
        return true;
    command_failure("%s is no executable (`loopwright emit FLAGS -o FILE` makes one)", path);
    return false;
}

static bool emit(TimedRun *run) {
    const Variant *variant = &run->options->variant;
    IrModule *module = variant_module(variant, run->arena, NULL, false, NULL);
    Emitted emitted;
    if (!module || !emitted_cache_get(variant, run->arena, module, &emitted))
        return false;
    Text flags = {0};
    variant_print(variant, &flags);
    run->executable = emitted.executable;
    run->interpreter = arena_strdup(run->arena, text_chars(&flags));
    text_free(&flags);
    return true;
}

// It is read before it is run: a program that runs for an hour shouldn't end with an error that
// could have been had at once.
static bool prepare(TimedRun *run) {
    const char *given = run->options->executable;
    if (!sampler_check(run->options->frequency) || (given && !check_executable(given)))
        return false;
    run->executable = run->interpreter = given;
    if (!given && !emit(run))
        return false;
    // A name without a slash is of this folder, and not looked for elsewhere.
    if (!strchr(run->executable, '/'))
        run->executable = arena_printf(run->arena, "./%s", run->executable);
    if (!dispatch_subject_read(&run->subject, run->arena, &run->options->variant, run->executable))
        return false;
    run->subject.report->name = run->interpreter;
    if (!dispatch_report_shown(run->subject.report).shown) {
        command_failure("no dispatch was found in %s, so nothing in it can be told apart",
                        run->interpreter);
        return false;
    }
    return !run->options->bytecode ||
           dispatch_report_choose(run->subject.report, run->options->bytecode);
}

static bool sample(TimedRun *run) {
    const OptionProgram *program = &run->options->program;
    char **words = ARENA_ARRAY(run->arena, char *, program->count + 2);
    words[0] = (char *)run->executable;
    memcpy(words + 1, program->words, sizeof *words * (size_t)program->count);
    // Standard output is the report's, unless that goes to a file.
    bool apart = strcmp(run->options->output, "-") == 0;
    return sampler_run(run->arena, run->executable, words, run->options->frequency, apart,
                       &run->samples);
}

// ---- Printing ------------------------------------------------------------------------------

static bool print_report(const TimedRun *run, const TimeProfile *profile) {
    TimeTable table;
    if (!time_profile_table(profile, run->options->bytecode, &table))
        return false;
    TimeProfileWords words = {run->interpreter, profile_program(run->options, run->arena),
                              profile_rows(run->options)};
    TimeProfilePrinter *printer =
        run->options->json ? time_profile_print_json : time_profile_print_text;
    Text text = {0};
    printer(profile, &table, &words, &text);
    bool good = command_write(run->options->output, &text);
    text_free(&text);
    return good;
}

static bool print(const TimedRun *run) {
    const char *program = profile_program(run->options, run->arena);
    if (!run->samples.items.count) {
        command_failure("%s ended (exit status %d) before the first sample: let it run longer, or "
                        "ask for more of them (--frequency=%d)",
                        program, profile_status(run->samples.status),
                        run->options->frequency < SAMPLER_FREQUENCY_MOST / 10
                            ? run->options->frequency * 10
                            : SAMPLER_FREQUENCY_MOST);
        return false;
    }
    TimeProfile *profile =
        time_profile_new(run->arena, &run->samples, run->subject.report, run->executable);
    FoldedStacks stacks = time_profile_stacks(profile, program);
    return profile_write_stacks(run->options, program, "samples", &stacks) &&
           (!profile_has_report(run->options) || print_report(run, profile));
}

int profile_time(ProfileOptions *options) {
    TimedRun run = {.options = options, .arena = arena_new()};
    int status = EXIT_FAILED;
    if (prepare(&run) && sample(&run)) {
        status = profile_status(run.samples.status);
        if (!print(&run) && status == EXIT_OK)
            status = EXIT_FAILED;
    }
    dispatch_subject_close(&run.subject);
    arena_free(run.arena);
    temporary_remove_all();
    return status;
}
