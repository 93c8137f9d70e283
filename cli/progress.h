// Progress on stderr, for people who wait.
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>

// Says how far the work has come, if it has taken more than two seconds since this was first
// called, and stderr is a terminal. At the end the line goes away.
void progress_tell(const char *what, size_t done, size_t all);

#endif
