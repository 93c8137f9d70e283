// What `loopwright gil` gathers: demonstrations (rows), what runs them (columns), and a cell for
// each pair and switch interval. Reading demonstrations (gil_demos.c), making columns
// (gil_columns.c), running (gil_cells.c), and reporting (gil_report.c, gil_data.c) stand in files
// of their own.
//
// The question of a cell is "does the claim hold here?". Of rounds and seconds it says how long it
// took to find out, on a machine on which other cells run beside it: they are no benchmark.
#ifndef CLI_GIL_GIL_H
#define CLI_GIL_GIL_H

#include "cli/command.h"
#include "cli/emitted_cache.h"

#include <jansson.h>

typedef enum GilVerdict {
    GIL_UNKNOWN, // of what is expected: nothing is. Of what came out: the cell failed
    GIL_HOLDS,
    GIL_VIOLATED,
    GIL_REFUSED, // there is no second thread
} GilVerdict;

// "holds", "violated", "refused"; "unknown".
const char *gil_verdict_text(GilVerdict verdict);
// GIL_UNKNOWN: it is none of them.
GilVerdict gil_verdict_find(const char *text);

// A program that puts a claim to the test, as examples/threads/README.md describes it.
typedef struct GilDemo {
    const char *name;
    const char *word;       // that `som` is started with: a class, or a user's own FILE.som
    const char *claim;      // NULL: not known
    const char *python;     // the file that does the same in Python; NULL: there is none
    const json_t *expected; // from a policy to a verdict; NULL: nothing is
} GilDemo;

// What others are documented to do; not run.
typedef struct GilLiterature {
    const char *name, *looks; // where it looks whether to let go
    const json_t *verdicts;   // by demonstration
} GilLiterature;

typedef ARENA_VECTOR(GilDemo) GilDemos;

// A folder of demonstrations: what its files demonstrations.json and literature.json say.
typedef struct GilFolder {
    const char *path;
    GilDemos demos;
    ARENA_VECTOR(GilLiterature) literature;
    const char *source; // of the literature; NULL: there is none
    json_t *roots[2];   // what all that is borrowed from
} GilFolder;

// Who runs demonstrations: an interpreter of ours with a policy, or a Python.
typedef struct GilColumn {
    const char *name;    // the policy; "CPython 3.11.7"
    const char *program; // the executable
    bool is_python;
} GilColumn;

typedef struct GilCell {
    const GilDemo *demo;
    const GilColumn *column;
    int64_t interval;    // microseconds
    GilVerdict expected; // GIL_UNKNOWN: nothing is
    GilVerdict verdict;  // GIL_UNKNOWN: it has failed
    const char *failure; // why, in one line; NULL: it hasn't
    int64_t rounds;      // of all its threads together
    double seconds;      // from the start of its process to the end
} GilCell;

enum { GIL_MOST_OWN = 64 }; // files of the user's

typedef struct Gil {
    Arena *arena;
    Variant variant;                                     // without a policy
    ARENA_VECTOR(const char *) policies, names, pythons; // that were asked for; empty: all
    ARENA_VECTOR(int64_t) intervals;
    const char *own[GIL_MOST_OWN + 1]; // NULL after the last
    const char *folder_named;          // NULL: the one that comes with us
    bool policies_named, no_python;
    double seconds;  // how long a claim is tried that is not expected to be wrong
    double patience; // how long to wait for what should come: a violation, or an end
    int width;       // how many cells at a time; 0: not said
    GilFolder folder;
    GilDemos demos; // the rows
    ARENA_VECTOR(GilColumn) columns;
    ARENA_VECTOR(GilCell) cells; // by interval, then demonstration, then column
} Gil;

// The policies that the pass knows, as choices (choice.h).
const char *gil_policies(void);

// Reads the folder and finds the rows. Answers EXIT_OK, or the exit status of an error that it has
// reported. gil_close frees what was read.
int gil_find_demos(const Command *command, Gil *gil);
void gil_close(Gil *gil);

// Emits an interpreter a policy, and asks each Python who it is. False after an error on stderr.
bool gil_make_columns(Gil *gil);

// Runs all cells.
void gil_run_cells(Gil *gil);
// Has the cell failed, or come out otherwise than expected? What a Python does is no failure.
bool gil_is_wrong(const GilCell *cell);

// The report: matrices for people, with rounds and times or as verdicts alone; as JSON; as CSV.
void gil_table(const Gil *gil, Text *out);
void gil_verdicts(const Gil *gil, Text *out);
void gil_json(const Gil *gil, Text *out);
void gil_csv(const Gil *gil, Text *out);

#endif
