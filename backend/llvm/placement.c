// See placement.h. Whether two variants differ, or only the places where LLVM happened to put
// them, is told by emitting each in several placements: what holds in all of them is the
// code's (Curtsinger and Berger, "Stabilizer", 2013, which moves code while it runs; here a
// placement is made anew and is the same every time).
#include "backend/llvm/placement.h"

#include "support/text.h"

#include <stdint.h>

// Sebastiano Vigna's SplitMix64: few lines, and the same numbers on every machine.
static uint64_t next_random(uint64_t *state) {
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

size_t *llvm_placement_order(const LlvmFlags *flags, size_t count, Arena *arena) {
    size_t *order = ARENA_ARRAY(arena, size_t, count);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    uint64_t state = (uint64_t)llvm_flags_number(flags, LLVM_FLAG_PLACEMENT, 0);
    if (state == 0)
        return order;
    // Fisher and Yates, but for the first, which is entered from outside.
    for (size_t last = count; last-- > 2;) {
        size_t other = 1 + next_random(&state) % last;
        size_t moved = order[last];
        order[last] = order[other];
        order[other] = moved;
    }
    return order;
}

static bool is_neutral(const LlvmFlags *flags) {
    return llvm_flags_is(flags, LLVM_FLAG_LAYOUT, "neutral");
}

// How far after the beginning of a line the first function begins.
static int offset_of(const LlvmFlags *flags) {
    int placement = llvm_flags_number(flags, LLVM_FLAG_PLACEMENT, 0);
    enum { LINES = 64 }; // where branches are, processors tell by a page's worth of their address
    if (is_neutral(flags))
        return placement % LINES * LLVM_CODE_LINE;
    return placement * LLVM_CODE_STEP % LLVM_CODE_LINE;
}

void llvm_placement_begin(const LlvmFlags *flags, LLVMModuleRef llvm) {
    int offset = offset_of(flags);
    if (offset == 0)
        return;
    Text text = {0};
    text_addf(&text, ".text\n.balign %d\n.skip %d, 0x90\n", LLVM_CODE_LINE, offset);
    LLVMSetModuleInlineAsm2(llvm, text_chars(&text), text.length);
    text_free(&text);
}

void llvm_placement_align(const LlvmFlags *flags, LLVMValueRef function, bool is_handler) {
    if (!is_handler) {
        bool is_within = offset_of(flags) % LLVM_CODE_LINE != 0;
        LLVMSetAlignment(function, is_within ? LLVM_CODE_STEP : LLVM_CODE_LINE);
    } else if (is_neutral(flags)) {
        LLVMSetAlignment(function, LLVM_CODE_LINE);
    }
}
