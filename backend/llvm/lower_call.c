// Calls of the runtime's C functions: their declarations and the call itself, with what the C
// ABI asks of arguments narrower than a register. (On x86-64 compilers expect the caller to have
// widened them, though the written ABI doesn't say so: a call that leaves rubbish in the upper
// bits works until the callee is compiled by clang.)
//
// What the IR knows of an external's effects is not told as LLVM attributes (`readonly` and the
// like): with these LLVM would move loads of the frame across calls by itself, which is what the
// passes are measured by. What --llvm-alias=full asks for is in alias_facts.c.
#include "backend/llvm/lowering.h"

#include <string.h>

static LLVMAttributeRef attribute(const LlvmLowering *lowering, const char *name) {
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    return LLVMCreateEnumAttribute(lowering->context, kind, 0);
}

LLVMTypeRef llvm_external_type(const LlvmLowering *lowering, const IrExternal *external) {
    size_t count = external->parameters.count;
    LLVMTypeRef *types = ARENA_ARRAY(lowering->arena, LLVMTypeRef, count + 1);
    for (size_t i = 0; i < count; i++)
        types[i] = llvm_lowered_type(lowering, external->parameters.items[i]);
    return LLVMFunctionType(llvm_lowered_type(lowering, external->result), types, (unsigned)count,
                            false);
}

// A truth value is C's bool, narrow integers are signed: NULL for all other types.
static const char *extension(IrType type) {
    return type == IR_I1 ? "zeroext" : type == IR_I8 || type == IR_I16 ? "signext" : NULL;
}

// The callee's declaration and each call have attributes of their own, and a call by address has no
// declaration, so both get them. None of the runtime's functions is left by an exception: an error
// of the guest's is a value, and C has none.
static void set_attributes(LlvmLowering *lowering, const IrExternal *external, LLVMValueRef target,
                           bool is_call) {
    void (*add)(LLVMValueRef, LLVMAttributeIndex, LLVMAttributeRef) =
        is_call ? LLVMAddCallSiteAttribute : LLVMAddAttributeAtIndex;
    add(target, LLVMAttributeFunctionIndex, attribute(lowering, "nounwind"));
    if (extension(external->result))
        add(target, LLVMAttributeReturnIndex, attribute(lowering, extension(external->result)));
    for (size_t i = 0; i < external->parameters.count; i++)
        if (extension(external->parameters.items[i]))
            add(target, (LLVMAttributeIndex)(i + 1),
                attribute(lowering, extension(external->parameters.items[i])));
}

// An external that is called by address is a type and no symbol; it takes up a place among the
// symbols all the same, so that all are found by one number.
void llvm_lower_externals(LlvmLowering *lowering) {
    const IrModule *module = lowering->module;
    for (size_t i = 0; i < module->externals.count; i++) {
        const IrExternal *external = module->externals.items[i];
        LLVMValueRef symbol = NULL;
        if (!external->indirect) {
            if (LLVMGetNamedFunction(lowering->llvm, external->name)) {
                llvm_lowering_error(lowering, "two symbols are named '%s'", external->name);
                return;
            }
            symbol = LLVMAddFunction(lowering->llvm, external->name,
                                     llvm_external_type(lowering, external));
            set_attributes(lowering, external, symbol, false);
        }
        pointer_map_add(lowering->arena, &lowering->externals, external,
                        (int)lowering->symbols.count);
        ARENA_PUSH(lowering->arena, &lowering->symbols, symbol);
    }
}

LLVMValueRef llvm_lower_call(LlvmLowering *lowering, const IrExternal *external,
                             LLVMValueRef address, LLVMValueRef *arguments, size_t count) {
    LLVMValueRef callee = address ? address : llvm_lowered_external(lowering, external);
    LLVMValueRef call = LLVMBuildCall2(lowering->builder, llvm_external_type(lowering, external),
                                       callee, arguments, (unsigned)count, "");
    set_attributes(lowering, external, call, true);
    llvm_alias_facts_call(lowering, external, call);
    return call;
}
