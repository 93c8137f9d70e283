// Programs run in the reference evaluator, each in a process of its own since a runtime may keep
// what it likes in global variables, and what they executed: the straight runs of bytecodes.
#ifndef CLI_PROFILE_PROFILE_PROGRAMS_H
#define CLI_PROFILE_PROFILE_PROGRAMS_H

#include "cli/profile/profile.h"

#include <sys/types.h>

typedef struct ProfiledLoop {
    Arena *arena;
    IrModule *module;
    IrTable *table;
} ProfiledLoop;

// The loop that the flags ask for: in form `loop`, and without superinstructions, which would hide
// the bytecodes that they are made of. False after an error on stderr.
bool profile_read_loop(ProfileOptions *options, Arena *arena, ProfiledLoop *loop);

// Starts a process for the evaluator, as fork does: standard input is empty there, and what is
// printed goes to standard error.
pid_t profile_fork(void);

// Runs the programs of the options. A run of bytecodes ends with one that `ends` says it of, by
// opcode. False after an error on stderr, or if one of them fails.
bool profile_run_programs(const ProfileOptions *options, const ProfiledLoop *loop, const bool *ends,
                          ProfiledPrograms *programs);

#endif
