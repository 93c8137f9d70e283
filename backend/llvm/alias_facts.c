// What the IR's memory regions tell LLVM: with --llvm-alias=full, each access is in
// the scope of its region and aliases no other region's. A frame is made where the
// stack was, so stores through a pointer whose const fields are being set carry no
// scope: they may touch anything. A call takes part only by what it surely leaves
// alone.
//
// With --llvm-alias=none nothing is said.
#include "backend/llvm/lowering.h"

#include <string.h>

static LLVMMetadataRef string(Lowering *lowering, const char *text) {
    return LLVMMDStringInContext2(lowering->context, text, strlen(text));
}

// The scope's index of a region; const fields are the last.
static int scope_index(unsigned memory) {
    for (int bit = 0; bit < LOWERING_MEMORIES - 1; bit++)
        if (memory == 1u << bit)
            return bit;
    return memory == 0 ? LOWERING_MEMORIES - 1 : -1;
}

static void find_made(Lowering *lowering) {
    const IrModule *module = lowering->module;
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            const IrRegion *region = module->functions.items[f]->regions.items[r];
            for (size_t b = 0; b < region->blocks.count; b++)
                for (const IrInstruction *i = region->blocks.items[b]->first; i; i = i->next)
                    if ((i->op == IR_STORE || i->op == IR_STORE_REF) && i->field &&
                        i->field->is_const)
                        pointer_map_add(lowering->arena, &lowering->alias.made,
                                        i->operands.items[0], 0);
        }
}

void alias_facts_begin(Lowering *lowering) {
    if (!lowering->options->alias_facts)
        return;
    AliasFacts *alias = &lowering->alias;
    static const char *const names[LOWERING_MEMORIES] = {"frame", "stack",  "heap",
                                                         "code",  "thread", "const"};
    alias->scope_kind = LLVMGetMDKindIDInContext(lowering->context, "alias.scope", 11);
    alias->noalias_kind = LLVMGetMDKindIDInContext(lowering->context, "noalias", 7);
    LLVMMetadataRef name = string(lowering, "loopwright memory");
    LLVMMetadataRef domain = LLVMMDNodeInContext2(lowering->context, &name, 1);
    for (int i = 0; i < LOWERING_MEMORIES; i++) {
        LLVMMetadataRef parts[] = {string(lowering, names[i]), domain};
        alias->scopes[i] = LLVMMDNodeInContext2(lowering->context, parts, 2);
    }
    find_made(lowering);
}

static void set(Lowering *lowering, LLVMValueRef access, unsigned kind, LLVMMetadataRef *scopes,
                size_t count) {
    LLVMMetadataRef node = LLVMMDNodeInContext2(lowering->context, scopes, count);
    LLVMSetMetadata(access, kind, LLVMMetadataAsValue(lowering->context, node));
}

void alias_facts_memory(Lowering *lowering, unsigned memory, LLVMValueRef access) {
    int index = scope_index(memory);
    if (!lowering->options->alias_facts || index < 0)
        return;
    AliasFacts *alias = &lowering->alias;
    LLVMMetadataRef others[LOWERING_MEMORIES];
    size_t count = 0;
    for (int i = 0; i < LOWERING_MEMORIES; i++)
        if (i != index)
            others[count++] = alias->scopes[i];
    set(lowering, access, alias->scope_kind, &alias->scopes[index], 1);
    set(lowering, access, alias->noalias_kind, others, count);
}

void alias_facts_access(Lowering *lowering, const IrInstruction *instruction, LLVMValueRef access) {
    if (!lowering->options->alias_facts)
        return;
    const IrField *field = instruction->field;
    bool stores = instruction->op != IR_LOAD;
    if (stores && (pointer_map_find(&lowering->alias.made, instruction->operands.items[0]) >= 0 ||
                   (field && field->is_const)))
        return;
    if (!field && instruction->memory == 0)
        return;
    alias_facts_memory(lowering,
                       field ? (field->is_const ? 0 : field->memory) : instruction->memory, access);
}

void alias_facts_call(Lowering *lowering, const IrExternal *external, LLVMValueRef call) {
    if (!lowering->options->alias_facts)
        return;
    AliasFacts *alias = &lowering->alias;
    unsigned touched = external->effects.reads | external->effects.writes;
    LLVMMetadataRef untouched[LOWERING_MEMORIES];
    size_t count = 0;
    for (int i = 0; i < LOWERING_MEMORIES - 1; i++)
        if (!(touched & 1u << i))
            untouched[count++] = alias->scopes[i];
    // What writes or collects may make a frame or move an object, const fields and all.
    if (external->effects.collects || external->effects.writes & IR_MEMORY_FRAME ||
        external->effects.writes & IR_MEMORY_STACK || external->effects.raises)
        return;
    if (count > 0)
        set(lowering, call, alias->noalias_kind, untouched, count);
}
