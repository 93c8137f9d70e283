// What the files of `loopwright profile` share: what was asked for, and the kinds of profile, of
// which each has a file of its own.
#ifndef CLI_PROFILE_PROFILE_H
#define CLI_PROFILE_PROFILE_H

#include "cli/command.h"
#include "cli/evaluation.h"
#include "cli/profile/choose_sequences.h"
#include "cli/profile/folded_stacks.h"

enum { PROGRAMS_MOST = 100 };

typedef struct ProfileOptions {
    Variant variant;
    bool exact, superinstructions;
    const char *guest; // its parts, as the runtime's --profile-of has them; NULL: not asked for
    int bytecodes;     // how long sequences are counted; 0: not asked for
    // Of the interpreter's time only; `executable` of a guest, too.
    int frequency;
    const char *bytecode;   // whose table is printed; NULL: the hottest
    const char *executable; // that was emitted before; NULL: what the flags ask for
    // Programs in the evaluator.
    Evaluation evaluation;
    const char *more[PROGRAMS_MOST]; // of --program
    int more_count;
    OptionProgram program;
    // What comes out. A file "-" of stacks stands for: instead of the report.
    bool json, matrix;
    const char *output, *folded, *flame;
    int most; // rows or sequences; 0: not said
    SequenceBounds bounds;
} ProfileOptions;

// Each runs what is to be profiled and prints; answers the exit status, after an error on stderr
// if it isn't the program's own.
int profile_time(ProfileOptions *options);
int profile_exact(ProfileOptions *options);
int profile_guest(ProfileOptions *options);
int profile_bytecodes(ProfileOptions *options);
int profile_superinstructions(ProfileOptions *options);

// How many rows of each list a report has.
size_t profile_rows(const ProfileOptions *options);

// The program's words in one line, without the class path.
const char *profile_program(const ProfileOptions *options, Arena *arena);

// A program's exit status out of what waitpid gave: that of a shell.
int profile_status(int status);

// Where stacks are asked for: writes them, and draws the picture. False after an error on stderr.
bool profile_write_stacks(const ProfileOptions *options, const char *program, const char *unit,
                          FoldedStacks *stacks);

// Is there a report besides the stacks?
bool profile_has_report(const ProfileOptions *options);

#endif
