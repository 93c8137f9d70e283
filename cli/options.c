// See options.h. One pass over the words: an option of the table, else a flag of a variant,
// else a word of the kind that the command takes.
//
// Values go straight into the command's structure, at the offsets that its table says: no
// command has code that copies them, and none can forget one.
#include "cli/options.h"

#include "cli/command.h"
#include "support/choice.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef struct OptionParser {
    const Command *command; // for messages
    const OptionTable *table;
    char *into; // the command's structure, as bytes
    char **argv;
    int argc, next;         // `next` is the index of the word that comes next
    const char *format;     // the option that said what is printed; NULL: none yet
    size_t word_count;      // WORDS_NAMES: how many there have been
    bool help;              // was asked for; the rest is still checked
    const OptionFile *file; // what the first words are out of; NULL: all are the command line's
    Command *located;       // with a file: `command`, whose place is changed
    CommandPlace place;     // with a file
} OptionParser;

// Errors are of this word from now on.
static void set_place(OptionParser *parser, int index) {
    const OptionFile *file = parser->file;
    if (!file)
        return;
    bool is_in_file = (size_t)index < file->count;
    if (is_in_file)
        parser->place.where = file->places[index];
    parser->located->place = is_in_file ? &parser->place : NULL;
}

// A dash alone is a file: standard input.
static bool is_option(const char *word) {
    return word[0] == '-' && word[1];
}

// ---- Values -----------------------------------------------------------------------------

// strtol stops where the number does, so that `9x` and nothing at all are found out.
static int take_number(const OptionParser *parser, const Option *option, const char *value) {
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno || end == value || *end || number < option->least || number > option->most)
        return option->wanted
                   ? command_usage_error(parser->command, "%s=%s: %s", option->name, value,
                                         option->wanted)
                   : command_usage_error(parser->command, "%s=%s: a number from %d to %d is wanted",
                                         option->name, value, option->least, option->most);
    *(int *)(parser->into + option->offset) = (int)number;
    return EXIT_OK;
}

static int take_choice(const OptionParser *parser, const Option *option, const char *value) {
    int choice = choice_find(option->value, value);
    if (choice < 0)
        return command_usage_error(parser->command, "'%s=%s' is not one of %s=%s", option->name,
                                   value, option->name, option->value);
    *(int *)(parser->into + option->offset) = choice;
    return EXIT_OK;
}

// Two options that each say what is printed contradict each other; the same one twice doesn't.
static int take_value(OptionParser *parser, const Option *option, const char *value) {
    if (option->is_format) {
        if (parser->format && strcmp(parser->format, option->name) != 0)
            return command_usage_error(parser->command, "%s and %s are two outputs; choose one",
                                       parser->format, option->name);
        parser->format = option->name;
    }
    switch (option->kind) {
    case OPTION_HEADING: break;
    case OPTION_SWITCH: *(bool *)(parser->into + option->offset) = true; break;
    case OPTION_TEXT: *(const char **)(parser->into + option->offset) = value; break;
    case OPTION_NUMBER: return take_number(parser, option, value);
    case OPTION_CHOICE: return take_choice(parser, option, value);
    case OPTION_PAIR: break; // take_pair
    case OPTION_CALL: return option->take(parser->command, parser->into, value);
    }
    return EXIT_OK;
}

// ---- Options ----------------------------------------------------------------------------

// What an option that needs a value, and has none, is said to lack.
static int missing_value(const OptionParser *parser, const Option *option) {
    bool is_short = option->name[1] != '-';
    return command_usage_error(parser->command, "no %s is given after '%s%s'", option->value,
                               option->name, is_short ? "" : "=");
}

// `-o FILE`: the value is the next word.
static int take_short(OptionParser *parser, const Option *option) {
    if (parser->next == parser->argc || !parser->argv[parser->next][0])
        return missing_value(parser, option);
    return take_value(parser, option, parser->argv[parser->next++]);
}

