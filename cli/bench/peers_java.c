// The classes of Java's benchmarks (peers.h). They are compiled into our cache and never into the
// checkout, which may be somebody else's; once, as that takes seconds. An entry has a name that is
// a hash of the sources and of the compiler, and counts once its record is there. Who comes while
// it is made waits.
#define _GNU_SOURCE // flock
#include "cli/bench/peers.h"

#include "cli/cache.h"
#include "cli/parallel.h"
#include "cli/process.h"
#include "support/hash.h"
#include "support/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMPILER_PATIENCE = 900, MOST_OUTPUT = 1 << 20, DEEPEST = 8 };

typedef ARENA_VECTOR(const char *) FileList;

// ---- Sources ------------------------------------------------------------------------------------

// All .java files below the folder.
static bool add_sources(Arena *arena, const char *folder, int depth, FileList *files) {
    DIR *directory = depth ? opendir(folder) : NULL;
    if (!directory)
        return false;
    bool good = true;
    for (const struct dirent *entry; good && (entry = readdir(directory));) {
        const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        struct stat status;
        if (entry->d_name[0] == '.' || stat(path, &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode))
            good = add_sources(arena, path, depth - 1, files);
        else if (text_ends_with(path, ".java"))
            ARENA_PUSH(arena, files, path);
    }
    int error = errno;
    closedir(directory);
    errno = error;
    return good;
}

static int compare(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

// A folder's order is no order, and would make another key.
static bool find_sources(Arena *arena, const char *folder, FileList *files) {
    if (!add_sources(arena, folder, DEEPEST, files))
        return false;
    if (files->count)
        qsort(files->items, files->count, sizeof *files->items, compare);
    return true;
}

static bool hash_sources(const FileList *files, const char *folder, uint64_t *hash) {
    for (size_t i = 0; i < files->count; i++) {
        Text text = {0};
        const char *name = files->items[i] + strlen(folder);
        bool good = text_read_file(&text, files->items[i]);
        *hash = hash_more(*hash, name, strlen(name) + 1);
        *hash = hash_more(*hash, text_chars(&text), text.length);
        text_free(&text);
        if (!good)
            return false;
    }
    return true;
}

// ---- The compiler -------------------------------------------------------------------------------

// The one that came with this java, as its classes are what that java can read; else any.
static const char *find_compiler(Arena *arena, const char *java) {
    char own[PATH_MAX];
    if (realpath(java, own) && strrchr(own, '/')) {
        *strrchr(own, '/') = '\0';
        const char *beside = process_find(arena, arena_printf(arena, "%s/javac", own));
        if (beside)
            return beside;
    }
    return process_find(arena, "javac");
}

static ParallelOutcome run(const char *const *words) {
    return parallel_run_one(&(ParallelProgram){
        .words = (char *const *)words, .seconds = COMPILER_PATIENCE, .output = MOST_OUTPUT});
}

// An updated compiler is another one.
static void hash_compiler(const char *compiler, uint64_t *hash) {
    ParallelOutcome outcome = run((const char *const[]){compiler, "-version", NULL});
    *hash = hash_more(*hash, text_chars(&outcome.output), outcome.output.length);
    *hash = hash_more(*hash, text_chars(&outcome.errors), outcome.errors.length);
    parallel_outcome_free(&outcome);
}

static bool compile(Arena *arena, const char *compiler, const FileList *files, const char *classes,
                    Text *why) {
    const char *const options[] = {compiler, "-nowarn", "-encoding", "UTF-8", "-d", classes};
    FileList words = {0};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        ARENA_PUSH(arena, &words, options[i]);
    for (size_t i = 0; i < files->count; i++)
        ARENA_PUSH(arena, &words, files->items[i]);
    ARENA_PUSH(arena, &words, NULL);
    ParallelOutcome outcome = run(words.items);
    bool good = outcome.end == PARALLEL_EXITED && outcome.number == 0;
    if (!good) {
        const char *said = text_chars(&outcome.errors);
        text_addf(why, "%s failed to compile the benchmarks: %.*s", compiler,
                  (int)strcspn(said, "\n"), said);
    }
    parallel_outcome_free(&outcome);
    return good;
}

// ---- The entry ----------------------------------------------------------------------------------

// Only one of us makes it at a time; the system lets go of the lock however we end.
static bool make(Arena *arena, const char *compiler, const FileList *files, const char *classes,
                 Text *why) {
    const char *record = arena_printf(arena, "%s/complete", classes);
    bool is_folder = mkdir(classes, 0777) == 0 || errno == EEXIST;
    int lock = is_folder ? open(arena_printf(arena, "%s/lock", classes),
                                O_RDWR | O_CREAT | O_CLOEXEC, 0666)
                         : -1;
    if (lock < 0 || flock(lock, LOCK_EX) != 0) {
        text_addf(why, "can't make %s: %s", classes, strerror(errno));
        if (lock >= 0)
            close(lock);
        return false;
    }
    bool good = access(record, R_OK) == 0 || compile(arena, compiler, files, classes, why);
    int file = good ? open(record, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;
    if (file >= 0)
        close(file);
    close(lock);
    return good;
}

const char *peer_java_classes(Arena *arena, const char *java, const char *sources, Text *why) {
    const char *compiler = find_compiler(arena, java);
    FileList files = {0};
    uint64_t hash = HASH_OF_NOTHING;
    if (!compiler) {
        text_add(why, "java is there, but no javac to compile the benchmarks (Debian: "
                      "default-jdk-headless)");
        return NULL;
    }
    if (!find_sources(arena, sources, &files) || !hash_sources(&files, sources, &hash)) {
        text_addf(why, "can't read the benchmarks in %s: %s", sources, strerror(errno));
        return NULL;
    }
    hash_compiler(compiler, &hash);
    const char *folder = cache_folder(arena);
    char whole[PATH_MAX];
    if (!folder || !realpath(folder, whole)) {
        text_add(why, "there is no folder to keep the compiled benchmarks in");
        return NULL;
    }
    const char *classes = arena_printf(arena, "%s/java-%016" PRIx64, whole, hash);
    return make(arena, compiler, &files, classes, why) ? classes : NULL;
}
