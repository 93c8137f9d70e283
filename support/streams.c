// See streams.h. A program that is started without a standard output (`>&-`) would get the number
// 1 for the first file that it opens, and print into that.
#include "support/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

void streams_start(void) {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        // Opened the wrong way round; the lowest number that is free is this one.
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            _exit(1);
    signal(SIGXFSZ, SIG_IGN);
}
