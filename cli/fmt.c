// `loopwright fmt`: a definition laid out anew (frontend/format).
#include "cli/command.h"
#include "frontend/format/format.h"
#include "support/line_diff.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct FmtOptions {
    const char *input, *output;
    bool in_place, check;
} FmtOptions;

static const Option option_list[] = {
    {OPTION_TEXT, "-o", "FILE", "where to (default: standard output, also `-`)",
     .offset = offsetof(FmtOptions, output)},
    {OPTION_SWITCH, "-i", NULL, "in place: the definition itself is written, if that changes it",
     .offset = offsetof(FmtOptions, in_place)},
    {OPTION_SWITCH, "--check", NULL,
     "write nothing; the exit status is 1 if that would change it, and\nwhat would change is "
     "printed",
     .offset = offsetof(FmtOptions, check)},
};

const OptionTable command_fmt_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_INPUT,
    .words_offset = offsetof(FmtOptions, input),
};

static bool is_same(const Text *left, const Text *right) {
    return left->length == right->length &&
           memcmp(text_chars(left), text_chars(right), left->length) == 0;
}

// Only the last line's end may be lacking, which a difference by lines doesn't show.
static bool check(const char *input, const Text *before, const Text *after) {
    if (is_same(before, after))
        return true;
    Text difference = {0};
    const char *name = command_input_name(input);
    text_addf(&difference, "--- %s\n+++ %s, formatted\n", name, name);
    line_diff(text_chars(before), text_chars(after), &difference);
    fputs(text_chars(&difference), stdout);
    text_free(&difference);
    command_failure("%s is not formatted: `loopwright fmt -i` would change it", name);
    return false;
}

static bool finish(const FmtOptions *options, const Text *before, const Text *after) {
    if (options->check)
        return check(options->input, before, after);
    if (options->in_place)
        return is_same(before, after) || command_write(options->input, after);
    return command_write(options->output ? options->output : "-", after);
}

static bool format(const FmtOptions *options) {
    Text before = {0}, after = {0};
    const char *input = options->input;
    bool good = text_read_file(&before, input);
    if (!good) {
        command_failure("can't read %s: %s", command_input_name(input), strerror(errno));
    } else {
        Diagnostics diagnostics = {.source = {.name = strcmp(input, "-") == 0 ? "<stdin>" : input,
                                              .text = text_chars(&before),
                                              .length = before.length},
                                   .stream = stderr};
        Arena *arena = arena_new();
        good = format_source(arena, &diagnostics, &after) && finish(options, &before, &after);
        arena_free(arena);
    }
    text_free(&before);
    text_free(&after);
    return good;
}

int command_fmt(const Command *command, int argc, char **argv) {
    FmtOptions options = {0};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    if (!options.input)
        return command_usage_error(command, "no definition is given");
    if (options.check + options.in_place + (options.output != NULL) > 1)
        return command_usage_error(command, "-o, -i and --check are three outputs; choose one");
    if (options.in_place && strcmp(options.input, "-") == 0)
        return command_usage_error(command, "standard input can't be written in place");
    return format(&options) ? EXIT_OK : EXIT_FAILED;
}
