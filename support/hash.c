// See hash.h. FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo): each byte is mixed in and spread by a
// multiplication with a prime; short texts need nothing better.
#include "support/hash.h"

uint64_t hash_more(uint64_t hash, const void *bytes, size_t length) {
    for (const unsigned char *byte = bytes; length--; byte++)
        hash = (hash ^ *byte) * UINT64_C(0x100000001b3);
    return hash;
}
