// A hash of bytes, for tables and for telling whether two texts are the same (64-bit FNV-1a).
// Not against who wants two to collide.
#ifndef SUPPORT_HASH_H
#define SUPPORT_HASH_H

#include <stddef.h>
#include <stdint.h>

// The hash of no bytes.
#define HASH_OF_NOTHING UINT64_C(0xcbf29ce484222325)

// The hash of the bytes that gave `hash` and these after them.
uint64_t hash_more(uint64_t hash, const void *bytes, size_t length);

#endif
