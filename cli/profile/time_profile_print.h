// What `loopwright profile` prints of a sampled run: text, or JSON with all there is.
#ifndef CLI_PROFILE_TIME_PROFILE_PRINT_H
#define CLI_PROFILE_TIME_PROFILE_PRINT_H

#include "cli/profile/time_profile.h"

typedef struct TimeProfileWords {
    const char *interpreter; // flags, or a file
    const char *program;
    size_t most; // rows of each list of the text
} TimeProfileWords;

typedef void TimeProfilePrinter(const TimeProfile *profile, const TimeTable *table,
                                const TimeProfileWords *words, Text *out);

TimeProfilePrinter time_profile_print_text, time_profile_print_json;

// "cycles" or "cpu-clock", as the kernel's tools call them.
const char *time_profile_event(const TimeProfile *profile);

#endif
