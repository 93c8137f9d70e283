// See old_space.h. The collector asks for room while it copies, and must get it: there are
// always enough spare chunks for all that may become old, whatever holes there are.
#include "runtime/memory/old_space.h"

#include "support/internal_error.h"

#include <string.h>
#include <sys/mman.h>

enum {
    FIRST_LINE = offsetof(Chunk, start) / LINE_BYTES,
    WIDE_LINES = 16, // a hole for wide objects is no shorter
    KEPT_SPARES = 2,
    PLAIN_BYTES = 4 * 1024 * 1024, // a space up to here takes a page at a time
};
_Static_assert(offsetof(Chunk, start) % LINE_BYTES == 0, "lines begin with a chunk");

// ---- Chunks --------------------------------------------------------------------------

void *memory_map(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

// Memory at a multiple of its own size, a power of two.
static void *map_aligned(size_t size) {
    char *memory = memory_map(2 * size);
    if (!memory)
        return NULL;
    char *aligned = (char *)(((uintptr_t)memory + size - 1) & ~(uintptr_t)(size - 1));
    if (aligned > memory)
        munmap(memory, (size_t)(aligned - memory));
    if (aligned < memory + size)
        munmap(aligned + size, (size_t)(memory + size - aligned));
    return aligned;
}

static void unmap(Chunk *chunks) {
    for (Chunk *following; chunks; chunks = following) {
        following = chunks->following;
        munmap(chunks, CHUNK_BYTES);
    }
}

void old_space_open(OldSpace *space, bool spoils) {
    *space = (OldSpace){.epoch = 1, .previous = 1, .spoils = spoils};
}

void old_space_free(OldSpace *space) {
    unmap(space->chunks);
    unmap(space->spare);
}

static void add_spare(OldSpace *space, Chunk *chunk) {
    chunk->following = space->spare;
    space->spare = chunk;
    space->spare_count++;
}

static Chunk *take_spare(OldSpace *space) {
    Chunk *chunk = space->spare;
    if (!chunk)
        internal_error("there is no spare chunk");
    space->spare = chunk->following;
    space->spare_count--;
    return chunk;
}

bool old_space_ensure(OldSpace *space, size_t bytes) {
    // At its end each chunk may leave room that the next object doesn't fit in; and one is
    // begun for each kind of hole.
    size_t count = bytes / (CHUNK_BYTES - sizeof(Chunk) - space->widest) + 2;
    while (space->spare_count < count) {
        Chunk *chunk = map_aligned(CHUNK_BYTES);
        space->refused = !chunk;
        if (!chunk)
            return false;
        add_spare(space, chunk);
    }
    return true;
}

void old_space_trim(OldSpace *space, size_t bytes, size_t most) {
    size_t kept = bytes / CHUNK_BYTES + KEPT_SPARES;
    for (size_t i = 0; i < most && space->spare_count > kept; i++)
        munmap(take_spare(space), CHUNK_BYTES);
}

// ---- Holes ---------------------------------------------------------------------------

static inline bool is_free(const OldSpace *space, uint8_t line) {
    return line != space->epoch && line != space->previous;
}

static size_t line_of(const Chunk *chunk, const char *place) {
    return (size_t)(place - (const char *)chunk) / LINE_BYTES;
}

// Counts what has been made in the hole.
static void count(OldSpace *space, Hole *hole) {
    size_t bytes = (size_t)(hole->next - hole->counted);
    if (bytes)
        chunk_of(hole->counted)->live += bytes;
    space->bytes += bytes;
    hole->counted = hole->next;
}

// Lines are taken when a hole is opened, so that the other one isn't opened there, and
// those given back that are left when it is closed.
static void close_hole(OldSpace *space, Hole *hole) {
    count(space, hole);
    if (hole->next < hole->limit) {
        Chunk *chunk = chunk_of(hole->next);
        size_t first = line_of(chunk, hole->next + LINE_BYTES - 1);
        memset(chunk->lines + first, 0, line_of(chunk, hole->limit - 1) + 1 - first);
    }
    hole->next = hole->counted = hole->limit = NULL;
}

static void take(const OldSpace *space, Hole *hole, Chunk *chunk, size_t first, size_t end) {
    memset(chunk->lines + first, space->epoch, end - first);
    hole->next = hole->counted = (char *)chunk + first * LINE_BYTES;
    hole->limit = (char *)chunk + end * LINE_BYTES;
}

// Looks for so many free lines, one after the other.
static bool find_hole(const OldSpace *space, Hole *hole, size_t wanted) {
    for (; hole->chunk; hole->chunk = hole->chunk->following, hole->line = FIRST_LINE) {
        const uint8_t *lines = hole->chunk->lines;
        for (size_t first = hole->line; first < CHUNK_LINES;) {
            size_t end = first;
            while (end < CHUNK_LINES && is_free(space, lines[end]))
                end++;
            if (end - first >= wanted) {
                hole->line = end;
                take(space, hole, hole->chunk, first, end);
                return true;
            }
            first = end + 1;
        }
    }
    return false;
}

// The system gives the chunk's memory at once, if possible as one huge page. A fault for
// each page would take longer than copying the objects there.
static void populate(Chunk *chunk) {
    madvise(chunk, CHUNK_BYTES, MADV_HUGEPAGE);
    madvise(chunk, CHUNK_BYTES, MADV_POPULATE_WRITE);
}

// A whole chunk. It stands before all others, where nobody looks for holes any more.
static void take_chunk(OldSpace *space, Hole *hole) {
    Chunk *chunk = take_spare(space);
    if (space->chunk_count * CHUNK_BYTES >= PLAIN_BYTES)
        populate(chunk);
    chunk->live = 0;
    memset(chunk->lines, 0, sizeof chunk->lines);
    chunk->following = space->chunks;
    space->chunks = chunk;
    space->chunk_count++;
    take(space, hole, chunk, FIRST_LINE, CHUNK_LINES);
}

void old_space_open_hole(OldSpace *space, Hole *hole, size_t size) {
    size_t lines = (size + LINE_BYTES - 1) / LINE_BYTES;
    if (hole == &space->wide && lines < WIDE_LINES)
        lines = WIDE_LINES;
    close_hole(space, hole);
    if (!find_hole(space, hole, lines))
        take_chunk(space, hole);
}

// ---- Epochs --------------------------------------------------------------------------

// A hole that is open goes on in the new epoch, its first line with what lies there already.
static void go_on(const OldSpace *space, Hole *hole) {
    if (hole->next == hole->limit)
        return;
    Chunk *chunk = chunk_of(hole->next);
    size_t first = line_of(chunk, hole->next), last = line_of(chunk, hole->limit - 1);
    memset(chunk->lines + first, space->epoch, last + 1 - first);
}

void old_space_begin(OldSpace *space) {
    count(space, &space->narrow); // and not again in the new epoch
    count(space, &space->wide);
    space->previous = space->epoch;
    space->epoch = space->epoch % UINT8_MAX + 1;
    for (Chunk *chunk = space->chunks; chunk; chunk = chunk->following)
        chunk->live = 0;
    go_on(space, &space->narrow);
    go_on(space, &space->wide);
}

void old_space_keep(OldSpace *space, const void *object, size_t size) {
    Chunk *chunk = chunk_of(object);
    size_t first = line_of(chunk, object);
    size_t last = line_of(chunk, (const char *)object + size - 1);
    for (size_t line = first; line <= last; line++)
        chunk->lines[line] = space->epoch;
    chunk->live += size;
}

static void look_from_the_start(const OldSpace *space, Hole *hole) {
    hole->chunk = space->chunks;
    hole->line = FIRST_LINE;
}

// Overwrites the chunks' lines that have ever been used: all, or those that are free.
static void spoil(const OldSpace *space, Chunk *chunks, bool all) {
    for (; chunks; chunks = chunks->following)
        for (size_t line = FIRST_LINE; line < CHUNK_LINES; line++)
            if (chunks->lines[line] && (all || is_free(space, chunks->lines[line]))) {
                memset((char *)chunks + line * LINE_BYTES, 0xDB, LINE_BYTES);
                chunks->lines[line] = 0;
            }
}

void old_space_end(OldSpace *space, size_t bytes) {
    close_hole(space, &space->narrow);
    close_hole(space, &space->wide);
    space->previous = space->epoch;
    space->bytes = bytes;
    if (space->spoils)
        spoil(space, space->chunks, false);
    for (Chunk **link = &space->chunks; *link;) {
        Chunk *chunk = *link;
        if (chunk->live) {
            link = &chunk->following;
            continue;
        }
        *link = chunk->following;
        space->chunk_count--;
        add_spare(space, chunk);
    }
    look_from_the_start(space, &space->narrow);
    look_from_the_start(space, &space->wide);
}

// ---- Copying everything --------------------------------------------------------------

Chunk *old_space_leave(OldSpace *space) {
    Chunk *chunks = space->chunks;
    space->previous = space->epoch;
    space->chunks = NULL;
    space->chunk_count = 0;
    space->bytes = 0;
    space->narrow = space->wide = (Hole){0};
    return chunks;
}

void old_space_release(OldSpace *space, Chunk *chunks) {
    if (space->spoils)
        spoil(space, chunks, true);
    for (Chunk *following; chunks; chunks = following) {
        following = chunks->following;
        add_spare(space, chunks);
    }
}
