// `loopwright new`: a folder with a language that works, for its author to change. What is written
// stands in template/, each file as it is but for its names, and is embedded into this program.
#include "cli/command.h"
#include "frontend/loop/loop.h"
#include "frontend/syntax/parse.h"
#include "support/embedded_file.h"
#include "support/output_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const EmbeddedFile new_template_files[];
extern const size_t new_template_file_count;

enum { LONGEST_NAME = 40 };

typedef struct NewOptions {
    const char *name;
} NewOptions;

const OptionTable command_new_options = {
    .words = WORDS_NAMES,
    .words_offset = offsetof(NewOptions, name),
    .most_words = 1,
};

// What the language is called in each place.
typedef struct Names {
    Arena *arena;
    const char *given; // my-lang: programs, messages
    const char *loop;  // MyLang: the definition
    const char *snake; // my_lang: in C, and the generated header
    const char *upper; // MY_LANG: C's constants
} Names;

// A file to be written.
typedef struct NewFile {
    const char *path; // from the folder on
    Text text;
} NewFile;

// ---- Names ------------------------------------------------------------------------------

// Words of letters and digits, joined by `-` or `_`.
static bool is_name(const char *name) {
    if (!isalpha((unsigned char)*name) || strlen(name) > LONGEST_NAME)
        return false;
    for (const char *letter = name; *letter; letter++)
        if (!isalnum((unsigned char)*letter) &&
            !((*letter == '-' || *letter == '_') && isalnum((unsigned char)letter[1])))
            return false;
    return true;
}

static Names names_of(Arena *arena, const char *given) {
    char *loop = arena_alloc(arena, strlen(given) + 1), *end = loop;
    bool begins_word = true;
    for (const char *letter = given; *letter; letter++) {
        bool joins = *letter == '-' || *letter == '_';
        if (!joins)
            *end++ = begins_word ? (char)toupper((unsigned char)*letter) : *letter;
        begins_word = joins;
    }
    char *snake = loop_snake_case(arena, loop), *upper = arena_strdup(arena, snake);
    for (char *letter = upper; *letter; letter++)
        *letter = (char)toupper((unsigned char)*letter);
    return (Names){arena, given, loop, snake, upper};
}

