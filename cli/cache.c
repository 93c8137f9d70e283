// See cache.h. An entry's record is written last; before it is there the entry doesn't count.
#include "cli/cache.h"

#include "cli/command.h"
#include "cli/process.h"
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

const char *cache_folder(Arena *arena) {
    const char *folder = named_folder(arena);
    if (!folder)
        return shared_folder(arena);
    if (make_folders(arena, folder))
        return folder;
    command_warning("can't make the cache folder %s: %s", folder, strerror(errno));
    return NULL;
}

// ---- Keys -------------------------------------------------------------------------------

uint64_t cache_hash_text(uint64_t hash, const Text *text) {
    return hash_more(hash, text_chars(text), text->length);
}

// A program that was built anew makes other code.
uint64_t cache_hash_file(uint64_t hash, const char *path) {
    struct stat status;
    if (stat(path, &status) != 0)
        return hash;
    int64_t facts[] = {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    return hash_more(hash, facts, sizeof facts);
}

// ---- Entries ----------------------------------------------------------------------------

void cache_entry_name(CacheEntry *entry, Arena *arena, const char *folder, uint64_t key) {
    for (size_t i = 0; i < entry->count; i++)
        entry->files[i].path =
            arena_printf(arena, "%s/%016" PRIx64 "%s", folder, key, entry->files[i].ending);
    entry->record = arena_printf(arena, "%s/%016" PRIx64 ".sums", folder, key);
}

void cache_entry_free(CacheEntry *entry) {
    for (size_t i = 0; i < entry->count; i++)
        text_free(&entry->files[i].contents);
}

// A line a file: length and hash.
static void add_to_record(Text *record, const Text *contents) {
    text_addf(record, "%zu %016" PRIx64 "\n", contents->length,
              cache_hash_text(HASH_OF_NOTHING, contents));
}

bool cache_entry_is_sound(const CacheEntry *entry) {
    Text record = {0}, found = {0};
    bool sound = text_read_file(&record, entry->record);
    for (size_t i = 0; i < entry->count && sound; i++) {
        const CacheFile *file = &entry->files[i];
        Text contents = {0};
        sound = (!file->is_executable || access(file->path, X_OK) == 0) &&
                text_read_file_up_to(&contents, file->path, SIZE_MAX);
        add_to_record(&found, &contents);
        text_free(&contents);
    }
    sound = sound && strcmp(text_chars(&record), text_chars(&found)) == 0;
    text_free(&record);
    text_free(&found);
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

// Another process may do the same at the same time: each file is put into its place whole, and
// both write the same, or the record doesn't fit and the entry is made again. That a program can
// be executed is asked in the end, since a cache may lie on a disk where nothing can.
bool cache_entry_publish(const CacheEntry *entry, Arena *arena) {
    Text record = {0};
    bool good = true;
    for (size_t i = 0; i < entry->count && good; i++) {
        const CacheFile *file = &entry->files[i];
        add_to_record(&record, &file->contents);
        good = publish_file(arena, file->path, &file->contents, file->is_executable) &&
               (!file->is_executable || access(file->path, X_OK) == 0);
    }
    good = good && publish_file(arena, entry->record, &record, false);
    text_free(&record);
    int error = errno;
    if (!good)
        unlink(entry->record);
    for (size_t i = 0; i < entry->count && !good; i++)
        unlink(entry->files[i].path);
    errno = error;
    return good;
}
