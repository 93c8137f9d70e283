// See campaign_file.h. A line is a word or two; there are no quotes to think of, as a line has an
// end of its own.
#include "cli/bench/campaign_file.h"

#include "cli/command.h"

#include <errno.h>
#include <string.h>

// A campaign of that length was written by a program that went wrong, or is no campaign.
enum { CAMPAIGN_FILE_MOST = 1 << 20 };

static const char option_name[] = "--campaign", blanks[] = " \t\r";

typedef struct Reader {
    Arena *arena;
    Diagnostics diagnostics;
    ARENA_VECTOR(char *) words;
    ARENA_VECTOR(Location) places;
    const char *line; // the whole of it
    int number;
} Reader;

// ---- One line -----------------------------------------------------------------------------------

static Location place_of(const Reader *reader, const char *at) {
    return (Location){reader->number, (int)(at - reader->line) + 1};
}

static void add(Reader *reader, const char *begin, const char *end) {
    ARENA_PUSH(reader->arena, &reader->words,
               arena_strndup(reader->arena, begin, (size_t)(end - begin)));
    ARENA_PUSH(reader->arena, &reader->places, place_of(reader, begin));
}

static bool is(const char *begin, size_t length, const char *word) {
    return length == strlen(word) && strncmp(begin, word, length) == 0;
}

// Why the option can't stand in a file; NULL: it can.
static const char *refusal(const char *name, size_t length) {
    if (is(name, length, option_name))
        return "a campaign file can't name another one";
    if (is(name, length, "--help") || is(name, length, "-h"))
        return "help is asked for on the command line";
    if (is(name, length, "--"))
        return "there is nothing to end by '--': each line is an option";
    return NULL;
}

// `--name=value`: the value is all the rest, with its blanks.
static void read_long(Reader *reader, const char *begin, const char *end, size_t length) {
    const char *behind = begin + length;
    if (behind < end && *behind != '=') {
        diagnostic_error(&reader->diagnostics, place_of(reader, behind),
                         "an option's value stands behind a '=': %.*s=VALUE", (int)length, begin);
        return;
    }
    char first = behind + 1 < end ? behind[1] : '\0';
    if ((first == '\'' || first == '"') && end - behind > 2 && end[-1] == first) {
        diagnostic_error(&reader->diagnostics, place_of(reader, behind + 1),
                         "quotes mean nothing here: the value is the rest of the line");
        return;
    }
    add(reader, begin, end);
}

// `-x value`: likewise, as a word of its own. Without one the parser would take the next line's.
static void read_short(Reader *reader, const char *begin, const char *end, size_t length) {
    const char *value = begin + length;
    if (value == end || *value == '=') {
        diagnostic_error(&reader->diagnostics, place_of(reader, value),
                         "a value is wanted behind '%.*s'; flags of an interpreter are given by "
                         "--variant=FLAGS",
                         (int)length, begin);
        return;
    }
    add(reader, begin, value);
    value += strspn(value, blanks);
    add(reader, value, end);
}

// `end` is behind its last character that isn't blank.
static void read_option(Reader *reader, const char *begin, const char *end) {
    size_t length = 0;
    while (begin + length < end && begin[length] != '=' && !strchr(blanks, begin[length]))
        length++;
    const char *why = refusal(begin, length);
    if (*begin != '-' || length == 1)
        diagnostic_error(&reader->diagnostics, place_of(reader, begin),
                         "an option is wanted, or a comment, which begins with '#'");
    else if (why)
        diagnostic_error(&reader->diagnostics, place_of(reader, begin), "%s", why);
    else if (begin[1] == '-')
        read_long(reader, begin, end, length);
    else
        read_short(reader, begin, end, length);
}

static void read_line(Reader *reader, size_t length) {
    const char *begin = reader->line, *end = begin + length;
    const char *nothing = memchr(begin, '\0', length);
    if (nothing) {
        diagnostic_error(&reader->diagnostics, place_of(reader, nothing), "there is a NUL byte");
        return;
    }
    while (end > begin && strchr(blanks, end[-1]))
        end--;
    while (begin < end && strchr(blanks, *begin))
        begin++;
    if (begin < end && *begin != '#')
        read_option(reader, begin, end);
}

// ---- The file -----------------------------------------------------------------------------------

// The text in the arena; false after an error.
static bool read_source(Arena *arena, const char *path, Source *source) {
    Text text = {0};
    bool good = text_read_file_up_to(&text, path, CAMPAIGN_FILE_MOST);
    if (!good)
        command_failure("can't read the campaign %s: %s", command_input_name(path),
                        strerror(errno));
    *source = (Source){.name = strcmp(path, "-") == 0 ? "<stdin>" : path,
                       .text = arena_strndup(arena, text_chars(&text), text.length),
                       .length = text.length};
    text_free(&text);
    return good;
}

bool campaign_file_read(Arena *arena, const char *path, OptionFile *file) {
    Reader reader = {.arena = arena, .diagnostics.stream = stderr};
    if (!read_source(arena, path, &reader.diagnostics.source))
        return false;
    const Source *source = &reader.diagnostics.source;
    const char *end = source->text + source->length;
    for (const char *line = source->text; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((stop ? stop : end) - line);
        reader.line = line;
        reader.number++;
        read_line(&reader, length);
        line += length + 1;
    }
    *file = (OptionFile){.source = *source,
                         .words = reader.words.items,
                         .places = reader.places.items,
                         .count = reader.words.count};
    return reader.diagnostics.errors == 0;
}

// ---- The command line ---------------------------------------------------------------------------

const char *campaign_file_named(int argc, char *const *argv) {
    const size_t length = strlen(option_name);
    const char *named = NULL;
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strncmp(argv[i], option_name, length) == 0 && argv[i][length] == '=' &&
            argv[i][length + 1])
            named = argv[i] + length + 1;
    return named;
}

char **campaign_file_splice(Arena *arena, const OptionFile *file, int *argc, char *const *argv) {
    size_t own = (size_t)*argc;
    char **words = ARENA_ARRAY(arena, char *, file->count + own + 1);
    for (size_t i = 0; i < file->count; i++)
        words[i] = file->words[i];
    for (size_t i = 0; i < own; i++)
        words[file->count + i] = argv[i];
    *argc = (int)(file->count + own);
    return words;
}
