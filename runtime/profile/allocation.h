// What a program allocates, by site: exactly, object by object. A site is a line, with what is made
// there; what a primitive makes counts for the line that calls it. An object *survives* if it is
// alive at the first collection after it was made, which is what it costs: it has to be copied. Of
// what was made after the last collection nobody knows.
#ifndef RUNTIME_PROFILE_ALLOCATION_H
#define RUNTIME_PROFILE_ALLOCATION_H

#include "runtime/profile/places.h"

typedef struct Amount {
    uint64_t objects, bytes;
} Amount;

typedef struct AllocationSite {
    size_t line;
    uint32_t header; // what the objects' headers begin with: class and layout
    Amount made, survived, undecided;
} AllocationSite;

// An object that has not met a collection.
typedef struct NewObject {
    const Object *object;
    size_t size, line;
} NewObject;

typedef struct Allocation {
    Places *places;
    PairTable site_keys;
    ARENA_VECTOR(AllocationSite) sites;
    ARENA_VECTOR(NewObject) young;
} Allocation;

// Observing (runtime/observer.h).
void allocation_note(Allocation *allocation, const Frame *frame, const Object *object, size_t size);
void allocation_collected(Allocation *allocation, const Heap *heap);

// The program has ended: what is young now will meet no collection.
void allocation_end(Allocation *allocation);

// Of all sites together; its line and header mean nothing. And for rankings of sites.
AllocationSite allocation_sum(const Allocation *allocation);
uint64_t allocation_weight(const void *site); // bytes

// What objects with that header are called: by their class; in brackets if SOM doesn't see them.
const char *allocation_name(const Vm *vm, uint32_t header);

#endif
