// Runs a test script as wabt's wast2json writes it: the official tests' form. It is linked with the
// runtime, and is another entry of it: `--entry=script`. What a command of the script needs of the
// standard is only named here: loading, linking and calling are the store's.
#include "../runtime/files.h"
#include "../runtime/host.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Named {
    const char *name; // owned by the JSON
    WasmInstance *instance;
} Named;

typedef struct Names {
    Named *items;
    size_t count, capacity;
} Names;

typedef struct Script {
    Store *store;
    const char *path;
    HostModules *host;
    Names modules, registered; // by the script's own names, and by what imports call them
    WasmInstance *latest;
    int passed, failed, passed_over, line;
} Script;

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void fail(Script *script, const char *type, const char *what, const char *why) {
    printf("%s:%d: %s: %s%s\n", script->path, script->line, type, what, why);
    script->failed++;
}

// ---- Modules ---------------------------------------------------------------------------------

static WasmInstance *find_named(const Names *names, const char *name) {
    for (size_t i = names->count; i-- > 0;)
        if (!strcmp(names->items[i].name, name))
            return names->items[i].instance;
    return NULL;
}

static bool find_import(void *data, const Import *import, Extern *found) {
    Script *script = data;
    for (size_t i = script->registered.count; i-- > 0;)
        if (name_is(import->module, script->registered.items[i].name))
            return instance_export(script->registered.items[i].instance, import->name, found);
    return host_find(script->host, import, found);
}

// Files are named relative to the script.
static uint8_t *read_module(Script *script, const char *name, size_t *size) {
    const char *slash = strrchr(script->path, '/');
    int folder = slash ? (int)(slash - script->path) + 1 : 0;
    char path[4096];
    snprintf(path, sizeof path, "%.*s%s", folder, script->path, name);
    return read_file(path, &script->store->pool, size);
}

// True if it is loaded, and its start function has returned. Else the failure says why.
static bool load(Script *script, const json_t *command, Failure *failure,
                 WasmInstance *volatile *loaded) {
    Store *store = script->store;
    size_t size;
    int64_t start;
    uint8_t *bytes = read_module(script, text_of(command, "filename"), &size);
    store->failure = failure;
    if (setjmp(failure->back))
        return false;
    if (!bytes)
        failure_raise(failure, MALFORMED, FAILURE_NOWHERE, "the file can't be read");
    *loaded = instance_load(store, bytes, size, find_import, script, &start);
    if (start >= 0 && store_call(store, (uint32_t)start, NULL, NULL) != RETURNED)
        failure_raise(failure, TRAPPED, FAILURE_NOWHERE, "%s",
                      trap_text(machine_failure(&store->machine)));
    return true;
}

static void run_module(Script *script, const json_t *command) {
    Failure failure;
    WasmInstance *volatile loaded = NULL;
    if (!load(script, command, &failure, &loaded)) {
        fail(script, "module", failure_kind_text(failure.kind), failure.text);
        script->latest = NULL;
        return;
    }
    script->latest = loaded;
    const char *name = json_string_value(json_object_get(command, "name"));
    if (name)
        LIST_PUSH(&script->modules, (Named){name, loaded});
    script->passed++;
}

static WasmInstance *module_of(Script *script, const json_t *object, const char *key) {
    const char *name = json_string_value(json_object_get(object, key));
    return name ? find_named(&script->modules, name) : script->latest;
}

static void assert_refused(Script *script, const json_t *command, const char *type) {
    Failure failure;
    WasmInstance *volatile loaded = NULL;
    if (strcmp(text_of(command, "module_type"), "binary") != 0) {
        script->passed_over++;
        return;
    }
    bool is_loaded = load(script, command, &failure, &loaded);
    bool linking = !strcmp(type, "assert_unlinkable");
    bool starting = !strcmp(type, "assert_uninstantiable");
    bool as_meant = linking    ? failure.kind == UNLINKABLE
                    : starting ? failure.kind == TRAPPED
                               : failure.kind == MALFORMED || failure.kind == INVALID;
    if (is_loaded)
        fail(script, type, "it was accepted; expected: ", text_of(command, "text"));
    else if (!as_meant)
        fail(script, type, "refused for another reason: ", failure.text);
    else
        script->passed++;
}

// ---- Values ----------------------------------------------------------------------------------

static int64_t value_bits(const json_t *value) {
    return (int64_t)strtoull(text_of(value, "value"), NULL, 10);
}

// Is it a NaN as the standard lets a computation leave? Any is quiet; the canonical one has nothing
// but that bit.
static bool is_nan_as_expected(uint64_t bits, bool single, bool canonical) {
    uint64_t exponent = single ? 0x7F800000u : 0x7FF0000000000000u;
    uint64_t quiet = single ? 0x400000u : 0x8000000000000u;
    uint64_t magnitude = bits & (single ? 0x7FFFFFFFu : INT64_MAX);
    return canonical ? magnitude == (exponent | quiet)
                     : (magnitude & (exponent | quiet)) == (exponent | quiet);
}

