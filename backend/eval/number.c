// Numbering: which register holds which value, which label is which block. Every
// value of a trunk has a register of its own, every value of a region too, but
// regions share theirs (code.h). Conversions that leave the bits alone need none.
//
// There is no register allocation: registers are words in memory and cost nothing, and with one
// for each value there is no question of which values are alive. That is worth more here, where
// the evaluator is what others are compared with, than a smaller array.
#include "backend/eval/code.h"

#include <stdlib.h>

// The value whose word is also this one's, or NULL. In SSA an alias can't outlive
// its original's register: where the original is defined anew, the alias is dead.
static const IrValue *same_word(const IrValue *value) {
    if (value->kind != IR_RESULT)
        return NULL;
    const IrInstruction *instruction = value->instruction;
    const IrValue *operand = instruction->operands.count ? instruction->operands.items[0] : NULL;
    switch (instruction->op) {
    case IR_F64_BITS:
    case IR_F64_FROM_BITS:
    case IR_VALUE_BITS:
    case IR_VALUE_FROM_BITS:
    case IR_OBJECT_BITS:
    case IR_OBJECT_FROM_BITS:
    case IR_PTR_BITS:
    case IR_PTR_FROM_BITS: return operand;
    case IR_ZEXT: return operand->type == IR_I1 ? operand : NULL;
    case IR_SEXT: return operand->type != IR_I1 ? operand : NULL;
    default: return NULL;
    }
}

// A constant's word in the form that registers have: sign-extended from its width. Constants of
// equal words share a register, whatever their types.
static uint64_t constant_bits(const IrValue *value) {
    EvalWord word;
    if (value->type == IR_F64)
        word.number = value->number;
    else if (value->type == IR_I1)
        word.integer = value->integer & 1;
    else {
        int unused = 64 - ir_type_width(value->type);
        word.bits = (uint64_t)value->integer << unused;
        word.integer >>= unused;
    }
    return word.bits;
}

// A chain of conversions ends at the value that has a register; SSA has no circle of them.
uint32_t eval_register(const EvalCompiler *compiler, const IrValue *value) {
    for (const IrValue *same; (same = same_word(value));)
        value = same;
    uint32_t number;
    bool found = value->kind == IR_CONSTANT
                     ? eval_map_get(&compiler->constants, constant_bits(value), &number)
                     : eval_map_get(&compiler->registers, (uintptr_t)value, &number);
    if (!found)
        abort(); // the module wasn't verified
    return number;
}

static void number_constants(EvalCompiler *compiler, IrValue *const *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t number;
        if (values[i]->kind != IR_CONSTANT)
            continue;
        EvalWord word = {.bits = constant_bits(values[i])};
        if (eval_map_get(&compiler->constants, word.bits, &number))
            continue;
        eval_map_put(compiler->scratch, &compiler->constants, word.bits,
                     (uint32_t)compiler->constant_list.count);
        ARENA_PUSH(compiler->arena, &compiler->constant_list, word);
    }
}

static void number_block_constants(EvalCompiler *compiler, const IrBlock *block) {
    for (const IrInstruction *instruction = block->first; instruction;
         instruction = instruction->next) {
        number_constants(compiler, instruction->operands.items, instruction->operands.count);
        for (size_t i = 0; i < instruction->edges.count; i++)
            number_constants(compiler, instruction->edges.items[i].arguments.items,
                             instruction->edges.items[i].arguments.count);
    }
}

// Registers are given in the order of printing, so that the parameters of a region's first block
// come first, where a dispatch leaves its arguments.
static void give_register(EvalCompiler *compiler, const IrValue *value, uint32_t *next) {
    if (value && !same_word(value))
        eval_map_put(compiler->scratch, &compiler->registers, (uintptr_t)value, (*next)++);
}

static void number_block(EvalCompiler *compiler, const IrBlock *block, uint32_t *next) {
    eval_map_put(compiler->scratch, &compiler->labels, (uintptr_t)block, eval_new_label(compiler));
    for (size_t i = 0; i < block->parameters.count; i++)
        give_register(compiler, block->parameters.items[i], next);
    for (const IrInstruction *instruction = block->first; instruction;
         instruction = instruction->next)
        give_register(compiler, instruction->result, next);
}

// A dispatch leaves its arguments where a region (or handler) would find its parameters,
// be there one or not.
static size_t most_table_parameters(const IrModule *module) {
    size_t most = 0;
    for (size_t i = 0; i < module->tables.count; i++)
        if (module->tables.items[i]->parameters.count > most)
            most = module->tables.items[i]->parameters.count;
    return most;
}

// The trunk comes first, and each of the other regions from where it ended: all of them at the same
// registers.
static void number_function(EvalCompiler *compiler, const IrFunction *function) {
    uint32_t region_base = compiler->program->base;
    size_t most = region_base, passed = most_table_parameters(compiler->module);
    for (size_t r = 0; r < function->regions.count; r++) {
        const IrRegion *region = function->regions.items[r];
        uint32_t next = region_base;
        for (size_t b = 0; b < region->blocks.count; b++)
            number_block(compiler, region->blocks.items[b], &next);
        if (r == 0)
            region_base = next;
        if (next > most)
            most = next;
    }
    if (region_base + passed > most)
        most = region_base + passed;
    if (most > compiler->program->register_count)
        compiler->program->register_count = most;
}

// The trunk's values are the first of a function, so its regions begin after the
// last of them.
uint32_t eval_region_base(const EvalCompiler *compiler, const IrFunction *function) {
    uint32_t base = compiler->program->base;
    const IrRegion *trunk = function->regions.items[0];
    for (size_t b = 0; b < trunk->blocks.count; b++) {
        const IrBlock *block = trunk->blocks.items[b];
        base += (uint32_t)block->parameters.count;
        for (const IrInstruction *instruction = block->first; instruction;
             instruction = instruction->next)
            base += instruction->result && !same_word(instruction->result);
    }
    return base;
}

// Constants first: how many there are decides where everything else begins.
void eval_number(EvalCompiler *compiler) {
    const IrModule *module = compiler->module;
    EvalProgram *program = compiler->program;
    for (size_t f = 0; f < module->functions.count; f++) {
        const IrFunction *function = module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++)
            for (size_t b = 0; b < function->regions.items[r]->blocks.count; b++)
                number_block_constants(compiler, function->regions.items[r]->blocks.items[b]);
    }
    program->constants = compiler->constant_list.items;
    program->constant_count = (uint32_t)compiler->constant_list.count;
    program->scratch = program->constant_count;
    program->dispatch_scratch = program->scratch + 1;
    program->fetched_from = program->dispatch_scratch + 1;
    program->base = program->fetched_from + 1;
    program->register_count = program->base;
    for (size_t f = 0; f < module->functions.count; f++)
        number_function(compiler, module->functions.items[f]);
}

uint32_t eval_new_label(EvalCompiler *compiler) {
    ARENA_PUSH(compiler->scratch, &compiler->label_list, 0);
    return (uint32_t)compiler->label_list.count - 1;
}

uint32_t eval_block_label(const EvalCompiler *compiler, const IrBlock *block) {
    uint32_t label;
    if (!eval_map_get(&compiler->labels, (uintptr_t)block, &label))
        abort(); // the module wasn't verified
    return label;
}

void eval_place_label(EvalCompiler *compiler, uint32_t label) {
    compiler->label_list.items[label] = (uint32_t)compiler->code.count;
}
