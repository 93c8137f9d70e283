// A clock that asks a thread, again and again, to look up: it sets the word that polls look at, and
// nothing else, for only the interpreter knows a place where it can be looked into. State of the
// process, as signals are: one thread at a time.
#ifndef RUNTIME_PROCESS_TICKS_H
#define RUNTIME_PROCESS_TICKS_H

#include "interpreter.h"

#include <stdbool.h>
#include <stdint.h>

// Ticks from now on, so many microseconds after each other. False with errno set: there is no
// timer.
bool ticks_start(Thread *thread, unsigned microseconds);
void ticks_stop(void);

// Whether there has been a tick since this was last asked.
bool ticks_pending(void);

// Nanoseconds of the processor's time that our own thread has taken.
uint64_t ticks_processor_time(void);

#endif
