// See interruption.h. A program that writes files and waits for children is ended in the middle of
// it, by Ctrl-C or by a script's time limit, and whoever ended it expects nothing to be left: no
// half file, no compiler that goes on alone. So the handler tidies up and then lets the signal do
// what it would have done. It calls kill, waitpid, poll, unlink, rmdir, sigaction, sigprocmask and
// raise, all of which POSIX allows in a handler (signal-safety(7)).
#include "support/interruption.h"

#include "support/memory.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const int ending[] = {SIGHUP,  SIGINT,  SIGQUIT,   SIGPIPE, SIGTERM,
                             SIGXCPU, SIGALRM, SIGVTALRM, SIGUSR1, SIGUSR2};

enum {
    ENDING = sizeof ending / sizeof *ending,
    GRACE = 100, // periods of 10 ms that children have for ending by themselves
};

// Changed only while signals are held: the handler walks the list.
typedef struct Temporary {
    struct Temporary *next;
    char path[];
} Temporary;

static Temporary *temporaries;
static pid_t children[CHILDREN_MOST]; // leaders of their groups; 0: a free place
static bool caught[ENDING];

// Reaps those that have ended, and notes it in `gone`. True: all have.
static bool reap(bool *gone, int options) {
    bool all = true;
    for (int i = 0; i < CHILDREN_MOST; i++) {
        if (!children[i] || gone[i])
            continue;
        pid_t ended;
        while ((ended = waitpid(children[i], NULL, options)) < 0 && errno == EINTR)
            continue;
        gone[i] = ended != 0;
        all &= gone[i];
    }
    return all;
}

static void signal_children(int number) {
    for (int i = 0; i < CHILDREN_MOST; i++)
        if (children[i])
            kill(-children[i], number);
}

// Politely first, so that the children can remove their own files, then by force. A stopped group
// gets SIGTERM only when it goes on.
static void end_children(void) {
    bool gone[CHILDREN_MOST] = {false};
    signal_children(SIGTERM);
    signal_children(SIGCONT);
    for (int i = 0; i < GRACE && !reap(gone, WNOHANG); i++)
        poll(NULL, 0, 10);
    // Whoever of the groups is left, the children's own children too.
    signal_children(SIGKILL);
    reap(gone, 0);
}

// The latest first: what is in a folder comes before it.
static void remove_files(void) {
    for (const Temporary *each = temporaries; each; each = each->next)
        if (unlink(each->path) != 0)
            rmdir(each->path);
}

// Ends by the signal itself, not by `exit`: a shell that sees that we were interrupted ends its
// script, one that sees a status goes on.
static void end_by_signal(int number) {
    end_children();
    remove_files();
    const struct sigaction plain = {.sa_handler = SIG_DFL};
    sigaction(number, &plain, NULL);
    raise(number);
    // It is blocked as long as its handler runs.
    sigset_t just_this;
    sigemptyset(&just_this);
    sigaddset(&just_this, number);
    sigprocmask(SIG_UNBLOCK, &just_this, NULL);
}

static sigset_t ending_set(void) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < ENDING; i++)
        sigaddset(&set, ending[i]);
    return set;
}

// A signal that was ignored when we were started stays so: who started us (nohup) wants it.
static void catch_signals(void) {
    static bool done;
    if (done)
        return;
    done = true;
    atexit(remove_files); // when memory is exhausted
    struct sigaction ours = {.sa_handler = end_by_signal, .sa_mask = ending_set()}, theirs;
    for (int i = 0; i < ENDING; i++) {
        sigaction(ending[i], NULL, &theirs);
        caught[i] = theirs.sa_handler == SIG_DFL;
        if (caught[i])
            sigaction(ending[i], &ours, NULL);
    }
}

sigset_t interruption_hold(void) {
    catch_signals();
    sigset_t set = ending_set(), before;
    sigprocmask(SIG_BLOCK, &set, &before);
    return before;
}

void interruption_release(const sigset_t *before) {
    sigprocmask(SIG_SETMASK, before, NULL);
}

// ---- Files ------------------------------------------------------------------------------

