// Compiling terminators: edges, switches, dispatches, polls, tail calls. The arguments of an
// edge become copies on the way (copies.c); an edge of a branch that passes some gets a
// place of its own for them, as splitting critical edges does.
#include "backend/eval/code.h"

#include <stdlib.h>

static void add_copies(EvalCompiler *compiler, const IrEdge *edge) {
    for (size_t i = 0; i < edge->arguments.count; i++)
        eval_copy_add(compiler, eval_register(compiler, edge->block->parameters.items[i]),
                      eval_register(compiler, edge->arguments.items[i]));
}

// Where to jump for an edge: the block itself if nothing has to be passed, and
// otherwise the copies of its arguments, which compile_copies puts there.
static uint32_t edge_label(EvalCompiler *compiler, const IrEdge *edge) {
    return edge->arguments.count ? eval_new_label(compiler)
                                 : eval_block_label(compiler, edge->block);
}

static void emit_jump(EvalCompiler *compiler, uint32_t label) {
    eval_emit(compiler, IR_BR)->targets[0] = label;
}

static void compile_copies(EvalCompiler *compiler, const IrEdge *edge, uint32_t label) {
    if (!edge->arguments.count)
        return;
    eval_place_label(compiler, label);
    add_copies(compiler, edge);
    eval_copies_emit(compiler);
    emit_jump(compiler, eval_block_label(compiler, edge->block));
}

// The copies of both ways stand after the branch, each with a jump to its block. They must not
// stand before it: the other way would have made them, too.
static void compile_two_way(EvalCompiler *compiler, int op, uint32_t condition) {
    const IrEdge *edges = compiler->instruction->edges.items;
    uint32_t first = edge_label(compiler, &edges[0]), second = edge_label(compiler, &edges[1]);
    EvalCode *code = eval_emit(compiler, op);
    code->a = condition;
    code->targets[0] = first;
    code->targets[1] = second;
    compile_copies(compiler, &edges[0], first);
    compile_copies(compiler, &edges[1], second);
}

