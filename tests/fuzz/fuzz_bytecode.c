// The bytecode verifier: any code units, with what a method has around them. It has to
// come to an end with an answer, and to say why where it refuses.
#include "runtime/verifier/verifier.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

enum { MOST_SITES = 8, MOST_BLOCKS = 3, MOST_UNITS = 512 };

// The input, byte by byte; 0 after its end.
typedef struct Bytes {
    const uint8_t *data;
    size_t size;
} Bytes;

static int take(Bytes *bytes) {
    if (!bytes->size)
        return 0;
    bytes->size--;
    return *bytes->data++;
}

static int take_below(Bytes *bytes, int limit) {
    return take(bytes) % limit;
}

static size_t take_units(Bytes *bytes, uint16_t *units, size_t most) {
    size_t count = 0;
    for (; count < most && bytes->size; count++) {
        units[count] = (uint16_t)take(bytes);
        units[count] |= (uint16_t)(take(bytes) << 8);
    }
    return count;
}

static VerifierCode take_shape(Bytes *bytes) {
    VerifierCode code = {0};
    code.arguments = take_below(bytes, 5);
    code.locals = take_below(bytes, 5);
    code.max_stack = take_below(bytes, 9);
    code.fields = take_below(bytes, 5);
    return code;
}

// The bytes are the method's shape, its sites, how many blocks it has, each block's
// shape and number of units, and then the units of the blocks and of the method. A block
// has the next one among its literals, as the method has all: a tree and what is none.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint16_t units[MOST_BLOCKS + 1][MOST_UNITS];
    Bytes bytes = {data, size};
    VerifierCode codes[MOST_BLOCKS + 1];
    const VerifierCode *blocks[MOST_BLOCKS];
    VerifierSite sites[MOST_SITES];
    size_t site_count = (size_t)take_below(&bytes, MOST_SITES + 1);
    for (size_t i = 0; i < site_count; i++) {
        int kind = take_below(&bytes, 8);
        int uses = 1 + take_below(&bytes, 7);
        sites[i] = (VerifierSite){.arguments = kind % 4, .uses = uses, .is_to_self = kind / 4};
    }
    int block_count = take_below(&bytes, MOST_BLOCKS + 1);
    for (int i = 0; i <= block_count; i++) {
        codes[i] = take_shape(&bytes);
        codes[i].count = (size_t)take(&bytes);
    }
    for (int i = block_count; i >= 0; i--) {
        codes[i].count = take_units(&bytes, units[i], i ? codes[i].count : MOST_UNITS);
        codes[i].units = units[i];
        codes[i].sites = sites;
        codes[i].site_count = site_count;
        codes[i].blocks = blocks + i;
        codes[i].literal_count = (size_t)(block_count - i);
        if (i)
            blocks[i - 1] = &codes[i];
    }
    char message[256] = "";
    bool accepted = verifier_check(fuzz_bytecodes(), &codes[0], message, sizeof message);
    if (accepted != (message[0] == '\0'))
        abort();
    return 0;
}
