// Where the time of a sampled run went: to which bytecodes, and of these to dispatch, to work, to
// polls; to the runtime's C functions, to libraries; to which lines of the definition, and to which
// instructions. How it is printed is time_profile_print.h's subject.
//
// A sample says where the processor was. By the software clock that is the instruction that was to
// come next when a timer rang: one that follows a slow one has the slow one's time. So what a
// dispatch takes whose jump wasn't foreseen, lies on the first instruction of the bytecode that it
// leads to, as `arrivals`: it counts as that bytecode's work, since some of it may be.
#ifndef CLI_PROFILE_TIME_PROFILE_H
#define CLI_PROFILE_TIME_PROFILE_H

#include "backend/anatomy/code_owners.h"
#include "backend/anatomy/dispatch_rows.h"
#include "cli/profile/folded_stacks.h"
#include "cli/profile/sampler.h"

// Where a sample may be.
typedef enum TimedKind {
    TIMED_DISPATCH,
    TIMED_WORK, // the bytecodes' own, and what surrounds the loop
    TIMED_POLL,
    TIMED_RUNTIME, // C functions of the executable
    TIMED_LIBRARY, // other files
    TIMED_UNATTRIBUTED,
    TIMED_KINDS,
} TimedKind;

enum { TIMED_LOOP_KINDS = TIMED_POLL + 1 }; // those of the interpreter's own code

// "dispatch".
const char *timed_kind_text(TimedKind kind);

typedef struct Timed {
    uint64_t samples;
    double time; // nanoseconds or cycles
} Timed;

typedef struct TimedBytecode {
    int bytecode; // of the report, or one of CodeOwner's
    Timed all, kinds[TIMED_LOOP_KINDS];
} TimedBytecode;

// What has a name: a C function, a library.
typedef struct TimedName {
    const char *name, *file; // of a function of a library; else `file` is NULL
    TimedKind kind;
    Timed all;
} TimedName;

typedef struct TimedLine {
    int line;         // in the definition; 0: that of no line
    const char *text; // NULL: the definition can't be read
    Timed all;
} TimedLine;

typedef struct TimedInstruction {
    int instruction;
    Timed all;
} TimedInstruction;

// All lists have those first that took most.
typedef struct TimeProfile {
    Arena *arena;
    const Samples *samples;
    const DispatchReport *report;
    const CodeOwner *owners;
    Timed all, kinds[TIMED_KINDS];
    Timed arrivals; // of the work, what lies on the first instructions of bytecodes
    ARENA_VECTOR(TimedBytecode) bytecodes;
    ARENA_VECTOR(TimedName) functions; // also of libraries
    ARENA_VECTOR(TimedName) libraries;
    ARENA_VECTOR(TimedLine) lines;
    ARENA_VECTOR(TimedInstruction) instructions;
    Timed *by_instruction; // of the report's code
} TimeProfile;

// Puts the samples down to the program at `executable`, which the report is of, and to what else
// was there. Lives in the arena.
TimeProfile *time_profile_new(Arena *arena, const Samples *samples, const DispatchReport *report,
                              const char *executable);

// A part of the whole, from 0 to 1.
double time_share(const TimeProfile *profile, const Timed *timed);

// The code of one bytecode, or of the dispatch that they share, with the time on each instruction.
typedef struct TimeTable {
    const char *name;
    DispatchRows rows;
    size_t on_way; // so many rows are on the usual way, those after them are off it
    Timed *times;  // a row each
    Timed all;
    bool has_shared; // a bytecode whose way ends in the dispatch that others execute, too
} TimeTable;

// That of the bytecode that the report has chosen; if it has none, of the shared dispatch if there
// is one, else of the bytecode that took most.
TimeTable time_profile_table(const TimeProfile *profile);

// `program;interpret;NAME`, `program;runtime;FUNCTION`, `program;LIBRARY;FUNCTION`.
FoldedStacks time_profile_stacks(const TimeProfile *profile, const char *program);

#endif
