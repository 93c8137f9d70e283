// What the IR's alias classes tell LLVM: with --llvm-alias=full, each access is in
// the scope of its class and aliases nothing of another's. A frame is made where the
// stack was, so stores through a pointer whose const fields are being set carry no
// scope: they may touch anything. A call takes part only by what it surely leaves
// alone.
//
// LLVM's way to say it is scoped noalias metadata (LLVM Language Reference, "noalias and
// alias.scope Metadata"): an access belongs to scopes and names scopes that it can't alias. A
// load and a store are told apart if one names all scopes of the other. Type-based metadata,
// which C compilers emit, would be no fit: the classes are no types, and a stack's cell holds
// values of all types in turn.
//
// With --llvm-alias=none nothing is said. It is the default, since LLVM may hoist the frame's reads
// by itself if it knows this much, and there would be nothing to measure hoist-frame-reads by.
#include "backend/llvm/lowering.h"

#include <string.h>

static LLVMMetadataRef string(LlvmLowering *lowering, const char *text) {
    return LLVMMDStringInContext2(lowering->context, text, strlen(text));
}

// The scope's index of an alias class; const fields are the last.
static int scope_index(unsigned alias_class) {
    for (int bit = 0; bit < LLVM_ALIAS_CLASSES - 1; bit++)
        if (alias_class == 1u << bit)
            return bit;
    return alias_class == 0 ? LLVM_ALIAS_CLASSES - 1 : -1;
}

// Const fields are written by who makes the record, and by nobody else: a base that one is stored
// through is a record in the making.
static void find_made(LlvmLowering *lowering) {
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

static bool is_on(const LlvmLowering *lowering) {
    return llvm_flags_is(&lowering->request->flags, LLVM_FLAG_ALIAS_FACTS, "full");
}

void llvm_alias_facts_begin(LlvmLowering *lowering) {
    if (!is_on(lowering))
        return;
    LlvmAliasFacts *alias = &lowering->alias;
    static const char *const names[LLVM_ALIAS_CLASSES] = {"frame", "stack",  "heap",
                                                          "code",  "thread", "const"};
    alias->scope_kind = LLVMGetMDKindIDInContext(lowering->context, "alias.scope", 11);
    alias->noalias_kind = LLVMGetMDKindIDInContext(lowering->context, "noalias", 7);
    LLVMMetadataRef name = string(lowering, "loopwright memory");
    LLVMMetadataRef domain = LLVMMDNodeInContext2(lowering->context, &name, 1);
    for (int i = 0; i < LLVM_ALIAS_CLASSES; i++) {
        LLVMMetadataRef parts[] = {string(lowering, names[i]), domain};
        alias->scopes[i] = LLVMMDNodeInContext2(lowering->context, parts, 2);
    }
    find_made(lowering);
}

static void set(LlvmLowering *lowering, LLVMValueRef access, unsigned kind, LLVMMetadataRef *scopes,
                size_t count) {
    LLVMMetadataRef node = LLVMMDNodeInContext2(lowering->context, scopes, count);
    LLVMSetMetadata(access, kind, LLVMMetadataAsValue(lowering->context, node));
}

void llvm_alias_facts_memory(LlvmLowering *lowering, unsigned alias_class, LLVMValueRef access) {
    int index = scope_index(alias_class);
    if (!is_on(lowering) || index < 0)
        return;
    LlvmAliasFacts *alias = &lowering->alias;
    LLVMMetadataRef others[LLVM_ALIAS_CLASSES];
    size_t count = 0;
    for (int i = 0; i < LLVM_ALIAS_CLASSES; i++)
        if (i != index)
            others[count++] = alias->scopes[i];
    set(lowering, access, alias->scope_kind, &alias->scopes[index], 1);
    set(lowering, access, alias->noalias_kind, others, count);
}

// Also left without a scope: an access by a bare pointer that names no class. What isn't known is
// not said, and LLVM takes such an access to alias everything.
void llvm_alias_facts_access(LlvmLowering *lowering, const IrInstruction *instruction,
                             LLVMValueRef access) {
    if (!is_on(lowering))
        return;
    const IrField *field = instruction->field;
    bool stores = instruction->op != IR_LOAD;
    if (stores && (pointer_map_find(&lowering->alias.made, instruction->operands.items[0]) >= 0 ||
                   (field && field->is_const)))
        return;
    if (!field && instruction->alias_class == 0)
        return;
    llvm_alias_facts_memory(
        lowering, field ? (field->is_const ? 0 : field->alias_class) : instruction->alias_class,
        access);
}

void llvm_alias_facts_call(LlvmLowering *lowering, const IrExternal *external, LLVMValueRef call) {
    if (!is_on(lowering))
        return;
    LlvmAliasFacts *alias = &lowering->alias;
    unsigned touched = external->effects.reads | external->effects.writes;
    LLVMMetadataRef untouched[LLVM_ALIAS_CLASSES];
    size_t count = 0;
    for (int i = 0; i < LLVM_ALIAS_CLASSES - 1; i++)
        if (!(touched & 1u << i))
            untouched[count++] = alias->scopes[i];
    // What writes frames or the stack, or collects, may make a frame or move an object, const
    // fields and all; an error raised may unwind frames. Of such a call nothing is said.
    if (external->effects.collects || external->effects.writes & IR_ALIAS_FRAME ||
        external->effects.writes & IR_ALIAS_STACK || external->effects.raises)
        return;
    if (count > 0)
        set(lowering, call, alias->noalias_kind, untouched, count);
}
