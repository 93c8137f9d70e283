// See loop_runtime.h.
#include "cli/linking/loop_runtime.h"

#include "cli/cache.h"
#include "cli/command.h"
#include "cli/default_loop.h"
#include "cli/linking/c_compiler.h"
#include "cli/linking/runtime_check.h"
#include "cli/process.h"
#include "support/hash.h"
#include "support/interruption.h"
#include "support/output_file.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_word_for_linker(const char *file) {
    return file[0] == '-';
}

// ---- The header -----------------------------------------------------------------------------

static bool is_there(const char *path, const Text *header) {
    Text found = {0};
    bool same = text_read_file(&found, path) && found.length == header->length &&
                memcmp(text_chars(&found), text_chars(header), header->length) == 0;
    text_free(&found);
    return same;
}

// A folder for the header of this content: of the cache, so that debuggers find it later, or else a
// temporary one.
static const char *header_folder(Arena *arena, const Text *header, const char *name) {
    const char *cache = cache_folder(arena);
    uint64_t hash = cache_hash_text(HASH_OF_NOTHING, header);
    const char *folder = cache ? arena_printf(arena, "%s/header-%016" PRIx64, cache, hash) : NULL;
    const char *path = folder ? arena_printf(arena, "%s/%s", folder, name) : NULL;
    if (folder && (mkdir(folder, 0777) == 0 || errno == EEXIST) &&
        (is_there(path, header) || output_file_write(path, header)))
        return folder;
    folder = temporary_folder_new(
        arena, arena_printf(arena, "%s/loopwright-header.", temporary_folder(arena)));
    path = folder ? arena_printf(arena, "%s/%s", folder, name) : NULL;
    if (path)
        temporary_adopt(path);
    return path && output_file_write(path, header) ? folder : NULL;
}

// Writes the header that the sources include. `folder` is NULL for a loop that is a module: there
// is no definition to make one of.
static bool write_header(const Variant *variant, Arena *arena, const char **folder,
                         const char **header_name) {
    Text header = {0};
    const char *name = NULL;
    *folder = NULL;
    bool good = variant_header(variant, arena, &header, &name);
    *header_name = name;
    if (good && name) {
        *folder = header_folder(arena, &header, name);
        good = *folder != NULL;
        if (!good)
            command_failure("can't write %s: %s", name, strerror(errno));
    }
    text_free(&header);
    return good;
}

// ---- The files --------------------------------------------------------------------------------

// What a process is linked with is found again when it is started from elsewhere.
static const char *absolute(Arena *arena, const char *file) {
    char *path = realpath(file, NULL);
    const char *copy = path ? arena_strdup(arena, path) : NULL;
    free(path);
    if (!copy)
        command_failure("can't read %s: %s", file, strerror(errno));
    return copy;
}

static bool add_source(Arena *arena, const char *file, const char *header_folder,
                       LoopRuntime *runtime) {
    const CSource source = {file, header_folder, runtime->sanitizers};
    const char *object = c_compiler_object(arena, &source, &runtime->hash);
    if (object) {
        ARENA_PUSH(arena, &runtime->files, object);
        ARENA_PUSH(arena, &runtime->names, file);
    }
    return object != NULL;
}

// The most usual reason why a source doesn't compile is a header that isn't found.
static void tell_header(const char *name) {
    if (name)
        command_note("the header that is made of the definition is called %s", name);
    else
        command_note("of a module (.mir) no header is made: its sources need one beside them");
}

static bool add_file(Arena *arena, const char *file, LoopRuntime *runtime) {
    const char *path = is_word_for_linker(file) ? file : absolute(arena, file);
    if (!path)
        return false;
    runtime->is_elsewhere |= strncmp(file, "-L", 2) == 0;
    runtime->hash = hash_more(runtime->hash, path, strlen(path));
    runtime->hash = cache_hash_file(runtime->hash, path);
    ARENA_PUSH(arena, &runtime->files, path);
    ARENA_PUSH(arena, &runtime->names, file);
    return true;
}

