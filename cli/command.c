// See command.h. The table of commands is data, so that the list in `loopwright --help`, each
// command's help and what is run can't differ.
#include "cli/command.h"

#include "passes/manager/plugin.h"
#include "support/interruption.h"
#include "support/output_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const Command commands[] = {
#define COMMAND(name, help, synopsis, details, examples)                                           \
    {#name, help, synopsis, details, examples, &command_##name##_options, command_##name, NULL},
#include "cli/commands.def"
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

// ---- Messages ---------------------------------------------------------------------------

int command_usage_error(const Command *command, const char *format, ...) {
    Text message = {0};
    va_list arguments;
    va_start(arguments, format);
    text_addv(&message, format, arguments);
    va_end(arguments);
    CommandPlace *place = command->place;
    if (place)
        diagnostic_error(&place->diagnostics, place->where, "%s", text_chars(&message));
    else
        fprintf(stderr, "loopwright %s: error: %s\nTry `loopwright %s --help`.\n", command->name,
                text_chars(&message), command->name);
    text_free(&message);
    return place ? EXIT_FAILED : EXIT_USAGE;
}

// Every message begins with the program's name: output of several programs often ends in one log.
static void say(const char *what, const char *format, va_list arguments) {
    fprintf(stderr, "loopwright: %s: ", what);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

int command_failure(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("error", format, arguments);
    va_end(arguments);
    return EXIT_FAILED;
}

void command_warning(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("warning", format, arguments);
    va_end(arguments);
}

void command_note(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("note", format, arguments);
    va_end(arguments);
}

// ---- Flags of a variant -----------------------------------------------------------------

// The exit status for what became of a flag, after saying what is wrong with it.
static int flag_status(const Command *command, PipelineFlag taken, const Text *error) {
    switch (taken) {
    case PIPELINE_NOT_MINE:
    case PIPELINE_TAKEN: return EXIT_OK;
    case PIPELINE_WRONG: return command_usage_error(command, "%s", text_chars(error));
    case PIPELINE_FAILED: return command_failure("%s", text_chars(error));
    }
    return EXIT_USAGE;
}

// A word that is no flag is no error here: the command may have a use for it.
int command_try_flag(const Command *command, Variant *variant, const char *word, bool *known) {
    Text error = {0};
    PipelineFlag taken = variant_take_flag(variant, word, &error);
    *known = taken != PIPELINE_NOT_MINE;
    int status = flag_status(command, taken, &error);
    text_free(&error);
    return status;
}

int command_load_passes(const Command *command, int argc, char *const *argv, bool leading) {
    Text error = {0};
    PipelineFlag taken = variant_load_passes(argc, argv, leading, &error);
    int status = flag_status(command, taken, &error);
    text_free(&error);
    return status;
}

int command_check_loop(const Command *command, const Variant *variant, const char *input) {
    if (!input || !variant->definition || !variant_reads(input))
        return EXIT_OK;
    return command_usage_error(command, "two loops: %s and --definition=%s", input,
                               variant->definition);
}

int command_take_plugin(const Command *command, void *into, const char *file) {
    (void)command, (void)into;
    Text error = {0};
    int status = plugin_load(file, &error) ? EXIT_OK : command_failure("%s", text_chars(&error));
    text_free(&error);
    return status;
}

// ---- Files ------------------------------------------------------------------------------

const char *command_input_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

const char *command_output_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard output" : path;
}

bool command_is_same_file(const char *one, const char *other) {
    struct stat status, other_status;
    if (stat(one, &status) != 0 || stat(other, &other_status) != 0)
        return strcmp(one, other) == 0; // there is none yet
    return S_ISREG(status.st_mode) && status.st_dev == other_status.st_dev &&
           status.st_ino == other_status.st_ino;
}

bool command_write(const char *path, const Text *text) {
    bool good = output_file_write(path, text);
    if (!good)
        command_failure("can't write %s: %s", command_output_name(path), strerror(errno));
    return good;
}

const char *command_temporary(Arena *arena, const char *ending) {
    const char *folder = temporary_folder(arena);
    const char *path = temporary_file(arena, arena_printf(arena, "%s/loopwright.", folder), ending);
    if (!path)
        command_failure("can't write to %s: %s", folder, strerror(errno));
    return path;
}

// ---- Help -------------------------------------------------------------------------------

bool command_lists_flags(const Command *command) {
    return strstr(command->synopsis, "FLAGS") != NULL;
}

void command_print_usage(FILE *stream) {
    size_t count;
    const Command *list = command_list(&count);
    fputs("usage: loopwright COMMAND [ARGUMENTS]\n\n" COMMAND_DETAILS "\ncommands:\n", stream);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "  %-8s %s\n", list[i].name, list[i].help);
    fputs(
        "\n`loopwright COMMAND --help` says more, with examples. `--version` prints the version.\n"
        "In any command `--` ends the flags.\n\nexamples:\n" COMMAND_EXAMPLES,
        stream);
}

int command_print_help(const Command *command) {
    Text text = {0};
    text_addf(&text, "usage: loopwright %s %s\n\n%s%s", command->name, command->synopsis,
              command->details, command->options->count ? "\n" : "");
    options_describe(command->options, &text);
    text_addf(&text, "\nexamples:\n%s", command->examples);
    if (command_lists_flags(command)) {
        text_add(&text, "\nflags of an interpreter:\n");
        variant_describe_flags(&text);
    }
    fputs(text_chars(&text), stdout);
    text_free(&text);
    return EXIT_OK;
}
