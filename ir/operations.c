// What holds of operations, types, cells and alias classes in every module: their texts,
// how an instruction's operands are laid out, what refers to what. The table of operations,
// ops.def, is read in here once for each column.
#include "ir/ir.h"

#include <stdlib.h>
#include <string.h>

static const char *const op_texts[] = {
#define IR_OP(enumerator, text, shape) [IR_##enumerator] = text,
#include "ir/ops.def"
#undef IR_OP
};

static const IrShape op_shapes[] = {
#define IR_OP(enumerator, text, shape) [IR_##enumerator] = IR_SHAPE_##shape,
#include "ir/ops.def"
#undef IR_OP
};

const char *ir_op_text(IrOp op) {
    return op_texts[op];
}

IrShape ir_op_shape(IrOp op) {
    return op_shapes[op];
}

bool ir_op_is_terminator(IrOp op) {
    switch (op_shapes[op]) {
    case IR_SHAPE_BR:
    case IR_SHAPE_IF:
    case IR_SHAPE_SWITCH:
    case IR_SHAPE_DISPATCH:
    case IR_SHAPE_EXIT:
    case IR_SHAPE_POLL:
    case IR_SHAPE_RET:
    case IR_SHAPE_TAIL:
    case IR_SHAPE_UNREACHABLE: return true;
    default: return false;
    }
}

int ir_type_width(IrType type) {
    switch (type) {
    case IR_I1: return 1;
    case IR_I8: return 8;
    case IR_I16: return 16;
    case IR_I32: return 32;
    default: return 64;
    }
}

bool ir_op_leaves_by_table(IrOp op) {
    return op == IR_DISPATCH || op == IR_EXIT;
}

const char *ir_type_text(IrType type) {
    static const char *const texts[] = {
        [IR_VOID] = "void",     [IR_I1] = "i1",       [IR_I8] = "i8",   [IR_I16] = "i16",
        [IR_I32] = "i32",       [IR_I64] = "i64",     [IR_F64] = "f64", [IR_PTR] = "ptr",
        [IR_OBJECT] = "object", [IR_VALUE] = "value",
    };
    return texts[type];
}

int ir_type_bits(IrType type) {
    switch (type) {
    case IR_I1: return 1;
    case IR_I8: return 8;
    case IR_I16: return 16;
    case IR_I32: return 32;
    case IR_I64: return 64;
    default: return 0;
    }
}

const char *ir_cell_text(IrCell cell) {
    static const char *const texts[] = {
        [IR_CELL_U8] = "u8",   [IR_CELL_I8] = "i8",         [IR_CELL_U16] = "u16",
        [IR_CELL_I16] = "i16", [IR_CELL_U32] = "u32",       [IR_CELL_I32] = "i32",
        [IR_CELL_I64] = "i64", [IR_CELL_F32] = "f32",       [IR_CELL_F64] = "f64",
        [IR_CELL_PTR] = "ptr", [IR_CELL_OBJECT] = "object", [IR_CELL_VALUE] = "value",
    };
    return texts[cell];
}

IrType ir_cell_type(IrCell cell) {
    switch (cell) {
    case IR_CELL_F32:
    case IR_CELL_F64: return IR_F64;
    case IR_CELL_PTR: return IR_PTR;
    case IR_CELL_OBJECT: return IR_OBJECT;
    case IR_CELL_VALUE: return IR_VALUE;
    default: return IR_I64;
    }
}

int ir_cell_size(IrCell cell) {
    switch (cell) {
    case IR_CELL_U8:
    case IR_CELL_I8: return 1;
    case IR_CELL_U16:
    case IR_CELL_I16: return 2;
    case IR_CELL_U32:
    case IR_CELL_I32:
    case IR_CELL_F32: return 4;
    default: return 8;
    }
}

// A text for each set, by its number, so that nobody has to own one. In this order printing
// and parsing agree on one spelling.
const char *ir_alias_text(unsigned alias_classes) {
    static const char *const texts[IR_ALIAS_ALL + 1] = {
        "const",
        "frame",
        "stack",
        "frame stack",
        "heap",
        "frame heap",
        "stack heap",
        "frame stack heap",
        "code",
        "frame code",
        "stack code",
        "frame stack code",
        "heap code",
        "frame heap code",
        "stack heap code",
        "frame stack heap code",
        "thread",
        "frame thread",
        "stack thread",
        "frame stack thread",
        "heap thread",
        "frame heap thread",
        "stack heap thread",
        "frame stack heap thread",
        "code thread",
        "frame code thread",
        "stack code thread",
        "frame stack code thread",
        "heap code thread",
        "frame heap code thread",
        "stack heap code thread",
        "all",
    };
    return texts[alias_classes & IR_ALIAS_ALL];
}

