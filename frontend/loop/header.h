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

// A type's spelling in C, with a blank after it unless it ends in `*`.
const char *loop_c_type(Arena *arena, LoopType type);
// The same for what memory holds: `uint16_t ` for a UInt16.
const char *loop_c_cell(Arena *arena, LoopType type);

// ---- Names (header_names.c) ------------------------------------------------------------

// A field or parameter in snake case, with a `_` after it if C has a meaning for it.
const char *loop_c_name(Arena *arena, const char *name);
// What reads a field, or sets it, or gives an array in place: `frame_pc`, `frame_set_pc`.
const char *loop_c_accessor(Arena *arena, const LoopRecord *record, const LoopField *field,
                            bool sets);
// What an accessor calls the record.
const char *loop_c_record_parameter(Arena *arena, const LoopRecord *record);
const char *loop_c_constant(const LoopHeader *header, const LoopHelper *helper);
const char *loop_c_opcode(Arena *arena, const char *bytecode);
const char *loop_c_role(Arena *arena, const char *role);
// The type of an indirect external.
const char *loop_c_signature(Arena *arena, const LoopExternal *external);
const char *loop_c_fingerprint(const LoopHeader *header, int part);

// Reports names that can't stand in one header. False if there are some.
bool loop_header_check_names(const LoopHeader *header);

#endif
