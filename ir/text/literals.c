// The types that literals take from their places in the text: `add %x, 1` is of the type of
// %x. The printer leaves out what the parser would find, so both ask here.
#include "ir/text/literals.h"

// Two literals side by side say nothing of each other, and are i64.
static IrType type_of_other(const IrInstruction *instruction, size_t other) {
    if (other >= instruction->operands.count ||
        instruction->operands.items[other]->kind == IR_CONSTANT)
        return IR_I64;
    return instruction->operands.items[other]->type;
}

static IrType parameter_type(const IrValues *parameters, size_t index) {
    return index < parameters->count ? parameters->items[index]->type : IR_I64;
}

static IrType call_argument_type(const IrInstruction *instruction, size_t index) {
    const IrExternal *external = instruction->external;
    if (external->indirect && index-- == 0)
        return IR_PTR;
    return index < external->parameters.count ? external->parameters.items[index] : IR_I64;
}

static IrType dispatch_argument_type(const IrInstruction *instruction, size_t index) {
    const IrTable *table = instruction->table;
    if (index == 0 || index > table->parameters.count)
        return IR_I64;
    return table->parameters.items[index - 1].type;
}

static IrType tail_argument_type(const IrInstruction *instruction, size_t index) {
    const IrFunction *callee = instruction->callee;
    if (!callee || !callee->regions.count || !callee->regions.items[0]->blocks.count)
        return IR_I64;
    return parameter_type(&callee->regions.items[0]->blocks.items[0]->parameters, index);
}

// BASE [, INDEX] [, V]
static IrType access_type(const IrInstruction *instruction, size_t index) {
    if (index == 0)
        return IR_PTR;
    bool is_store = ir_op_shape(instruction->op) == IR_SHAPE_STORE;
    if (is_store && index + 1 == instruction->operands.count)
        return ir_cell_type(ir_access_cell(instruction));
    return IR_I64;
}

IrType ir_operand_literal_type(const IrInstruction *instruction, size_t index) {
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_BINARY:
    case IR_SHAPE_COMPARE: return type_of_other(instruction, 1 - index);
    case IR_SHAPE_SELECT: return index == 0 ? IR_I1 : type_of_other(instruction, 3 - index);
    case IR_SHAPE_FLOAT_UNARY:
    case IR_SHAPE_FLOAT_BINARY:
    case IR_SHAPE_FLOAT_COMPARE: return IR_F64;
    case IR_SHAPE_F64_TO_I64: return IR_F64;
    case IR_SHAPE_PTR_OFFSET: return index == 0 ? IR_PTR : IR_I64;
    case IR_SHAPE_PTR_TO_I64:
    case IR_SHAPE_PTR_DIFFERENCE: return IR_PTR;
    case IR_SHAPE_LOAD:
    case IR_SHAPE_STORE:
    case IR_SHAPE_ADDRESS: return access_type(instruction, index);
    case IR_SHAPE_CALL: return call_argument_type(instruction, index);
    case IR_SHAPE_IF: return IR_I1;
    case IR_SHAPE_EXIT:
    case IR_SHAPE_DISPATCH: return dispatch_argument_type(instruction, index);
    case IR_SHAPE_TAIL: return tail_argument_type(instruction, index);
    case IR_SHAPE_RET: return instruction->block->region->function->result;
    default: return IR_I64;
    }
}

IrType ir_argument_literal_type(const IrEdge *edge, size_t index) {
    return parameter_type(&edge->block->parameters, index);
}
