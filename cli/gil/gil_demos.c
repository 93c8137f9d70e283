// The demonstrations of `loopwright gil`: which there are, what is expected of them, and what is
// documented of others. Both come from files beside the demonstrations, which tests hold against
// the pages, too; so it is said in one place.
#include "cli/gil/gil.h"
#include "cli/process.h"
#include "passes/manager/pass.h"
#include "support/choice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char demos_file[] = "demonstrations.json", literature_file[] = "literature.json";

// ---- Verdicts and policies ----------------------------------------------------------------

static const char *const verdict_texts[] = {[GIL_UNKNOWN] = "unknown",
                                            [GIL_HOLDS] = "holds",
                                            [GIL_VIOLATED] = "violated",
                                            [GIL_REFUSED] = "refused"};

const char *gil_verdict_text(GilVerdict verdict) {
    return verdict_texts[verdict];
}

GilVerdict gil_verdict_find(const char *text) {
    for (int i = GIL_HOLDS; i <= GIL_REFUSED; i++)
        if (strcmp(text, verdict_texts[i]) == 0)
            return (GilVerdict)i;
    return GIL_UNKNOWN;
}

const char *gil_policies(void) {
    return pass_find("place-gil-checks")->parameter_syntax;
}

// ---- The folder -----------------------------------------------------------------------------

// The installed one, or that of the source tree. NULL after an error on stderr.
static const char *find_folder(const Gil *gil) {
    if (gil->folder_named)
        return process_path(gil->arena, gil->folder_named);
    const char *installed =
                   arena_printf(gil->arena, "%s/../share/loopwright/threads", process_own_folder()),
               *source = LOOPWRIGHT_SOURCE_DIR "/examples/threads";
    const char *const folders[] = {installed, source};
    for (size_t i = 0; i < 2; i++)
        if (access(arena_printf(gil->arena, "%s/%s", folders[i], demos_file), R_OK) == 0)
            return folders[i];
    command_failure("the demonstrations are neither in %s nor in %s: there is no %s; --demos=DIR "
                    "says where they are",
                    installed, source, demos_file);
    return NULL;
}

// The file's text as JSON; NULL after an error on stderr. A file that needn't be there gives null.
static json_t *load(const char *path, bool optional) {
    Text text = {0};
    json_error_t error;
    json_t *root = NULL;
    if (!text_read_file(&text, path)) {
        if (optional && errno == ENOENT)
            return json_null();
        command_failure("can't read %s: %s", path, strerror(errno));
    } else {
        root = json_loadb(text_chars(&text), text.length, JSON_REJECT_DUPLICATES, &error);
        if (!root)
            fprintf(stderr, "%s:%d:%d: error: %s\n", path, error.line, error.column, error.text);
    }
    text_free(&text);
    return root;
}

// An object from names to verdicts, or nothing at all.
static bool are_verdicts(const char *path, const char *where, const json_t *verdicts,
                         bool by_policy) {
    const char *key;
    json_t *value;
    if (verdicts && !json_is_object(verdicts))
        return !command_failure("%s: what %s has for verdicts is no object", path, where);
    json_object_foreach((json_t *)verdicts, key, value) {
        if (by_policy && choice_find(gil_policies(), key) < 0)
            return !command_failure("%s: %s: there is no policy '%s'", path, where, key);
        if (!json_is_string(value) || !gil_verdict_find(json_string_value(value)))
            return !command_failure("%s: %s: '%s' needs a verdict: \"holds\", \"violated\" or "
                                    "\"refused\"",
                                    path, where, key);
    }
    return true;
}

// The demonstration's file with that ending, if it can be read; else NULL.
static const char *beside(const Gil *gil, const char *name, const char *ending) {
    const char *path = arena_printf(gil->arena, "%s/%s.%s", gil->folder.path, name, ending);
    return access(path, R_OK) == 0 ? path : NULL;
}

static bool take_demo(Gil *gil, const char *path, const json_t *data) {
    const char *name = json_string_value(json_object_get(data, "demo"));
    if (!name || !*name)
        return !command_failure("%s: a demonstration has no name (\"demo\")", path);
    const json_t *expected = json_object_get(data, "expected");
    if (!are_verdicts(path, name, expected, true))
        return false;
    if (!beside(gil, name, "som"))
        return !command_failure("%s: there is no %s.som beside it", path, name);
    const GilDemo demo = {.name = name,
                          .word = name,
                          .claim = json_string_value(json_object_get(data, "claim")),
                          .python = beside(gil, name, "py"),
                          .expected = expected};
    ARENA_PUSH(gil->arena, &gil->folder.demos, demo);
    return true;
}

