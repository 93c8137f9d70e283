// Messages that read and write memory: records' fields, elements, addresses of elements. Each
// access says the field, or the cell and the alias class: that is all that passes know of
// memory. Here is decided which stores go through the write barrier.
#include "frontend/loop/expand.h"
#include "ir/builder.h"

#include <string.h>

// Does a reference stored there need the barrier? A generational collector has to hear of old
// objects that refer to young ones. Frames and stacks are roots, which it looks at without being
// told, so only references within objects count.
static IrOp store_op(const LoopField *field) {
    bool reference = field->ir->cell == IR_CELL_VALUE || field->ir->cell == IR_CELL_OBJECT;
    return field->ir->record->moves && reference ? IR_STORE_REF : IR_STORE;
}

static LoopResult integer_argument(LoopLowering *lowering, const AstExpression *e,
                                   const char *what) {
    return loop_check_type(lowering, loop_value(lowering, e), loop_type(LOOP_INT64), what, e->at);
}

// That const fields don't change is what lets passes read them early and once. Whether a record
// is being made can't be proved here, but it can be kept local: the right to write is with the
// value that `at:` answered, and with the variables that hold it, not with the record's type.
static void check_const(LoopLowering *lowering, LoopResult record, const LoopField *field,
                        Location at) {
    if (field->ir->is_const && !record.made)
        LOOP_ERROR(lowering, at,
                   "`%s` is const: it can be written only while its record is made, after `%s at:`",
                   field->name, field->ir->record->name);
}

// ---- Fields ------------------------------------------------------------------------------

static LoopResult read_field(LoopLowering *lowering, LoopResult record, const LoopField *field,
                             Location at) {
    if (field->ir->is_array)
        return (LoopResult){
            .type = field->type, .value = record.value, .array = field, .made = record.made};
    LoopType type = field->type;
    if (type.kind == LOOP_INT64 || type.kind == LOOP_DOUBLE)
        type = loop_type(type.kind); // read, a number is 64 bits, however wide the field
    IrValue *value = ir_build_load(loop_builder(lowering, at), record.value, field->ir, NULL);
    value->name = field->name;
    return loop_result(type, value);
}

static LoopResult write_field(LoopLowering *lowering, LoopResult record, const LoopField *field,
                              const AstExpression *e) {
    LoopResult value = loop_value(lowering, e->send.arguments.items[0]);
    if (field->ir->is_array) {
        LOOP_ERROR(lowering, e->at, "`%s` is an array in place: only its elements can be written",
                   field->name);
        return loop_nothing();
    }
    value = loop_check_type(lowering, value, field->type,
                            arena_printf(lowering->arena, "`%s`", field->name), e->at);
    check_const(lowering, record, field, e->at);
    ir_build_store(loop_builder(lowering, e->at), store_op(field), record.value, field->ir, NULL,
                   value.value);
    return loop_nothing();
}

// `name` reads and `name:` writes a field. False if the record has no such field.
static bool field_send(LoopLowering *lowering, LoopResult record, const AstExpression *e,
                       LoopResult *result) {
    const char *selector = e->send.selector;
    size_t length = strlen(selector);
    bool writes = e->send.arguments.count == 1 && selector[length - 1] == ':';
    const char *name = writes ? arena_strndup(lowering->arena, selector, length - 1) : selector;
    const LoopField *field = loop_find_field(record.type.record, name);
    if (!field || (!writes && e->send.arguments.count))
        return false;
    *result = writes ? write_field(lowering, record, field, e)
                     : read_field(lowering, record, field, e->at);
    return true;
}

// ---- Elements ----------------------------------------------------------------------------

// Three kinds of elements: an array in place is accessed through its field, records that stay
// are where they are found, so `at:` answers an address and reads nothing; everything else is a
// load from the elements' address.
static LoopResult read_element(LoopLowering *lowering, LoopResult elements,
                               const AstExpression *e) {
    LoopResult index = integer_argument(lowering, e->send.arguments.items[0], "the index");
    LoopType type = loop_element_type(elements.type);
    IrBuilder *builder = loop_builder(lowering, e->at);
    if (elements.array)
        return loop_result(type,
                           ir_build_load(builder, elements.value, elements.array->ir, index.value));
    if (type.kind == LOOP_RECORD && !type.record->ir->moves)
        return loop_result(
            type, ir_build_address_element(builder, type.record->ir, elements.value, index.value));
    return loop_result(type, ir_build_load_element(builder, elements.type.cell, elements.value,
                                                   index.value, elements.type.alias_class));
}

static LoopResult write_element(LoopLowering *lowering, LoopResult elements,
                                const AstExpression *e) {
    LoopType type = loop_element_type(elements.type);
    LoopResult index = integer_argument(lowering, e->send.arguments.items[0], "the index");
    LoopResult value = loop_check_type(lowering, loop_value(lowering, e->send.arguments.items[1]),
                                       type, "the element", e->at);
    IrBuilder *builder = loop_builder(lowering, e->at);
    if (elements.array) {
        check_const(lowering, elements, elements.array, e->at);
        ir_build_store(builder, store_op(elements.array), elements.value, elements.array->ir,
                       index.value, value.value);
    } else if (type.kind == LOOP_RECORD && !type.record->ir->moves) {
        LOOP_ERROR(lowering, e->at, "records lie in place: only their fields can be written");
    } else {
        ir_build_store_element(builder, IR_STORE, elements.type.cell, elements.value, index.value,
                               value.value, elements.type.alias_class);
    }
    return loop_nothing();
}

// `elements + count` and `elements - count`. An array in place already has an address with an
// index, 0, which becomes the count; backwards the count would have to be negated first. Bytes
// of a literal count are worked out here for the same reason as in messages.c.
static LoopResult offset_elements(LoopLowering *lowering, LoopResult elements,
                                  const AstExpression *e) {
    LoopResult count = integer_argument(lowering, e->send.arguments.items[0], "the number");
    bool backwards = e->send.selector[0] == '-';
    IrBuilder *builder = loop_builder(lowering, e->at);
    if (elements.array && !backwards) {
        LoopResult first = loop_take_address(lowering, elements, e->at);
        IrInstruction *address = first.value->instruction;
        address->operands.items[1] = count.value;
        return first;
    }
    elements = loop_take_address(lowering, elements, e->at);
    builder = loop_builder(lowering, e->at);
    int64_t size = loop_element_size(elements.type);
    IrValue *bytes;
    if (count.value->kind == IR_CONSTANT) {
        uint64_t number = (uint64_t)count.value->integer * (uint64_t)size;
        bytes = ir_integer(lowering->module, IR_I64, (int64_t)(backwards ? 0 - number : number));
    } else {
        bytes = ir_build(builder, IR_MUL, count.value,
                         ir_integer(lowering->module, IR_I64, backwards ? -size : size));
    }
    return loop_result(elements.type, ir_build(builder, IR_PTR_ADD, elements.value, bytes));
}

bool loop_memory_send(LoopLowering *lowering, LoopResult receiver, const AstExpression *e,
                      LoopResult *result) {
    const char *selector = e->send.selector;
    if (receiver.type.kind == LOOP_RECORD)
        return field_send(lowering, receiver, e, result);
    if (receiver.type.kind != LOOP_ELEMENTS)
        return false;
    if (!strcmp(selector, "at:"))
        *result = read_element(lowering, receiver, e);
    else if (!strcmp(selector, "at:put:"))
        *result = write_element(lowering, receiver, e);
    else if (!strcmp(selector, "+") || !strcmp(selector, "-"))
        *result = offset_elements(lowering, receiver, e);
    else
        return false;
    return true;
}
