// Progress on stderr, for people who wait.
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>

// Says how far the work `what` has come, and how long the rest will take, if more than two seconds
// have passed since this was first called, and stderr is a terminal. At the end the line goes away.
void progress_tell(const char *what, size_t done, size_t all);

// Takes the line away, if there is one: the work has ended before its end.
void progress_end(void);

#endif
