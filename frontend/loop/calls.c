// Messages to classes: records are found at addresses, externals are called. Classes exist in
// the definition only; nothing of them is left at run time.
#include "frontend/loop/expand.h"
#include "ir/builder.h"

#include <string.h>

// `Frame at: anAddressOrElements`, `Array fromBits: anInt64`: the two ways to say that a record is
// somewhere. Nothing is checked at run time, so it is the definition that vouches for it. What
// moves has no address to be found at, only the bits of a reference that a tagged word holds.
// The result counts as being made, so that a new frame's const fields can be written; that it
// is new is the definition's word, too.
static LoopResult record_send(LoopLowering *lowering, LoopRecord *record, const AstExpression *e) {
    bool moves = record->ir->moves;
    bool at = !strcmp(e->send.selector, "at:") && !moves;
    if (!at && strcmp(e->send.selector, "fromBits:") != 0) {
        LOOP_ERROR(lowering, e->at, "unknown message `%s` for the record %s%s", e->send.selector,
                   record->name, moves ? ", which moves" : "");
        return loop_unknown(lowering);
    }
    LoopResult argument =
        loop_take_address(lowering, loop_value(lowering, e->send.arguments.items[0]), e->at);
    LoopResult result = {.type = loop_record_type(record), .made = true};
    LoopKind kind = argument.type.kind;
    if (kind == LOOP_UNKNOWN)
        return argument;
    if (at) {
        if (kind != LOOP_ADDRESS && kind != LOOP_ELEMENTS)
            LOOP_ERROR(lowering, e->at, "a record is at an Address or at Elements, not at %s",
                       loop_result_text(lowering, argument));
        result.value = argument.value;
        return result;
    }
    argument = loop_check_type(lowering, argument, loop_type(LOOP_INT64), "the bits", e->at);
    result.value = ir_build(loop_builder(lowering, e->at),
                            moves ? IR_OBJECT_FROM_BITS : IR_PTR_FROM_BITS, argument.value, NULL);
    return result;
}

// Thread and frame go along without being written, so that a function of the runtime can find
// whatever it needs, report errors with a trace and let the collector see the frames. The
// address of an indirect one comes first, as the IR's calls have it.
static LoopResult external_send(LoopLowering *lowering, const LoopLibrary *library,
                                const AstExpression *e) {
    const LoopExternal *external = loop_find_external(library, e->send.selector);
    if (!external) {
        LOOP_ERROR(lowering, e->at, "%s has no function `%s`", library->name, e->send.selector);
        return loop_unknown(lowering);
    }
    IrValues arguments = {0};
    size_t next = 0;
    LoopResult values[8];
    LoopResult *results = external->parameters.count <= 8 ? values
                                                          : ARENA_ARRAY(lowering->arena, LoopResult,
                                                                        external->parameters.count);
    for (size_t i = 0; i < external->parameters.count; i++)
        results[i] = loop_check_type(
            lowering, loop_value(lowering, e->send.arguments.items[i]),
            external->parameters.items[i],
            arena_printf(lowering->arena, "`%s`", external->ast->arguments.items[i].name),
            e->send.arguments.items[i]->at);
    if (external->ir->indirect)
        ARENA_PUSH(lowering->arena, &arguments, results[next++].value);
    ARENA_PUSH(lowering->arena, &arguments, lowering->thread);
    if (!external->frameless)
        ARENA_PUSH(lowering->arena, &arguments, lowering->frame);
    for (; next < external->parameters.count; next++)
        ARENA_PUSH(lowering->arena, &arguments, results[next].value);
    IrInstruction *call = ir_build_call(loop_builder(lowering, e->at), external->ir,
                                        arguments.items, arguments.count);
    return call->result ? loop_result(external->result, call->result) : loop_nothing();
}

LoopResult loop_class_send(LoopLowering *lowering, const AstExpression *e) {
    const char *name = e->send.receiver->variable.name;
    LoopRecord *record = loop_find_record(lowering->definition, name);
    if (record)
        return record_send(lowering, record, e);
    return external_send(lowering, loop_find_library(lowering->definition, name), e);
}
