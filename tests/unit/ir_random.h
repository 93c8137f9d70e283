// Random functions for tests of the IR's analyses: any flow of control, any
// arithmetic on i64 and i1, correct by construction.
#ifndef TESTS_UNIT_IR_RANDOM_H
#define TESTS_UNIT_IR_RANDOM_H

#include "ir/analysis/dominators.h"
#include "ir/builder.h"
#include "ir/ir.h"

typedef struct RandomCode {
    Arena *arena;
    IrModule *module;
    IrRegion *region;
    IrValues *numbers, *flags; // by position: what the block defines, i64 and i1
    uint32_t state;
} RandomCode;

static inline int random_below(RandomCode *code, int limit) {
    code->state = code->state * 1664525u + 1013904223u;
    return (int)((code->state >> 8) % (unsigned)limit);
}

static inline int64_t random_constant(RandomCode *code) {
    static const int64_t corners[] = {0, 1, -1, 7, 255, 256, 65535, INT64_MAX, INT64_MIN, 100};
    int choice = random_below(code, 20);
    return choice < 10 ? corners[choice] : random_below(code, 64) - 16;
}

// A value that is known in the block: of one of its dominators, or a constant.
static inline IrValue *random_value(RandomCode *code, const IrDominators *dominators, int position,
                                    bool flag) {
    for (int tries = 0; tries < 6; tries++) {
        int from = position;
        for (int up = random_below(code, 4); up > 0 && dominators->parent[from] >= 0; up--)
            from = dominators->parent[from];
        const IrValues *values = flag ? &code->flags[from] : &code->numbers[from];
        if (values->count)
            return values->items[random_below(code, (int)values->count)];
    }
    return flag ? ir_integer(code->module, IR_I1, random_below(code, 2))
                : ir_integer(code->module, IR_I64, random_constant(code));
}

static inline IrValue *random_number(RandomCode *code, const IrDominators *dominators,
                                     int position) {
    if (random_below(code, 3) == 0)
        return ir_integer(code->module, IR_I64, random_constant(code));
    return random_value(code, dominators, position, false);
}

static inline IrValue *random_flag(RandomCode *code, IrBuilder *builder,
                                   const IrDominators *dominators, int position) {
    static const IrOp joins[] = {IR_AND, IR_OR, IR_XOR};
    int choice = random_below(code, 17);
    if (choice < 3)
        return ir_build(builder, joins[choice], random_value(code, dominators, position, true),
                        random_value(code, dominators, position, true));
    IrOp op = (IrOp)(IR_ADD_OVERFLOWS + random_below(code, IR_CMP_UGE - IR_ADD_OVERFLOWS + 1));
    return ir_build(builder, op, random_number(code, dominators, position),
                    random_number(code, dominators, position));
}

static inline IrValue *random_arithmetic(RandomCode *code, IrBuilder *builder,
                                         const IrDominators *dominators, int position) {
    IrValue *left = random_number(code, dominators, position);
    int choice = random_below(code, 18);
    if (choice == 11)
        return ir_build_select(builder, random_value(code, dominators, position, true), left,
                               random_number(code, dominators, position));
    if (choice == 12)
        return ir_build_convert(builder, random_below(code, 2) ? IR_ZEXT : IR_SEXT, IR_I64,
                                random_value(code, dominators, position, true));
    if (choice == 13)
        return ir_build_convert(builder, random_below(code, 2) ? IR_ZEXT : IR_SEXT, IR_I64,
                                ir_build_convert(builder, IR_TRUNC, IR_I8, left));
    if (choice == 14)
        return ir_build(builder, (IrOp)(IR_CLZ + random_below(code, 3)), left, NULL);
    IrOp op = choice > 14 ? (IrOp)(IR_UDIV + random_below(code, 4)) : (IrOp)(IR_ADD + choice);
    IrValue *right = random_number(code, dominators, position);
    if (op == IR_SDIV || op == IR_SREM || op == IR_UDIV || op == IR_UREM)
        right = ir_integer(code->module, IR_I64, 1 + random_below(code, 50));
    if (op == IR_SHL || op == IR_LSHR || op == IR_ASHR)
        right = ir_integer(code->module, IR_I64, random_below(code, 64));
    return ir_build(builder, op, left, right);
}

