// Building code: constants and instructions, put at a builder's place. Types are inferred
// from the operands, and checked by the verifier, not here: whoever builds something wrong
// is told so once, with the place, however it was built.
#include "ir/builder.h"
#include "ir/ir.h"

// A new value for each constant: ir_same_value compares what they hold.
IrValue *ir_integer(IrModule *module, IrType type, int64_t value) {
    IrValue *constant = ARENA_NEW(module->arena, IrValue);
    constant->kind = IR_CONSTANT;
    constant->type = type;
    switch (type) {
    case IR_I1: constant->integer = value & 1; break;
    case IR_I8: constant->integer = (int8_t)value; break;
    case IR_I16: constant->integer = (int16_t)value; break;
    case IR_I32: constant->integer = (int32_t)value; break;
    default: constant->integer = value; break;
    }
    return constant;
}

IrValue *ir_number(IrModule *module, double value) {
    IrValue *constant = ARENA_NEW(module->arena, IrValue);
    constant->kind = IR_CONSTANT;
    constant->type = IR_F64;
    constant->number = value;
    return constant;
}

IrInstruction *ir_instruction_new(IrModule *module, IrOp op, Location at) {
    IrInstruction *instruction = ARENA_NEW(module->arena, IrInstruction);
    instruction->op = op;
    instruction->at = at;
    return instruction;
}

void ir_insert(IrInstruction *instruction, IrBlock *block, IrInstruction *before) {
    instruction->block = block;
    instruction->next = before;
    instruction->previous = before ? before->previous : block->last;
    if (instruction->previous)
        instruction->previous->next = instruction;
    else
        block->first = instruction;
    if (before)
        before->previous = instruction;
    else
        block->last = instruction;
}

IrValue *ir_result_new(IrModule *module, IrInstruction *instruction, IrType type) {
    IrValue *result = ARENA_NEW(module->arena, IrValue);
    result->kind = IR_RESULT;
    result->type = type;
    result->instruction = instruction;
    instruction->result = result;
    return result;
}

// Put in its place at once: operands may be added to an instruction that is in a block
// already.
static IrInstruction *start(IrBuilder *builder, IrOp op) {
    IrInstruction *instruction = ir_instruction_new(builder->module, op, builder->at);
    instruction->inlined = builder->inlined;
    ir_insert(instruction, builder->block, builder->before);
    return instruction;
}

static void add_operand(IrBuilder *builder, IrInstruction *instruction, IrValue *value) {
    ARENA_PUSH(builder->module->arena, &instruction->operands, value);
}

static void add_operands(IrBuilder *builder, IrInstruction *instruction, IrValue **values,
                         size_t count) {
    for (size_t i = 0; i < count; i++)
        add_operand(builder, instruction, values[i]);
}

static IrEdge *add_edge(IrBuilder *builder, IrInstruction *instruction, IrBlock *block) {
    ARENA_PUSH(builder->module->arena, &instruction->edges, (IrEdge){.block = block});
    return &instruction->edges.items[instruction->edges.count - 1];
}

// The type follows from the operands, so the result is made after them.
static IrValue *finish(IrBuilder *builder, IrInstruction *instruction) {
    return ir_result_new(builder->module, instruction, ir_result_type(instruction));
}

IrValue *ir_build(IrBuilder *builder, IrOp op, IrValue *left, IrValue *right) {
    IrInstruction *instruction = start(builder, op);
    add_operand(builder, instruction, left);
    if (right)
        add_operand(builder, instruction, right);
    return finish(builder, instruction);
}

IrValue *ir_build_convert(IrBuilder *builder, IrOp op, IrType type, IrValue *value) {
    IrInstruction *instruction = start(builder, op);
    add_operand(builder, instruction, value);
    return ir_result_new(builder->module, instruction, type);
}

IrValue *ir_build_select(IrBuilder *builder, IrValue *condition, IrValue *yes, IrValue *no) {
    IrInstruction *instruction = start(builder, IR_SELECT);
    add_operand(builder, instruction, condition);
    add_operand(builder, instruction, yes);
    add_operand(builder, instruction, no);
    return finish(builder, instruction);
}

IrValue *ir_build_load(IrBuilder *builder, IrValue *base, const IrField *field, IrValue *index) {
    IrInstruction *instruction = start(builder, IR_LOAD);
    instruction->field = field;
    add_operand(builder, instruction, base);
    if (index)
        add_operand(builder, instruction, index);
    return finish(builder, instruction);
}

IrValue *ir_build_load_element(IrBuilder *builder, IrCell cell, IrValue *base, IrValue *index,
                               unsigned alias_class) {
    IrInstruction *instruction = start(builder, IR_LOAD);
    instruction->cell = cell;
    instruction->alias_class = alias_class;
    add_operand(builder, instruction, base);
    add_operand(builder, instruction, index);
    return finish(builder, instruction);
}

IrInstruction *ir_build_store(IrBuilder *builder, IrOp op, IrValue *base, const IrField *field,
                              IrValue *index, IrValue *value) {
    IrInstruction *instruction = start(builder, op);
    instruction->field = field;
    add_operand(builder, instruction, base);
    if (index)
        add_operand(builder, instruction, index);
    add_operand(builder, instruction, value);
    return instruction;
}

