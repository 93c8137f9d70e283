// Loaded before a program, makes the kernel refuse perf events with the error that NO_PERF_EVENTS
// says: what a machine without permission, or without them, answers.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>

long syscall(long number, ...) {
    long words[6];
    va_list rest;
    va_start(rest, number);
    for (int i = 0; i < 6; i++)
        words[i] = va_arg(rest, long);
    va_end(rest);
    const char *error = getenv("NO_PERF_EVENTS");
    if (number == SYS_perf_event_open && error) {
        errno = atoi(error);
        return -1;
    }
    long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return real(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
