// See progress.h. One line that is written anew; what is said after it finds the line empty.
#include "cli/progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 24 };

typedef struct Progress {
    const char *what; // NULL: nothing was said yet
    double begun;     // seconds
    size_t begun_at;  // of the work: what was done before costs no time
} Progress;

static _Thread_local bool is_shown; // a line stands there

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// What is left, if it goes on as it has gone until now.
static void add_time_left(double seconds) {
    unsigned long left = (unsigned long)(seconds + 0.5);
    if (left >= 3600)
        fprintf(stderr, " %lu:%02lu:%02lu left", left / 3600, left / 60 % 60, left % 60);
    else
        fprintf(stderr, " %lu:%02lu left", left / 60, left % 60);
}

void progress_end(void) {
    if (is_shown)
        fprintf(stderr, "\r\033[K");
    is_shown = false;
    fflush(stderr);
}

void progress_tell(const char *what, size_t done, size_t all) {
    static _Thread_local Progress progress;
    static _Thread_local double first;
    double time = now();
    if (!progress.what || strcmp(progress.what, what) != 0)
        progress = (Progress){what, time, done};
    if (!first)
        first = time;
    if (time - first < 2 || !isatty(STDERR_FILENO))
        return;
    char bar[BAR + 1] = "";
    size_t full = all ? done * BAR / all : 0;
    memset(bar, '.', BAR);
    memset(bar, '#', full < BAR ? full : BAR);
    fprintf(stderr, "\r\033[K%s %zu of %zu [%s]", what, done, all, bar);
    if (done > progress.begun_at && done < all)
        add_time_left((time - progress.begun) / (double)(done - progress.begun_at) *
                      (double)(all - done));
    is_shown = true;
    fflush(stderr);
    if (done >= all)
        progress_end();
}
