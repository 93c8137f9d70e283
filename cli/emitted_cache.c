// See emitted_cache.h. An interpreter is made among the temporary files and copied into the
// cache when it is whole, so that an error of the making and one of the keeping are told
// apart: the first ends the command, the second is only a warning. The record is written
// last; before it is there the entry doesn't count.
#include "cli/emitted_cache.h"

#include "cli/command.h"
#include "cli/default_loop.h"
#include "cli/emitted_check.h"
#include "cli/emitter.h"
#include "cli/process.h"
#include "ir/text/text.h"
#include "support/hash.h"
#include "support/interruption.h"
#include "support/output_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- The folder -------------------------------------------------------------------------

// As `mkdir -p`: that a folder is there already is no error, even if another process made it in
// between.
static bool make_folders(Arena *arena, const char *path) {
    char *copy = arena_strdup(arena, path);
    for (char *slash = copy; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return mkdir(copy, 0777) == 0 || errno == EEXIST;
}

// The folder that the user's environment names. NULL: none.
static const char *named_folder(Arena *arena) {
    const char *own = getenv("LOOPWRIGHT_CACHE"), *xdg = getenv("XDG_CACHE_HOME"),
               *home = getenv("HOME");
    if (own && *own)
        return process_path(arena, own);
    // A relative one is to be ignored, says the XDG Base Directory Specification.
    if (xdg && *xdg == '/')
        return arena_printf(arena, "%s/loopwright", xdg);
    if (home && *home)
        return process_path(arena, arena_printf(arena, "%s/.cache/loopwright", home));
    return NULL;
}

// Without a home: in the folder of temporary files, where others may write, too. What is
// run from there must be ours, so the folder has to be, and nobody else's.
static const char *shared_folder(Arena *arena) {
    const char *folder =
        arena_printf(arena, "%s/loopwright-%lu", temporary_folder(arena), (unsigned long)geteuid());
    struct stat status;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        command_warning("can't make the cache folder %s: %s", folder, strerror(errno));
        return NULL;
    }
    if (lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
        !(status.st_mode & 077))
        return folder;
    command_warning("the cache folder %s is not a folder that only its owner, you, may use; "
                    "LOOPWRIGHT_CACHE names another one",
                    folder);
    return NULL;
}

const char *emitted_cache_folder(Arena *arena) {
    const char *folder = named_folder(arena);
    if (!folder)
        return shared_folder(arena);
    if (make_folders(arena, folder))
        return folder;
    command_warning("can't make the cache folder %s: %s", folder, strerror(errno));
    return NULL;
}

// ---- The key ----------------------------------------------------------------------------

static uint64_t hash_text(uint64_t hash, const Text *text) {
    return hash_more(hash, text_chars(text), text->length);
}

// A program that was built anew makes other code: its time and size stand for it.
static uint64_t hash_program(uint64_t hash, const char *path) {
    struct stat status;
    if (stat(path, &status) != 0)
        return hash;
    int64_t facts[] = {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    return hash_more(hash, facts, sizeof facts);
}

// A cache may be on a disk that several machines share: what is emitted for this very
// processor is no good on another.
static uint64_t hash_processor(uint64_t hash) {
    Text text = {0};
    if (text_read_file(&text, "/proc/cpuinfo")) {
        static const char *const keys[] = {"model name", "flags"};
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            const char *line = strstr(text_chars(&text), keys[i]);
            hash = line ? hash_more(hash, line, strcspn(line, "\n")) : hash;
        }
    }
    text_free(&text);
    return hash;
}

// All that decides what the executable is: the module (with the places of its text, which become
// debug information), LLVM's flags, the helper, the runtime that it is linked with. Which passes
// made the module needn't be asked; but the flags are shown by the interpreter (`--version`), so
// they are part of it.
static uint64_t key_of(const Variant *variant, Arena *arena, const char *helper,
                       const Text *module) {
    Text flags = {0};
    variant_print(variant, &flags);
    uint64_t key = hash_text(hash_text(HASH_OF_NOTHING, module), &flags);
    text_free(&flags);
    DefaultLoopRuntime runtime = default_loop_runtime(&variant->llvm, arena);
    key = hash_program(key, helper);
    for (size_t i = 0; i < sizeof runtime.files / sizeof *runtime.files; i++)
        key = hash_program(key, runtime.files[i]);
    return llvm_flags_is(&variant->llvm, LLVM_FLAG_PROCESSOR, "native") ? hash_processor(key) : key;
}

// ---- Entries ----------------------------------------------------------------------------

// An entry's files, and its record, which is written last.
enum { FILE_MIR, FILE_OBJECT, FILE_EXECUTABLE, FILES };

typedef struct CacheEntry {
    const char *paths[FILES], *record; // NULL: there is no folder for it
    Text contents[FILES];              // empty: not made yet; the module is there from the start
} CacheEntry;

static void name_entry(CacheEntry *entry, Arena *arena, const char *folder, uint64_t key) {
    static const char *const endings[FILES] = {".mir", ".o", ""};
    for (int i = 0; i < FILES; i++)
        entry->paths[i] = arena_printf(arena, "%s/%016" PRIx64 "%s", folder, key, endings[i]);
    entry->record = arena_printf(arena, "%s/%016" PRIx64 ".sums", folder, key);
}

static void free_entry(CacheEntry *entry) {
    for (int i = 0; i < FILES; i++)
        text_free(&entry->contents[i]);
}

