// What is made once and kept: interpreters, compiled runtimes. A thing has a name that is a hash
// of all that makes it what it is, so an entry is never out of date; but it may be damaged (a disk
// that was full, a power loss after a rename), so each has a record of the sizes and hashes of its
// files. What doesn't match its record is made again.
//
// A cache is a convenience: where none can be written, what is made is temporary.
#ifndef CLI_CACHE_H
#define CLI_CACHE_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The folder of the cache, which exists. NULL after a warning: there can't be one.
const char *cache_folder(Arena *arena);

// Adds a text to a hash; or a file, of which its time and size are taken (one that isn't there adds
// nothing).
uint64_t cache_hash_text(uint64_t hash, const Text *text);
uint64_t cache_hash_file(uint64_t hash, const char *path);

typedef struct CacheFile {
    const char *ending; // ".o"; of an entry, all differ
    bool is_executable;
    Text contents;    // what it is to be; empty: not made yet
    const char *path; // set by cache_entry_name
} CacheFile;

// Files of one key.
typedef struct CacheEntry {
    CacheFile *files;
    size_t count;
    const char *record; // set by cache_entry_name; NULL: there is no folder for it
} CacheEntry;

// Gives the files and the record their paths in the folder.
void cache_entry_name(CacheEntry *entry, Arena *arena, const char *folder, uint64_t key);

// Is all of the entry there, as its record says? Reads the files for it.
bool cache_entry_is_sound(const CacheEntry *entry);

// Writes the files with their contents. False with errno set, and none of them is left.
bool cache_entry_publish(const CacheEntry *entry, Arena *arena);

// Frees the contents.
void cache_entry_free(CacheEntry *entry);

#endif