static bool add_files(const Variant *variant, Arena *arena, LoopRuntime *runtime) {
    const char *folder = NULL, *header = NULL;
    bool has_sources = false;
    for (size_t i = 0; i < variant->runtime_count; i++)
        has_sources |= text_ends_with(variant->runtime[i], ".c");
    if (has_sources && !write_header(variant, arena, &folder, &header))
        return false;
    for (size_t i = 0; i < variant->runtime_count; i++) {
        const char *file = variant->runtime[i];
        bool is_source = text_ends_with(file, ".c");
        bool good =
            is_source ? add_source(arena, file, folder, runtime) : add_file(arena, file, runtime);
        if (!good && is_source)
            tell_header(header);
        if (!good)
            return false;
    }
    return true;
}

static void note_needed(Arena *arena, const IrModule *module, LoopRuntime *runtime) {
    ARENA_PUSH(arena, &runtime->needed, runtime->entry);
    for (size_t i = 0; module && i < module->externals.count; i++)
        if (!module->externals.items[i]->indirect)
            ARENA_PUSH(arena, &runtime->needed, module->externals.items[i]->name);
}

static bool check(Arena *arena, const IrModule *module, LoopRuntime *runtime) {
    RuntimeSymbols symbols = {0};
    for (size_t i = 0; i < runtime->files.count; i++) {
        const char *file = runtime->files.items[i];
        if (is_word_for_linker(file))
            symbols.has_others |= file[1] == 'l';
        else if (!runtime_symbols_read(arena, file, runtime->names.items[i], &symbols))
            return false;
    }
    note_needed(arena, module, runtime);
    runtime->has_main = runtime_symbols_find(&symbols, "main") != NULL;
    return runtime_check(arena, module, runtime->entry, &symbols);
}

// In a build of ours with a sanitizer the default runtime is instrumented, and every program that
// it is linked into needs that sanitizer's runtime.
static const char *sanitizers_of(const Variant *variant, Arena *arena) {
    if (!llvm_flags_is(&variant->llvm, LLVM_FLAG_SANITIZER, "none"))
        return llvm_flags_choice(&variant->llvm, LLVM_FLAG_SANITIZER, arena);
    return variant->runtime_count ? "" : LOOPWRIGHT_SANITIZE;
}

static bool make_default(const Variant *variant, Arena *arena, const IrModule *module,
                         LoopRuntime *runtime) {
    DefaultLoopRuntime defaults = default_loop_runtime(&variant->llvm, arena);
    runtime->is_default = runtime->has_main = true;
    runtime->entry = DEFAULT_LOOP_ENTRY;
    ARENA_PUSH(arena, &runtime->needed, runtime->entry);
    for (size_t i = 0; i < sizeof defaults.files / sizeof *defaults.files; i++) {
        ARENA_PUSH(arena, &runtime->files, defaults.files[i]);
        runtime->hash = cache_hash_file(runtime->hash, defaults.files[i]);
    }
    for (const char *const *library = defaults.libraries; *library; library++)
        ARENA_PUSH(arena, &runtime->files, *library);
    return !module || default_loop_fits(module);
}

bool loop_runtime_make(const Variant *variant, Arena *arena, const IrModule *module,
                       LoopRuntime *runtime) {
    *runtime = (LoopRuntime){.entry = variant->entry ? variant->entry : LOOP_RUNTIME_ENTRY,
                             .sanitizers = sanitizers_of(variant, arena),
                             .hash = HASH_OF_NOTHING};
    if (!variant->runtime_count)
        return make_default(variant, arena, module, runtime);
    runtime->hash = hash_more(runtime->hash, runtime->entry, strlen(runtime->entry));
    return add_files(variant, arena, runtime) && check(arena, module, runtime);
}

// ---- Linking ----------------------------------------------------------------------------------

typedef ARENA_VECTOR(const char *) Words;

// The program's `main`. It knows nothing of the loop's types: addresses are addresses. An entry
// with fewer parameters doesn't look at the rest, as with C's own `main`.
static const char *main_object(Arena *arena, const char *entry) {
    Text source = {0};
    text_addf(&source,
              "extern const char loopwright_image[];\n"
              "void interpret(void *thread, void *frame);\n"
              "int %s(void (*loop)(void *, void *), int argc, char **argv, const char *image);\n"
              "int main(int argc, char **argv) {\n"
              "    int name = argc > 0;\n"
              "    return %s(interpret, argc - name, argv + name, loopwright_image);\n"
              "}\n",
              entry, entry);
    const char *object = c_compiler_text_object(arena, &source);
    text_free(&source);
    return object;
}

