// The generated C header's parts, each of which appends to the same text. Not for
// use outside: loop.h has the whole.
#ifndef FRONTEND_LOOP_HEADER_H
#define FRONTEND_LOOP_HEADER_H

#include "frontend/loop/definition.h"

typedef struct LoopHeader {
    LoopDefinition *definition;
    Text *out;
    const char *type;  // the loop's name, as types have it: Interpreter
    const char *lower; // as functions have it: interpreter
    const char *upper; // as constants have it: INTERPRETER
} LoopHeader;

void loop_header_records(const LoopHeader *header);   // header_records.c
void loop_header_bytecodes(const LoopHeader *header); // header_bytecodes.c

// A type's spelling in C, with a blank behind it unless it ends in `*`.
const char *loop_c_type(Arena *arena, LoopType type);
// The same for what memory holds: `uint16_t ` for a UInt16.
const char *loop_c_cell(Arena *arena, LoopType type);
// A name in snake case that is no word of C's own.
const char *loop_c_name(Arena *arena, const char *name);

#endif
