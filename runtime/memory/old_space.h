// The old space: where objects are that have survived two collections, and stay until a
// collection of everything copies or frees them.
//
// It consists of chunks, and a chunk of lines. Marking notes for each line whether anything
// alive lies on it; runs of lines without are holes, in which objects are made one after
// the other, as in fresh memory. So nothing has to be done for an object that is dead: it is
// never looked at. (S. Blackburn, K. McKinley, "Immix: a mark-region garbage collector with
// space efficiency, fast collection, and mutator performance", PLDI 2008. Theirs also copies
// objects out of chunks that have become sparse; ours copies all of them while they are few,
// and none else.)
#ifndef RUNTIME_MEMORY_OLD_SPACE_H
#define RUNTIME_MEMORY_OLD_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHUNK_BYTES = 2 * 1024 * 1024, // as large as the system's huge pages
    LINE_BYTES = 256,
    CHUNK_LINES = CHUNK_BYTES / LINE_BYTES,
};

// Lies at a multiple of its size, so that an object's chunk is known by its address.
typedef struct Chunk {
    struct Chunk *following;
    size_t live;                // bytes of objects, as far as is known
    uint8_t lines[CHUNK_LINES]; // the epoch in which something alive was last found there
    char start[] __attribute__((aligned(LINE_BYTES)));
} Chunk;

// A run of lines that is being filled from `next` on; what lies before `counted` has been
// counted. The next one is looked for from `line` of `chunk` on, and after that in the chunks
// that follow; NULL: there is no more.
typedef struct Hole {
    char *next, *limit, *counted;
    Chunk *chunk;
    size_t line;
} Hole;

typedef struct OldSpace {
    Chunk *chunks;
    Chunk *spare; // empty ones, so that a collection never lacks memory
    size_t chunk_count, spare_count;
    // A line is alive if it has this epoch's number or, until marking is done, that of the
    // previous one. An old number that comes round again keeps a line for an epoch too long.
    uint8_t epoch, previous;
    // Objects larger than a line have holes of their own: looking for room for one of them
    // the smaller holes would be passed over.
    Hole narrow, wide;
    size_t bytes;  // see old_space_bytes: without what has not been counted yet
    size_t widest; // no object is wider
    bool refused;  // the system had no memory
    bool spoils;
} OldSpace;

static inline Chunk *chunk_of(const void *object) {
    return (Chunk *)((uintptr_t)object & ~(uintptr_t)(CHUNK_BYTES - 1));
}

// Memory from the system, zeroed; NULL: it gives none.
void *memory_map(size_t size);

// An empty space; `spoils`: for finding errors, lines that become free are overwritten.
void old_space_open(OldSpace *space, bool spoils);
void old_space_free(OldSpace *space);

// Has spare chunks for objects of so many bytes in all. False: the system gives no memory.
bool old_space_ensure(OldSpace *space, size_t bytes);

// Opens another hole, for an object of that size. Spare chunks were seen to before.
void old_space_open_hole(OldSpace *space, Hole *hole, size_t size);

// Room for an object, `size` being a multiple of 16.
static inline char *old_space_room(OldSpace *space, size_t size) {
    Hole *hole = size > LINE_BYTES ? &space->wide : &space->narrow;
    if ((size_t)(hole->limit - hole->next) < size)
        old_space_open_hole(space, hole, size);
    char *room = hole->next;
    hole->next += size;
    return room;
}

// The bytes of what was alive when that was last known, and of what was added.
static inline size_t old_space_bytes(const OldSpace *space) {
    return space->bytes + (size_t)(space->narrow.next - space->narrow.counted) +
           (size_t)(space->wide.next - space->wide.counted);
}

// Begins an epoch: nothing is known to be alive but what is made from now on, and what
// old_space_keep is told of.
void old_space_begin(OldSpace *space);
void old_space_keep(OldSpace *space, const void *object, size_t size);

// Ends the epoch: what hasn't been kept is free. `bytes` are those of what has.
void old_space_end(OldSpace *space, size_t bytes);

// Begins anew with no chunk at all, for everything to be copied; answers the former chunks,
// which go to old_space_release in the end.
Chunk *old_space_leave(OldSpace *space);
void old_space_release(OldSpace *space, Chunk *chunks);

// Gives the system spare chunks, at most so many, beyond those that so many bytes take.
void old_space_trim(OldSpace *space, size_t bytes, size_t most);

#endif
