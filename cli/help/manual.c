// See manual.h. In the macros of man(7), which groff and mandoc know.
#include "cli/help/manual.h"

#include "cli/default_loop.h"
#include "cli/help/help_items.h"

#include <stdio.h>
#include <string.h>

// A character that takes several bytes in UTF-8 is a number for roff. Answers how many they are; 0
// for any other.
static size_t add_numbered(Text *out, const unsigned char *bytes) {
    size_t length = *bytes >= 0xf0 ? 4 : *bytes >= 0xe0 ? 3 : *bytes >= 0xc0 ? 2 : 0;
    unsigned number = *bytes & (0x7fu >> length);
    for (size_t i = 1; i < length; i++)
        number = number << 6 | (bytes[i] & 0x3f);
    if (length)
        text_addf(out, "\\[u%04X]", number);
    return length;
}

// What roff takes for an order, or turns into a typographer's sign, is a name for a character.
static void add_escaped(Text *out, const char *chars, size_t length) {
    static const struct {
        char character;
        const char *name;
    } names[] = {{'\\', "\\e"},  {'-', "\\-"},   {'\'', "\\(aq"},
                 {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"}};
    for (size_t i = 0; i < length; i++) {
        size_t many = add_numbered(out, (const unsigned char *)chars + i);
        if (many) {
            i += many - 1;
            continue;
        }
        const char *name = NULL;
        for (size_t each = 0; each < sizeof names / sizeof *names; each++)
            if (names[each].character == chars[i])
                name = names[each].name;
        if (name)
            text_add(out, name);
        else
            text_add_bytes(out, &chars[i], 1);
    }
}

// A line that begins with a dot would be an order.
static void add_line(Text *out, const char *line, size_t length) {
    if (length && *line == '.')
        text_add(out, "\\&");
    add_escaped(out, line, length);
    text_add(out, "\n");
}

static void add_lines(Text *out, const char *text, const char *empty) {
    while (*text) {
        size_t length = strcspn(text, "\n");
        if (length)
            add_line(out, text, length);
        else if (text[1])
            text_add(out, empty);
        text += length + (text[length] != '\0');
    }
}

static void add_bold(Text *out, const char *text) {
    text_add(out, "\\fB");
    add_escaped(out, text, strlen(text));
    text_add(out, "\\fR");
}

static void begin_page(Text *out, const char *name, const char *help) {
    text_addf(out, ".\\\" Made by `loopwright help --man`.\n.TH \"");
    for (const char *letter = name; *letter; letter++)
        text_addf(out, "%c", *letter >= 'a' && *letter <= 'z' ? *letter - 'a' + 'A' : *letter);
    text_addf(out, "\" 1 \"\" \"Loopwright %s\" \"Loopwright\"\n.SH NAME\n", LOOPWRIGHT_VERSION);
    add_escaped(out, name, strlen(name));
    text_add(out, " \\- ");
    add_line(out, help, strlen(help));
}

static void add_examples(Text *out, const char *examples) {
    text_add(out, ".SH EXAMPLES\n.nf\n");
    for (const char *line = examples; *line;) {
        size_t length = strcspn(line, "\n"), indent = strspn(line, " ");
        indent = indent < 2 ? indent : 2;
        add_line(out, line + indent, length - indent);
        line += length + (line[length] != '\0');
    }
    text_add(out, ".fi\n");
}

static void add_items(Text *out, const HelpItems *items) {
    for (size_t i = 0; i < items->count; i++) {
        const HelpItem *item = &items->items[i];
        if (i == 0 && item->kind != HELP_HEADING)
            text_add(out, ".SH OPTIONS\n");
        if (item->kind == HELP_HEADING) {
            bool is_flags = strncmp(item->text, "flags of", 8) == 0;
            if (i == 0 && !is_flags)
                text_add(out, ".SH OPTIONS\n");
            text_add(out, is_flags ? ".SH \"" : ".SS \"");
            size_t length = strlen(item->text);
            add_escaped(out, item->text, length - (item->text[length - 1] == ':'));
            text_add(out, "\"\n");
        } else if (item->kind == HELP_OPTION) {
            text_add(out, ".TP\n");
            add_bold(out, item->syntax);
            text_add(out, "\n");
            add_lines(out, item->text, ".sp\n");
        } else {
            text_add(out, ".PP\n");
            add_lines(out, item->text, ".PP\n");
        }
    }
}

static void add_statuses(Text *out) {
    text_add(out, ".SH \"EXIT STATUS\"\n0 if all is well, 1 after a failure, 2 after wrong usage; "
                  "what else a status may say\nstands above.\n");
}

static void command_page(const Command *command, Text *out) {
    Arena *arena = arena_new();
    HelpItems items = help_items(arena, command);
    begin_page(out, arena_printf(arena, "loopwright-%s", command->name), command->help);
    text_add(out, ".SH SYNOPSIS\n");
    add_bold(out, arena_printf(arena, "loopwright %s", command->name));
    text_add(out, " ");
    add_line(out, command->synopsis, strlen(command->synopsis));
    text_add(out, ".SH DESCRIPTION\n");
    add_lines(out, command->details, ".PP\n");
    add_items(out, &items);
    add_statuses(out);
    add_examples(out, command->examples);
    text_add(out, ".SH \"SEE ALSO\"\n.BR loopwright (1)\n");
    arena_free(arena);
}

static void program_page(Text *out) {
    size_t count;
    const Command *commands = command_list(&count);
    begin_page(out, "loopwright", COMMAND_PURPOSE);
    text_add(out, ".SH SYNOPSIS\n\\fBloopwright\\fR COMMAND [ARGUMENTS]\n.SH DESCRIPTION\n");
    add_lines(out, COMMAND_DETAILS, ".PP\n");
    text_add(out, "In any command \\fB\\-\\-help\\fR prints its help, and \\fB\\-\\-\\fR ends the "
                  "flags.\n.SH COMMANDS\n");
    for (size_t i = 0; i < count; i++) {
        text_addf(out, ".TP\n.BR loopwright\\-%s (1)\n", commands[i].name);
        add_line(out, commands[i].help, strlen(commands[i].help));
    }
    text_add(out, ".SH OPTIONS\n.TP\n\\fB\\-\\-help\\fR\nthe list of commands\n"
                  ".TP\n\\fB\\-\\-version\\fR\nthe version\n");
    add_statuses(out);
    add_examples(out, COMMAND_EXAMPLES);
}

void manual_page(const Command *command, Text *out) {
    if (command)
        command_page(command, out);
    else
        program_page(out);
}

// ---- The default loop's executable ----------------------------------------------------------

// In its help the text of an option begins in the same column as those of all others.
enum { OPTION_TEXT_COLUMN = 19 };

static bool is_option(const char *line) {
    return strncmp(line, "  -", 3) == 0;
}

// Where in the line that column is, in bytes, if it has a text there; else the line's length.
static size_t option_text(const char *line, size_t length) {
    size_t at = 0;
    for (int column = 0; column < OPTION_TEXT_COLUMN && at < length; at++)
        column += ((unsigned char)line[at + 1] & 0xc0) != 0x80;
    return at < length && line[at - 1] == ' ' ? at : length;
}

static void add_option_line(Text *out, const char *line, size_t length) {
    size_t column = option_text(line, length);
    if (is_option(line)) {
        size_t end = column;
        while (line[end - 1] == ' ')
            end--;
        text_add(out, ".TP\n\\fB");
        add_escaped(out, line + 2, end - 2);
        text_add(out, "\\fR\n");
    }
    if (column < length)
        add_line(out, line + column, length - column);
}

void manual_default_loop_page(Text *out) {
    static const char example_heading[] = "Examples:\n";
    DefaultLoopHelp help = default_loop_help();
    const char *arguments = strstr(help.usage, " [") + 1;
    begin_page(out, DEFAULT_LOOP_EXECUTABLE, "runs a program of " DEFAULT_LOOP_NAME);
    text_add(out, ".SH SYNOPSIS\n\\fB" DEFAULT_LOOP_EXECUTABLE "\\fR ");
    add_line(out, arguments, strcspn(arguments, "\n"));
    text_add(out, ".SH DESCRIPTION\n");
    bool had_option = false;
    const char *line = help.text;
    while (*line && strncmp(line, example_heading, strlen(example_heading)) != 0) {
        size_t length = strcspn(line, "\n");
        if (is_option(line) && !had_option)
            text_add(out, ".SH OPTIONS\n");
        had_option |= is_option(line);
        if (*line == ' ')
            add_option_line(out, line, length);
        else if (length)
            add_line(out, line, length);
        else if (!is_option(line + 1) && line[1] != *example_heading)
            text_add(out, ".PP\n");
        line += length + (line[length] != '\0');
    }
    if (*line)
        add_examples(out, line + strlen(example_heading));
    text_add(out, ".SH \"SEE ALSO\"\n.BR loopwright (1)\n");
}
