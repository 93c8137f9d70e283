// The subcommands of `loopwright`: what each is called and how it is run. One file
// a subcommand; the list is in commands.def, from which the help texts come too.
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/variant.h"

#include <stdbool.h>
#include <stddef.h>

// Exit statuses, as LLVM's and POSIX's tools have them.
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef struct Command {
    const char *name;
    const char *help;     // one line
    const char *synopsis; // behind `loopwright NAME `
    const char *details;  // the page that --help prints, without the shared flags
    // Runs with the arguments behind the subcommand's name; answers the exit status.
    int (*run)(const struct Command *command, int argc, char **argv);
} Command;

const Command *command_find(const char *name);
// The commands in order; `count` is set.
const Command *command_list(size_t *count);

// Prints a usage error and where help is; answers EXIT_USAGE.
int command_usage_error(const Command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// Prints `loopwright: error: …`; answers EXIT_FAILED.
int command_failure(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Takes a word as a flag of the variant; answers EXIT_OK, or prints what is wrong and
// answers the exit status.
int command_take_flag(const Command *command, Variant *variant, const char *word);
// The same for commands that leave what they don't know to somebody else: `known` is set.
int command_try_flag(const Command *command, Variant *variant, const char *word, bool *known);
// variant_load_passes, with its error printed; answers the exit status.
int command_load_passes(const Command *command, int argc, char *const *argv, bool leading);
// Takes a word as the one input that there may be, into `input`; answers EXIT_OK, or the
// exit status of an error.
int command_take_input(const Command *command, const char **input, const char *word);

// How messages call an input or an output: "-" is a standard stream.
const char *command_input_name(const char *path);
const char *command_output_name(const char *path);

// Prints the subcommand's help to stdout; answers EXIT_OK. If its synopsis has FLAGS, the
// flags of a variant are listed too.
int command_help(const Command *command);

int command_opt(const Command *command, int argc, char **argv);
int command_emit(const Command *command, int argc, char **argv);
int command_run(const Command *command, int argc, char **argv);
int command_reduce(const Command *command, int argc, char **argv);
int command_bench(const Command *command, int argc, char **argv);
int command_disasm(const Command *command, int argc, char **argv);
int command_passes(const Command *command, int argc, char **argv);

#endif
