// See hash.h.
#include "support/hash.h"

uint64_t hash_more(uint64_t hash, const void *bytes, size_t length) {
    for (const unsigned char *byte = bytes; length--; byte++)
        hash = (hash ^ *byte) * UINT64_C(0x100000001b3);
    return hash;
}
