// Command lines as data. Each command has a table of its options, and from it come both
// the parser and the list in the command's help, so that neither can forget one.
//
// In every command `--help` and `-h` print the help, and `--` ends the options. Options of
// one dash take the next word as their value (`-o FILE`), pairs the next two, others what
// follows a `=`. Of an
// option that is given twice the second counts, unless it collects what it is given (`--variant`).
// There are no abbreviations: they would break when an option is added.
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "support/diagnostic.h"
#include "support/text.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct Command Command;

typedef enum OptionKind {
    OPTION_HEADING, // none: a line of the help, before others
    OPTION_SWITCH,  // a bool, which becomes true
    OPTION_TEXT,    // a const char *, which isn't empty
    OPTION_NUMBER,  // an int from `least` to `most`
    OPTION_CHOICE,  // an int: which of the choices in `value`, from 0
    OPTION_PAIR,    // two const char *, the next two words, whatever they begin with
    OPTION_CALL,    // `take` does the rest
} OptionKind;

typedef struct Option {
    OptionKind kind;
    const char *name;    // with its dashes: "--runs"
    const char *value;   // what it is called in the help: "N", "native|eval"; NULL: it has none
    const char *help;    // may have several lines
    size_t offset;       // where it is kept in the command's own structure
    const char *without; // the value if there is no `=`; NULL: there has to be one
    int least, most;
    const char *wanted; // what an OPTION_NUMBER is; NULL: "a number from … to … is wanted"
    bool is_format;     // says what is printed: one such option at most
    // OPTION_CALL: takes the value into the command's structure; answers EXIT_OK, or the
    // exit status of an error that it has reported.
    int (*take)(const Command *command, void *into, const char *value);
} Option;

// What the words are that are no options.
typedef enum OptionWords {
    WORDS_NONE,
    WORDS_INPUT,   // a file's name, one at most: a const char *
    WORDS_NAMES,   // up to `most_words`, an array of const char *; after one come no options
    WORDS_PROGRAM, // a program and all that follows it, -cp in front of it too: OptionProgram
    WORDS_PROGRAM_OR_UNKNOWN, // the same, but it may begin with any option that isn't known
} OptionWords;

// Words of the command line that are a program's; borrowed from it.
typedef struct OptionProgram {
    char **words;
    int count;
} OptionProgram;

// What a command takes. Offsets are those of fields of the command's own structure.
typedef struct OptionTable {
    const Option *options;
    size_t count;
    OptionWords words;
    bool options_behind;   // WORDS_PROGRAM: options of ours, not flags, may stand behind it, too
    size_t words_offset;   // unless WORDS_NONE
    size_t most_words;     // WORDS_NAMES
    bool takes_flags;      // those of a Variant, too
    size_t variant_offset; // takes_flags
} OptionTable;

// Words out of a file that stand in front of those of the command line, which win therefore.
typedef struct OptionFile {
    Source source;
    char **words;
    const Location *places; // of each word
    size_t count;
} OptionFile;

// Parses the arguments into the command's structure `into`, which holds the defaults; the
// strings are borrowed. True if the command is to go on; else it ends with `status`: after
// an error, which was reported, or after its help.
bool options_parse(const Command *command, void *into, int argc, char **argv, int *status);
// The same, where the first words of `argv` are those of the file: an error in them is reported
// with its place, and the status is EXIT_FAILED then.
bool options_parse_file(const Command *command, void *into, const OptionFile *file, int argc,
                        char **argv, int *status);

// Appends a line of a help text: an option, and what it does, which may have several lines.
void options_describe_line(Text *out, const char *syntax, const char *help);
// Appends the lines for the options of the table.
void options_describe(const OptionTable *table, Text *out);

#endif