static inline void random_terminator(RandomCode *code, IrBlock *block) {
    IrBuilder builder = {.module = code->module, .block = block};
    int blocks = (int)code->region->blocks.count;
    IrBlock *targets[3];
    for (int i = 0; i < 3; i++)
        targets[i] =
            code->region->blocks.items[blocks > 1 ? 1 + random_below(code, blocks - 1) : 0];
    int choice = blocks > 1 ? random_below(code, 8) : 0;
    if (choice < 1) {
        ir_build_ret(&builder, ir_integer(code->module, IR_I64, 0));
    } else if (choice < 3) {
        ir_build_br(&builder, targets[0], NULL, 0);
    } else if (choice < 7) {
        ir_build_if(&builder, ir_integer(code->module, IR_I1, 0), targets[0], targets[1],
                    IR_LIKELY_UNKNOWN);
    } else {
        IrInstruction *last =
            ir_build_switch(&builder, ir_integer(code->module, IR_I64, 0), targets[0]);
        ir_switch_case(code->module, last, 0, targets[1]);
        ir_switch_case(code->module, last, 1, targets[2]);
    }
}

static inline void random_block(RandomCode *code, const IrDominators *dominators, int position) {
    IrBlock *block = code->region->blocks.items[position];
    IrInstruction *last = block->last;
    IrBuilder builder = {.module = code->module, .block = block, .before = last};
    for (size_t i = 0; i < block->parameters.count; i++)
        ARENA_PUSH(code->arena, &code->numbers[position], block->parameters.items[i]);
    for (int i = random_below(code, 5); i >= 0; i--) {
        IrValue *number = random_arithmetic(code, &builder, dominators, position);
        ARENA_PUSH(code->arena, &code->numbers[position], number);
        IrValue *flag = random_flag(code, &builder, dominators, position);
        ARENA_PUSH(code->arena, &code->flags[position], flag);
    }
    if (last->op == IR_IF)
        last->operands.items[0] = random_value(code, dominators, position, true);
    if (last->op == IR_SWITCH)
        last->operands.items[0] = random_number(code, dominators, position);
    for (size_t e = 0; e < last->edges.count; e++)
        for (size_t i = 0; i < last->edges.items[e].block->parameters.count; i++)
            ir_edge_argument(code->module, &last->edges.items[e],
                             random_number(code, dominators, position));
}

// Fills an empty region: `blocks` blocks, the first with two i64.
static inline void random_region(RandomCode *code, IrRegion *region, int blocks) {
    code->region = region;
    code->numbers = ARENA_ARRAY(code->arena, IrValues, blocks);
    code->flags = ARENA_ARRAY(code->arena, IrValues, blocks);
    for (int i = 0; i < blocks; i++) {
        IrBlock *block = ir_block_new(region, "b");
        for (int p = i ? random_below(code, 3) : 2; p > 0; p--)
            ir_parameter_new(block, IR_I64, "p");
    }
    for (int i = 0; i < blocks; i++)
        random_terminator(code, region->blocks.items[i]);
    const IrCfg *cfg = ir_cfg_compute(code->arena, region);
    const IrDominators *dominators = ir_dominators_compute(code->arena, cfg);
    for (size_t i = 0; i < cfg->reachable; i++)
        random_block(code, dominators, cfg->reverse_post_order[i]);
    for (int i = 0; i < blocks; i++)
        if (cfg->nodes[i].order < 0)
            random_block(code, dominators, i);
}

// A function of two i64 with `blocks` blocks, in form `handlers`.
static inline RandomCode random_code(Arena *arena, uint32_t seed, int blocks) {
    RandomCode code = {.arena = arena, .state = seed * 2654435761u + 1};
    code.module = ir_module_new(arena, "Random");
    code.module->form = IR_FORM_HANDLERS;
    IrFunction *function = ir_function_new(code.module, "f", IR_I64);
    random_region(&code, function->regions.items[0], blocks);
    return code;
}

#endif
