// See progress.h. One line that is written anew; what is said after it finds the line empty.
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

void progress_tell(const char *what, size_t done, size_t all) {
    static _Thread_local time_t begun;
    if (!begun)
        begun = time(NULL);
    if (time(NULL) - begun < 2 || !isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r\033[K%s %zu of %zu%s", what, done, all, done == all ? "\r\033[K" : "");
    fflush(stderr);
}
