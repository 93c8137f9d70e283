// See output_file.h. `rename` within a folder is the one change to a file that POSIX promises to be
// whole: there is no moment at which the name means half a file. The price is care for what a
// plain open would have done by itself: links, permissions, names of streams.
#include "support/output_file.h"

#include "support/interruption.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LINKS = 40 }; // as the system has it

// ---- What a name stands for -------------------------------------------------------------

// The stream that the name stands for, or -1. Standard output as /dev/stdout leads, by way of
// /proc/self/fd/1, to the file that a shell opened for us; to open that anew, or to replace it,
// would not be what the user meant by `>>`.
static int stream_of(const char *name) {
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    if (strcmp(name, "-") == 0 || strcmp(name, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(name, "/dev/stderr") == 0)
        return STDERR_FILENO;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t length = strlen(folders[i]);
        const char *digits = name + length;
        if (strncmp(name, folders[i], length) == 0 && *digits && strlen(digits) < 8 &&
            digits[strspn(digits, "0123456789")] == '\0')
            return atoi(digits);
    }
    return -1;
}

// The folder of a path, with its slash; "" is the current one.
static char *folder_of(Arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    return arena_strndup(arena, path, slash ? (size_t)(slash - path) + 1 : 0);
}

// Follows links to the file that a name means, there or not yet, or to the name of a
// stream. NULL with errno set.
static const char *follow(Arena *arena, const char *path) {
    for (int links = 0; stream_of(path) < 0; links++) {
        struct stat status;
        if (lstat(path, &status) != 0)
            return errno == ENOENT ? path : NULL;
        if (!S_ISLNK(status.st_mode))
            return path;
        char *leads_to = ARENA_ARRAY(arena, char, status.st_size + 4096);
        ssize_t length = readlink(path, leads_to, (size_t)status.st_size + 4095);
        if (length < 0 || links == MOST_LINKS) {
            errno = length < 0 ? errno : ELOOP;
            return NULL;
        }
        path = *leads_to == '/' ? leads_to
                                : arena_printf(arena, "%s%s", folder_of(arena, path), leads_to);
    }
    return path;
}

// ---- Files ------------------------------------------------------------------------------

// Sets errno if the folder takes no file of that name, as it would be for a plain open.
static bool may_be_made(const char *target) {
    size_t length = strlen(target);
    errno = length == 0 ? ENOENT : target[length - 1] == '/' ? EISDIR : 0;
    return errno == 0;
}

// The permissions will be the file's own if there is one, else those that `open` would give; a
// temporary file has less. The process's mask can only be read by setting it.
static bool begin_beside(OutputFile *output, Arena *arena, const char *target) {
    struct stat status;
    mode_t mask = umask(0);
    umask(mask);
    output->mode = 0666 & ~mask;
    if (stat(target, &status) == 0) {
        if (access(target, W_OK) != 0)
            return false;
        output->mode = status.st_mode & 0777;
    } else if (!may_be_made(target)) {
        return false;
    }
    // Not called after the target, whose name may be as long as a name can be.
    const char *folder = folder_of(arena, target);
    output->target = target;
    output->path = temporary_file(arena, arena_printf(arena, "%s.output-", folder), "");
    return output->path != NULL;
}

bool output_file_begin(OutputFile *output, Arena *arena, const char *name) {
    *output = (OutputFile){.path = name};
    if (*name == '-' && name[1])
        output->path = name = arena_printf(arena, "./%s", name);
    const char *target = follow(arena, name);
    if (!target)
        return false;
    int stream = stream_of(target);
    if (stream >= 0) {
        output->path = stream == STDOUT_FILENO ? "-" : arena_printf(arena, "/dev/fd/%d", stream);
        return true;
    }
    struct stat status;
    if (stat(target, &status) != 0 || S_ISREG(status.st_mode))
        return begin_beside(output, arena, target);
    errno = EISDIR;
    return !S_ISDIR(status.st_mode);
}

bool output_file_finish(const OutputFile *output, bool executable) {
    if (!output->target)
        return true;
    // Whoever may read a program may run it.
    mode_t mode = executable ? output->mode | (output->mode & 0444) >> 2 : output->mode;
    if (chmod(output->path, mode) == 0)
        return temporary_rename(output->path, output->target);
    int error = errno;
    temporary_remove(output->path);
    errno = error;
    return false;
}

void output_file_abandon(const OutputFile *output) {
    if (output->target)
        temporary_remove(output->path);
}

// ---- Writing ----------------------------------------------------------------------------

static bool write_all(int file, const Text *text) {
    const char *chars = text_chars(text);
    for (size_t at = 0; at < text->length;) {
        ssize_t count = write(file, chars + at, text->length - at);
        if (count < 0 && errno != EINTR)
            return false;
        at += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static bool write_stream(int stream, const Text *text) {
    // What was printed before comes first.
    if (stream == STDOUT_FILENO && fflush(stdout) != 0)
        return false;
    return write_all(stream, text);
}

// What it writes to is there: a temporary file, a device, or a pipe with a name. `close` may be
// the first to report a full disk, as it is over a network.
static bool write_path(const char *path, const Text *text) {
    int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (file < 0)
        return false;
    bool good = write_all(file, text);
    int error = errno;
    if (close(file) != 0 && good)
        return false;
    errno = error;
    return good;
}

bool output_file_put(const OutputFile *output, const Text *text) {
    int stream = output->target ? -1 : stream_of(output->path);
    return stream >= 0 ? write_stream(stream, text) : write_path(output->path, text);
}

static bool write_whole(const OutputFile *output, const Text *text) {
    if (output_file_put(output, text))
        return output_file_finish(output, false);
    int error = errno;
    output_file_abandon(output);
    errno = error;
    return false;
}

bool output_file_write(const char *name, const Text *text) {
    Arena *arena = arena_new();
    OutputFile output;
    // Signals wait for a file, which takes no time, but not for who reads a pipe.
    sigset_t before = interruption_hold();
    bool good = output_file_begin(&output, arena, name);
    bool is_direct = good && !output.target;
    if (good && !is_direct)
        good = write_whole(&output, text);
    int error = errno;
    interruption_release(&before);
    if (is_direct) {
        good = write_whole(&output, text);
        error = errno;
    }
    arena_free(arena);
    errno = error;
    return good;
}

// A stream gets a second descriptor, so that whoever closes it leaves the first.
int output_file_open(const char *name) {
    Arena *arena = arena_new();
    const char *target = follow(arena, name);
    int stream = target ? stream_of(target) : -1, file = -1;
    if (stream >= 0)
        file = fcntl(stream, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    else if (target)
        file = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int error = errno;
    arena_free(arena);
    errno = error;
    return file;
}

bool output_file_append(int file, const Text *text) {
    return write_all(file, text);
}
