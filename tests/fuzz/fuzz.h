// What a fuzz target is: one function that takes any bytes. It is called by libFuzzer,
// or by replay.c with files; a fault shows as an abort or as a sanitizer's report.
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "runtime/bytecodes/image.h"

#include <stddef.h>
#include <stdint.h>

// The name is libFuzzer's. Always answers 0.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The opcodes of the definition, read once. They are there until the process ends.
static inline const Bytecodes *fuzz_bytecodes(void) {
    static const Bytecodes *bytecodes;
    static Arena *arena;
    if (!arena) {
        arena = arena_new();
        bytecodes = image_read(arena, INTERPRETER_IMAGE, stderr);
    }
    return bytecodes;
}

#endif
