// See process.h.
#include "cli/process.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// Reads both pipes to their ends, whichever has something, so that neither fills up.
static void drain(int fds[2], Text *texts[2]) {
    struct pollfd polls[2];
    for (int i = 0; i < 2; i++)
        polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    while (polls[0].fd >= 0 || polls[1].fd >= 0) {
        if (poll(polls, 2, -1) < 0 && errno != EINTR)
            break;
        for (int i = 0; i < 2; i++) {
            if (polls[i].fd < 0 || !polls[i].revents)
                continue;
            char chunk[8192];
            ssize_t count = read(polls[i].fd, chunk, sizeof chunk);
            if (count > 0)
                text_add_bytes(texts[i], chunk, (size_t)count);
            else if (count == 0 || errno != EINTR)
                polls[i].fd = -1;
        }
    }
}

int process_run(char *const argv[], Text *output, Text *errors) {
    Text *texts[2] = {output, errors};
    int readers[2] = {-1, -1}, writers[2] = {-1, -1};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    int error = 0;
    for (int i = 0; i < 2 && !error; i++) {
        int ends[2];
        if (!texts[i])
            continue;
        if (pipe(ends) < 0) {
            error = errno;
            break;
        }
        readers[i] = ends[0];
        writers[i] = ends[1];
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO + i);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        posix_spawn_file_actions_addclose(&actions, ends[1]);
    }
    pid_t child = 0;
    if (!error)
        error = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; i < 2; i++)
        if (writers[i] >= 0)
            close(writers[i]);
    if (!error)
        drain(readers, texts);
    for (int i = 0; i < 2; i++)
        if (readers[i] >= 0)
            close(readers[i]);
    if (error) {
        errno = error;
        return -1;
    }
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

const char *process_own_folder(void) {
    static _Thread_local char folder[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
    folder[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    return folder;
}
