// See signals.h. By default a signal ends a process without its buffers being written, and leaves a
// terminal in whatever mode the line editor has set. The handlers do these two things and then
// have the signal do its default, so that a shell, or whoever waits for us, sees what ended us.
// All that they do is allowed in a handler (signal-safety(7)).
#include "runtime/process/signals.h"

#include "runtime/process/output.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

static const int ending[] = {SIGHUP, SIGINT, SIGTERM, SIGXCPU};
static const int faults[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};

enum {
    ENDING = sizeof ending / sizeof *ending,
    FAULTS = sizeof faults / sizeof *faults,
    HANDLER_STACK = 64 * 1024,
};

static struct termios settings;                         // of the terminal as we found it
static volatile sig_atomic_t has_settings, interrupted; // interrupted: the signal; 0: none
static volatile sig_atomic_t delayed;                   // the last one that was
static bool delaying;
static Thread *volatile evaluating;

static void end_by_signal(int number) {
    if (!output_rescue(number, end_by_signal))
        return;
    if (has_settings) {
        // Changing them may not be ours any more: then this would stop us.
        signal(SIGTTOU, SIG_IGN);
        tcsetattr(STDIN_FILENO, TCSANOW, &settings);
    }
    signal(number, SIG_DFL);
    raise(number);
    sigset_t just_this;
    sigemptyset(&just_this);
    sigaddset(&just_this, number);
    sigprocmask(SIG_UNBLOCK, &just_this, NULL);
}

// An interruption that is only noted is to end a read, but it may come just before that read
// begins to wait. So it knocks again and again, until somebody has asked for it.
static void knock(int number) {
    (void)number; // that it came is all
}

static void set_knocking(bool on) {
    const suseconds_t often = on ? 20000 : 0;
    const struct itimerval period = {{.tv_usec = often}, {.tv_usec = often}};
    setitimer(ITIMER_REAL, &period, NULL);
}

// The first one asks, by the word that polls look at, and nothing else: only the interpreter knows
// a place where it can be left. A second one before that has had an effect means that it hangs.
static void interrupt(int number) {
    Thread *thread = evaluating;
    if (thread && interrupted)
        end_by_signal(number);
    interrupted = delayed = number;
    if (thread)
        __atomic_store_n(&thread->request, 1, __ATOMIC_RELAXED);
    else
        set_knocking(true);
}

// Without SA_RESTART: a system call doesn't go on after the handler, for it may have been the read
// at the prompt. Signals that were ignored when we started stay so (nohup).
static void set_handler(int number, void (*handler)(int number)) {
    struct sigaction now, ours = {.sa_handler = handler};
    sigemptyset(&ours.sa_mask);
    for (int i = 0; i < ENDING; i++)
        sigaddset(&ours.sa_mask, ending[i]);
    sigaction(number, NULL, &now);
    if (now.sa_handler != SIG_IGN)
        sigaction(number, &ours, NULL);
}

// A fault may be that the stack is full, so its handler has one of its own.
static void catch_fault(int number) {
    static char memory[HANDLER_STACK];
    const stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    struct sigaction now, ours = {.sa_handler = end_by_signal, .sa_flags = SA_ONSTACK};
    sigfillset(&ours.sa_mask);
    sigaction(number, NULL, &now);
    bool is_free = !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL;
    if (is_free && !sigaltstack(&stack, NULL))
        sigaction(number, &ours, NULL);
}

void signals_catch(void) {
    for (int i = 0; i < ENDING; i++)
        set_handler(ending[i], end_by_signal);
    for (int i = 0; i < FAULTS; i++)
        catch_fault(faults[i]);
}

void signals_interrupt(void) {
    has_settings = tcgetattr(STDIN_FILENO, &settings) == 0;
    set_handler(SIGALRM, knock);
    set_handler(SIGINT, interrupt);
}

// It comes again with each attempt to write, which says nothing new.
static void lose_reader(int number) {
    delayed = number;
    if (evaluating && !interrupted)
        interrupt(number);
}

void signals_delay(void) {
    delayed = 0;
    delaying = true;
    set_handler(SIGALRM, knock);
    for (int i = 0; i < ENDING; i++)
        set_handler(ending[i], interrupt);
    set_handler(SIGPIPE, lose_reader);
}

int signals_delayed(void) {
    delaying = false;
    signals_catch();
    signals_interrupted();
    return delayed;
}

bool signals_are_delayed(void) {
    return delaying;
}

bool signals_end_soon(void) {
    return delaying && delayed;
}

void signals_end_by(int number) {
    end_by_signal(number);
    abort(); // it was blocked, or is ignored
}

// What came before the thread ran isn't meant for it.
void signals_evaluate(Thread *thread) {
    signals_interrupted();
    evaluating = thread;
}

void signals_evaluated(void) {
    Thread *thread = evaluating;
    evaluating = NULL;
    if (thread)
        __atomic_store_n(&thread->request, 0, __ATOMIC_RELAXED);
}

bool signals_are_waiting(void) {
    return interrupted;
}

bool signals_interrupted(void) {
    bool was = interrupted;
    interrupted = 0;
    if (was)
        set_knocking(false);
    return was;
}
