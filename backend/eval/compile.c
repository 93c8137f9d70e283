// Compiling instructions other than terminators. Each becomes one EvalCode with the numbers
// of its registers, so that executing it needs no look at the IR; what needs the operation's
// width, a field's offset or a counter finds it in the code.
#include "backend/eval/code.h"

#include <stdlib.h>

EvalCode *eval_emit(EvalCompiler *compiler, int op) {
    EvalCode code = {.op = (uint16_t)op, .width = 64};
    ARENA_PUSH(compiler->arena, &compiler->code, code);
    ARENA_PUSH(compiler->arena, &compiler->origins, compiler->instruction);
    return &compiler->code.items[compiler->code.count - 1];
}

static uint32_t operand(const EvalCompiler *compiler, size_t index) {
    return eval_register(compiler, compiler->instruction->operands.items[index]);
}

static uint32_t result(const EvalCompiler *compiler) {
    return eval_register(compiler, compiler->instruction->result);
}

// An instruction of up to two operands and a result, as most are. The width is the operands'.
static EvalCode *emit_operands(EvalCompiler *compiler, int op) {
    const IrInstruction *instruction = compiler->instruction;
    EvalCode *code = eval_emit(compiler, op);
    code->width = (uint8_t)ir_type_width(instruction->operands.items[0]->type);
    code->result = result(compiler);
    code->a = operand(compiler, 0);
    if (instruction->operands.count > 1)
        code->b = operand(compiler, 1);
    return code;
}

// Computes in 64 bits; a narrower result is sign-extended from its width again. Registers hold
// narrow integers sign-extended at all times: that is what lets comparisons, selects and switches
// look at whole words. (Bitwise operations keep the form by themselves.)
static void compile_wrapping(EvalCompiler *compiler) {
    EvalCode *code = emit_operands(compiler, compiler->instruction->op);
    uint8_t width = code->width;
    uint32_t number = code->result;
    if (width == 64)
        return;
    code = eval_emit(compiler, EVAL_SIGN_EXTEND);
    code->width = width;
    code->result = code->a = number;
}

// Code is made only where the word changes: by a truncation (to i1 it leaves 0 or 1, which is not
// sign-extended), by a zero extension, and by a sign extension of an i1.
static void compile_convert(EvalCompiler *compiler) {
    const IrInstruction *instruction = compiler->instruction;
    IrType from = instruction->operands.items[0]->type;
    if (instruction->op == IR_TRUNC) {
        IrType to = instruction->result->type;
        EvalCode *code = emit_operands(compiler, to == IR_I1 ? EVAL_ZERO_EXTEND : EVAL_SIGN_EXTEND);
        code->width = (uint8_t)ir_type_width(to);
    } else if (instruction->op == IR_ZEXT && from != IR_I1)
        emit_operands(compiler, EVAL_ZERO_EXTEND);
    else if (instruction->op == IR_SEXT && from == IR_I1)
        emit_operands(compiler, EVAL_NEGATE);
    // The others leave the word as it is, and so share its register.
}

// The operations for cells follow one another in one order, indexed ones likewise.
static int load_op(IrCell cell, bool indexed) {
    int first = indexed ? EVAL_LOAD_INDEXED_U8 : EVAL_LOAD_U8;
    switch (cell) {
    case IR_CELL_U8: return first;
    case IR_CELL_I8: return first + 1;
    case IR_CELL_U16: return first + 2;
    case IR_CELL_I16: return first + 3;
    case IR_CELL_U32:
    case IR_CELL_F32: return first + 4; // what it is worth follows
    case IR_CELL_I32: return first + 5;
    default: return first + 6;
    }
}

static int store_op(IrCell cell, bool indexed) {
    int first = indexed ? EVAL_STORE_INDEXED_8 : EVAL_STORE_8;
    switch (ir_cell_size(cell)) {
    case 1: return first;
    case 2: return first + 1;
    case 4: return first + 2;
    default: return first + 3;
    }
}

static bool accesses_stack(const IrInstruction *instruction) {
    unsigned alias_class =
        instruction->field ? instruction->field->alias_class : instruction->alias_class;
    return alias_class == IR_ALIAS_STACK;
}

// What docs/ir.md counts: reads of a frame's fields by whether they can change, and accesses of the
// stack. It is decided here, once for each instruction, so that executing it only adds.
static EvalCounter load_counter(const IrModule *module, const IrInstruction *load) {
    if (ir_is_frame_read(module, load))
        return load->field->is_const ? EVAL_FRAME_READS_CONST : EVAL_FRAME_READS_STATE;
    return accesses_stack(load) ? EVAL_STACK_LOADS : EVAL_UNCOUNTED;
}

static EvalCounter store_counter(const IrModule *module, const IrInstruction *store) {
    if (ir_is_frame_write(module, store))
        return EVAL_FRAME_WRITES;
    return accesses_stack(store) ? EVAL_STACK_STORES : EVAL_UNCOUNTED;
}

static void compile_load(EvalCompiler *compiler) {
    const IrInstruction *load = compiler->instruction;
    const IrValue *index = ir_access_index(load);
    EvalCode *code = eval_emit(compiler, load_op(ir_access_cell(load), index != NULL));
    code->counter = load_counter(compiler->module, load);
    code->result = result(compiler);
    code->a = operand(compiler, 0);
    code->b = index ? eval_register(compiler, index) : 0;
    code->offset = load->field ? load->field->offset : 0;
    if (ir_access_cell(load) == IR_CELL_F32) {
        code = eval_emit(compiler, IR_F32_FROM_BITS);
        code->result = code->a = result(compiler);
    }
}