// Both with signals held, see `temporaries`.
static void note(const char *path) {
    size_t size = strlen(path) + 1;
    Temporary *new = memory_allocate(sizeof *new + size);
    memcpy(new->path, path, size);
    new->next = temporaries;
    temporaries = new;
}

static bool forget(const char *path) {
    for (Temporary **link = &temporaries; *link; link = &(*link)->next)
        if (strcmp((*link)->path, path) == 0) {
            Temporary *found = *link;
            *link = found->next;
            free(found);
            return true;
        }
    return false;
}

const char *temporary_folder(Arena *arena) {
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder)
        return "/tmp";
    return *folder == '-' ? arena_printf(arena, "./%s", folder) : folder;
}

// No signal comes between the file's being made and its being noted.
char *temporary_file(Arena *arena, const char *prefix, const char *suffix) {
    char *path = arena_printf(arena, "%sXXXXXX%s", prefix, suffix);
    sigset_t before = interruption_hold();
    int file = mkstemps(path, (int)strlen(suffix));
    int error = errno;
    if (file >= 0) {
        note(path);
        close(file);
    }
    interruption_release(&before);
    errno = error;
    return file >= 0 ? path : NULL;
}

char *temporary_folder_new(Arena *arena, const char *prefix) {
    char *path = arena_printf(arena, "%sXXXXXX", prefix);
    sigset_t before = interruption_hold();
    bool made = mkdtemp(path) != NULL;
    int error = errno;
    if (made)
        note(path);
    interruption_release(&before);
    errno = error;
    return made ? path : NULL;
}

void temporary_adopt(const char *path) {
    sigset_t before = interruption_hold();
    note(path);
    interruption_release(&before);
}

void temporary_remove(const char *path) {
    if (!path)
        return;
    sigset_t before = interruption_hold();
    if (forget(path))
        unlink(path);
    interruption_release(&before);
}

void temporary_remove_all(void) {
    sigset_t before = interruption_hold();
    remove_files();
    while (temporaries)
        forget(temporaries->path);
    interruption_release(&before);
}

// With signals held there is no moment at which the handler could remove the file under its new
// name, or leave it under the old one.
bool temporary_rename(const char *path, const char *target) {
    sigset_t before = interruption_hold();
    bool good = rename(path, target) == 0;
    int error = errno;
    if (!good)
        unlink(path);
    forget(path);
    interruption_release(&before);
    errno = error;
    return good;
}

// ---- Children ---------------------------------------------------------------------------

static pid_t *place_of(pid_t child) {
    for (int i = 0; i < CHILDREN_MOST; i++)
        if (children[i] == child)
            return &children[i];
    return NULL;
}

pid_t child_fork(void) {
    pid_t *place = place_of(0);
    assert(place && "too many children at a time");
    sigset_t before = interruption_hold();
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        // Our handler is no business of the child's.
        for (int i = 0; i < ENDING; i++)
            if (caught[i])
                signal(ending[i], SIG_DFL);
        setpgid(0, 0);
        // Not the terminal's foreground group: it may print nevertheless.
        signal(SIGTTOU, SIG_IGN);
        // If we are ended in a way that leaves us no time.
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        // Nor are its siblings.
        memset(children, 0, sizeof children);
        interruption_release(&before);
        // Ended before the request for a signal was made: then none will come.
        if (getppid() != parent)
            _exit(127);
        return 0;
    }
    int error = errno;
    if (child > 0) {
        setpgid(child, child); // both do it: whoever is first, it is done when either goes on
        *place = child;
    }
    interruption_release(&before);
    errno = error;
    return child;
}

int child_wait(pid_t child) {
    // With signals let through as long as it runs. That it has ended is only looked at (WNOWAIT):
    // until it is reaped its number can't be another process's, which the handler would kill.
    siginfo_t info;
    while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0)
        if (errno != EINTR)
            return -1;
    sigset_t before = interruption_hold();
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    *place_of(child) = 0;
    interruption_release(&before);
    return status;
}

// Only looked at, as in child_wait.
bool child_has_ended(pid_t child) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT | WNOHANG) < 0 || info.si_pid != 0;
}

void child_kill(pid_t child) {
    kill(-child, SIGKILL);
}
