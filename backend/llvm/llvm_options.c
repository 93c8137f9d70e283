// See llvm_options.h. What LLVM knows is read from its own list of options, printed
// by a child process, as printing ends the process.
//
// Tail duplication is the one optimisation of LLVM's that decides what a measurement of
// dispatch measures: whether a shared dispatch block is copied to the end of each handler.
// LLVM does it up to a bound on the edges into and out of the block, which differs between
// versions. So it is switched off, or the bound lifted, and never left as it is.
#include "backend/llvm/llvm_options.h"

#include "support/text.h"

#include <llvm-c/Core.h>
#include <llvm-c/Support.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Nothing is duplicated: neither before nor after register allocation, nor while
// blocks are placed.
static const char *const without_duplication[] = {
    "-disable-early-taildup",
    "-disable-tail-duplicate",
    "-tail-dup-placement=false",
    NULL,
};

// No bound on the edges into and out of a block that is duplicated.
static const char *const with_duplication[] = {
    "-tail-dup-pred-size=1000000",
    "-tail-dup-succ-size=1000000",
    NULL,
};

const char *llvm_version(void) {
    static char version[32];
    unsigned major, minor, patch;
    LLVMGetVersion(&major, &minor, &patch);
    snprintf(version, sizeof version, "%u.%u.%u", major, minor, patch);
    return version;
}

static void list_options(int output) {
    static const char *const arguments[] = {"loopwright-llvm", "--help-hidden"};
    dup2(output, STDOUT_FILENO);
    LLVMParseCommandLineOptions(2, arguments, "");
    exit(0);
}

// LLVM's list of its options. False with errno set when it can't be had.
static bool read_known_options(Text *known) {
    int ends[2];
    fflush(NULL);
    if (pipe(ends) != 0)
        return false;
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    if (child == 0) {
        close(ends[0]);
        list_options(ends[1]);
    }
    close(ends[1]);
    char chunk[4096];
    ssize_t count;
    while ((count = read(ends[0], chunk, sizeof chunk)) > 0 || (count < 0 && errno == EINTR))
        if (count > 0)
            text_add_bytes(known, chunk, (size_t)count);
    close(ends[0]);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return true;
}

// Options stand in the list as `  --name`, one a line.
static bool is_known(const Text *known, const char *option) {
    while (*option == '-')
        option++;
    size_t length = strcspn(option, "=");
    for (const char *line = text_chars(known); line; line = strchr(line, '\n')) {
        line += strspn(line, "\n ");
        const char *name = line + strspn(line, "-");
        if (name > line && length > 0 && strncmp(name, option, length) == 0 &&
            strchr(" =\n[", name[length]))
            return true;
    }
    return false;
}

bool llvm_options_set(const LlvmFlags *flags) {
    const char *arguments[8 + LLVM_MOST_OPTIONS] = {"loopwright-llvm"};
    int count = 1;
    bool duplicates = llvm_flags_is(flags, LLVM_FLAG_TAIL_DUPLICATION, "on");
    const char *const *chosen = duplicates ? with_duplication : without_duplication;
    while (*chosen)
        arguments[count++] = *chosen++;
    for (size_t i = 0; i < flags->option_count; i++)
        arguments[count++] = flags->options[i];
    Text known = {0};
    if (!read_known_options(&known)) {
        fprintf(stderr, "error: LLVM's options can't be listed: %s\n", strerror(errno));
        return false;
    }
    bool all_known = true;
    for (int i = 1; i < count; i++)
        if (!is_known(&known, arguments[i])) {
            fprintf(stderr, "error: LLVM %s doesn't know the option '%s'\n", llvm_version(),
                    arguments[i]);
            all_known = false;
        }
    text_free(&known);
    if (all_known)
        LLVMParseCommandLineOptions(count, arguments, "");
    return all_known;
}
