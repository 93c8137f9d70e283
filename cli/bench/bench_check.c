// See bench_options.h. What doesn't go together is said before anything is done.
#include "cli/bench/bench_options.h"

#include <string.h>

// A report would take the place of the data that it is made of.
static int check_files(const Command *command, const BenchOptions *options) {
    const BenchData *data = &options->data;
    const char *const kept[] = {data->raw, data->import, data->compare, data->with,
                                options->campaign},
                      *const written[] = {options->output, data->html};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        for (size_t j = 0; j < sizeof kept / sizeof *kept; j++)
            if (written[i] && kept[j] && strcmp(kept[j], "-") != 0 &&
                command_is_same_file(written[i], kept[j]))
                return command_usage_error(command, "%s holds data: a report needs another file",
                                           written[i]);
    if (data->html && command_is_same_file(options->output, data->html))
        return command_usage_error(command, "--html= and the table need a place each: both are %s",
                                   command_output_name(data->html));
    return EXIT_OK;
}

// What doesn't go together is said before anything is done.
static int check(const Command *command, const BenchOptions *options) {
    const BenchData *data = &options->data;
    if (data->with && !data->compare)
        return command_usage_error(command, "--with= is what --compare= compares with");
    if (data->raw && strcmp(data->raw, "-") == 0)
        return command_usage_error(command, "--raw= is a file, which --resume can go on with");
    if (data->resume && !data->raw)
        return command_usage_error(command, "--resume needs the campaign's file: --raw=");
    if (data->release && !data->history)
        return command_usage_error(command, "--release= needs the folder of releases: --history=");
    if (data->release && (!*data->release || strchr(data->release, '/')))
        return command_usage_error(command, "--release=%s: it is a name, and no path",
                                   data->release);
    if (data->history && !data->release && !data->html)
        return command_usage_error(command, "--history= is for --html= and --release=");
    if (data->import && data->compare)
        return command_usage_error(command,
                                   "--import= doesn't go with --compare=, but --with= does");
    if (options->export_format == EXPORT_DATA && data->compare)
        return command_usage_error(command, "--export=rebench-data is of one campaign");
    if (options->export_format == EXPORT_CONFIGURATION && (data->import || data->compare))
        return command_usage_error(command, "--export=rebench is of a campaign that could be run");
    if (options->export_format == EXPORT_CONFIGURATION &&
        (options->time_line || options->bench.check))
        return command_usage_error(command,
                                   "ReBench reads the lines of harnesses: --time-line= and "
                                   "--check= can't be exported");
    if (options->time_line && options->clock)
        return command_usage_error(command, "--time-line= says which time counts, and so does "
                                            "--time=process; choose one");
    if (options->loop.entry && !options->loop.runtime_count)
        return command_usage_error(command, "--entry goes with --runtime");
    if (options->loop.runtime_count && options->controls.count)
        return command_usage_error(command, "--control= is SOM's loop by hand, and doesn't go with "
                                            "another runtime");
    return check_files(command, options);
}

// Whoever names what is to be run, beside a campaign of a file, has something else in mind.
static int check_nothing_runs(const Command *command, const BenchOptions *options) {
    const struct {
        bool is_given;
        const char *name;
    } wanted[] = {
        {options->data.raw, "--raw="},
        {options->variants.count, "--variant="},
        {options->loop.definition, "--definition="},
        {options->loop.runtime_count, "--runtime="},
        {options->time_line, "--time-line="},
        {options->bench.check, "--check="},
        {options->controls.count, "--control="},
        {options->peers.count, "--peer="},
        {options->bench.with_aa, "--aa"},
        {options->bench.with_tail_duplication, "--with-llvm-tail-dup"},
        {options->bench.with_counters, "--counters"},
        {options->programs.count || options->program.count, "a program"},
        {options->count_arguments.count, "--count-args="},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (wanted[i].is_given)
            return command_usage_error(command, "nothing is run, so there is nothing for %s",
                                       wanted[i].name);
    return EXIT_OK;
}

int bench_options_check(const Command *command, BenchOptions *options) {
    int status = check(command, options);
    BenchData *data = &options->data;
    data->is_measured = !data->import && !data->with;
    return status || data->is_measured ? status : check_nothing_runs(command, options);
}
