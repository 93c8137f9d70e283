// See plugin_guard.h. Handlers run on a stack of their own, so that a recursion without
// end is caught too, and do only what is allowed in them: write and _exit. Outside of
// guards signals are as they were.
#include "passes/manager/plugin_guard.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST_PART = 512, STACK_SIZE = 64 * 1024 };

static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
enum { SIGNALS = sizeof signals / sizeof *signals };

static const char *const names[SIGNALS] = {"SIGSEGV", "SIGBUS",  "SIGILL",
                                           "SIGFPE",  "SIGABRT", "SIGTRAP"};

// Of the process, as signals are. The message's parts are made before anything is broken.
static struct {
    bool is_on, listens; // the second: at the process's end
    char file[LONGEST_PART], where[LONGEST_PART];
    struct sigaction before[SIGNALS];
    stack_t stack_before;
    void *stack;
} guard;

// Only what POSIX calls async-signal-safe: printf might hold a lock that the crash left taken.
static void say(const char *text) {
    size_t length = strlen(text);
    while (length) {
        ssize_t written = write(STDERR_FILENO, text, length);
        if (written <= 0)
            return;
        text += written;
        length -= (size_t)written;
    }
}

static void say_number(int number) {
    char digits[4] = {0};
    if (number >= 10)
        digits[0] = (char)('0' + number / 10 % 10);
    digits[number >= 10] = (char)('0' + number % 10);
    say(digits);
}

// _exit, not exit: atexit handlers would run in a process of which nobody knows what is left.
static void crashed(int number) {
    say(guard.file);
    say(" crashed ");
    say(guard.where);
    say(" (signal ");
    say_number(number);
    for (int i = 0; i < SIGNALS; i++)
        if (signals[i] == number) {
            say(", ");
            say(names[i]);
        }
    say(")\n");
    _exit(1);
}

// A plug-in that calls exit is taken for a crash: the module would be lost without a word.
static void ended(void) {
    if (!guard.is_on)
        return;
    say(guard.file);
    say(" ended the process ");
    say(guard.where);
    say("\n");
    _exit(1);
}

// Once a process; both stay.
static void prepare(void) {
    if (guard.listens)
        return;
    guard.stack = malloc(STACK_SIZE);
    if (!guard.stack || atexit(ended) != 0)
        abort();
    guard.listens = true;
}

void plugin_guard_begin(const char *file, const char *where, const char *pass) {
    prepare();
    snprintf(guard.file, sizeof guard.file, "loopwright: error: plug-in %s", file);
    if (pass)
        snprintf(guard.where, sizeof guard.where, "%s '%s'", where, pass);
    else
        snprintf(guard.where, sizeof guard.where, "%s", where);
    stack_t stack = {.ss_sp = guard.stack, .ss_size = STACK_SIZE};
    sigaltstack(&stack, &guard.stack_before);
    struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &action, &guard.before[i]);
    guard.is_on = true;
}

void plugin_guard_end(void) {
    guard.is_on = false;
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &guard.before[i], NULL);
    sigaltstack(&guard.stack_before, NULL);
}
