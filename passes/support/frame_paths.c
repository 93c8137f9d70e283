// See frame_paths.h. The chains form a tree, shared by all regions; in each region every
// value is given the node that it is, by one walk in an order in which definitions come
// before uses. Reading a chain from another frame goes along the tree's branch, and takes at
// each step what the region knows already: what it has stored there, or loaded, or what a
// parameter holds (store-to-load forwarding, and common subexpressions, in one).
#include "passes/support/frame_paths.h"
#include "ir/builder.h"

#include <string.h>

enum { DEEPEST = 32 }; // no chain of interest is longer

// ---- The tree ----------------------------------------------------------------------

static FramePath *path_new(FramePaths *paths, FramePath *parent, const IrField *field) {
    FramePath *path = ARENA_NEW(paths->arena, FramePath);
    path->parent = parent;
    path->field = field;
    path->type = field ? ir_cell_type(field->cell) : IR_PTR;
    path->depth = parent ? parent->depth + 1 : 0;
    path->number = (int)paths->all.count;
    path->table_parameter = -1;
    ARENA_PUSH(paths->arena, &paths->all, path);
    return path;
}

// Children come after their parents. There are too few chains in a loop to need a map.
FramePath *frame_path_find(const FramePaths *paths, const FramePath *parent, const IrField *field) {
    for (size_t i = (size_t)parent->number + 1; i < paths->all.count; i++)
        if (paths->all.items[i]->parent == parent && paths->all.items[i]->field == field)
            return paths->all.items[i];
    return NULL;
}

FramePath *frame_path_child(FramePaths *paths, FramePath *parent, const IrField *field) {
    FramePath *path = frame_path_find(paths, parent, field);
    return path ? path : path_new(paths, parent, field);
}

// Chains that parameters mirror already are there from the beginning, so that a second run of
// a pass finds them taken. A cursor's parameter is an address, not what the field holds.
FramePaths *frame_paths_new(const Shape *shape, Arena *scratch) {
    FramePaths *paths = ARENA_NEW(scratch, FramePaths);
    paths->arena = scratch;
    paths->shape = shape;
    FramePath *root = path_new(paths, NULL, NULL);
    root->table_parameter = IR_FRAME_PARAMETER;
    const char *frame = ir_state_name(shape->table, IR_FRAME_PARAMETER);
    for (size_t i = 0; i < shape->table->parameters.count; i++) {
        const IrTableParameter *parameter = &shape->table->parameters.items[i];
        if (!parameter->mirrors || parameter->is_cursor || !parameter->mirrors->root ||
            strcmp(parameter->mirrors->root, frame) != 0)
            continue;
        FramePath *path = root;
        for (size_t k = 0; path && k < parameter->mirrors->fields.count; k++) {
            const IrField *field = parameter->mirrors->fields.items[k];
            path = field->is_const ? frame_path_child(paths, path, field) : NULL;
        }
        if (path)
            path->table_parameter = (int)i;
    }
    return paths;
}

const char *frame_path_text(const FramePaths *paths, const FramePath *path) {
    if (!path->parent)
        return ir_state_name(paths->shape->table, IR_FRAME_PARAMETER);
    return arena_printf(paths->arena, "%s.%s", frame_path_text(paths, path->parent),
                        path->field->name);
}

static void add_fields(Arena *arena, IrPath *mirror, const FramePath *path) {
    if (!path->parent)
        return;
    add_fields(arena, mirror, path->parent);
    ARENA_PUSH(arena, &mirror->fields, path->field);
}

IrPath *frame_path_mirror(const FramePaths *paths, const FramePath *path) {
    Arena *arena = paths->shape->module->arena;
    IrPath *mirror = ARENA_NEW(arena, IrPath);
    mirror->root = ir_state_name(paths->shape->table, IR_FRAME_PARAMETER);
    add_fields(arena, mirror, path);
    return mirror;
}

IrValue *frame_path_load(IrBuilder *builder, const FramePath *path, IrValue *frame) {
    if (!path->parent)
        return frame;
    IrValue *base = frame_path_load(builder, path->parent, frame);
    IrValue *loaded = ir_build_load(builder, base, path->field, NULL);
    loaded->name = path->field->name;
    return loaded;
}

// ---- Values of one region ------------------------------------------------------------

// What the chain's end points to, as declared; NULL: nothing in particular.
static const IrRecord *pointee_of(const FramePaths *paths, const FramePath *path) {
    return path->parent ? path->field->pointee : paths->shape->module->frame;
}

FramePathValues *frame_path_values_new(FramePaths *paths, const ShapeRegion *region,
                                       Arena *scratch) {
    FramePathValues *values = ARENA_NEW(scratch, FramePathValues);
    values->paths = paths;
    values->region = region;
    for (size_t i = 0; i < paths->all.count; i++) {
        const FramePath *path = paths->all.items[i];
        // The parameters themselves are ends of chains, as long as the region doesn't begin
        // again with others.
        if (path->table_parameter >= 0 && region->frame &&
            shape_parameter_stays(region, (size_t)path->table_parameter))
            pointer_map_add(scratch, &values->numbers,
                            shape_parameter(region, (size_t)path->table_parameter), path->number);
    }
    // Definitions come before uses in reverse post-order.
    for (size_t i = 0; i < region->cfg->reachable; i++) {
        const IrCfgNode *node = &region->cfg->nodes[region->cfg->reverse_post_order[i]];
        if (!shape_is_inside(region, node->block))
            continue;
        for (IrInstruction *at = node->block->first; at; at = at->next) {
            FramePath *base = const_access_is_load(at)
                                  ? frame_path_of_value(values, at->operands.items[0])
                                  : NULL;
            // The field has to be one of what the chain is declared to lead to: the same
            // offset of something else is another chain, and one that may not be there.
            if (base && base->depth < DEEPEST && at->field->record == pointee_of(paths, base))
                pointer_map_add(scratch, &values->numbers, at->result,
                                frame_path_child(paths, base, at->field)->number);
        }
    }
    return values;
}

