// See copy.h. Blocks and their parameters are made before any instruction is copied, as an
// edge may lead to a block, and a use stand before its definition, anywhere among them.
#include "passes/support/copy.h"
#include "ir/methods.h"

Copy copy_new(IrModule *module, IrRegion *into, Arena *scratch) {
    return (Copy){.module = module, .into = into, .values = {.arena = scratch}};
}

IrBlock *copy_of_block(const Copy *copy, IrBlock *original) {
    int index = pointer_map_find(&copy->indices, original);
    return index < 0 ? original : copy->blocks.items[index];
}

// A value is asked for before it is copied where a loop leads to its use; then a result stands
// for it that gets its instruction later.
static IrValue *result_for(Copy *copy, const IrValue *original) {
    IrValue *result = substitution_of(&copy->values, (IrValue *)original);
    if (result != original)
        return result;
    result = ARENA_NEW(copy->module->arena, IrValue);
    *result = *original;
    substitution_add(&copy->values, original, result);
    return result;
}

static IrValue *copied_value(Copy *copy, IrValue *original) {
    bool is_copied = original->kind == IR_RESULT &&
                     pointer_map_find(&copy->indices, original->instruction->block) >= 0;
    return is_copied ? result_for(copy, original) : substitution_of(&copy->values, original);
}

static void copy_edge(Copy *copy, const IrEdge *original, IrInstruction *into) {
    Arena *arena = copy->module->arena;
    IrEdge edge = {.block = copy_of_block(copy, original->block),
                   .case_value = original->case_value};
    for (size_t i = 0; i < original->arguments.count; i++)
        // Of a parameter that something stands for already no argument is wanted.
        if (edge.block == original->block ||
            edge.block->parameters.count == original->block->parameters.count)
            ARENA_PUSH(arena, &edge.arguments, copied_value(copy, original->arguments.items[i]));
    ARENA_PUSH(arena, &into->edges, edge);
}

// What stood in the region's own code stands in the code of `within`.
static const IrInlining *copied_inlining(Copy *copy, const IrInlining *original) {
    if (!copy->within || !original)
        return original ? original : copy->within;
    int index = pointer_map_find(&copy->inlining_indices, original);
    if (index >= 0)
        return copy->inlinings.items[index];
    IrInlining *made = ARENA_NEW(copy->module->arena, IrInlining);
    *made = *original;
    made->within = copied_inlining(copy, original->within);
    Arena *scratch = copy->values.arena;
    pointer_map_add(scratch, &copy->inlining_indices, original, (int)copy->inlinings.count);
    ARENA_PUSH(scratch, &copy->inlinings, made);
    return made;
}

IrInstruction *copy_instruction(Copy *copy, const IrInstruction *original, IrBlock *block) {
    IrInstruction *made = ir_instruction_new(copy->module, original->op, original->at);
    made->inlined = copied_inlining(copy, original->inlined);
    made->field = original->field;
    made->record = original->record;
    made->cell = original->cell;
    made->alias_class = original->alias_class;
    made->external = original->external;
    made->table = original->table;
    made->callee = original->callee;
    made->poll_kind = original->poll_kind;
    made->likely = original->likely;
    made->component = original->component;
    for (size_t i = 0; i < original->operands.count; i++)
        ARENA_PUSH(copy->module->arena, &made->operands,
                   copied_value(copy, original->operands.items[i]));
    for (size_t e = 0; e < original->edges.count; e++)
        copy_edge(copy, &original->edges.items[e], made);
    if (original->result) {
        made->result = result_for(copy, original->result);
        made->result->instruction = made;
    }
    ir_insert(made, block, NULL);
    return made;
}

static void copy_parameters(Copy *copy, const IrBlock *original, IrBlock *made) {
    for (size_t i = 0; i < original->parameters.count; i++) {
        IrValue *parameter = original->parameters.items[i];
        if (substitution_of(&copy->values, parameter) == parameter)
            substitution_add(&copy->values, parameter,
                             ir_parameter_new(made, parameter->type, parameter->name));
    }
}

void copy_declare(Copy *copy, IrBlock *const *originals, size_t count) {
    Arena *scratch = copy->values.arena;
    for (size_t i = 0; i < count; i++) {
        IrBlock *made = ir_block_new(copy->into, originals[i]->name);
        made->at = originals[i]->at;
        pointer_map_add(scratch, &copy->indices, originals[i], (int)copy->blocks.count);
        ARENA_PUSH(scratch, &copy->blocks, made);
        copy_parameters(copy, originals[i], made);
    }
}

void copy_fill(Copy *copy, IrBlock *const *originals, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (const IrInstruction *at = originals[i]->first; at; at = at->next)
            copy_instruction(copy, at, copy_of_block(copy, originals[i]));
}
