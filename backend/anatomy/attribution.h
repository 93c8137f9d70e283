// Whose a machine instruction is, by the object's debug information: a bytecode's
// work, dispatch, or a poll, and at which line of the definition. The scopes are
// those that backend/llvm/debug_info.c writes.
//
// Why by debug information: after LLVM's optimisations instructions of the dispatch stand
// anywhere, merged, hoisted and scheduled between the bytecode's own. What they look like
// doesn't say what they are for; where they came from does, and LLVM carries that along.
#ifndef BACKEND_ANATOMY_ATTRIBUTION_H
#define BACKEND_ANATOMY_ATTRIBUTION_H

#include "backend/anatomy/object_file.h"
#include "support/diagnostic.h"

typedef enum AttributedTo {
    ATTRIBUTED_TO_WORK,
    ATTRIBUTED_TO_DISPATCH,
    ATTRIBUTED_TO_POLL,
} AttributedTo;

// Addresses [from, to) of one scope. A scope has several ranges where LLVM has moved a part of
// it away; scopes nest, and of those that hold an address the deepest decides.
typedef struct AttributedRange {
    uint64_t from, to;
    AttributedTo to_whom;
    int depth; // in the tree of scopes, from 0
} AttributedRange;

// A row of the line table: it holds from its address up to the next row's.
typedef struct AttributedLine {
    uint64_t address;
    int line, column; // line 0: LLVM merged or moved it, it belongs to no line
    size_t order;     // in the line table; the last of one address holds
} AttributedLine;

typedef struct Attribution {
    Arena *arena;
    // The interpreter's code, and no runtime's: only in a program, where there is both.
    ARENA_VECTOR(ObjectSpan) code;
    bool is_by_hand;        // C, which says nothing of what dispatches
    const char *definition; // the file that the lines are of; NULL: not known
    SourceParts parts;      // files that it includes, whose lines are counted on from there
    ARENA_VECTOR(AttributedRange) ranges;
    ARENA_VECTOR(AttributedLine) lines; // sorted by address
} Attribution;

// Reads the debug information of what Loopwright emitted or, in a program that has a loop by hand
// in its place, of that: all is work there. NULL after an error on stderr.
Attribution *attribution_read(Arena *arena, const ObjectFile *object);

// Whose the instruction at `address` is; work where nothing says otherwise.
AttributedTo attributed_to(const Attribution *attribution, uint64_t address);

// Its place in the definition, line 0 if it has none.
AttributedLine attributed_line(const Attribution *attribution, uint64_t address);

#endif
