// See anticipated.h. Instead of solving equations the search looks for what would refute
// it: a way from the start on which the round ends without an access. A way that goes in a
// circle counts, too, as nothing says that it is ever left.
#include "passes/support/anticipated.h"

#include <string.h>

typedef enum Step {
    STEP_ACCESSES,
    STEP_ENDS, // the round, or may: a call need not return
    STEP_GOES_ON,
} Step;

// Of blocks, by position.
typedef enum Mark {
    MARK_NEW,
    MARK_ON_WAY,
    MARK_SURE, // each way from here accesses
} Mark;

typedef enum Answer { ANSWER_UNKNOWN, ANSWER_YES, ANSWER_NO } Answer;

typedef struct Search {
    FramePathValues *const *values; // the trunk's, then the bytecodes'
    size_t count;
    const FramePath *path;
    Answer by_bytecodes; // does each of them access it?
    Arena *scratch;
} Search;

// A call may raise, which unwinds past this bytecode; the barrier is a call as well.
static bool may_not_return(const IrInstruction *at) {
    if (at->op == IR_STORE_REF)
        return at->block->region->function->module->barrier_external != NULL;
    return at->op == IR_CALL;
}

static bool accesses(const FramePathValues *values, const FramePath *path,
                     const IrInstruction *at) {
    IrShape shape = ir_op_shape(at->op);
    return (shape == IR_SHAPE_LOAD || shape == IR_SHAPE_STORE) &&
           frame_path_of_value(values, at->operands.items[0]) == path;
}

static bool by_each_bytecode(Search *search);

// In the trunk the round goes on in the bytecodes, if these get the frame that the header had:
// then each of them has to access it. A way back to the header ends the round.
static Step step_of_terminator(Search *search, const FramePathValues *values,
                               const IrInstruction *last) {
    if (last->op == IR_DISPATCH && values == search->values[0]) {
        ShapeExit exit = {(IrInstruction *)last, -1};
        bool goes_on = shape_exit_keeps_frame(values->region, &exit) && by_each_bytecode(search);
        return goes_on ? STEP_ACCESSES : STEP_ENDS;
    }
    for (size_t e = 0; e < last->edges.count; e++)
        if (last->edges.items[e].block == values->region->shape->function->header)
            return STEP_ENDS;
    return last->edges.count ? STEP_GOES_ON : STEP_ENDS;
}

// The first of the two that comes decides: an access before the call is sure, one after it is
// not.
static Step step_of(Search *search, const FramePathValues *values, const IrBlock *block) {
    for (const IrInstruction *at = block->first; at != block->last; at = at->next) {
        if (accesses(values, search->path, at))
            return STEP_ACCESSES;
        if (may_not_return(at))
            return STEP_ENDS;
    }
    return step_of_terminator(search, values, block->last);
}

// Depth first, with a stack of its own, as regions may be deep. A block that is met again
// while it is on the way closes a circle, which may be gone round for ever without an access:
// so it refutes. One that was left as sure needs no second look.
static bool on_each_way(Search *search, const FramePathValues *values) {
    const IrCfg *cfg = values->region->cfg;
    Mark *marks = ARENA_ARRAY(search->scratch, Mark, cfg->count);
    size_t *next = ARENA_ARRAY(search->scratch, size_t, cfg->count);
    int *way = ARENA_ARRAY(search->scratch, int, cfg->count);
    size_t length = 0;
    way[length++] = ir_cfg_position(cfg, values->region->start);
    while (length) {
        int position = way[length - 1];
        const IrBlock *block = cfg->nodes[position].block;
        if (marks[position] == MARK_NEW) {
            Step step = step_of(search, values, block);
            if (step == STEP_ENDS)
                return false;
            marks[position] = step == STEP_ACCESSES ? MARK_SURE : MARK_ON_WAY;
        }
        if (marks[position] == MARK_SURE || next[position] == block->last->edges.count) {
            marks[position] = MARK_SURE;
            length--;
            continue;
        }
        int to = ir_cfg_position(cfg, block->last->edges.items[next[position]++].block);
        if (marks[to] == MARK_ON_WAY)
            return false;
        if (marks[to] == MARK_NEW)
            way[length++] = to;
    }
    return true;
}

// The answer is the same at each dispatch, so it is kept. The search in a bytecode's region
// doesn't come back here, as only the trunk's dispatch goes on in the bytecodes.
static bool by_each_bytecode(Search *search) {
    for (size_t r = 1; r < search->count && search->by_bytecodes == ANSWER_UNKNOWN; r++)
        if (!on_each_way(search, search->values[r]))
            search->by_bytecodes = ANSWER_NO;
    if (search->by_bytecodes == ANSWER_UNKNOWN)
        search->by_bytecodes = ANSWER_YES;
    return search->by_bytecodes == ANSWER_YES;
}

// Does a bytecode begin with another frame than the header had?
// Such a bytecode begins a frame's first round without the trunk, so the trunk's accesses say
// nothing of it.
static bool frames_come_by_dispatch(FramePathValues *const *values, size_t count) {
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < values[r]->region->exits.count; i++) {
            const ShapeExit *exit = &values[r]->region->exits.items[i];
            if (exit->edge < 0 && !shape_exit_keeps_frame(values[r]->region, exit))
                return true;
        }
    return false;
}

// Marks the records that `fields`, read one after another from `path`, go through; gives
// the chain at the end, NULL if there is no chain that leads there.
static const FramePath *mark_read(const FramePaths *paths, const FramePath *path,
                                  const IrPath *fields, bool *read) {
    for (size_t i = 0; path && i < fields->fields.count; i++) {
        read[path->number] = true;
        path = frame_path_find(paths, path, fields->fields.items[i]);
    }
    return path;
}

// What the loop's parameters have been read from.
static void mark_mirrored(const FramePaths *paths, bool *read) {
    const IrTable *table = paths->shape->table;
    const char *frame = ir_state_name(table, IR_FRAME_PARAMETER);
    for (size_t i = 0; i < table->parameters.count; i++) {
        const IrTableParameter *parameter = &table->parameters.items[i];
        const IrPath *mirrors = parameter->mirrors;
        if (!mirrors || !mirrors->root || strcmp(mirrors->root, frame) != 0)
            continue;
        const FramePath *root = paths->all.items[0];
        mark_read(paths, root, mirrors, read);
        // A cursor's address is computed from the elements that its path leads to.
        if (parameter->is_cursor && mirrors->fields.count == 1)
            mark_read(paths, root, mirrors->fields.items[0]->cursor, read);
    }
}

bool *anticipated_paths(const FramePaths *paths, FramePathValues *const *values, size_t count,
                        Arena *scratch) {
    bool *anticipated = ARENA_ARRAY(scratch, bool, paths->all.count);
    bool by_dispatch = frames_come_by_dispatch(values, count);
    mark_mirrored(paths, anticipated);
    for (size_t i = 0; i < paths->all.count; i++) {
        if (anticipated[i])
            continue;
        Search search = {values, count, paths->all.items[i], ANSWER_UNKNOWN, arena_new()};
        // Each chain is searched for by itself: there are a handful, and most are refuted at
        // once.
        anticipated[i] =
            on_each_way(&search, values[0]) && (!by_dispatch || by_each_bytecode(&search));
        arena_free(search.scratch);
    }
    return anticipated;
}
