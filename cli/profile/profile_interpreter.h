// The interpreter whose run is profiled, as machine code: one that was emitted before, or the one
// that the flags ask for.
#ifndef CLI_PROFILE_PROFILE_INTERPRETER_H
#define CLI_PROFILE_PROFILE_INTERPRETER_H

#include "cli/profile/profile.h"

typedef struct ProfiledInterpreter {
    const char *executable; // a path that can be started as it is
    const char *name;       // as reports call it: flags, or the file's name as it was given
} ProfiledInterpreter;

// Finds or emits it. False after an error on stderr.
bool profile_interpreter(const ProfileOptions *options, Arena *arena,
                         ProfiledInterpreter *interpreter);

#endif