// The headers of C and of the system stand in the way of one of their names. (Some are words of C
// as well.)
static bool is_header(const char *name) {
    static const char *const headers[] = {
        "assert", "complex",     "ctype",  "dirent",    "dlfcn",    "errno",   "error",  "features",
        "fenv",   "fcntl",       "float",  "glob",      "inttypes", "iso646",  "limits", "locale",
        "malloc", "math",        "memory", "poll",      "pthread",  "sched",   "search", "setjmp",
        "signal", "stdalign",    "stdarg", "stdatomic", "stdbool",  "stddef",  "stdint", "stdio",
        "stdlib", "stdnoreturn", "string", "strings",   "tgmath",   "threads", "time",   "uchar",
        "unistd", "values",      "wchar",  "wctype",    "endian",   "alloca"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (strcmp(headers[i], name) == 0)
            return true;
    return false;
}

// Is there a header of the generated one's name among ours?
static bool is_header_of_template(const Names *names) {
    const char *wanted = arena_printf(names->arena, "%s.h.in", names->snake);
    for (size_t i = 0; i < new_template_file_count; i++) {
        const char *slash = strrchr(new_template_files[i].name, '/');
        if (slash && strcmp(slash + 1, wanted) == 0)
            return true;
    }
    return false;
}

// ---- Files ------------------------------------------------------------------------------

static const char *value_of(const Names *names, const char *mark, size_t length) {
    const struct {
        const char *mark, *value;
    } marks[] = {{"@Name@", names->loop},
                 {"@name@", names->snake},
                 {"@NAME@", names->upper},
                 {"@given@", names->given}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strlen(marks[i].mark) == length && memcmp(marks[i].mark, mark, length) == 0)
            return marks[i].value;
    return NULL;
}

// Puts the names where their marks are. An `@` that begins no mark is itself (Makefiles have some).
static void substitute(const Names *names, const char *chars, size_t length, Text *out) {
    const char *end = chars + length;
    while (chars < end) {
        const char *at = memchr(chars, '@', (size_t)(end - chars));
        text_add_bytes(out, chars, (size_t)((at ? at : end) - chars));
        if (!at)
            return;
        const char *last = memchr(at + 1, '@', (size_t)(end - at - 1));
        const char *value = last ? value_of(names, at, (size_t)(last - at) + 1) : NULL;
        text_add(out, value ? value : "@");
        chars = value ? last + 1 : at + 1;
    }
}

static bool ends_in(const char *text, const char *ending) {
    size_t length = strlen(text), wanted = strlen(ending);
    return length > wanted && strcmp(text + length - wanted, ending) == 0;
}

// `programs/zero.name.in` to `programs/zero.my-lang`; `Name.som.in` is the definition.
static const char *path_of(const Names *names, const char *embedded) {
    int length = (int)(strlen(embedded) - strlen(".in"));
    const char *path = arena_printf(names->arena, "%.*s", length, embedded);
    if (strcmp(path, "Name.som") == 0)
        return arena_printf(names->arena, "%s.som", names->loop);
    if (strcmp(path, "gitignore") == 0)
        return ".gitignore";
    if (ends_in(path, ".name"))
        return arena_printf(names->arena, "%.*s.%s", (int)(strlen(path) - strlen(".name")), path,
                            names->given);
    return path;
}

// The definition is checked with its new name, which may be one that it needs itself.
static bool check_definition(const Names *names, const NewFile *file) {
    Diagnostics diagnostics = {.source = {.name = file->path,
                                          .text = text_chars(&file->text),
                                          .length = file->text.length}};
    AstFile *tree = syntax_parse_file(names->arena, &diagnostics);
    for (size_t i = 0; tree && i + 1 < tree->classes.count; i++)
        if (strcmp(tree->classes.items[i]->name, names->loop) == 0) {
            command_failure("'%s' can't be the language's name: its definition has a %s already",
                            names->given, names->loop);
            return false;
        }
    Text header = {0};
    bool good = tree && loop_header(names->arena, &diagnostics, tree, &header);
    text_free(&header);
    if (!good)
        command_failure("'%s' can't be the language's name: its definition or C has a meaning "
                        "for %s or %s",
                        names->given, names->loop, names->upper);
    return good;
}

static NewFile *make_files(const Names *names) {
    NewFile *files = ARENA_ARRAY(names->arena, NewFile, new_template_file_count);
    for (size_t i = 0; i < new_template_file_count; i++) {
        const EmbeddedFile *embedded = &new_template_files[i];
        files[i].path = path_of(names, embedded->name);
        substitute(names, embedded->text, embedded->length, &files[i].text);
    }
    return files;
}

static bool make_folders(const Names *names, const char *path) {
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *folder =
            arena_printf(names->arena, "%s/%.*s", names->given, (int)(slash - path), path);
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool write_file(const Names *names, const NewFile *file) {
    const char *path = arena_printf(names->arena, "%s/%s", names->given, file->path);
    OutputFile output;
    if (!make_folders(names, file->path) || !output_file_begin(&output, names->arena, path))
        return false;
    if (output_file_put(&output, &file->text))
        return output_file_finish(&output, strncmp(text_chars(&file->text), "#!", 2) == 0);
    output_file_abandon(&output);
    return false;
}

// Takes away what was written: nothing else can be in a folder that wasn't there before.
static void remove_files(const Names *names, const NewFile *files) {
    for (size_t i = new_template_file_count; i-- > 0;) {
        char *path = arena_printf(names->arena, "%s/%s", names->given, files[i].path);
        unlink(path);
        for (char *slash; (slash = strrchr(path, '/')) && rmdir((*slash = '\0', path)) == 0;)
            continue;
    }
    rmdir(names->given);
}

static bool write_files(const Names *names, const NewFile *files) {
    if (mkdir(names->given, 0777) != 0) {
        command_failure(errno == EEXIST ? "%s is there already" : "can't make the folder %s: %s",
                        names->given, strerror(errno));
        return false;
    }
    for (size_t i = 0; i < new_template_file_count; i++)
        if (!write_file(names, &files[i])) {
            command_failure("can't write %s/%s: %s", names->given, files[i].path, strerror(errno));
            remove_files(names, files);
            return false;
        }
    return true;
}

static bool make_language(Arena *arena, const char *name) {
    Names names = names_of(arena, name);
    NewFile *files = make_files(&names);
    bool good = true;
    for (size_t i = 0; good && i < new_template_file_count; i++)
        if (ends_in(files[i].path, ".som"))
            good = check_definition(&names, &files[i]);
    good = good && write_files(&names, files);
    for (size_t i = 0; i < new_template_file_count; i++)
        text_free(&files[i].text);
    if (good)
        printf("%s is a language now: `cd %s && make test`; its README.md says how to go on.\n",
               names.loop, name);
    return good;
}

int command_new(const Command *command, int argc, char **argv) {
    NewOptions options = {0};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    if (!options.name)
        return command_usage_error(command, "no name is given");
    if (!is_name(options.name))
        return command_usage_error(command,
                                   "'%s' is no name for a language: at most %d letters and digits "
                                   "are wanted, in words joined by `-` or `_`",
                                   options.name, LONGEST_NAME);
    Arena *arena = arena_new();
    Names names = names_of(arena, options.name);
    bool is_taken = loop_is_c_word(names.snake) || is_header(names.snake) ||
                    is_header_of_template(&names) || strcmp(names.given, "expected") == 0 ||
                    strcmp(names.given, "som") == 0;
    if (is_taken)
        status = command_failure("'%s' can't be the language's name: there is a word, a header or "
                                 "a kind of file of that name",
                                 options.name);
    else
        status = make_language(arena, options.name) ? EXIT_OK : EXIT_FAILED;
    arena_free(arena);
    return status;
}
