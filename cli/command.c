// See command.h.
#include "cli/command.h"

#include "cli/variant.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const Command commands[] = {
#define COMMAND(function, name, help, synopsis, details) {name, help, synopsis, details, function},
#include "cli/commands.def"
#undef COMMAND
};

const Command *command_list(size_t *count) {
    *count = sizeof commands / sizeof *commands;
    return commands;
}

const Command *command_find(const char *name) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

int command_usage_error(const Command *command, const char *format, ...) {
    va_list arguments;
    fprintf(stderr, "loopwright %s: error: ", command->name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nTry `loopwright %s --help`.\n", command->name);
    return EXIT_USAGE;
}

int command_failure(const char *format, ...) {
    va_list arguments;
    fputs("loopwright: error: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return EXIT_FAILED;
}

// The exit status for what became of a flag, after saying what is wrong with it.
static int flag_status(const Command *command, PipelineFlag taken, const char *flag,
                       const Text *error) {
    switch (taken) {
    case PIPELINE_TAKEN: return EXIT_OK;
    case PIPELINE_NOT_MINE:
        if (strcmp(flag, "-o") == 0)
            return command_usage_error(command, "no file is given behind '-o'");
        return command_usage_error(command, "unknown flag '%s'", flag);
    case PIPELINE_WRONG: return command_usage_error(command, "%s", text_chars(error));
    case PIPELINE_FAILED: return command_failure("%s", text_chars(error));
    }
    return EXIT_USAGE;
}

const char *command_input_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

const char *command_output_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard output" : path;
}

int command_try_flag(const Command *command, Variant *variant, const char *word, bool *known) {
    Text error = {0};
    PipelineFlag taken = variant_take_flag(variant, word, &error);
    *known = taken != PIPELINE_NOT_MINE;
    int status = *known ? flag_status(command, taken, word, &error) : EXIT_OK;
    text_free(&error);
    return status;
}

int command_take_flag(const Command *command, Variant *variant, const char *word) {
    bool known;
    int status = command_try_flag(command, variant, word, &known);
    return known ? status : flag_status(command, PIPELINE_NOT_MINE, word, NULL);
}

int command_take_input(const Command *command, const char **input, const char *word) {
    if (!*word)
        return command_usage_error(command, "a file's name is empty");
    if (*input)
        return command_usage_error(command, "more than one input: %s and %s", *input, word);
    *input = word;
    return EXIT_OK;
}

int command_load_passes(const Command *command, int argc, char *const *argv, bool leading) {
    Text error = {0};
    PipelineFlag taken = variant_load_passes(argc, argv, leading, &error);
    int status = flag_status(command, taken, "", &error);
    text_free(&error);
    return status;
}

int command_help(const Command *command) {
    Text text = {0};
    text_addf(&text, "usage: loopwright %s %s\n\n%s", command->name, command->synopsis,
              command->details);
    if (strstr(command->synopsis, "FLAGS")) {
        text_add(&text, "\nflags of an interpreter:\n");
        variant_describe_flags(&text);
    }
    fputs(text_chars(&text), stdout);
    text_free(&text);
    return EXIT_OK;
}
