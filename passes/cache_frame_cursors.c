// Cursors in cache-frame-state: index arithmetic becomes address arithmetic. A cursor
// `pc` that indexes `method.code` is carried as the address of code[pc]; `load.u16
// %code, pc + 1` becomes `load.u16 %pc, 1`. Only indices that are really needed (to
// write them back, or to hand them out) are computed from the address. (It is the strength
// reduction of Cocke and Kennedy, 1977, with the interpreter's loop as the loop.)
//
// Legal because a cursor is declared to index what its path leads to, a chain of const
// fields: the elements stay where they are as long as the frame stays.
#include "ir/builder.h"
#include "passes/cache_frame_state.h"

// A parameter of the loop has them if hoist-frame-reads has gone before; else they are read
// here.
IrValue *cursor_elements(CacheRegion *region, const CachedField *state, IrInstruction *place) {
    if (state->elements->table_parameter >= 0)
        return shape_parameter(region->region, (size_t)state->elements->table_parameter);
    FramePathReads reads = {0};
    return frame_path_read(region->paths, region->accesses, state->elements, region->region->frame,
                           place, &reads);
}

// `elements` bytes times the size of one.
static IrValue *bytes(IrBuilder *builder, const CachedField *state, IrValue *elements) {
    if (elements->kind == IR_CONSTANT)
        return ir_integer(builder->module, IR_I64,
                          (int64_t)((uint64_t)elements->integer << state->shift));
    if (!state->shift)
        return elements;
    return ir_build(builder, IR_SHL, elements, ir_integer(builder->module, IR_I64, state->shift));
}

static IrValue *advance(IrBuilder *builder, const CachedField *state, IrValue *address,
                        IrValue *elements) {
    if (elements->kind == IR_CONSTANT && elements->integer == 0)
        return address;
    IrValue *advanced = ir_build(builder, IR_PTR_ADD, address, bytes(builder, state, elements));
    advanced->name = state->field->name;
    return advanced;
}

IrValue *cursor_address(const CacheRegion *region, const CachedField *state, IrValue *elements,
                        IrValue *index, IrInstruction *place) {
    IrBuilder builder = edit_before(region->cache->shape.module, place);
    return advance(&builder, state, elements, index);
}

// Needed only where the index itself is: that is what costs two or three operations, and dead
// code removal takes away those that nobody asks for in the end.
IrValue *cursor_index(CacheRegion *region, const CachedField *state, IrValue *address,
                      IrInstruction *place) {
    IrModule *module = region->cache->shape.module;
    IrValue *elements = cursor_elements(region, state, place);
    if (elements == address)
        return ir_integer(module, IR_I64, 0);
    IrBuilder builder = edit_before(module, place);
    IrValue *difference = ir_build(&builder, IR_PTR_SUB, address, elements);
    difference->name = "bytes";
    if (!state->shift)
        return difference;
    IrValue *index =
        ir_build(&builder, IR_ASHR, difference, ir_integer(module, IR_I64, state->shift));
    index->name = "index";
    return index;
}

// ---- Indices that are an address and an offset --------------------------------------

// The first note stays: an index is one value, so what it stands for doesn't change.
static void note(CacheRegion *region, const IrValue *index, struct CursorValue value) {
    Arena *scratch = region->cache->context->scratch;
    if (pointer_map_add(scratch, &region->cursors, index, (int)region->cursor_values.count))
        ARENA_PUSH(scratch, &region->cursor_values, value);
}

void cursor_note(CacheRegion *region, const IrValue *index, IrValue *address) {
    note(region, index, (struct CursorValue){address, NULL, 0});
}

static const struct CursorValue *noted(const CacheRegion *region, IrValue *index) {
    IrValue *current = substitution_of(&region->substitution, index);
    int number = pointer_map_find(&region->cursors, current);
    return number >= 0 ? &region->cursor_values.items[number] : NULL;
}

IrValue *cursor_stored(CacheRegion *region, const CachedField *state, IrValue *index,
                       IrInstruction *place) {
    IrModule *module = region->cache->shape.module;
    const struct CursorValue *value = noted(region, index);
    if (!value)
        return cursor_address(region, state, cursor_elements(region, state, place), index, place);
    struct CursorValue known = *value;
    IrBuilder builder = edit_before(module, place);
    IrValue *address = known.address;
    if (known.variable)
        address = advance(&builder, state, address, known.variable);
    return advance(&builder, state, address, ir_integer(module, IR_I64, known.constant));
}

static bool is_sum(const IrInstruction *at) {
    return (at->op == IR_ADD || at->op == IR_SUB) && at->result->type == IR_I64;
}

// `%sum = add %index, 2` stands two elements further.
static void follow_sum(CacheRegion *region, IrInstruction *at) {
    IrValue *left = at->operands.items[0], *right = at->operands.items[1];
    const struct CursorValue *from = noted(region, left);
    IrValue *offset = right;
    if (!from && at->op == IR_ADD) {
        from = noted(region, right);
        offset = left;
    }
    if (!from)
        return;
    struct CursorValue value = *from;
    if (offset->kind == IR_CONSTANT) {
        uint64_t by = (uint64_t)offset->integer;
        value.constant = (int64_t)((uint64_t)value.constant + (at->op == IR_ADD ? by : 0 - by));
    } else if (at->op == IR_ADD && !value.variable) {
        value.variable = substitution_of(&region->substitution, offset);
    } else {
        return;
    }
    note(region, at->result, value);
}

// The state whose elements an access goes to by a noted index, NULL: none.
static const CachedField *accessed_cursor(const CacheRegion *region, const IrInstruction *at) {
    bool is_access = at->op == IR_LOAD || at->op == IR_STORE;
    if (!is_access || at->field || !noted(region, ir_access_index(at)))
        return NULL;
    const FramePath *base = frame_path_of_value(region->paths, at->operands.items[0]);
    for (size_t s = 0; base && s < region->cache->count; s++) {
        const CachedField *state = &region->cache->states[s];
        if (state->elements == base && ir_cell_size(at->cell) == 1 << state->shift)
            return state;
    }
    return NULL;
}

void cursor_visit(CacheRegion *region, IrInstruction *at) {
    if (is_sum(at)) {
        follow_sum(region, at);
        return;
    }
    const CachedField *state = accessed_cursor(region, at);
    if (!state)
        return;
    IrModule *module = region->cache->shape.module;
    struct CursorValue value = *noted(region, ir_access_index(at));
    IrBuilder builder = edit_before(module, at);
    IrValue *offset = ir_integer(module, IR_I64, value.constant);
    if (value.variable)
        offset =
            value.constant ? ir_build(&builder, IR_ADD, value.variable, offset) : value.variable;
    at->operands.items[0] = value.address;
    at->operands.items[1] = offset;
}
