// See process.h. Whether a program could be started at all is told apart from how it ended:
// the child reports a failed exec through a pipe that a successful one closes.
#define _GNU_SOURCE // pipe2
#include "cli/process.h"

#include "support/interruption.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// Reads both pipes to their ends, whichever has something, so that neither fills up.
static void drain(const int fds[2], Text *texts[2]) {
    struct pollfd polls[2];
    for (int i = 0; i < 2; i++)
        polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    while (polls[0].fd >= 0 || polls[1].fd >= 0) {
        if (poll(polls, 2, -1) < 0) {
            if (errno != EINTR)
                break;
            continue; // what `revents` says is of the time before
        }
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

// What a child has: where its streams go (-1: to ours), and where it says why it could not
// become another program.
typedef struct Child {
    const ProcessStart *start;
    int streams[2];
    int trouble;
} Child;

// In the child. Its standard input is empty: it isn't the terminal's foreground process, and
// would be stopped if it read from there. Between fork and exec only what POSIX allows there is
// called, so no message: the errno goes through the pipe, and the parent has the words.
_Noreturn static void become(const Child *child) {
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool good = nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0;
    for (int i = 0; i < 2 && good; i++)
        good = child->streams[i] < 0 || dup2(child->streams[i], STDOUT_FILENO + i) >= 0;
    const ProcessStart *start = child->start;
    good = good && (!start->directory || chdir(start->directory) == 0);
    if (good)
        execvp(start->words[0], start->words);
    int error = errno;
    ssize_t written = write(child->trouble, &error, sizeof error);
    _exit(written == sizeof error ? 127 : 126);
}

static void close_end(int *end) {
    if (*end >= 0)
        close(*end);
    *end = -1;
}

// The child's errno if it could not become the program; 0 once it has: the pipe's end in the child
// is closed by exec itself, and the read ends with nothing.
static int read_trouble(int end) {
    int error = 0;
    ssize_t count;
    while ((count = read(end, &error, sizeof error)) < 0 && errno == EINTR)
        continue;
    return count == sizeof error ? error : 0;
}

// `pipes` are those of standard output, standard error and the trouble.
static bool fork_off(const ProcessStart *start, int pipes[3][2], Process *process) {
    const Child child = {start, {pipes[0][1], pipes[1][1]}, pipes[2][1]};
    process->id = child_fork();
    if (process->id == 0)
        become(&child);
    for (int i = 0; i < 3; i++)
        close_end(&pipes[i][1]);
    if (process->id < 0)
        return false;
    int error = read_trouble(pipes[2][0]);
    if (!error)
        return true;
    child_wait(process->id);
    errno = error;
    return false;
}

// All ends of the pipes are closed in whatever program comes of the child (O_CLOEXEC): one left
// open there would keep us waiting for its output to end.
bool process_start(const ProcessStart *start, Process *process) {
    const bool wanted[2] = {start->output, start->errors};
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    bool good = pipe2(pipes[2], O_CLOEXEC) == 0;
    for (int i = 0; i < 2 && good; i++)
        good = !wanted[i] || pipe2(pipes[i], O_CLOEXEC) == 0;
    good = good && fork_off(start, pipes, process);
    int error = errno;
    for (int i = 0; i < 3; i++) {
        close_end(&pipes[i][1]);
        if (!good || i == 2)
            close_end(&pipes[i][0]);
    }
    process->output = pipes[0][0];
    process->errors = pipes[1][0];
    errno = error;
    return good;
}

int process_status(int waited) {
    return WIFSIGNALED(waited) ? 128 + WTERMSIG(waited) : WEXITSTATUS(waited);
}

int process_run(char *const argv[], Text *output, Text *errors) {
    Process process;
    if (!process_start(
            &(ProcessStart){.words = argv, .output = output != NULL, .errors = errors != NULL},
            &process))
        return -1;
    int readers[2] = {process.output, process.errors};
    drain(readers, (Text *[2]){output, errors});
    int waited = child_wait(process.id), error = errno;
    for (int i = 0; i < 2; i++)
        close_end(&readers[i]);
    errno = error;
    return waited == -1 ? -1 : process_status(waited);
}

// Links stay: some programs are many, by the name under which they were started.
static const char *absolute(Arena *arena, const char *path) {
    char folder[PATH_MAX];
    if (*path == '/')
        return path;
    return getcwd(folder, sizeof folder) ? arena_printf(arena, "%s/%s", folder, path) : NULL;
}

static bool is_program(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

// An empty folder in PATH is the current one (POSIX.1-2017, Base Definitions, section 8.3).
const char *process_find(Arena *arena, const char *name) {
    const char *path = getenv("PATH");
    if (!*name || strchr(name, '/') || !path)
        return *name && is_program(name) ? absolute(arena, name) : NULL;
    for (;;) {
        size_t length = strcspn(path, ":");
        const char *folder = length ? arena_strndup(arena, path, length) : ".",
                   *file = arena_printf(arena, "%s/%s", folder, name);
        if (is_program(file))
            return absolute(arena, file);
        if (!path[length])
            return NULL;
        path += length + 1;
    }
}

const char *process_path(Arena *arena, const char *path) {
    return path[0] == '-' && path[1] ? arena_printf(arena, "./%s", path) : path;
}

// By the system's word for it, as argv[0] is what the caller made it. It may be a link's target
// then, which is right: the helper and the runtime stand beside the program itself.
const char *process_own_folder(void) {
    static _Thread_local char folder[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
    folder[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    return folder;
}
