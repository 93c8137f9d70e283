// See completion.h. Both scripts are a table of commands and options around a few lines of shell.
#include "cli/help/completion.h"

#include "cli/help/help_items.h"

#include <ctype.h>
#include <string.h>

typedef enum ValueKind {
    VALUE_ANY,
    VALUE_CHOICE,
    VALUE_PASSES,
    VALUE_FILE,
    VALUE_FOLDER
} ValueKind;

typedef struct ValueWords {
    ValueKind kind;
    const char *words; // choices, or endings of files (none: any file), with blanks between them
} ValueWords;

// ---- What a value may be ----------------------------------------------------------------

static void add_word(Arena *arena, const char **words, const char *word, int length) {
    *words = arena_printf(arena, "%s%s%.*s", *words, **words ? " " : "", length, word);
}

// Of `off|on|N` the words that stand for themselves.
static const char *choices_of(Arena *arena, const char *value) {
    const char *words = "";
    if (!strchr(value, '|'))
        return words;
    for (const char *word = value; *word;) {
        int length = (int)strcspn(word, "|");
        if (islower((unsigned char)*word) || isdigit((unsigned char)*word))
            add_word(arena, &words, word, length);
        word += length + (word[length] == '|');
    }
    return words;
}

// The endings in `FILE.mir|FILE.som`: what follows a word in capitals and a dot.
static const char *endings_of(Arena *arena, const char *text) {
    const char *words = "";
    for (const char *dot = text; (dot = strchr(dot, '.')); dot++) {
        int length = 0;
        while (isalnum((unsigned char)dot[1 + length]))
            length++;
        if (dot > text && isupper((unsigned char)dot[-1]) && length &&
            islower((unsigned char)dot[1]))
            add_word(arena, &words, dot + 1, length);
    }
    return words;
}

static ValueWords value_words(Arena *arena, const HelpOption *option) {
    const char *value = option->value;
    if (!value)
        return (ValueWords){VALUE_ANY, ""};
    if (strcmp(option->name, "--passes") == 0)
        return (ValueWords){VALUE_PASSES, ""};
    const char *choices = choices_of(arena, value), *endings = endings_of(arena, value);
    if (*choices)
        return (ValueWords){VALUE_CHOICE, choices};
    if (*endings || strstr(value, "FILE"))
        return (ValueWords){VALUE_FILE, endings};
    return (ValueWords){strncmp(value, "DIR", 3) == 0 ? VALUE_FOLDER : VALUE_ANY, ""};
}

// What the words are that are no options: what the command's table and its synopsis say.
static ValueWords plain_words(Arena *arena, const Command *command) {
    static const ValueWords any = {VALUE_ANY, ""};
    const char *synopsis = command->synopsis, *choices = "";
    if (strcmp(command->name, "help") == 0) {
        size_t count;
        const Command *commands = command_list(&count);
        for (size_t i = 0; i < count; i++)
            add_word(arena, &choices, commands[i].name, (int)strlen(commands[i].name));
        return (ValueWords){VALUE_CHOICE, choices};
    }
    if (command->options->words == WORDS_NONE)
        return any;
    const char *endings = endings_of(arena, synopsis);
    // A program has arguments, which may be any files.
    if (command->options->words >= WORDS_PROGRAM)
        endings = "";
    else if (!*endings)
        return any;
    return (ValueWords){VALUE_FILE, endings};
}

// ---- bash -------------------------------------------------------------------------------

static const char bash_begin[] =
    "# Completion of loopwright for bash. Made by `loopwright help --completion=bash`.\n"
    "_loopwright() {\n"
    "    local command=${COMP_WORDS[1]} current=${COMP_WORDS[COMP_CWORD]}\n"
    "    local before=${COMP_WORDS[COMP_CWORD - 1]} option= glued= kind= options= values= ending\n"
    "    COMPREPLY=()\n";

