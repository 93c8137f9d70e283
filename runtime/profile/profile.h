// A profile of a program as its author knows it, while it runs: time by method and line, allocation
// by site, and what send sites miss. (Of the interpreter's own instructions `loopwright profile`
// knows.) It is an observer of the machine (runtime/observer.h); what each part means stands in
// samples.h, allocation.h and sends.h, and for users in docs/som.md.
#ifndef RUNTIME_PROFILE_PROFILE_H
#define RUNTIME_PROFILE_PROFILE_H

#include "runtime/profile/allocation.h"
#include "runtime/profile/samples.h"
#include "runtime/profile/sends.h"
#include "runtime/vm.h"

enum {
    PROFILE_PERIOD = 2000, // microseconds from a sample to the next
    PROFILE_ROWS = 20,
};

// What can be had, as bits. Time alone is hardly disturbed; to know of every object slows a program
// that makes many.
enum {
    PROFILE_TIME = 1,
    PROFILE_ALLOCATION = 2,
    PROFILE_SENDS = 4,
    PROFILE_ALL = PROFILE_TIME | PROFILE_ALLOCATION | PROFILE_SENDS,
};

typedef struct Profile {
    Vm *vm;
    unsigned parts;
    size_t rows; // of each table, at most
    Arena *arena;
    VmObserver observer;
    uint64_t looked; // processor time at the last sample
    Places places;
    GuestSamples samples;
    Allocation allocation;
    Sends sends;
} Profile;

// Takes notes of these parts from now on, until profile_stop. NULL with errno set: there is no
// timer.
Profile *profile_start(Vm *vm, unsigned parts);
void profile_stop(Profile *profile);
// After profile_stop; NULL is allowed.
void profile_free(Profile *profile);

// What was found, once it is stopped: as tables for people; as JSON; as folded stacks, a line for
// each stack, with its microseconds, which is what tools for flame graphs read.
void profile_tables(const Profile *profile, Text *out);
void profile_json(const Profile *profile, Text *out);
void profile_folded(const Profile *profile, Text *out);

#endif