// The folder in which a program made of this finds a shared library when it is started: that of
// the file, or of `-LFOLDER`. NULL: none.
static const char *library_folder(Arena *arena, const char *file) {
    if (text_ends_with(file, ".so"))
        return arena_strndup(arena, file, (size_t)(strrchr(file, '/') - file));
    char *folder = strncmp(file, "-L", 2) == 0 ? realpath(file + 2, NULL) : NULL;
    const char *kept = folder ? arena_printf(arena, "%s", folder) : NULL;
    free(folder);
    return kept;
}

// An archive's members are taken as they are needed. In a library nobody seems to need them: those
// that whoever loads it will look for are asked for.
static void add_runtime(const LoopRuntime *runtime, Arena *arena, bool is_library, Words *words) {
    for (size_t i = 0; is_library && i < runtime->needed.count; i++)
        ARENA_PUSH(arena, words, arena_printf(arena, "-Wl,-u,%s", runtime->needed.items[i]));
    for (size_t i = 0; i < runtime->files.count; i++) {
        const char *file = runtime->files.items[i];
        ARENA_PUSH(arena, words, file);
        // By itself, as a comma in the path would part it.
        const char *const search[] = {"-Xlinker", "-rpath", "-Xlinker",
                                      library_folder(arena, file)};
        for (size_t j = 0; search[3] && j < sizeof search / sizeof *search; j++)
            ARENA_PUSH(arena, words, search[j]);
    }
    if (!runtime->is_default) {
        ARENA_PUSH(arena, words, "-lm");
        ARENA_PUSH(arena, words, "-lpthread");
    }
    if (*runtime->sanitizers)
        ARENA_PUSH(arena, words, arena_printf(arena, "-fsanitize=%s", runtime->sanitizers));
    ARENA_PUSH(arena, words, NULL);
}

static bool can_read_files(const LoopRuntime *runtime) {
    for (size_t i = 0; i < runtime->files.count; i++) {
        const char *file = runtime->files.items[i];
        if (is_word_for_linker(file) || access(file, R_OK) == 0)
            continue;
        command_failure("the runtime%s %s can't be read: %s",
                        strcmp(runtime->sanitizers, "thread") == 0 ? " for --sanitize=thread" : "",
                        file, strerror(errno));
        return false;
    }
    return true;
}

bool loop_runtime_link(const LoopRuntime *runtime, Arena *arena, LinkGoal goal, bool is_placed,
                       const char *object, const char *path, const char *name) {
    Words words = {0};
    bool is_program = goal == LINK_EXECUTABLE;
    const char *const begin[] = {"cc",
                                 !is_program ? "-shared"
                                 : is_placed ? "-no-pie"
                                             : "-pie",
                                 "-o", path, object};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        ARENA_PUSH(arena, &words, begin[i]);
    if (!can_read_files(runtime))
        return false;
    if (is_program && !runtime->has_main) {
        const char *main = main_object(arena, runtime->entry);
        if (!main)
            return false;
        ARENA_PUSH(arena, &words, main);
    }
    add_runtime(runtime, arena, !is_program, &words);
    return c_compiler_link(words.items, name);
}

// One that is a library already is taken as it is.
const char *loop_runtime_library(const LoopRuntime *runtime, Arena *arena) {
    if (runtime->files.count == 1 && text_ends_with(runtime->files.items[0], ".so"))
        return runtime->files.items[0];
    const char *path = command_temporary(arena, ".so");
    if (!path)
        return NULL;
    Words words = {0};
    const char *const begin[] = {"cc", "-shared", "-o", path};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        ARENA_PUSH(arena, &words, begin[i]);
    add_runtime(runtime, arena, true, &words);
    return c_compiler_link(words.items, path) ? path : NULL;
}
