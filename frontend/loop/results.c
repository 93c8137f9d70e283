// Results of expressions: making, naming and checking them, and joining those that
// come from several places. Also reporting, once for each place.
#include "frontend/loop/expand.h"
#include "ir/builder.h"

// By line and column: all of a definition is one file.
bool loop_was_reported(const LoopLowering *lowering, Location at) {
    for (size_t i = 0; i < lowering->reported.count; i++) {
        if (lowering->reported.items[i].line == at.line &&
            lowering->reported.items[i].column == at.column)
            return true;
    }
    return false;
}

bool loop_first_error(LoopLowering *lowering, Location at) {
    if (loop_was_reported(lowering, at))
        return false;
    ARENA_PUSH(lowering->arena, &lowering->reported, at);
    return true;
}

bool loop_is_live(const LoopLowering *lowering) {
    return lowering->block != lowering->dead;
}

IrBuilder *loop_builder(LoopLowering *lowering, Location at) {
    lowering->builder.block = lowering->block->ir;
    lowering->builder.at = at;
    lowering->builder.inlined = lowering->expansion ? lowering->expansion->inlining : NULL;
    return &lowering->builder;
}

LoopResult loop_nothing(void) {
    return (LoopResult){.type = loop_type(LOOP_NOTHING)};
}

LoopResult loop_never(LoopLowering *lowering) {
    lowering->block = lowering->dead;
    return (LoopResult){.type = loop_type(LOOP_NEVER)};
}

LoopResult loop_unknown(LoopLowering *lowering) {
    return loop_result(loop_type(LOOP_UNKNOWN), ir_integer(lowering->module, IR_I64, 0));
}

LoopResult loop_result(LoopType type, IrValue *value) {
    return (LoopResult){.type = type, .value = value};
}

LoopResult loop_integer_result(LoopLowering *lowering, int64_t value) {
    return loop_result(loop_type(LOOP_INT64), ir_integer(lowering->module, IR_I64, value));
}

const char *loop_result_text(const LoopLowering *lowering, LoopResult result) {
    return loop_type_text(lowering->arena, result.type);
}

// An address into a record that moves would be wrong after the next collection, and a store
// through it would pass by the write barrier. Bytes and numbers may be handed out for a moment
// nevertheless, to a function that reads them at once; references never.
LoopResult loop_take_address(LoopLowering *lowering, LoopResult result, Location at) {
    if (!result.array)
        return result;
    if (result.array->ir->record->moves &&
        (result.type.cell == IR_CELL_VALUE || result.type.cell == IR_CELL_OBJECT))
        LOOP_ERROR(lowering, at,
                   "`%s` lies in a record that moves: it can only be used with `at:` and "
                   "`at:put:`, which know the write barrier",
                   result.array->name);
    IrValue *zero = ir_integer(lowering->module, IR_I64, 0);
    return loop_result(result.type, ir_build_address(loop_builder(lowering, at), result.value,
                                                     result.array->ir, zero));
}

// After an error the result has the type that was asked for: who asked may go on with it. Its
// value is a number nevertheless, whatever the type; who builds an instruction whose operands
// have to agree looks at the values' types (messages.c).
LoopResult loop_check_type(LoopLowering *lowering, LoopResult result, LoopType type,
                           const char *what, Location at) {
    result = loop_take_address(lowering, result, at);
    if (loop_same_type(result.type, type)) {
        if (result.type.kind == LOOP_UNKNOWN)
            result.type = type;
        return result;
    }
    LOOP_ERROR(lowering, at, "%s must be %s, not %s", what, loop_type_text(lowering->arena, type),
               loop_result_text(lowering, result));
    LoopResult wrong = loop_unknown(lowering);
    wrong.type = type;
    return wrong;
}

// What the results of all exits have in common: their type if each has a value of it.
static LoopType common_type(const LoopExits *exits) {
    LoopType type = exits->items[0].result.type;
    for (size_t i = 0; i < exits->count; i++) {
        const LoopResult *result = &exits->items[i].result;
        if (!result->value || !loop_same_type(result->type, type))
            return loop_type(LOOP_NOTHING);
    }
    return type;
}

// Where several exits meet, a block is made whose parameter is their common value. One exit
// needs no block; none at all means that control ends before. Exits from where control can't be
// are no exits: `cond ifTrue: [ x ] ifFalse: [ self stop ]` has the value of its first block.
// The join is of a record that is being made only if all exits are.
LoopResult loop_join(LoopLowering *lowering, const LoopExits *exits, const char *name,
                     Location at) {
    LoopExits live = {0};
    for (size_t i = 0; i < exits->count; i++) {
        if (exits->items[i].from != lowering->dead)
            ARENA_PUSH(lowering->arena, &live, exits->items[i]);
    }
    if (!live.count)
        return loop_never(lowering);
    if (live.count == 1) {
        lowering->block = live.items[0].from;
        return live.items[0].result;
    }
    LoopBlock *block = loop_block_new(lowering, name);
    LoopResult result = {.type = common_type(&live), .made = true};
    bool has_value = result.type.kind != LOOP_NOTHING;
    if (has_value) {
        loop_parameter_new(block, loop_ir_type(result.type), NULL);
        result.value = block->ir->parameters.items[0];
    }
    for (size_t i = 0; i < live.count; i++) {
        LoopExit *exit = &live.items[i];
        lowering->block = exit->from;
        if (has_value)
            exit->result = loop_take_address(lowering, exit->result, at);
        loop_go_to(lowering, block, exit->at);
        if (has_value)
            loop_set_argument(lowering, &block->predecessors.items[i], 0, exit->result.value);
        result.made = result.made && exit->result.made;
    }
    loop_seal_block(lowering, block);
    loop_start_block(lowering, block);
    return result;
}
