// See help_items.h. The text has the form of options_describe_line: an option after two blanks,
// what it does from a column on, or below it there.
#include "cli/help/help_items.h"

#include "passes/manager/pass.h"

#include <ctype.h>
#include <string.h>

enum { INDENT = 2, HELP_COLUMN = 24 };

static const char *add_line(Arena *arena, const char *text, const char *line, int length) {
    return *text ? arena_printf(arena, "%s\n%.*s", text, length, line)
                 : arena_printf(arena, "%.*s", length, line);
}

// A line that begins an option: the syntax up to two blanks, behind which its help may begin.
static HelpItem option_of(Arena *arena, const char *line, int length) {
    int end = INDENT;
    while (end < length && strncmp(line + end, "  ", 2) != 0)
        end++;
    int help = end;
    while (help < length && line[help] == ' ')
        help++;
    return (HelpItem){HELP_OPTION, arena_printf(arena, "%.*s", end - INDENT, line + INDENT),
                      arena_printf(arena, "%.*s", length - help, line + help)};
}

static void take_line(Arena *arena, HelpItems *items, const char *line, int length) {
    HelpItem *last = items->count ? &items->items[items->count - 1] : NULL;
    int blanks = 0;
    while (blanks < length && line[blanks] == ' ')
        blanks++;
    if (blanks == length)
        return;
    if (last && blanks >= HELP_COLUMN) {
        last->text = add_line(arena, last->text, line + HELP_COLUMN, length - HELP_COLUMN);
        return;
    }
    if (last && last->kind == HELP_TEXT && blanks) {
        last->text = add_line(arena, last->text, line + blanks, length - blanks);
        return;
    }
    HelpItem item = {blanks ? HELP_TEXT : HELP_HEADING, "",
                     arena_printf(arena, "%.*s", length - blanks, line + blanks)};
    if (blanks && line[blanks] == '-')
        item = option_of(arena, line, length);
    ARENA_PUSH(arena, items, item);
}

HelpItems help_items(Arena *arena, const Command *command) {
    Text text = {0};
    HelpItems items = {0};
    options_describe(command->options, &text);
    if (command_lists_flags(command)) {
        text_add(&text, "\nflags of an interpreter:\n");
        variant_describe_flags(&text);
    }
    for (const char *line = text_chars(&text); *line;) {
        int length = (int)strcspn(line, "\n");
        take_line(arena, &items, line, length);
        line += length + (line[length] != '\0');
    }
    text_free(&text);
    return items;
}

// ---- Options ----------------------------------------------------------------------------

// `--stats[=text|json]`, `--runs=N`, `-o FILE`, `--json`.
static HelpOption parse(Arena *arena, const char *syntax, int length) {
    int name = 0;
    while (name < length && !strchr("=[ ", syntax[name]))
        name++;
    HelpOption option = {.name = arena_printf(arena, "%.*s", name, syntax)};
    if (name == length)
        return option;
    option.is_optional = syntax[name] == '[';
    option.is_apart = syntax[name] == ' ';
    int value = name + 1 + option.is_optional, end = length - option.is_optional;
    option.value = arena_printf(arena, "%.*s", end - value, syntax + value);
    return option;
}

// An option of a name that passes have: one for each pass.
static void add_passes(Arena *arena, HelpOptions *options, const HelpOption *option) {
    int begin = (int)strlen(option->name) - (int)strlen("NAME");
    for (size_t i = 0; i < pass_count(); i++) {
        const Pass *pass = pass_at(i);
        HelpOption each = {.name = arena_printf(arena, "%.*s%s", begin, option->name, pass->name),
                           .value = option->value ? pass->parameter_syntax : NULL,
                           .is_optional = true,
                           .help = pass->help};
        ARENA_PUSH(arena, options, each);
    }
}

static void add_item(Arena *arena, HelpOptions *options, const HelpItem *item) {
    for (const char *syntax = item->syntax; *syntax;) {
        const char *next = strstr(syntax, ", -");
        int length = (int)(next ? next - syntax : (long)strlen(syntax));
        HelpOption option = parse(arena, syntax, length);
        option.help = arena_printf(arena, "%.*s", (int)strcspn(item->text, "\n"), item->text);
        size_t end = strlen(option.name);
        if (end > 4 && strcmp(option.name + end - 4, "NAME") == 0)
            add_passes(arena, options, &option);
        else
            ARENA_PUSH(arena, options, option);
        syntax += length + (next ? (int)strlen(", ") : 0);
    }
}

// Flags that a help lists aren't the command's own if it takes them inside of an option's value.
HelpOptions help_options(Arena *arena, const Command *command) {
    HelpOptions options = {0};
    HelpItems items = help_items(arena, command);
    bool is_flag = false;
    for (size_t i = 0; i < items.count; i++) {
        const HelpItem *item = &items.items[i];
        if (item->kind == HELP_HEADING && strncmp(item->text, "flags of", 8) == 0)
            is_flag = true;
        if (item->kind == HELP_OPTION && (!is_flag || command->options->takes_flags))
            add_item(arena, &options, item);
    }
    HelpOption help = {.name = "--help", .help = "the command's help"};
    ARENA_PUSH(arena, &options, help);
    return options;
}