IrInstruction *ir_build_store_element(IrBuilder *builder, IrOp op, IrCell cell, IrValue *base,
                                      IrValue *index, IrValue *value, unsigned alias_class) {
    IrInstruction *instruction = start(builder, op);
    instruction->cell = cell;
    instruction->alias_class = alias_class;
    add_operand(builder, instruction, base);
    add_operand(builder, instruction, index);
    add_operand(builder, instruction, value);
    return instruction;
}

IrValue *ir_build_address(IrBuilder *builder, IrValue *base, const IrField *field, IrValue *index) {
    IrInstruction *instruction = start(builder, IR_ADDRESS);
    instruction->field = field;
    add_operand(builder, instruction, base);
    if (index)
        add_operand(builder, instruction, index);
    return finish(builder, instruction);
}

IrValue *ir_build_address_element(IrBuilder *builder, const IrRecord *record, IrValue *base,
                                  IrValue *index) {
    IrInstruction *instruction = start(builder, IR_ADDRESS);
    instruction->record = record;
    add_operand(builder, instruction, base);
    add_operand(builder, instruction, index);
    return finish(builder, instruction);
}

IrInstruction *ir_build_call(IrBuilder *builder, const IrExternal *external, IrValue **arguments,
                             size_t count) {
    IrInstruction *instruction = start(builder, IR_CALL);
    instruction->external = external;
    add_operands(builder, instruction, arguments, count);
    if (external->result != IR_VOID)
        finish(builder, instruction);
    return instruction;
}

IrInstruction *ir_build_poll_site(IrBuilder *builder, IrPollKind kind) {
    IrInstruction *instruction = start(builder, IR_POLL_SITE);
    instruction->poll_kind = kind;
    return instruction;
}

IrInstruction *ir_build_abandon(IrBuilder *builder, IrValue *record) {
    IrInstruction *instruction = start(builder, IR_ABANDON);
    add_operand(builder, instruction, record);
    return instruction;
}

IrInstruction *ir_build_component(IrBuilder *builder, int component) {
    IrInstruction *instruction = start(builder, IR_COMPONENT);
    instruction->component = component;
    return instruction;
}

IrInstruction *ir_build_br(IrBuilder *builder, IrBlock *target, IrValue **arguments, size_t count) {
    IrInstruction *instruction = start(builder, IR_BR);
    IrEdge *edge = add_edge(builder, instruction, target);
    for (size_t i = 0; i < count; i++)
        ir_edge_argument(builder->module, edge, arguments[i]);
    return instruction;
}

IrInstruction *ir_build_if(IrBuilder *builder, IrValue *condition, IrBlock *yes, IrBlock *no,
                           IrLikely likely) {
    IrInstruction *instruction = start(builder, IR_IF);
    instruction->likely = likely;
    add_operand(builder, instruction, condition);
    add_edge(builder, instruction, yes);
    add_edge(builder, instruction, no);
    return instruction;
}

IrInstruction *ir_build_switch(IrBuilder *builder, IrValue *value, IrBlock *otherwise) {
    IrInstruction *instruction = start(builder, IR_SWITCH);
    add_operand(builder, instruction, value);
    add_edge(builder, instruction, otherwise);
    return instruction;
}

IrInstruction *ir_build_dispatch(IrBuilder *builder, IrTable *table, IrValue *opcode,
                                 IrValue **arguments, size_t count) {
    IrInstruction *instruction = start(builder, IR_DISPATCH);
    instruction->table = table;
    add_operand(builder, instruction, opcode);
    add_operands(builder, instruction, arguments, count);
    return instruction;
}

IrInstruction *ir_build_exit(IrBuilder *builder, IrTable *table, int opcode, IrValue **arguments,
                             size_t count) {
    IrInstruction *instruction = start(builder, IR_EXIT);
    instruction->table = table;
    add_operand(builder, instruction, ir_integer(builder->module, IR_I64, opcode));
    add_operands(builder, instruction, arguments, count);
    return instruction;
}

IrInstruction *ir_build_poll(IrBuilder *builder, IrPollKind kind, IrBlock *fast, IrBlock *cold) {
    IrInstruction *instruction = start(builder, IR_POLL);
    instruction->poll_kind = kind;
    add_edge(builder, instruction, fast);
    add_edge(builder, instruction, cold);
    return instruction;
}

IrInstruction *ir_build_ret(IrBuilder *builder, IrValue *value) {
    IrInstruction *instruction = start(builder, IR_RET);
    if (value)
        add_operand(builder, instruction, value);
    return instruction;
}

IrInstruction *ir_build_tail(IrBuilder *builder, IrFunction *callee, IrValue **arguments,
                             size_t count) {
    IrInstruction *instruction = start(builder, IR_TAIL);
    instruction->callee = callee;
    add_operands(builder, instruction, arguments, count);
    return instruction;
}

IrInstruction *ir_build_unreachable(IrBuilder *builder) {
    return start(builder, IR_UNREACHABLE);
}

void ir_edge_argument(IrModule *module, IrEdge *edge, IrValue *value) {
    ARENA_PUSH(module->arena, &edge->arguments, value);
}

IrEdge *ir_switch_case(IrModule *module, IrInstruction *instruction, int64_t value,
                       IrBlock *block) {
    // The default stays last: it moves up by one, and the case takes its place.
    ARENA_PUSH(module->arena, &instruction->edges, (IrEdge){0});
    IrEdge *edge = &instruction->edges.items[instruction->edges.count - 1];
    *edge = edge[-1];
    edge[-1] = (IrEdge){.block = block, .case_value = value};
    return &edge[-1];
}