const char *ir_form_text(IrForm form) {
    static const char *const texts[] = {
        [IR_FORM_LOOP] = "loop",
        [IR_FORM_REPLICATED] = "replicated",
        [IR_FORM_HANDLERS] = "handlers",
    };
    return texts[form];
}

const char *ir_poll_kind_text(IrPollKind kind) {
    static const char *const texts[] = {
        [IR_POLL_CALL] = "call", [IR_POLL_BACK_EDGE] = "backEdge", [IR_POLL_BYTECODE] = "bytecode"};
    return texts[kind];
}

// Arrays in place have no end that a declaration knows.
int64_t ir_record_default_size(const IrRecord *record) {
    int64_t size = 0;
    for (size_t i = 0; i < record->fields.count; i++) {
        const IrField *field = record->fields.items[i];
        int64_t end = field->offset + ir_cell_size(field->cell);
        if (!field->is_array && end > size)
            size = end;
    }
    return (size + 7) / 8 * 8;
}

IrValue *ir_access_index(const IrInstruction *instruction) {
    size_t count = 1; // of the operands that are not the index
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_LOAD:
    case IR_SHAPE_ADDRESS: break;
    case IR_SHAPE_STORE: count = 2; break;
    default: return NULL;
    }
    return instruction->operands.count > count ? instruction->operands.items[1] : NULL;
}

IrValue *ir_stored_value(const IrInstruction *instruction) {
    if (ir_op_shape(instruction->op) != IR_SHAPE_STORE || instruction->operands.count < 2)
        return NULL;
    return instruction->operands.items[instruction->operands.count - 1];
}

IrCell ir_access_cell(const IrInstruction *instruction) {
    return instruction->field ? instruction->field->cell : instruction->cell;
}

// What the operands say, for who builds and who parses. The verifier asks nobody: it has the
// rule itself, so that a mistake here would be found.
IrType ir_result_type(const IrInstruction *instruction) {
    const IrValues *operands = &instruction->operands;
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_UNARY:
    case IR_SHAPE_BINARY: return operands->items[0]->type;
    case IR_SHAPE_SELECT: return operands->items[1]->type;
    case IR_SHAPE_COMPARE:
    case IR_SHAPE_FLOAT_COMPARE: return IR_I1;
    case IR_SHAPE_FLOAT_UNARY:
    case IR_SHAPE_FLOAT_BINARY:
    case IR_SHAPE_I64_TO_F64: return IR_F64;
    case IR_SHAPE_F64_TO_I64:
    case IR_SHAPE_VALUE_TO_I64:
    case IR_SHAPE_OBJECT_TO_I64:
    case IR_SHAPE_PTR_TO_I64:
    case IR_SHAPE_PTR_DIFFERENCE: return IR_I64;
    case IR_SHAPE_I64_TO_VALUE: return IR_VALUE;
    case IR_SHAPE_I64_TO_OBJECT: return IR_OBJECT;
    case IR_SHAPE_I64_TO_PTR:
    case IR_SHAPE_PTR_OFFSET:
    case IR_SHAPE_ADDRESS: return IR_PTR;
    case IR_SHAPE_LOAD: return ir_cell_type(ir_access_cell(instruction));
    case IR_SHAPE_CALL: return instruction->external->result;
    case IR_SHAPE_CONVERT: return instruction->result ? instruction->result->type : IR_VOID;
    default: return IR_VOID;
    }
}

bool ir_same_value(const IrValue *a, const IrValue *b) {
    if (a == b)
        return true;
    if (a->kind != IR_CONSTANT || b->kind != IR_CONSTANT || a->type != b->type)
        return false;
    return a->type == IR_F64 ? memcmp(&a->number, &b->number, sizeof a->number) == 0
                             : a->integer == b->integer;
}

bool ir_uses(const IrInstruction *instruction, const IrValue *value) {
    for (size_t i = 0; i < instruction->operands.count; i++)
        if (instruction->operands.items[i] == value)
            return true;
    for (size_t e = 0; e < instruction->edges.count; e++)
        for (size_t i = 0; i < instruction->edges.items[e].arguments.count; i++)
            if (instruction->edges.items[e].arguments.items[i] == value)
                return true;
    return false;
}

bool ir_leads_to(const IrTable *table, const IrBlock *block) {
    if (table->default_block == block)
        return true;
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (table->bytecodes.items[i].block == block)
            return true;
    return false;
}

void ir_add_targets(const IrTable *table, Arena *arena, PointerMap *targets) {
    const void *fallback[] = {table->default_block, table->default_function};
    for (size_t i = 0; i < sizeof fallback / sizeof *fallback; i++)
        if (fallback[i])
            pointer_map_add(arena, targets, fallback[i], 0);
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        if (bytecode->block)
            pointer_map_add(arena, targets, bytecode->block, 0);
        if (bytecode->function)
            pointer_map_add(arena, targets, bytecode->function, 0);
    }
}
