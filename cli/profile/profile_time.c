// `loopwright profile`: where the time of a program goes. The interpreter that the flags ask for
// runs it as machine code, with its own streams and its own exit status, and is sampled meanwhile.
#include "cli/dispatch/dispatch_subject.h"
#include "cli/profile/profile_interpreter.h"
#include "cli/profile/sampler.h"
#include "cli/profile/time_profile_print.h"
#include "support/interruption.h"

#include <string.h>

typedef struct TimedRun {
    const ProfileOptions *options;
    Arena *arena;
    ProfiledInterpreter interpreter;
    DispatchSubject subject;
    Samples samples;
} TimedRun;

// ---- The interpreter -----------------------------------------------------------------------

// It is read before it is run: a program that runs for an hour shouldn't end with an error that
// could have been had at once.
static bool prepare(TimedRun *run) {
    const ProfiledInterpreter *interpreter = &run->interpreter;
    if (!sampler_check(run->options->frequency) ||
        !profile_interpreter(run->options, run->arena, &run->interpreter))
        return false;
    if (!dispatch_subject_read(&run->subject, run->arena, &run->options->variant,
                               interpreter->executable))
        return false;
    run->subject.report->name = interpreter->name;
    if (!dispatch_report_shown(run->subject.report).shown) {
        command_failure("no dispatch was found in %s, so nothing in it can be told apart",
                        interpreter->name);
        return false;
    }
    return !run->options->bytecode ||
           dispatch_report_choose(run->subject.report, run->options->bytecode);
}

static bool sample(TimedRun *run) {
    const OptionProgram *program = &run->options->program;
    char **words = ARENA_ARRAY(run->arena, char *, program->count + 2);
    words[0] = (char *)run->interpreter.executable;
    memcpy(words + 1, program->words, sizeof *words * (size_t)program->count);
    // Standard output is the report's, unless that goes to a file.
    bool apart = strcmp(run->options->output, "-") == 0;
    return sampler_run(run->arena, run->interpreter.executable, words, run->options->frequency,
                       apart, &run->samples);
}

// ---- Printing ------------------------------------------------------------------------------

static bool print_report(const TimedRun *run, const TimeProfile *profile) {
    TimeTable table = time_profile_table(profile);
    TimeProfileWords words = {run->interpreter.name, profile_program(run->options, run->arena),
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
    TimeProfile *profile = time_profile_new(run->arena, &run->samples, run->subject.report,
                                            run->interpreter.executable);
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