// bash takes words apart at `=`, unless the user has told it not to.
static const char bash_middle[] =
    "    if [[ $current == -*=* ]]; then\n"
    "        option=${current%%=*} glued=$option= current=${current#*=}\n"
    "    elif [[ $current == = ]]; then\n"
    "        option=$before current=\n"
    "    elif [[ $before == = ]]; then\n"
    "        option=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    elif [[ $before == -[a-z] || $before == -cp ]]; then\n"
    "        option=$before\n"
    "    fi\n"
    "    if [[ -n $option ]]; then\n"
    "        kind= values=\n"
    "        case \"$command $option\" in\n";

static const char bash_end[] =
    "        esac\n"
    "    elif [[ $current == -* ]]; then\n"
    "        COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
    "        [[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null\n"
    "        return 0\n"
    "    fi\n"
    "    case $kind in\n"
    "    choice) COMPREPLY=($(compgen -P \"$glued\" -W \"$values\" -- \"$current\")) ;;\n"
    "    passes)\n"
    "        [[ $current == *,* ]] && glued=$glued${current%,*},\n"
    "        COMPREPLY=($(compgen -P \"$glued\" -W \"$passes\" -- \"${current##*,}\"))\n"
    "        compopt -o nospace 2>/dev/null\n"
    "        ;;\n"
    "    folder) COMPREPLY=($(compgen -P \"$glued\" -d -- \"$current\")) ;;\n"
    "    file)\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        COMPREPLY=($(compgen -P \"$glued\" -d -- \"$current\"))\n"
    "        [[ -z $values ]] && COMPREPLY=($(compgen -P \"$glued\" -f -- \"$current\"))\n"
    "        for ending in $values; do\n"
    "            COMPREPLY+=($(compgen -P \"$glued\" -f -X \"!*.$ending\" -- \"$current\"))\n"
    "        done\n"
    "        ;;\n"
    "    esac\n"
    "    return 0\n"
    "}\n"
    "complete -F _loopwright loopwright\n";

static void bash_value(const ValueWords *value, Text *out) {
    static const char *const kinds[] = {"", "choice", "passes", "file", "folder"};
    text_addf(out, "kind=%s values='%s'", kinds[value->kind], value->words);
}

static void bash_options(Arena *arena, const Command *command, Text *out) {
    HelpOptions options = help_options(arena, command);
    text_addf(out, "    %s)\n        options='", command->name);
    for (size_t i = 0; i < options.count; i++) {
        const HelpOption *option = &options.items[i];
        bool glued = option->value && !option->is_apart;
        if (!glued || option->is_optional)
            text_addf(out, "%s ", option->name);
        if (glued)
            text_addf(out, "%s= ", option->name);
    }
    text_add(out, "'\n        ");
    ValueWords words = plain_words(arena, command);
    bash_value(&words, out);
    text_add(out, "\n        ;;\n");
}

static void bash_values(Arena *arena, const Command *command, Text *out) {
    HelpOptions options = help_options(arena, command);
    for (size_t i = 0; i < options.count; i++) {
        ValueWords value = value_words(arena, &options.items[i]);
        if (value.kind == VALUE_ANY)
            continue;
        text_addf(out, "        '%s %s') ", command->name, options.items[i].name);
        bash_value(&value, out);
        text_add(out, " ;;\n");
    }
}

static void add_command_names(Text *out) {
    size_t count;
    const Command *commands = command_list(&count);
    for (size_t i = 0; i < count; i++)
        text_addf(out, "%s ", commands[i].name);
}

void completion_bash(Text *out) {
    Arena *arena = arena_new();
    size_t count;
    const Command *commands = command_list(&count);
    text_add(out, bash_begin);
    text_add(out, "    local passes='");
    for (size_t i = 0; i < pass_count(); i++)
        text_addf(out, "%s ", pass_at(i)->name);
    text_add(out, "'\n    if ((COMP_CWORD == 1)); then\n        COMPREPLY=($(compgen -W '");
    add_command_names(out);
    text_add(out, "--help --version' -- \"$current\"))\n        return 0\n    fi\n"
                  "    case $command in\n");
    for (size_t i = 0; i < count; i++)
        bash_options(arena, &commands[i], out);
    text_add(out, "    esac\n");
    text_add(out, bash_middle);
    for (size_t i = 0; i < count; i++)
        bash_values(arena, &commands[i], out);
    text_add(out, bash_end);
    arena_free(arena);
}