static bool read_demos(Gil *gil) {
    const char *path = arena_printf(gil->arena, "%s/%s", gil->folder.path, demos_file);
    const json_t *root = gil->folder.roots[0] = load(path, false);
    if (root && !json_is_array(root))
        return !command_failure("%s: a list of demonstrations is wanted", path);
    for (size_t i = 0; i < json_array_size(root); i++)
        if (!take_demo(gil, path, json_array_get(root, i)))
            return false;
    return root != NULL;
}

static bool take_literature(Gil *gil, const char *path, const json_t *data) {
    const GilLiterature literature = {
        .name = json_string_value(json_object_get(data, "name")),
        .looks = json_string_value(json_object_get(data, "looks")),
        .verdicts = json_object_get(data, "verdicts"),
    };
    if (!literature.name || !literature.looks)
        return !command_failure("%s: a column needs a \"name\", and where it \"looks\"", path);
    ARENA_PUSH(gil->arena, &gil->folder.literature, literature);
    return are_verdicts(path, literature.name, literature.verdicts, false);
}

static bool read_literature(Gil *gil) {
    const char *path = arena_printf(gil->arena, "%s/%s", gil->folder.path, literature_file);
    const json_t *root = gil->folder.roots[1] = load(path, true);
    if (!root || json_is_null(root))
        return root != NULL;
    const json_t *columns = json_object_get(root, "columns");
    gil->folder.source = json_string_value(json_object_get(root, "source"));
    if (!gil->folder.source || !json_is_array(columns))
        return !command_failure("%s: a \"source\" and \"columns\" are wanted", path);
    for (size_t i = 0; i < json_array_size(columns); i++)
        if (!take_literature(gil, path, json_array_get(columns, i)))
            return false;
    return true;
}

// ---- The rows -------------------------------------------------------------------------------

static const GilDemo *find(const GilDemos *demos, const char *name) {
    for (size_t i = 0; i < demos->count; i++)
        if (strcmp(demos->items[i].name, name) == 0)
            return &demos->items[i];
    return NULL;
}

static int add_named(const Command *command, Gil *gil, const char *name) {
    const GilDemo *demo = find(&gil->folder.demos, name);
    if (!demo)
        return command_usage_error(command, "--demo=%s: there is no such demonstration in %s", name,
                                   gil->folder.path);
    if (!find(&gil->demos, name))
        ARENA_PUSH(gil->arena, &gil->demos, *demo);
    return EXIT_OK;
}

// A file of the user's: named after its class, and with its counterpart in Python beside it.
static int add_own(const Command *command, Gil *gil, const char *file) {
    const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
    size_t length = strlen(base);
    if (length <= 4 || strcmp(base + length - 4, ".som") != 0)
        return command_usage_error(command, "'%s' is no FILE.som (options come first)", file);
    if (access(file, R_OK) != 0)
        return command_failure("can't read %s: %s", file, strerror(errno));
    const char *python = process_path(
        gil->arena, arena_printf(gil->arena, "%.*s.py", (int)(strlen(file) - 4), file));
    const GilDemo demo = {.name = arena_strndup(gil->arena, base, length - 4),
                          .word = process_path(gil->arena, file),
                          .python = access(python, R_OK) == 0 ? python : NULL};
    if (find(&gil->demos, demo.name))
        return command_usage_error(command, "two demonstrations are called %s", demo.name);
    ARENA_PUSH(gil->arena, &gil->demos, demo);
    return EXIT_OK;
}

// Those that were named, and the user's own; if there are none, all of the folder.
static int choose(const Command *command, Gil *gil) {
    int status = EXIT_OK;
    for (size_t i = 0; i < gil->names.count && !status; i++)
        status = add_named(command, gil, gil->names.items[i]);
    for (size_t i = 0; gil->own[i] && !status; i++)
        status = add_own(command, gil, gil->own[i]);
    if (!gil->names.count && !gil->own[0])
        gil->demos = gil->folder.demos;
    if (!status && !gil->demos.count)
        return command_failure("%s lists no demonstration", gil->folder.path);
    return status;
}

int gil_find_demos(const Command *command, Gil *gil) {
    gil->folder.path = find_folder(gil);
    if (!gil->folder.path || !read_demos(gil) || !read_literature(gil))
        return EXIT_FAILED;
    return choose(command, gil);
}

void gil_close(Gil *gil) {
    for (size_t i = 0; i < sizeof gil->folder.roots / sizeof *gil->folder.roots; i++)
        json_decref(gil->folder.roots[i]);
}
