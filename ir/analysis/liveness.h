// Liveness of a region's values: a value is live where a later use can be reached
// without passing its definition again. Arguments of edges are uses by the
// terminator of the block that the edge leaves; parameters are defined at the
// start of their block. Constants are never live, nor are values of other regions.
#ifndef IR_ANALYSIS_LIVENESS_H
#define IR_ANALYSIS_LIVENESS_H

#include "ir/analysis/cfg.h"

typedef ARENA_VECTOR(int) IrNumbers;

typedef struct IrLiveness {
    const IrCfg *cfg;
    PointerMap numbers;     // values that are defined in the region
    const IrValue **values; // by number, in order of definition
    int *definitions;       // by number: the position of the defining block
    size_t count;
    IrNumbers *live_in, *live_out; // by position: numbers, ascending
} IrLiveness;

// Which values to follow; NULL as `wanted` follows all.
typedef bool IrValueFilter(const IrValue *value, const void *context);

// In `arena`; `cfg` must stay as long as the result does. The time is that of the
// live ranges' total length (each value is followed upwards from its uses).
IrLiveness *ir_liveness_compute(Arena *arena, const IrCfg *cfg, IrValueFilter *wanted,
                                const void *context);

// Live at the start of the block (its own parameters are not), or at its end, where
// the arguments of its edges have been taken: a value that is only passed on as an
// argument is not live out.
bool ir_is_live_in(const IrLiveness *liveness, const IrValue *value, const IrBlock *block);
bool ir_is_live_out(const IrLiveness *liveness, const IrValue *value, const IrBlock *block);

// Live right after `instruction`: used by a later instruction of the block (its
// edges' arguments included) or live out. Linear in the rest of the block. The
// instruction's own result counts, if it is used later.
bool ir_is_live_after(const IrLiveness *liveness, const IrValue *value,
                      const IrInstruction *instruction);

#endif
