// Send sites: what they hold, and how often that had to be found. A site *misses* when it is sent
// to for the first time, and when the receiver is of another class than the one before. Sends that
// don't miss are not counted: nobody is told of them.
#ifndef RUNTIME_PROFILE_SENDS_H
#define RUNTIME_PROFILE_SENDS_H

#include "runtime/profile/places.h"

typedef struct SendSite {
    const CallSite *site;
    Method *method; // that it stands in
    int64_t pc;
    size_t line;
    uint64_t misses;
    ARENA_VECTOR(const Class *) classes; // of the receivers that it missed, each once
} SendSite;

typedef struct Sends {
    Places *places;
    PairTable site_keys, class_keys;
    ARENA_VECTOR(SendSite) sites;
} Sends;

// Observing (runtime/observer.h).
void sends_note(Sends *sends, const Frame *frame, const CallSite *site, Value receiver);

// What a site holds now.
#define SEND_KINDS(X)                                                                              \
    X(SELF, "self")     /* a method that self has, whatever it is */                               \
    X(METHOD, "method") /* a method with a frame */                                                \
    X(BLOCK, "block")   /* the evaluation of a block */                                            \
    X(GETTER, "getter")                                                                            \
    X(SETTER, "setter")                                                                            \
    X(CONSTANT, "constant")                                                                        \
    X(NEW, "new")                                                                                  \
    X(PRIMITIVE, "primitive")                                                                      \
    X(CONTROL, "control primitive") /* one that decides where to go on, also for errors */         \
    X(NOT_UNDERSTOOD, "not understood")                                                            \
    X(EMPTY, "empty") /* nothing any more: a class was loaded or changed */

typedef enum SendKind {
#define SEND_KIND(id, name) SEND_##id,
    SEND_KINDS(SEND_KIND)
#undef SEND_KIND
        SEND_KIND_COUNT
} SendKind;

extern const char *const send_kind_names[SEND_KIND_COUNT];

SendKind send_kind(const CallSite *site);

// Of all sites.
typedef struct SendTotals {
    uint64_t misses;
    struct {
        uint64_t sites, misses;
    } kinds[SEND_KIND_COUNT];
} SendTotals;

SendTotals sends_sum(const Sends *sends);

// For rankings of sites: by their misses.
uint64_t send_weight(const void *site);

// The bytecode that sends there now: it has been quickened if that goes.
const char *send_bytecode(const Vm *vm, const SendSite *send);

#endif