bool eval_thread_register(EvalCompiler *compiler, const char *what, uint32_t *number) {
    const IrInstruction *instruction = compiler->instruction;
    const IrValue *thread =
        ir_state_value(instruction->block->region->blocks.items[0], IR_THREAD_PARAMETER);
    if (thread)
        *number = eval_register(compiler, thread);
    else
        diagnostic_error(compiler->diagnostics, instruction->at,
                         "%s in '%s', which has no parameter for the thread", what,
                         instruction->block->region->name);
    return thread != NULL;
}

// Where the module declares no barrier, its runtime needs none.
static void compile_barrier(EvalCompiler *compiler) {
    const IrModule *module = compiler->module;
    const IrInstruction *store = compiler->instruction;
    uint32_t thread = 0;
    if (!module->barrier_field || !eval_thread_register(compiler, "store.ref", &thread))
        return;
    compiler->program->barrier_external =
        eval_external(compiler, module->barrier_external, store->at);
    EvalCode *code = eval_emit(compiler, EVAL_BARRIER);
    code->a = operand(compiler, 0);
    code->b = thread;
}

static void compile_store(EvalCompiler *compiler) {
    const IrInstruction *store = compiler->instruction;
    const IrValue *index = ir_access_index(store);
    uint32_t stored = eval_register(compiler, ir_stored_value(store));
    if (ir_access_cell(store) == IR_CELL_F32) {
        EvalCode *rounded = eval_emit(compiler, IR_F32_BITS);
        rounded->a = stored;
        rounded->result = stored = compiler->program->scratch;
    }
    EvalCode *code = eval_emit(compiler, store_op(ir_access_cell(store), index != NULL));
    code->counter = store_counter(compiler->module, store);
    code->result = stored;
    code->a = operand(compiler, 0);
    code->b = index ? eval_register(compiler, index) : 0;
    code->offset = store->field ? store->field->offset : 0;
    if (store->op == IR_STORE_REF)
        compile_barrier(compiler);
}

// Base, index and offset in two steps; the first goes to the result's register, which nobody reads
// in between.
static void compile_address(EvalCompiler *compiler) {
    const IrInstruction *address = compiler->instruction;
    const IrValue *index = ir_access_index(address);
    uint32_t number = result(compiler), base = operand(compiler, 0);
    if (index) {
        EvalCode *code = eval_emit(compiler, EVAL_OFFSET_INDEXED);
        code->result = number;
        code->a = base;
        code->b = eval_register(compiler, index);
        code->offset = address->field ? ir_cell_size(address->field->cell) : address->record->size;
        base = number;
    }
    if (index && !address->field)
        return;
    EvalCode *code = eval_emit(compiler, EVAL_OFFSET);
    code->result = number;
    code->a = base;
    code->offset = address->field->offset;
}

// Without a result the call still writes one: to the scratch register, rather than asking each
// time.
static void compile_call(EvalCompiler *compiler) {
    const IrInstruction *call = compiler->instruction;
    EvalCallSite *site = ARENA_NEW(compiler->arena, EvalCallSite);
    site->external = eval_external(compiler, call->external, call->at);
    site->registers = ARENA_ARRAY(compiler->arena, uint32_t, call->operands.count + 1);
    for (size_t i = 0; i < call->operands.count; i++)
        site->registers[i] = operand(compiler, i);
    EvalCode *code = eval_emit(compiler, IR_CALL);
    code->result = call->result ? result(compiler) : compiler->program->scratch;
    code->call = site;
}

void eval_compile_instruction(EvalCompiler *compiler, const IrInstruction *instruction) {
    compiler->instruction = instruction;
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_BINARY:
        if (instruction->op == IR_ADD || instruction->op == IR_SUB || instruction->op == IR_MUL)
            compile_wrapping(compiler);
        else
            emit_operands(compiler, instruction->op);
        break;
    case IR_SHAPE_UNARY:
    case IR_SHAPE_COMPARE:
    case IR_SHAPE_FLOAT_UNARY:
    case IR_SHAPE_FLOAT_BINARY:
    case IR_SHAPE_FLOAT_COMPARE: emit_operands(compiler, instruction->op); break;
    case IR_SHAPE_CONVERT: compile_convert(compiler); break;
    case IR_SHAPE_I64_TO_F64:
    case IR_SHAPE_F64_TO_I64:
        if (instruction->op != IR_F64_BITS && instruction->op != IR_F64_FROM_BITS)
            emit_operands(compiler, instruction->op);
        break;
    case IR_SHAPE_PTR_OFFSET: emit_operands(compiler, IR_ADD); break;
    case IR_SHAPE_PTR_DIFFERENCE: emit_operands(compiler, IR_SUB); break;
    case IR_SHAPE_SELECT: emit_operands(compiler, IR_SELECT)->c = operand(compiler, 2); break;
    case IR_SHAPE_LOAD: compile_load(compiler); break;
    case IR_SHAPE_STORE: compile_store(compiler); break;
    case IR_SHAPE_ADDRESS: compile_address(compiler); break;
    case IR_SHAPE_CALL: compile_call(compiler); break;
    case IR_SHAPE_COMPONENT: eval_emit(compiler, IR_COMPONENT); break;
    default: break; // poll.site, and what leaves the bits alone
    }
}