static int compare_cases(const void *left, const void *right) {
    const EvalCase *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

// Cases are sorted for a binary search. Their values are brought into the form that registers have,
// as the text may write a case of i8 as 255 or as -1.
static void compile_switch(EvalCompiler *compiler) {
    const IrInstruction *instruction = compiler->instruction;
    size_t count = instruction->edges.count - 1;
    int unused = 64 - ir_type_width(instruction->operands.items[0]->type);
    uint32_t *labels = ARENA_ARRAY(compiler->scratch, uint32_t, count + 1);
    EvalSwitch *table = ARENA_NEW(compiler->arena, EvalSwitch);
    table->cases = ARENA_ARRAY(compiler->arena, EvalCase, count);
    table->count = count;
    for (size_t i = 0; i <= count; i++)
        labels[i] = edge_label(compiler, &instruction->edges.items[i]);
    for (size_t i = 0; i < count; i++) {
        uint64_t value = (uint64_t)instruction->edges.items[i].case_value;
        table->cases[i].value =
            unused == 63 ? (int64_t)(value & 1) : (int64_t)(value << unused) >> unused;
        table->cases[i].target = labels[i];
    }
    table->otherwise = labels[count];
    if (count)
        qsort(table->cases, count, sizeof *table->cases, compare_cases);
    EvalCode *code = eval_emit(compiler, IR_SWITCH);
    code->a = eval_register(compiler, instruction->operands.items[0]);
    code->switch_ = table;
    for (size_t i = 0; i <= count; i++)
        compile_copies(compiler, &instruction->edges.items[i], labels[i]);
}

// The table's parameters stand at the same registers whatever the target is: at the beginning of a
// region's or, in form handlers, where each bytecode is a function, of a function's. So they can be
// passed before it is known which target it will be.
// Answers where they begin.
static uint32_t add_table_arguments(EvalCompiler *compiler) {
    const IrInstruction *instruction = compiler->instruction;
    uint32_t base = compiler->module->form == IR_FORM_HANDLERS ? compiler->program->base
                                                               : compiler->region_base;
    for (size_t i = 1; i < instruction->operands.count; i++)
        eval_copy_add(compiler, base + (uint32_t)i - 1,
                      eval_register(compiler, instruction->operands.items[i]));
    return base;
}

static EvalTable *table_of(const EvalCompiler *compiler) {
    size_t i = 0;
    while (compiler->module->tables.items[i] != compiler->instruction->table)
        i++;
    return &compiler->program->tables[i];
}

// Computes again where the opcode was loaded from. It comes before the arguments are passed: the
// registers of the load's operands may be among those that they go to.
static void compile_fetched_from(EvalCompiler *compiler) {
    const IrValue *opcode = compiler->instruction->operands.items[0];
    const IrInstruction *load = opcode->kind == IR_RESULT ? opcode->instruction : NULL;
    if (!load || ir_op_shape(load->op) != IR_SHAPE_LOAD) {
        diagnostic_error(compiler->diagnostics, compiler->instruction->at,
                         "a dispatch can't be observed whose opcode isn't loaded where it is");
        return;
    }
    const IrValue *index = ir_access_index(load);
    EvalCode *code = eval_emit(compiler, EVAL_OFFSET);
    code->result = compiler->program->fetched_from;
    code->a = eval_register(compiler, load->operands.items[0]);
    code->offset = load->field ? load->field->offset : 0;
    if (!index)
        return;
    code = eval_emit(compiler, EVAL_OFFSET_INDEXED);
    code->result = code->a = compiler->program->fetched_from;
    code->b = eval_register(compiler, index);
    code->offset = ir_cell_size(ir_access_cell(load));
}

// The opcode is read after the arguments have been passed. Where one of them goes to its register
// (the opcode may be a parameter of the region itself), it is put aside along with the copies.
static void compile_dispatch(EvalCompiler *compiler) {
    const IrInstruction *instruction = compiler->instruction;
    EvalProgram *program = compiler->program;
    uint32_t opcode = eval_register(compiler, instruction->operands.items[0]);
    if (program->observer && program->observer->see)
        compile_fetched_from(compiler);
    uint32_t arguments = add_table_arguments(compiler);
    if (eval_copies_to(compiler, opcode)) {
        eval_copy_add(compiler, program->dispatch_scratch, opcode);
        opcode = program->dispatch_scratch;
    }
    eval_copies_emit(compiler);
    EvalCode *code = eval_emit(compiler, IR_DISPATCH);
    code->width = (uint8_t)ir_type_width(instruction->operands.items[0]->type);
    code->a = opcode;
    code->b = arguments;
    code->table = table_of(compiler);
}

// The bytecode that goes on is known, and its counters with it.
static void compile_exit(EvalCompiler *compiler) {
    const IrBytecode *bytecode = ir_exit_bytecode(compiler->instruction);
    const IrBlock *target =
        bytecode->block ? bytecode->block : bytecode->function->regions.items[0]->blocks.items[0];
    uint32_t arguments = add_table_arguments(compiler);
    eval_copies_emit(compiler);
    EvalCode *code = eval_emit(compiler, IR_EXIT);
    code->b = arguments;
    code->result = eval_block_label(compiler, target);
    code->counters = &table_of(compiler)->counters[bytecode->opcode];
}

// A tail call of a function that no table leads to (a cold part of a handler) goes on counting for
// the bytecode that is running.
static void compile_tail(EvalCompiler *compiler) {
    const IrInstruction *instruction = compiler->instruction;
    for (size_t i = 0; i < instruction->operands.count; i++)
        eval_copy_add(compiler, compiler->program->base + (uint32_t)i,
                      eval_register(compiler, instruction->operands.items[i]));
    eval_copies_emit(compiler);
    const IrBlock *entry = instruction->callee->regions.items[0]->blocks.items[0];
    EvalCode *code = eval_emit(compiler, IR_TAIL);
    code->b = compiler->program->base;
    code->result = eval_block_label(compiler, entry);
    uint32_t index;
    if (eval_map_get(&compiler->handlers, (uintptr_t)instruction->callee, &index))
        code->counters = compiler->counters_list.items[index];
}

static void compile_poll(EvalCompiler *compiler) {
    const IrInstruction *instruction = compiler->instruction;
    uint32_t thread = 0;
    if (!compiler->module->poll_field)
        diagnostic_error(compiler->diagnostics, instruction->at,
                         "a poll in a module that doesn't declare what to poll");
    else if (eval_thread_register(compiler, "poll", &thread))
        compile_two_way(compiler, IR_POLL, thread);
}

void eval_compile_terminator(EvalCompiler *compiler, const IrInstruction *instruction,
                             const IrBlock *next) {
    compiler->instruction = instruction;
    switch (instruction->op) {
    case IR_BR:
        add_copies(compiler, &instruction->edges.items[0]);
        eval_copies_emit(compiler);
        if (instruction->edges.items[0].block != next)
            emit_jump(compiler, eval_block_label(compiler, instruction->edges.items[0].block));
        break;
    case IR_IF:
        compile_two_way(compiler, IR_IF, eval_register(compiler, instruction->operands.items[0]));
        break;
    case IR_SWITCH: compile_switch(compiler); break;
    case IR_DISPATCH: compile_dispatch(compiler); break;
    case IR_EXIT: compile_exit(compiler); break;
    case IR_POLL: compile_poll(compiler); break;
    case IR_TAIL: compile_tail(compiler); break;
    case IR_RET: {
        EvalCode *code = eval_emit(compiler, IR_RET);
        code->counter = instruction->operands.count > 0;
        if (instruction->operands.count)
            code->a = eval_register(compiler, instruction->operands.items[0]);
        break;
    }
    case IR_UNREACHABLE: eval_emit(compiler, IR_UNREACHABLE); break;
    default: abort(); // the module wasn't verified
    }
}
