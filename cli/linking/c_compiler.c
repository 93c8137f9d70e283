// See c_compiler.h. The cache's key is a hash of the preprocessed source, as ccache does it: that
// is all that the compiler sees, whichever headers it came from.
#include "cli/linking/c_compiler.h"

#include "cli/cache.h"
#include "cli/command.h"
#include "cli/process.h"
#include "support/hash.h"
#include "support/interruption.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// For people who develop a runtime: warnings, and debug information, which also tells whether a
// function is what the definition says (runtime_check.h). Externals get thread and frame whether
// they use them or not.
static const char *const flags[] = {
    "-std=gnu17",          "-O2", "-g", "-fPIC", "-Wall", "-Wextra", "-Wno-unused-parameter",
    "-fno-strict-aliasing"};
enum { FLAGS = sizeof flags / sizeof *flags, MOST_WORDS = FLAGS + 9 };

// The words of a compilation up to the source, which is last, and NULL.
static void spell(Arena *arena, const CSource *source, const char **words, const char *mode,
                  const char *output) {
    size_t count = 0;
    words[count++] = "cc";
    for (size_t i = 0; i < FLAGS; i++)
        words[count++] = flags[i];
    if (*source->sanitizers)
        words[count++] = arena_printf(arena, "-fsanitize=%s", source->sanitizers);
    if (source->header_folder)
        words[count++] = arena_printf(arena, "-I%s", source->header_folder);
    words[count++] = mode;
    words[count++] = "-o";
    words[count++] = output;
    words[count++] = process_path(arena, source->path);
    words[count] = NULL;
}

// What went wrong where `cc` is started with a status of process_run's.
static void complain(int status, const char *doing, const char *name) {
    if (status < 0)
        command_failure("%s %s needs the system's C compiler, and `cc` can't be started: %s", doing,
                        name, strerror(errno));
    else
        command_failure("cc failed at %s %s (exit status %d)", doing, name, status);
}

// Warnings of the preprocessor come again when the source is compiled, so they are shown only
// where it comes to nothing.
static bool preprocess(Arena *arena, const CSource *source, Text *output) {
    const char *words[MOST_WORDS];
    Text errors = {0};
    spell(arena, source, words, "-E", "-");
    int status = process_run((char *const *)words, output, &errors);
    if (status != 0) {
        fputs(text_chars(&errors), stderr);
        complain(status, "compiling", source->path);
    }
    text_free(&errors);
    return status == 0;
}

static const char *compile(Arena *arena, const CSource *source) {
    const char *words[MOST_WORDS];
    const char *path = command_temporary(arena, ".o");
    if (!path)
        return NULL;
    spell(arena, source, words, "-c", path);
    int status = process_run((char *const *)words, NULL, NULL);
    if (status != 0)
        complain(status, "compiling", source->path);
    return status == 0 ? path : NULL;
}

// The compiler itself is part of it, and the folder that debug information will name.
static uint64_t key_of(Arena *arena, const CSource *source, const Text *preprocessed) {
    uint64_t key = cache_hash_text(HASH_OF_NOTHING, preprocessed);
    const char *compiler = process_find(arena, "cc");
    char *folder = getcwd(NULL, 0);
    if (compiler)
        key = cache_hash_file(key, compiler);
    if (folder)
        key = hash_more(key, folder, strlen(folder));
    free(folder);
    for (size_t i = 0; i < FLAGS; i++)
        key = hash_more(key, flags[i], strlen(flags[i]));
    return hash_more(key, source->sanitizers, strlen(source->sanitizers));
}

// What can't be kept is compiled for this time.
static const char *keep(Arena *arena, CacheEntry *entry, const char *made) {
    CacheFile *file = &entry->files[0];
    if (!text_read_file_up_to(&file->contents, made, SIZE_MAX))
        return made;
    if (!cache_entry_publish(entry, arena)) {
        command_warning("the cache can't keep %s: %s", file->path, strerror(errno));
        return made;
    }
    temporary_remove(made);
    return file->path;
}

const char *c_compiler_object(Arena *arena, const CSource *source, uint64_t *hash) {
    Text preprocessed = {0};
    if (!preprocess(arena, source, &preprocessed)) {
        text_free(&preprocessed);
        return NULL;
    }
    uint64_t key = key_of(arena, source, &preprocessed);
    text_free(&preprocessed);
    *hash = hash_more(*hash, &key, sizeof key);
    CacheFile file = {.ending = ".o"};
    CacheEntry entry = {.files = &file, .count = 1};
    const char *folder = cache_folder(arena);
    if (folder)
        cache_entry_name(&entry, arena, folder, key);
    if (folder && cache_entry_is_sound(&entry))
        return file.path;
    const char *made = compile(arena, source);
    const char *kept = made && folder ? keep(arena, &entry, made) : made;
    cache_entry_free(&entry);
    return kept;
}

const char *c_compiler_text_object(Arena *arena, const Text *source) {
    const char *path = command_temporary(arena, ".c");
    return path && command_write(path, source)
               ? compile(arena, &(CSource){.path = path, .sanitizers = ""})
               : NULL;
}

bool c_compiler_link(const char *const *words, const char *name) {
    int status = process_run((char *const *)words, NULL, NULL);
    if (status < 0)
        command_failure("linking an executable needs the system's C compiler, and `cc` can't be "
                        "started: %s (--emit=object needs none)",
                        strerror(errno));
    else if (status > 0)
        command_failure("cc failed to link %s (exit status %d)", name, status);
    return status == 0;
}