// Each of the two may be flags, so they are words of their own and aren't looked at.
static int take_pair(OptionParser *parser, const Option *option) {
    if (parser->argc - parser->next < 2)
        return command_usage_error(parser->command, "'%s' takes two words: %s", option->name,
                                   option->value);
    const char **pair = (const char **)(parser->into + option->offset);
    pair[0] = parser->argv[parser->next++];
    pair[1] = parser->argv[parser->next++];
    return EXIT_OK;
}

// The option that the word gives, with its value, if it has one there. NULL: none.
static const Option *find_option(const OptionTable *table, const char *word, const char **value) {
    for (size_t i = 0; i < table->count; i++) {
        const Option *option = &table->options[i];
        size_t length = option->kind == OPTION_HEADING ? 0 : strlen(option->name);
        if (!length || strncmp(word, option->name, length) != 0)
            continue;
        *value = word[length] == '=' ? word + length + 1 : NULL;
        bool is_short = option->name[1] != '-';
        bool takes_value = option->value && !is_short && option->kind != OPTION_PAIR;
        if (!word[length] || (*value && takes_value))
            return option;
    }
    return NULL;
}

// An empty name is no name, whereas an OPTION_CALL may have a use for an empty value.
static int take_option(OptionParser *parser, const Option *option, const char *value) {
    bool is_short = option->name[1] != '-';
    if (option->kind == OPTION_PAIR)
        return take_pair(parser, option);
    if (option->value && is_short)
        return take_short(parser, option);
    if (option->value && !value)
        value = option->without;
    if (option->value && (!value || (option->kind == OPTION_TEXT && !*value)))
        return missing_value(parser, option);
    return take_value(parser, option, value);
}

// Takes a word that begins with a dash. `known` tells whether it is one of ours.
static int take_dashed(OptionParser *parser, const char *word, bool *known) {
    const char *value = NULL;
    const Option *option = find_option(parser->table, word, &value);
    *known = true;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        parser->help = true;
        return EXIT_OK;
    }
    if (option)
        return take_option(parser, option, value);
    *known = false;
    if (!parser->table->takes_flags)
        return EXIT_OK;
    return command_try_flag(parser->command,
                            (Variant *)(parser->into + parser->table->variant_offset), word, known);
}

// ---- Words ------------------------------------------------------------------------------

// An empty name is mostly a shell's variable that isn't set: to take it for no name at all would
// read the default instead.
static int take_input(OptionParser *parser, const char *word) {
    const char **input = (const char **)(parser->into + parser->table->words_offset);
    if (!*word)
        return command_usage_error(parser->command, "a file's name is empty");
    if (*input)
        return command_usage_error(parser->command, "more than one input: %s and %s", *input, word);
    *input = word;
    return EXIT_OK;
}

static int take_word(OptionParser *parser, const char *word) {
    const OptionTable *table = parser->table;
    if (table->words == WORDS_INPUT)
        return take_input(parser, word);
    if (table->words != WORDS_NAMES || parser->word_count == table->most_words)
        return command_usage_error(parser->command, "unexpected argument '%s'", word);
    ((const char **)(parser->into + table->words_offset))[parser->word_count++] = word;
    return EXIT_OK;
}

// `-cp` is the program's, though it looks like an option: what it is started with begins there. But
// not where there may be several programs, and it is an option of theirs together.
static bool begins_program(const OptionTable *table, const char *word) {
    const char *value;
    if (table->words < WORDS_PROGRAM)
        return false;
    return !is_option(word) || (strcmp(word, "-cp") == 0 && !find_option(table, word, &value));
}

// Takes those of ours that stand behind the program away from its arguments, up to a `--`.
static int take_options_behind(OptionParser *parser) {
    int kept = parser->next, status = EXIT_OK;
    bool only_words = false;
    for (int i = parser->next; i < parser->argc && !status; i++) {
        char *word = parser->argv[i];
        set_place(parser, i);
        const char *value = NULL;
        const Option *option =
            only_words || word[0] != '-' ? NULL : find_option(parser->table, word, &value);
        if (option && option->name[1] == '-')
            status = take_option(parser, option, value);
        else if (only_words || strcmp(word, "--") != 0)
            parser->argv[kept++] = word;
        else
            only_words = true;
    }
    parser->argc = kept;
    return status;
}

