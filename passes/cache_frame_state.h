// Inside cache-frame-state: what its files share. Not for other passes. One chooses the fields
// (cache_frame_choose.c); one walks each region and turns loads and stores of them into
// values, noting as events where memory matters (cache_frame_state.c); one turns the events
// into write-backs, and looks after the region's exits (cache_frame_exits.c); and one does the
// arithmetic for fields that are carried as an address (cache_frame_cursors.c).
#ifndef PASSES_CACHE_FRAME_STATE_H
#define PASSES_CACHE_FRAME_STATE_H

#include "passes/manager/pass.h"
#include "passes/support/frame_paths.h"
#include "passes/support/variables.h"

// One field of the frame that the loop carries: what its parameter holds is the field's
// *state*.
typedef struct CachedField {
    const IrField *field;
    size_t parameter;    // the loop's parameter for it
    FramePath *elements; // a cursor's: what it indexes; else NULL
    int shift;           // a cursor's: log2 of an element's size
} CachedField;

// What the pass did, for the report.
typedef struct CacheCounts {
    size_t loads, stores, written_back, read_again, dropped, kept, changed, forwarded, loaded;
} CacheCounts;

typedef struct Cache {
    PassContext *context;
    Shape shape;
    FramePaths *paths;
    CachedField *states;
    size_t count; // of the states
    CacheCounts counts;
} Cache;

// What happens to a state in a block: from here on memory is stale, or memory must be up to
// date before `before`, or it does not matter any more what memory holds. In the order of the
// code; each block has a list.
typedef enum CacheEventKind { CACHE_DEFINES, CACHE_SHOWS, CACHE_ABANDONS } CacheEventKind;

typedef struct CacheEvent {
    CacheEventKind kind;
    size_t state;
    // The state at that point; what it is replaced by in the end, the substitution says.
    IrValue *value;
    IrInstruction *before;
} CacheEvent;

typedef ARENA_VECTOR(CacheEvent) CacheEvents;

// One region at work.
typedef struct CacheRegion {
    Cache *cache;
    const ShapeRegion *region;
    FramePathValues *paths;
    ConstAccesses *accesses;
    Substitution substitution;
    Variables *variables;
    CacheEvents *events; // by position
    PointerMap cursors;  // index values that are known as an address and an offset
    ARENA_VECTOR(struct CursorValue {
        IrValue *address;  // of the element that the cursor stood at
        IrValue *variable; // elements beyond, NULL: none
        int64_t constant;  // and as many more
    })
    cursor_values;
    FramePathReads reads;
} CacheRegion;

// ---- The fields (cache_frame_choose.c) ---------------------------------------------------

// Fills in the states, without their parameters, and reports about each field that is
// used. Changes nothing in the module.
void cache_choose(Cache *cache);

// ---- What touches a state (cache_frame_state.c) -------------------------------------------

// Is it a load or store of that field of the region's own frame?
bool cache_accesses_own(const ShapeRegion *region, const IrInstruction *at, const IrField *field);

// May `at` read or write the state of the own frame, otherwise than through it by name?
typedef struct Touch {
    bool reads, writes;
} Touch;
Touch cache_touch(const CacheRegion *region, const CachedField *state, const IrInstruction *at);

// ---- Cursors (cache_frame_cursors.c) --------------------------------------------------

// The elements that a cursor indexes, of the own frame, as known or read at `place`.
IrValue *cursor_elements(CacheRegion *region, const CachedField *state, IrInstruction *place);
// The address that is `index` elements from `elements`, computed before `place`.
IrValue *cursor_address(const CacheRegion *region, const CachedField *state, IrValue *elements,
                        IrValue *index, IrInstruction *place);
// The index that `address` stands at, computed before `place`.
IrValue *cursor_index(CacheRegion *region, const CachedField *state, IrValue *address,
                      IrInstruction *place);
// Notes that `index` is that of the element at `address`.
void cursor_note(CacheRegion *region, const IrValue *index, IrValue *address);
// The address for an index that is being stored: by address arithmetic if it is a
// noted one and an offset, else from the elements.
IrValue *cursor_stored(CacheRegion *region, const CachedField *state, IrValue *index,
                       IrInstruction *place);
// Follows sums with noted indices, and makes accesses to elements at noted ones go
// through the address.
void cursor_visit(CacheRegion *region, IrInstruction *at);

// ---- Leaving a region (cache_frame_exits.c) --------------------------------------------

// Writes states back where an event asks for it and memory is stale.
void cache_write_back(CacheRegion *region);
// Passes the states along the region's exits: the current ones where the frame stays,
// else what was stored into the new frame or is read from it.
void cache_complete_exits(CacheRegion *region);
// Drops stores of states that nobody can see, since the loop carries them.
void cache_drop_stores(CacheRegion *region);

#endif
