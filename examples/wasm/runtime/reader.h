// The bytes of a module, read one thing after another. What doesn't have the form of the binary
// format is a failure of kind MALFORMED; nothing is read behind the end.
#ifndef WASM_READER_H
#define WASM_READER_H

#include "failure.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Reader {
    const uint8_t *bytes;
    size_t at, end; // offsets in the module
    Failure *failure;
} Reader;

uint8_t read_byte(Reader *reader);
uint32_t read_u32(Reader *reader); // LEB128, as are the next two
int32_t read_s32(Reader *reader);
int64_t read_s64(Reader *reader);
int64_t read_f32(Reader *reader); // the bits
int64_t read_f64(Reader *reader);

// `count` bytes, which stay where they are.
const uint8_t *read_bytes(Reader *reader, size_t count);

// The number of entries of a vector. Each takes a byte at least, so a number that is larger than
// what is left is wrong, and memory need not be asked for.
uint32_t read_count(Reader *reader);

typedef struct Name {
    const char *text; // not ended by a 0
    uint32_t length;
} Name;

// Checks that it is UTF-8.
Name read_name(Reader *reader);
bool name_is(Name name, const char *text);
bool names_equal(Name left, Name right);

#endif