// A line a file: length and hash.
static void print_record(const CacheEntry *entry, Text *out) {
    for (int i = 0; i < FILES; i++)
        text_addf(out, "%zu %016" PRIx64 "\n", entry->contents[i].length,
                  hash_text(HASH_OF_NOTHING, &entry->contents[i]));
}

// Is all of the entry there, as its record says? Reads the files for it.
static bool is_sound(const CacheEntry *named) {
    CacheEntry found = *named;
    memset(found.contents, 0, sizeof found.contents);
    Text record = {0}, expected = {0};
    bool sound =
        access(found.paths[FILE_EXECUTABLE], X_OK) == 0 && text_read_file(&record, found.record);
    for (int i = 0; i < FILES && sound; i++)
        sound = text_read_file_up_to(&found.contents[i], found.paths[i], SIZE_MAX);
    if (sound) {
        print_record(&found, &expected);
        sound = strcmp(text_chars(&record), text_chars(&expected)) == 0;
    }
    free_entry(&found);
    text_free(&record);
    text_free(&expected);
    return sound;
}

// The error that is reported is that of the writing, not of the tidying up after it.
static bool publish_file(Arena *arena, const char *path, const Text *contents, bool executable) {
    OutputFile output;
    if (!output_file_begin(&output, arena, path))
        return false;
    if (output_file_put(&output, contents))
        return output_file_finish(&output, executable);
    int error = errno;
    output_file_abandon(&output);
    errno = error;
    return false;
}

// Writes the entry's files. False with errno set, and none of them is left. Another process may do
// the same at the same time: each file is put into its place whole, and both write the same, or
// the record doesn't fit and the entry is made again. That the program can be executed is asked
// in the end, since a cache may lie on a disk where nothing can.
static bool publish(const CacheEntry *entry, Arena *arena) {
    Text record = {0};
    print_record(entry, &record);
    bool good = true;
    for (int i = 0; i < FILES && good; i++)
        good = publish_file(arena, entry->paths[i], &entry->contents[i], i == FILE_EXECUTABLE);
    good = good && publish_file(arena, entry->record, &record, false) &&
           access(entry->paths[FILE_EXECUTABLE], X_OK) == 0;
    text_free(&record);
    int error = errno;
    if (!good)
        unlink(entry->record);
    for (int i = 0; i < FILES && !good; i++)
        unlink(entry->paths[i]);
    errno = error;
    return good;
}

// ---- Making -----------------------------------------------------------------------------

// Emits the interpreter into temporary files, and reads them.
static bool make(const Variant *variant, Arena *arena, const IrModule *module, CacheEntry *entry,
                 Emitted *emitted) {
    Text nothing = {0};
    const char *mir = emitter_temporary(arena, &entry->contents[FILE_MIR]);
    if (!mir ||
        !emitter_compile(variant, arena, EMITTER_OBJECT, mir, &entry->contents[FILE_OBJECT]))
        return false;
    temporary_remove(mir);
    emitted->object = emitter_temporary(arena, &entry->contents[FILE_OBJECT]);
    emitted->executable = emitter_temporary(arena, &nothing);
    emitted->is_temporary = true;
    if (!emitted->object || !emitted->executable ||
        !emitted_check(module, variant, emitted->object, module->name) ||
        !emitter_link(variant, arena, emitted->object, emitted->executable, module->name))
        return false;
    if (text_read_file_up_to(&entry->contents[FILE_EXECUTABLE], emitted->executable, SIZE_MAX))
        return true;
    command_failure("can't read %s: %s", emitted->executable, strerror(errno));
    return false;
}

static void use_entry(const CacheEntry *entry, Emitted *emitted) {
    *emitted =
        (Emitted){.object = entry->paths[FILE_OBJECT], .executable = entry->paths[FILE_EXECUTABLE]};
}

// What can't be kept is still good: the caller gets the temporary files, and a warning says that
// the next run has to emit again.
static bool get(const Variant *variant, Arena *arena, const IrModule *module, CacheEntry *entry,
                Emitted *emitted) {
    if (entry->record && is_sound(entry)) {
        use_entry(entry, emitted);
        return true;
    }
    if (!make(variant, arena, module, entry, emitted))
        return false;
    if (!entry->record)
        return true;
    if (!publish(entry, arena)) {
        command_warning("the cache can't keep %s: %s", entry->paths[FILE_EXECUTABLE],
                        strerror(errno));
        return true;
    }
    temporary_remove(emitted->object);
    temporary_remove(emitted->executable);
    use_entry(entry, emitted);
    return true;
}

// The helper is looked for first, as its absence is an error even if the cache could do without it.
bool emitted_cache_get(const Variant *variant, Arena *arena, const IrModule *module,
                       Emitted *emitted) {
    const char *helper = emitter_helper(variant, arena).path;
    if (!helper || !default_loop_fits(module))
        return false;
    CacheEntry entry = {0};
    ir_print_placed(module, &entry.contents[FILE_MIR]);
    const char *folder = emitted_cache_folder(arena);
    if (folder)
        name_entry(&entry, arena, folder,
                   key_of(variant, arena, helper, &entry.contents[FILE_MIR]));
    bool good = get(variant, arena, module, &entry, emitted);
    free_entry(&entry);
    return good;
}

// It has to be something that can be run: an object is none. A name without a slash is of this
// folder, and not looked for elsewhere.
const char *emitted_before(const char *path, Arena *arena) {
    struct stat status;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0)
        return strchr(path, '/') ? path : arena_printf(arena, "./%s", path);
    command_failure("%s is no executable (`loopwright emit FLAGS -o FILE` makes one)", path);
    return NULL;
}