// A word that isn't known is an error or, in front of a program that has options of its own, where
// that begins. After a name come no options, so that a selector such as `-->` can be given.
static int parse(OptionParser *parser) {
    const OptionTable *table = parser->table;
    bool only_words = false; // after `--`
    while (parser->next < parser->argc) {
        const char *word = parser->argv[parser->next];
        set_place(parser, parser->next);
        if (table->words >= WORDS_PROGRAM && (only_words || begins_program(table, word))) {
            int wrong =
                table->options_behind && !only_words ? take_options_behind(parser) : EXIT_OK;
            if (wrong)
                return wrong;
            break;
        }
        parser->next++;
        bool known = true;
        int status = EXIT_OK;
        if (only_words || !is_option(word) || (table->words == WORDS_NAMES && parser->word_count))
            status = take_word(parser, word);
        else if (strcmp(word, "--") == 0)
            only_words = true;
        else
            status = take_dashed(parser, word, &known);
        if (!known && table->words == WORDS_PROGRAM_OR_UNKNOWN) {
            parser->next--;
            break;
        }
        if (!known)
            status = command_usage_error(parser->command, "unknown flag '%s'", word);
        if (status)
            return status;
    }
    if (table->words >= WORDS_PROGRAM)
        *(OptionProgram *)(parser->into + table->words_offset) =
            (OptionProgram){parser->argv + parser->next, parser->argc - parser->next};
    return EXIT_OK;
}

bool options_parse(const Command *command, void *into, int argc, char **argv, int *status) {
    return options_parse_file(command, into, NULL, argc, argv, status);
}

bool options_parse_file(const Command *command, void *into, const OptionFile *file, int argc,
                        char **argv, int *status) {
    const OptionTable *table = command->options;
    Command located = *command;
    OptionParser parser = {.command = file ? &located : command,
                           .table = table,
                           .into = into,
                           .argc = argc,
                           .argv = argv,
                           .file = file,
                           .located = &located};
    if (file)
        parser.place.diagnostics = (Diagnostics){.source = file->source, .stream = stderr};
    // Plug-ins first: any flag may name their passes.
    *status = table->takes_flags
                  ? command_load_passes(command, argc, argv, table->words >= WORDS_PROGRAM)
                  : EXIT_OK;
    if (!*status)
        *status = parse(&parser);
    if (!*status && !parser.help && table->takes_flags && table->words == WORDS_INPUT)
        *status = command_check_loop(command, (Variant *)(parser.into + table->variant_offset),
                                     *(const char **)(parser.into + table->words_offset));
    if (*status || !parser.help)
        return !*status;
    *status = command_print_help(command);
    return false;
}

// ---- Help -------------------------------------------------------------------------------

enum { HELP_COLUMN = 24 };

// Syntax that is too long for its column gets a line of its own.
void options_describe_line(Text *out, const char *syntax, const char *help) {
    bool fits = strlen(syntax) + 4 <= HELP_COLUMN;
    text_addf(out, "  %-*s", fits ? HELP_COLUMN - 2 : 0, syntax);
    if (!fits)
        text_addf(out, "\n%*s", HELP_COLUMN, "");
    for (; *help; help++) {
        text_add_bytes(out, help, 1);
        if (*help == '\n')
            text_addf(out, "%*s", HELP_COLUMN, "");
    }
    text_add(out, "\n");
}

// How an option is written follows from its kind, so the help can't show another syntax than is
// parsed.
void options_describe(const OptionTable *table, Text *out) {
    for (size_t i = 0; i < table->count; i++) {
        const Option *option = &table->options[i];
        if (option->kind == OPTION_HEADING) {
            text_addf(out, "\n%s\n", option->help);
            continue;
        }
        Text syntax = {0};
        bool is_short = option->name[1] != '-';
        text_add(&syntax, option->name);
        if (option->value)
            text_addf(&syntax,
                      option->without                           ? "[=%s]"
                      : is_short || option->kind == OPTION_PAIR ? " %s"
                                                                : "=%s",
                      option->value);
        options_describe_line(out, text_chars(&syntax), option->help);
        text_free(&syntax);
    }
}
