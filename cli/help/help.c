// `loopwright help`: the help of the program or of a command, and the same as manual pages and as
// completions for shells.
#include "cli/command.h"
#include "cli/default_loop.h"
#include "cli/help/completion.h"
#include "cli/help/manual.h"

#include <stdio.h>
#include <string.h>

enum { NO_SHELL = -1, SHELL_BASH, SHELL_ZSH };

typedef struct HelpArguments {
    const char *name; // of the command; NULL: none
    const char *page; // of --man; "": the program's. NULL: not asked for
    int shell;        // of --completion
    const char *output;
} HelpArguments;

static int take_page(const Command *command, void *into, const char *name) {
    (void)command;
    ((HelpArguments *)into)->page = name;
    return EXIT_OK;
}

static const Option option_list[] = {
    {OPTION_CALL, "--man", "COMMAND",
     "the manual page, as roff: loopwright(1), that of a command, or of\n" DEFAULT_LOOP_EXECUTABLE,
     .without = "", .take = take_page, .is_format = true},
    {OPTION_CHOICE, "--completion", "bash|zsh",
     "a script that completes what is typed: for bash to be sourced,\n"
     "for zsh to be in its fpath as _loopwright",
     .offset = offsetof(HelpArguments, shell), .is_format = true},
    {OPTION_TEXT, "-o", "FILE", "where to put such a page or script (default: standard output)",
     .offset = offsetof(HelpArguments, output)},
};

const OptionTable command_help_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_NAMES,
    .words_offset = offsetof(HelpArguments, name),
    .most_words = 1,
};

static int unknown(const char *name) {
    fprintf(stderr, "loopwright: error: unknown command '%s'\n", name);
    command_print_usage(stderr);
    return EXIT_USAGE;
}

static int write_page(const char *name, const char *output) {
    const Command *command = *name ? command_find(name) : NULL;
    bool is_default_loop = strcmp(name, DEFAULT_LOOP_EXECUTABLE) == 0;
    if (*name && !command && !is_default_loop)
        return unknown(name);
    Text page = {0};
    if (is_default_loop)
        manual_default_loop_page(&page);
    else
        manual_page(command, &page);
    bool good = command_write(output, &page);
    text_free(&page);
    return good ? EXIT_OK : EXIT_FAILED;
}

static int write_completion(int shell, const char *output) {
    Text script = {0};
    if (shell == SHELL_BASH)
        completion_bash(&script);
    else
        completion_zsh(&script);
    bool good = command_write(output, &script);
    text_free(&script);
    return good ? EXIT_OK : EXIT_FAILED;
}

int command_help(const Command *command, int argc, char **argv) {
    HelpArguments arguments = {.shell = NO_SHELL};
    int status;
    if (!options_parse(command, &arguments, argc, argv, &status))
        return status;
    bool is_format = arguments.page || arguments.shell != NO_SHELL;
    if (is_format && arguments.name)
        return command_usage_error(command, "unexpected argument '%s'", arguments.name);
    if (arguments.output && !is_format)
        return command_usage_error(command, "-o is for --man and --completion");
    const char *output = arguments.output ? arguments.output : "-";
    if (arguments.page)
        return write_page(arguments.page, output);
    if (arguments.shell != NO_SHELL)
        return write_completion(arguments.shell, output);
    if (!arguments.name) {
        command_print_usage(stdout);
        return EXIT_OK;
    }
    const Command *asked = command_find(arguments.name);
    return asked ? command_print_help(asked) : unknown(arguments.name);
}