static bool matches(const json_t *expected, int64_t result) {
    const char *type = text_of(expected, "type"), *value = text_of(expected, "value");
    bool narrow = !strcmp(type, "i32") || !strcmp(type, "f32");
    uint64_t bits = narrow ? (uint32_t)result : (uint64_t)result;
    if (!strncmp(value, "nan:", 4))
        return is_nan_as_expected(bits, narrow, !strcmp(value, "nan:canonical"));
    return bits == (narrow ? (uint32_t)value_bits(expected) : (uint64_t)value_bits(expected));
}

// ---- Actions ---------------------------------------------------------------------------------

static Outcome get_global(Script *script, const Extern *found, int64_t *result) {
    (void)script;
    *result = int64_cell_value(&found->global->cell);
    return RETURNED;
}

// False, having said so: there is nothing to call.
static bool act(Script *script, const json_t *command, Outcome *outcome, int64_t *result) {
    const json_t *action = json_object_get(command, "action");
    const char *field = text_of(action, "field");
    Name name = {field, (uint32_t)json_string_length(json_object_get(action, "field"))};
    WasmInstance *instance = module_of(script, action, "module");
    Extern found;
    if (!instance || !instance_export(instance, name, &found)) {
        fail(script, "action", "nothing is exported as ", field);
        return false;
    }
    if (found.kind == EXTERN_GLOBAL) {
        *outcome = get_global(script, &found, result);
        return true;
    }
    json_t *arguments = json_object_get(action, "args");
    size_t count = json_array_size(arguments);
    int64_t *values = POOL_ARRAY(&script->store->pool, int64_t, count);
    for (size_t i = 0; i < count; i++)
        values[i] = value_bits(json_array_get(arguments, i));
    *outcome = store_call(script->store, found.function, values, result);
    return true;
}

static void assert_return(Script *script, const json_t *command) {
    int64_t result = 0;
    Outcome outcome;
    char text[96];
    if (!act(script, command, &outcome, &result))
        return;
    const json_t *expected = json_array_get(json_object_get(command, "expected"), 0);
    if (outcome != RETURNED) {
        fail(script, "assert_return",
             "it trapped: ", trap_text(machine_failure(&script->store->machine)));
    } else if (expected && !matches(expected, result)) {
        snprintf(text, sizeof text, "%" PRIu64 " instead of %s", (uint64_t)result,
                 text_of(expected, "value"));
        fail(script, "assert_return", text, "");
    } else {
        script->passed++;
    }
}

static void assert_trap(Script *script, const json_t *command, const char *type) {
    int64_t result = 0;
    Outcome outcome;
    if (!act(script, command, &outcome, &result))
        return;
    const char *expected = text_of(command, "text");
    const char *found = trap_text(machine_failure(&script->store->machine));
    if (outcome != TRAP)
        fail(script, type, "it returned; expected: ", expected);
    else if (strncmp(found, expected, strlen(found)) != 0 &&
             strncmp(found, expected, strlen(expected)) != 0)
        fail(script, type, "another trap: ", found);
    else
        script->passed++;
}

static void run_command(Script *script, const json_t *command) {
    const char *type = text_of(command, "type");
    int64_t result;
    Outcome outcome;
    script->line = (int)json_integer_value(json_object_get(command, "line"));
    if (!strcmp(type, "module")) {
        run_module(script, command);
    } else if (!strcmp(type, "register")) {
        WasmInstance *instance = module_of(script, command, "name");
        if (instance)
            LIST_PUSH(&script->registered, (Named){text_of(command, "as"), instance});
    } else if (!strcmp(type, "action")) {
        if (act(script, command, &outcome, &result) && outcome != RETURNED)
            fail(script, type, "it trapped", "");
    } else if (!strcmp(type, "assert_return")) {
        assert_return(script, command);
    } else if (!strcmp(type, "assert_trap") || !strcmp(type, "assert_exhaustion")) {
        assert_trap(script, command, type);
    } else if (!strcmp(type, "assert_invalid") || !strcmp(type, "assert_malformed") ||
               !strcmp(type, "assert_unlinkable") || !strcmp(type, "assert_uninstantiable")) {
        assert_refused(script, command, type);
    } else {
        fail(script, type, "unknown command", "");
    }
}

// Prints each assertion that doesn't hold, and how many passed, failed and were passed over, with
// the reason. Answers the exit status: 0 if none failed, 2 if the script can't be read.
static int script_run(Store *store, const char *path) {
    json_error_t error;
    json_t *root = json_load_file(path, JSON_ALLOW_NUL, &error);
    Script script = {.store = store, .path = path, .host = host_modules(store, true)};
    if (!root) {
        fprintf(stderr, "%s:%d:%d: error: %s\n", path, error.line, error.column, error.text);
        return 2;
    }
    size_t index;
    json_t *command;
    json_array_foreach(json_object_get(root, "commands"), index, command) {
        run_command(&script, command);
    }
    printf("%s: %d passed, %d failed, %d passed over%s\n", path, script.passed, script.failed,
           script.passed_over, script.passed_over ? " (modules in text form)" : "");
    json_decref(root);
    free(script.modules.items);
    free(script.registered.items);
    return script.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int script(void (*interpret)(Machine *, Frame *), int argc, char **argv, const char *image) {
    Store store;
    if (argc != 1) {
        fputs("usage: script FILE.json\n", stderr);
        return 2;
    }
    store_begin(&store, interpret, image);
    int status = script_run(&store, argv[0]);
    store_free(&store);
    return status;
}
