// Errors of our own: what can't be, if the program is right. To go on could only make it worse, so
// the process ends at once by SIGABRT, with a message that is worth reporting. Whoever has
// something to save catches that signal (runtime/process/signals.h).
#ifndef SUPPORT_INTERNAL_ERROR_H
#define SUPPORT_INTERNAL_ERROR_H

// Prints `PROGRAM: internal error: …` on standard error and aborts.
_Noreturn void internal_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
