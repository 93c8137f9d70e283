// The subcommands of `loopwright`: what each is called, how it is run, what its help says.
// One file a subcommand; the list is in commands.def.
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"
#include "cli/variant.h"
#include "support/diagnostic.h"

#include <stdbool.h>
#include <stddef.h>

// Exit statuses, as LLVM's and POSIX's tools have them.
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

// A place in a file whose words are taken as if they stood on the command line.
typedef struct CommandPlace {
    Diagnostics diagnostics; // of that file
    Location where;
} CommandPlace;

typedef struct Command {
    const char *name;
    const char *help;               // one line
    const char *synopsis;           // after `loopwright NAME `; if it has FLAGS, they are listed
    const char *details, *examples; // whole lines
    const OptionTable *options;
    // Runs with the arguments after the subcommand's name; answers the exit status.
    int (*run)(const struct Command *command, int argc, char **argv);
    CommandPlace *place; // of what is parsed now; NULL: the command line
} Command;

const Command *command_find(const char *name);
// The commands in order; `count` is set.
const Command *command_list(size_t *count);

// Prints a usage error and where help is; answers EXIT_USAGE. What is wrong in a file is none: it
// is printed with its place, and the answer is EXIT_FAILED.
int command_usage_error(const Command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// Prints `loopwright: error: …`; answers EXIT_FAILED.
int command_failure(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Prints `loopwright: warning: …`: something may be wrong.
void command_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Prints `loopwright: note: …`: nothing is, and one may want to know.
void command_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Takes a word as a flag of the variant if it is one: `known` is set. Answers EXIT_OK, or
// prints what is wrong and answers the exit status.
int command_try_flag(const Command *command, Variant *variant, const char *word, bool *known);
// variant_load_passes, with its error printed; answers the exit status.
int command_load_passes(const Command *command, int argc, char *const *argv, bool leading);
// An OPTION_CALL: loads the plug-in that --load-pass= names.
int command_take_plugin(const Command *command, void *into, const char *file);

// A loop is named once: by a file or by --definition=. `input` may be NULL, or made already, which
// is the command's matter. Answers EXIT_OK, or EXIT_USAGE after an error.
int command_check_loop(const Command *command, const Variant *variant, const char *input);

// How messages call an input or an output: "-" is a standard stream.
const char *command_input_name(const char *path);
const char *command_output_name(const char *path);
// Do both names mean one file? Devices and pipes have nothing to lose.
bool command_is_same_file(const char *one, const char *other);
// Writes the text where `-o` says (output_file_write); false after an error on stderr.
bool command_write(const char *path, const Text *text);

// A new temporary file with that ending, ".o" or none: ""; NULL after an error on stderr.
const char *command_temporary(Arena *arena, const char *ending);

// Prints the subcommand's help to stdout; answers EXIT_OK.
int command_print_help(const Command *command);
// Does that list the flags of an interpreter? Its synopsis says so, by the word FLAGS.
bool command_lists_flags(const Command *command);

// What the program's own help says: whole lines but for the first.
#define COMMAND_PURPOSE "a workbench for bytecode interpreters"
#define COMMAND_DETAILS                                                                            \
    "Builds native bytecode interpreters from one naive definition, and shows what each\n"         \
    "optimisation did to them.\n"
#define COMMAND_EXAMPLES                                                                           \
    "  loopwright opt -O1 --stats\n"                                                               \
    "  loopwright run -O2 -cp bench/programs Harness Mandelbrot 1 500\n"                           \
    "  loopwright help emit\n"
// Prints it: the list of the commands and how they are used.
void command_print_usage(FILE *stream);

// What each subcommand's file defines: how it is run, and its options.
#define COMMAND(name, help, synopsis, details, examples)                                           \
    int command_##name(const Command *command, int argc, char **argv);                             \
    extern const OptionTable command_##name##_options;
#include "cli/commands.def"

#endif