// ---- zsh --------------------------------------------------------------------------------

// Within single quotes; brackets and colons mean something to _arguments and _describe.
static void zsh_text(const char *text, Text *out) {
    for (; *text; text++) {
        if (strchr("[]:\\", *text))
            text_add(out, "\\");
        if (*text == '\'')
            text_add(out, "'\\'");
        text_add_bytes(out, text, 1);
    }
}

// An action of _arguments.
static void zsh_action(const ValueWords *value, Text *out) {
    switch (value->kind) {
    case VALUE_ANY: text_add(out, " "); break;
    case VALUE_CHOICE: text_addf(out, "(%s)", value->words); break;
    case VALUE_PASSES:
        text_add(out, "_values -s , pass");
        for (size_t i = 0; i < pass_count(); i++)
            text_addf(out, " %s", pass_at(i)->name);
        break;
    case VALUE_FOLDER: text_add(out, "_files -/"); break;
    case VALUE_FILE:
        text_add(out, "_files");
        for (const char *word = value->words; *word;) {
            int length = (int)strcspn(word, " ");
            text_addf(out, "%s%.*s", word == value->words ? " -g \"*.(" : "|", length, word);
            word += length + (word[length] == ' ');
        }
        text_add(out, *value->words ? ")\"" : "");
        break;
    }
}

static void zsh_option(Arena *arena, const HelpOption *option, Text *out) {
    text_addf(out, "            '*%s%s[", option->name,
              !option->value     ? ""
              : option->is_apart ? "+"
                                 : "=-");
    zsh_text(option->help, out);
    text_add(out, "]");
    if (option->value) {
        ValueWords value = value_words(arena, option);
        text_add(out, option->is_optional ? "::" : ":");
        zsh_text(option->value, out);
        text_add(out, ":");
        zsh_action(&value, out);
    }
    text_add(out, "'\n");
}

static void zsh_command(Arena *arena, const Command *command, Text *out) {
    HelpOptions options = help_options(arena, command);
    ValueWords words = plain_words(arena, command);
    text_addf(out, "    %s)\n        arguments=(\n", command->name);
    for (size_t i = 0; i < options.count; i++)
        zsh_option(arena, &options.items[i], out);
    text_add(out, "            '*:argument:");
    zsh_action(&words, out);
    text_add(out, "'\n        ) ;;\n");
}

void completion_zsh(Text *out) {
    Arena *arena = arena_new();
    size_t count;
    const Command *commands = command_list(&count);
    text_add(out,
             "#compdef loopwright\n"
             "# Completion of loopwright for zsh. Made by `loopwright help --completion=zsh`.\n"
             "_loopwright() {\n"
             "    local -a commands arguments\n"
             "    if ((CURRENT == 2)); then\n"
             "        commands=(\n");
    for (size_t i = 0; i < count; i++) {
        text_addf(out, "            '%s:", commands[i].name);
        zsh_text(commands[i].help, out);
        text_add(out, "'\n");
    }
    text_add(out, "        )\n"
                  "        _describe command commands\n"
                  "        return\n"
                  "    fi\n"
                  "    case $words[2] in\n");
    for (size_t i = 0; i < count; i++)
        zsh_command(arena, &commands[i], out);
    text_add(out, "    *) return 1 ;;\n"
                  "    esac\n"
                  "    shift words\n"
                  "    ((CURRENT--))\n"
                  "    _arguments -S $arguments\n"
                  "}\n"
                  "if [[ $funcstack[1] == _loopwright ]]; then\n"
                  "    _loopwright \"$@\"\n"
                  "else\n"
                  "    compdef _loopwright loopwright\n"
                  "fi\n");
    arena_free(arena);
}
