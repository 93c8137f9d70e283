// Where a process is, asked some hundred times a second: Linux's perf events. The kernel writes the
// samples into memory that is shared with us, so the process is not stopped for them, nor told.
// What an address means is for others to find out (sampled_places.h, time_profile.h).
#ifndef CLI_PROFILE_SAMPLER_H
#define CLI_PROFILE_SAMPLER_H

#include "support/arena.h"

#include <stdbool.h>
#include <stdint.h>

// More are hardly a sample any more, and the software clock has no shorter periods.
enum { SAMPLER_FREQUENCY_MOST = 100000 };

// A file that the process has mapped to execute it. `offset` is where in the file `from` is.
typedef struct SampledFile {
    uint64_t from, to, offset;
    const char *path; // "[vdso]" and the like for what is no file
} SampledFile;

// Where it was, and what had passed since the sample before: nanoseconds or cycles. By the software
// clock they are all alike; cycles are sampled the more closely the longer the program runs.
typedef struct Sample {
    uint64_t address, period;
} Sample;

typedef struct Samples {
    bool in_cycles;             // of the processor; false: the software clock, as it counts none
    int frequency;              // that was asked for: samples per second of the processor's time
    ARENA_VECTOR(Sample) items; // of all threads
    ARENA_VECTOR(SampledFile) files;
    uint64_t lost; // samples that the kernel had no room for
    uint64_t
        throttled; // times that it took fewer than asked for, as there were too many interrupts
    int status;    // of the process, as waitpid gives it
} Samples;

// Can processes be sampled so often? False after an error on stderr, which says what is missing,
// and what can be had without.
bool sampler_check(int frequency);

// Runs the program with its standard streams as ours and its arguments (NULL-terminated, with the
// program's name), and samples it until it ends. With `apart`, what it prints goes to standard
// error. Only what it does itself is sampled, not what the kernel does for it. Keys that interrupt
// are the program's: we go on, with what was sampled. False after an error on stderr, as above:
// there is nothing then, and the program did not begin.
bool sampler_run(Arena *arena, const char *program, char *const *arguments, int frequency,
                 bool apart, Samples *samples);

#endif
