// A campaign: who was measured on what, by which machine, and what each single run gave. It is what
// `loopwright bench` measures, what a file of raw data holds (raw_file.h), and what everything else
// is computed from (analysis.h): a report never knows whether its runs were made just now, a year
// ago, or by ReBench.
//
// It holds data only. How subjects are made and run is the business of subjects.h and measure.h.
#ifndef CLI_BENCH_CAMPAIGN_H
#define CLI_BENCH_CAMPAIGN_H

#include "support/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What is known of a run's result.
typedef enum RunVerdict {
    RUN_VERIFIED,
    RUN_UNKNOWN, // there is nothing to compare it with
    RUN_WRONG,   // or there was none: the program failed, or printed no time
} RunVerdict;

typedef enum SubjectKind {
    SUBJECT_VARIANT, // an interpreter that flags describe
    SUBJECT_CONTROL, // the loop by hand (control.h)
    SUBJECT_PEER,    // another system (peers.h)
    SUBJECT_AA,      // the first subject once more: what differs is noise
} SubjectKind;

// "variant|control|peer|aa", in that order.
extern const char subject_kinds[];

typedef struct CampaignSubject {
    const char *name; // the flags as they were given, …: no two have the same
    SubjectKind kind;
    const char *code_hash; // of the interpreter's machine code; NULL: not known
    const char *made_by;   // "LLVM 19"; of a control its compiler, "gcc 12"; of a peer its version;
                           // NULL: not known
    const char *command;   // of a peer: how it is started; else NULL
} CampaignSubject;

// What is counted of a subject on a program, and is the same in every run.
typedef struct CampaignCounts {
    bool has_dispatch; // false: none was measured
    double dispatch_instructions, dispatch_blocks;
    bool is_weighted;   // by what the evaluator executed
    int dispatch_sites; // with has_sites
    bool has_sites;
    bool has_reads;
    double frame_reads; // a bytecode
    bool has_executed;
    double bytecodes, dispatches; // that the evaluator executed, of the program to count on
} CampaignCounts;

// A figure that a run doesn't have.
#define RUN_NO_FIGURE (-1.0)

// One process. Times are microseconds.
typedef struct CampaignRun {
    size_t subject, program; // indices
    int placement;           // of the subject's code, from 0
    int run;                 // which of those with the same three, from 0
    RunVerdict verdict;
    const char *reason;  // why it isn't verified; NULL if it is
    double microseconds; // what counts: the median of `iterations`, or the process's time
    double *iterations;  // the times that a harness printed, in order
    size_t iteration_count;
    double wall, user, system; // of the whole process
    double instructions, cycles, branch_misses;
    int repeated; // how often it was run before, as the machine was away then
} CampaignRun;

typedef struct CampaignMachine {
    const char *processor;            // "AMD EPYC (family 25, model 17)"
    const char *kernel;               // "Linux 6.1.0"
    int cores;                        // that we may use
    const char *compiler;             // that made us: "gcc 12.2.0"
    ARENA_VECTOR(const char *) hints; // what makes figures doubtful here, a sentence each
} CampaignMachine;

typedef struct Campaign {
    Arena *arena;
    CampaignMachine machine;
    const char *date;    // "2026-11-29T20:40:00Z", when it began
    const char *version; // of Loopwright, with the commit where it is known
    const char *command; // that measured it, as a shell takes it; NULL: not known
    const char *clock;   // what `microseconds` are: "harness", "process" or "lines"
    ARENA_VECTOR(const char *)
    loop; // flags of all variants, before their own: which loop it is, unless it is the default one
    const char *count_arguments; // the program that was counted on; NULL: none, or of each program
                                 // a small one
    size_t runs;                 // of each subject on each program in each placement
    size_t layouts;              // how many placements
    uint64_t seed;               // of the order of runs
    ARENA_VECTOR(CampaignSubject) subjects; // ratios are to the first
    ARENA_VECTOR(const char *)
    programs; // what each interpreter was started with: "-cp bench/programs Harness Sieve 2 100"
    CampaignCounts *counts;             // a row of programs for each subject
    ARENA_VECTOR(CampaignRun) measured; // in the order in which they were made
} Campaign;

Campaign *campaign_new(Arena *arena);

// Once all subjects and programs are there: makes room for counts.
void campaign_complete(Campaign *campaign);

// Which one is called so; false: none is.
bool campaign_find_subject(const Campaign *campaign, const char *name, size_t *index);
bool campaign_find_program(const Campaign *campaign, const char *name, size_t *index);

CampaignCounts *campaign_counts(const Campaign *campaign, size_t subject, size_t program);

// Where more rounds were made than `runs` says, that becomes their number: of data that name no
// plan, and of a campaign that was gone on with under another one.
void campaign_count_rounds(Campaign *campaign);

// How a program is called where there is little room: "Sieve" for "-cp bench/programs Harness Sieve
// 2 100", unless another one of the campaign would be called so, too; then as much more as tells
// them apart.
const char *campaign_short_program(const Campaign *campaign, size_t program);

// The first subject before this one with the same machine code, or NULL: a difference between them
// is none of the code's.
const CampaignSubject *campaign_twin(const Campaign *campaign, size_t subject);

#endif
