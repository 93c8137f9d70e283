// See prompt_history.h. The functions are looked up by name in the library that reads the lines,
// which is loaded at run time if it is there: `som` itself depends on no editor.
#include "runtime/command/prompt_history.h"

#include "support/text.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT = 1000 };

// Fills in the file's path. False: there is none.
static bool find_path(Text *path) {
    const char *own = getenv("SOM_HISTORY"), *state = getenv("XDG_STATE_HOME"),
               *home = getenv("HOME");
    if (own)
        text_add(path, own);
    // A relative one is to be ignored, says the XDG Base Directory Specification.
    else if (state && *state == '/')
        text_addf(path, "%s/som/history", state);
    else if (home && *home)
        text_addf(path, "%s/.local/state/som/history", home);
    return path->length;
}

// Makes the folders that the path goes through, for their owner only.
static void make_folders(char *path) {
    for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static void complain(FILE *errors, const char *path, const char *why) {
    if (getenv("SOM_HISTORY"))
        fprintf(errors, "som: warning: the history can't be kept in %s: %s\n", path, why);
}

bool prompt_history_read(void *library, FILE *errors) {
    int (*read_history)(const char *path);
    void (*stifle)(int count);
    *(void **)&read_history = dlsym(library, "read_history");
    *(void **)&stifle = dlsym(library, "stifle_history");
    Text path = {0};
    struct stat status;
    if (stifle)
        stifle(KEPT);
    bool good = find_path(&path) && read_history;
    if (good && stat(path.chars, &status) == 0 && status.st_size > 0) {
        good = S_ISREG(status.st_mode) && read_history(path.chars) == 0;
        if (!good)
            complain(errors, path.chars, "it holds something else");
    }
    text_free(&path);
    return good;
}

// By way of a file beside it, so that two sessions that end at once don't mix. A device is
// left alone. Sets errno.
static bool write_beside(int (*write_history)(const char *path), const char *path) {
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        errno = EINVAL;
        return false;
    }
    Text beside = {0};
    text_addf(&beside, "%s.XXXXXX", path);
    int file = mkstemp(beside.chars);
    bool good = file >= 0;
    int error = errno;
    if (good) {
        close(file);
        error = write_history(beside.chars);
        good = error == 0;
        if (good && rename(beside.chars, path) != 0) {
            error = errno;
            good = false;
        }
        if (!good)
            unlink(beside.chars);
    }
    text_free(&beside);
    errno = error;
    return good;
}

void prompt_history_write(void *library, FILE *errors) {
    int (*write_history)(const char *path);
    *(void **)&write_history = dlsym(library, "write_history");
    Text path = {0};
    if (find_path(&path) && write_history) {
        make_folders(path.chars);
        if (!write_beside(write_history, path.chars))
            complain(errors, path.chars, strerror(errno));
    }
    text_free(&path);
}
