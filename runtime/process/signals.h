// The signals that end `som`, and how they do: what was printed gets out, a terminal is
// left as it was found, and the process ends by that very signal, at once, whatever it was
// doing. Internal errors end it in the same way, for they are signals, too, in the end. On
// request the first SIGINT ends an evaluation only, or waits until something has been written.
// State of the process.
#ifndef RUNTIME_PROCESS_SIGNALS_H
#define RUNTIME_PROCESS_SIGNALS_H

#include "interpreter.h"

#include <stdbool.h>

// Catches SIGHUP, SIGINT, SIGTERM and SIGXCPU, unless they are ignored; and SIGABRT and what
// the machine raises for wrong code, unless somebody else (a sanitizer) has caught them before.
void signals_catch(void);

// From now on SIGINT interrupts: between `signals_evaluate` and `signals_evaluated` it asks
// the thread to poll, so an interpreter that has polls stops at the next one; at other times
// it is only noted. A second one that comes before the first has had an effect ends the
// process. Remembers the terminal's settings.
void signals_interrupt(void);

// The same for all signals that end us, and for SIGPIPE, around one run, after which there is
// something left to do before we end by that signal. The second answers the signal that came, 0 for
// none; from then on signals end the process at once again, but SIGPIPE doesn't.
void signals_delay(void);
int signals_delayed(void);

// Whether signals are being delayed now, and whether one has come meanwhile: then the process is
// about to end.
bool signals_are_delayed(void);
bool signals_end_soon(void);
_Noreturn void signals_end_by(int number);

// The thread is about to run, and has run.
void signals_evaluate(Thread *thread);
void signals_evaluated(void);

// Whether there was an interruption since this was last asked.
bool signals_interrupted(void);

// The same, and it is still to be asked.
bool signals_are_waiting(void);

#endif
