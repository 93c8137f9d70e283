// Chains of const fields that begin at the loop's frame: `frame.method.code`. As
// long as the frame stays the same, so does what such a chain gives (what can move
// excepted: its address changes where something collects). This file finds the
// chains in a region, and reads them again from another frame.
#ifndef PASSES_SUPPORT_FRAME_PATHS_H
#define PASSES_SUPPORT_FRAME_PATHS_H

#include "ir/builder.h"
#include "passes/support/edit.h"
#include "passes/support/shape.h"
#include "support/pointer_map.h"

// A node of the tree of chains. The root is the frame itself.
typedef struct FramePath {
    struct FramePath *parent; // NULL: the root
    const IrField *field;     // the last one; NULL: the root
    IrType type;
    int depth, number;   // fields in the chain; place among all, the root is 0
    int table_parameter; // the loop's parameter that mirrors it, -1: none
} FramePath;

typedef struct FramePaths {
    Arena *arena;
    const Shape *shape;
    ARENA_VECTOR(FramePath *) all; // parents before children
} FramePaths;

// In `scratch`, with the chains that the table's parameters mirror already.
FramePaths *frame_paths_new(const Shape *shape, Arena *scratch);

// The chain that goes on from `parent` by `field`; the first gives NULL where there is
// none yet, the second makes it.
FramePath *frame_path_find(const FramePaths *paths, const FramePath *parent, const IrField *field);
FramePath *frame_path_child(FramePaths *paths, FramePath *parent, const IrField *field);

// `frame.method.code`
const char *frame_path_text(const FramePaths *paths, const FramePath *path);

// The path that a table parameter mirrors, in the module's arena.
IrPath *frame_path_mirror(const FramePaths *paths, const FramePath *path);

// Can what it gives move, so that it has to be read again where something collects?
static inline bool frame_path_moves(const FramePath *path) {
    return path->type == IR_VALUE || path->type == IR_OBJECT;
}

// Loads the whole chain from the frame, and names what it gives as its last field.
IrValue *frame_path_load(IrBuilder *builder, const FramePath *path, IrValue *frame);

// Is it a load of a const scalar field?
static inline bool const_access_is_load(const IrInstruction *instruction) {
    return instruction->op == IR_LOAD && instruction->field && instruction->field->is_const &&
           !instruction->field->is_array;
}

// Which chain each value of one region gives.
typedef struct FramePathValues {
    FramePaths *paths;
    const ShapeRegion *region;
    PointerMap numbers; // value to FramePath.number
} FramePathValues;

FramePathValues *frame_path_values_new(FramePaths *paths, const ShapeRegion *region,
                                       Arena *scratch);
// Those of all regions, in their order.
FramePathValues **frame_path_values_of_all(FramePaths *paths, const ShapeRegions *regions,
                                           Arena *scratch);
// NULL: no chain.
FramePath *frame_path_of_value(const FramePathValues *values, IrValue *value);

// Const fields that one region stores (so the record is being made there) or has read:
// what later reads from the same record can use instead.
typedef struct ConstAccesses {
    const ShapeRegion *region;
    Arena *scratch;
    PointerMap first; // base to the index of its latest access
    ARENA_VECTOR(struct ConstAccess {
        IrInstruction *instruction;
        int next;
    })
    all;
} ConstAccesses;

ConstAccesses *const_accesses_new(const ShapeRegion *region, Arena *scratch);

// Is `base` a record that the region is making, at `place`? A const field is written
// once, when its record is made, before anyone reads it; so a record of which the
// region writes one didn't exist when the region began.
bool const_access_is_being_made(const ConstAccesses *accesses, const IrValue *base,
                                const IrInstruction *place);

// How reads were satisfied.
typedef struct FramePathReads {
    size_t loads, forwarded, reused;
} FramePathReads;

// Reads `path` from `frame` right before the terminator `place`: from what was stored,
// by what was loaded already, by a parameter of the loop where the chain runs into one
// of the own frame's, or by loads.
IrValue *frame_path_read(const FramePathValues *values, ConstAccesses *accesses,
                         const FramePath *path, IrValue *frame, IrInstruction *place,
                         FramePathReads *reads);

#endif
