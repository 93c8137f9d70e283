// A command's help taken apart again: options with what they do. What is printed by `--help` is
// made of tables and of flags that passes bring; who wants the same in another form, a manual page
// or a completion, takes it from there, and so can't say anything else.
#ifndef CLI_HELP_HELP_ITEMS_H
#define CLI_HELP_HELP_ITEMS_H

#include "cli/command.h"
#include "support/arena.h"

typedef enum HelpKind {
    HELP_HEADING,
    HELP_OPTION,
    HELP_TEXT, // indented, and no option
} HelpKind;

typedef struct HelpItem {
    HelpKind kind;
    const char *syntax; // HELP_OPTION: "--runs=N", "-fNAME[=PARAMETER], -fno-NAME"
    const char *text;   // may have several lines
} HelpItem;

typedef ARENA_VECTOR(HelpItem) HelpItems;

// The command's options in their order, with headings, and the flags of an interpreter if its help
// lists them.
HelpItems help_items(Arena *arena, const Command *command);

// An option's name and value, one of those that an item's syntax gives.
typedef struct HelpOption {
    const char *name;  // "--runs", "-o"
    const char *value; // "N", "FILE"; NULL: it has none
    bool is_optional;  // the value
    bool is_apart;     // the value is the next word
    const char *help;  // its first line
} HelpOption;

typedef ARENA_VECTOR(HelpOption) HelpOptions;

// All that can be typed, `--help` too. Names stand for themselves: of passes there are
// `-fNAME` and `-fno-NAME` for each.
HelpOptions help_options(Arena *arena, const Command *command);

#endif