FramePathValues **frame_path_values_of_all(FramePaths *paths, const ShapeRegions *regions,
                                           Arena *scratch) {
    FramePathValues **values = ARENA_ARRAY(scratch, FramePathValues *, regions->count);
    for (size_t r = 0; r < regions->count; r++)
        values[r] = frame_path_values_new(paths, regions->items[r], scratch);
    return values;
}

// By way of `same`: a chain's value that went through a block's parameter is still the
// chain's.
FramePath *frame_path_of_value(const FramePathValues *values, IrValue *value) {
    int number = pointer_map_find(&values->numbers, shape_value(values->region, value));
    return number >= 0 ? values->paths->all.items[number] : NULL;
}

// ---- Reading a chain from a frame ------------------------------------------------------

// By base, since who asks has the base in hand: a new frame's fields, or those of its method.
static void add_access(ConstAccesses *accesses, IrInstruction *at) {
    const IrValue *base = at->operands.items[0];
    struct ConstAccess access = {at, -1};
    // The map keeps the first access of a base; later ones are linked in after it.
    int first = pointer_map_find(&accesses->first, base);
    if (first >= 0) {
        access.next = accesses->all.items[first].next;
        accesses->all.items[first].next = (int)accesses->all.count;
    } else {
        pointer_map_add(accesses->scratch, &accesses->first, base, (int)accesses->all.count);
    }
    ARENA_PUSH(accesses->scratch, &accesses->all, access);
}

static bool const_access_is_store(const IrInstruction *at) {
    return at->op == IR_STORE && at->field && at->field->is_const && !at->field->is_array;
}

ConstAccesses *const_accesses_new(const ShapeRegion *region, Arena *scratch) {
    ConstAccesses *accesses = ARENA_NEW(scratch, ConstAccesses);
    accesses->region = region;
    accesses->scratch = scratch;
    for (size_t b = 0; b < region->region->blocks.count; b++)
        for (IrInstruction *at = region->region->blocks.items[b]->first; at; at = at->next)
            if (const_access_is_load(at) || const_access_is_store(at))
                add_access(accesses, at);
    return accesses;
}

bool const_access_is_being_made(const ConstAccesses *accesses, const IrValue *base,
                                const IrInstruction *place) {
    for (int i = pointer_map_find(&accesses->first, base); i >= 0;
         i = accesses->all.items[i].next) {
        const IrInstruction *at = accesses->all.items[i].instruction;
        // In the same block the store may also come later: the record is the region's own all
        // the same.
        if (at->block && const_access_is_store(at) &&
            (at->block == place->block || shape_comes_before(accesses->region, at, place)))
            return true;
    }
    return false;
}

static bool collects_between(const IrInstruction *from, const IrInstruction *to) {
    for (const IrInstruction *at = from; at != to; at = at->next)
        if (ir_effects(at).collects)
            return true;
    return false;
}

// A value that the field of `base` is known to have at `place`, or NULL.
// What was stored into a record being made is preferred: it is the value itself, while what
// was loaded is a copy of it from memory.
static IrValue *known_field(const ConstAccesses *accesses, const IrValue *base,
                            const IrField *field, const IrInstruction *place,
                            FramePathReads *reads) {
    bool moves = field->cell == IR_CELL_VALUE || field->cell == IR_CELL_OBJECT;
    // Narrow cells are stored truncated or rounded, so what was stored is not what is read.
    bool narrow = ir_cell_size(field->cell) < 8;
    IrValue *loaded = NULL;
    for (int i = pointer_map_find(&accesses->first, base); i >= 0;
         i = accesses->all.items[i].next) {
        const IrInstruction *at = accesses->all.items[i].instruction;
        if (!at->block || at->field != field || !shape_comes_before(accesses->region, at, place))
            continue;
        // What moves is good up to the next collection only; across blocks nobody has counted
        // those.
        if (moves && (at->block != place->block || collects_between(at, place)))
            continue;
        if (const_access_is_load(at)) {
            loaded = at->result;
        } else if (!narrow) {
            reads->forwarded++;
            return ir_stored_value(at);
        }
    }
    reads->reused += loaded != NULL;
    return loaded;
}

IrValue *frame_path_read(const FramePathValues *values, ConstAccesses *accesses,
                         const FramePath *path, IrValue *frame, IrInstruction *place,
                         FramePathReads *reads) {
    if (!path->parent)
        return frame;
    IrValue *base = frame_path_read(values, accesses, path->parent, frame, place, reads);
    // A chain of the new frame may run into one of the own frame's, as where a method
    // calls itself.
    const FramePath *own = frame_path_of_value(values, base);
    const FramePath *child = own ? frame_path_find(values->paths, own, path->field) : NULL;
    if (child && child->table_parameter >= 0 && !frame_path_moves(child) &&
        shape_is_inside(values->region, place->block)) {
        reads->reused++;
        return shape_parameter(values->region, (size_t)child->table_parameter);
    }
    IrValue *known = known_field(accesses, base, path->field, place, reads);
    if (known)
        return known;
    IrBuilder builder = edit_before(values->paths->shape->module, place);
    IrValue *loaded = ir_build_load(&builder, base, path->field, NULL);
    loaded->name = path->field->name;
    add_access(accesses, loaded->instruction);
    reads->loads++;
    return loaded;
}
