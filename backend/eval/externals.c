// Calls of C functions through libffi, which builds a call at run time from a description of
// the types: each external's is prepared once. It reads an argument at the width that the
// type says, so integers narrower than a word are copied first.
#include "backend/eval/code.h"

#include <stdlib.h>
#include <string.h>

void *eval_lookup_symbol(void *symbols, const char *name) {
    const EvalSymbols *table = symbols;
    for (size_t i = 0; i < table->count; i++)
        if (!strcmp(table->items[i].name, name))
            return table->items[i].address;
    return NULL;
}

// What C's side of the runtime has for each type. References are passed as the words they are.
static ffi_type *native_type(IrType type) {
    switch (type) {
    case IR_VOID: return &ffi_type_void;
    case IR_I1: return &ffi_type_uint8; // a C bool
    case IR_I8: return &ffi_type_sint8;
    case IR_I16: return &ffi_type_sint16;
    case IR_I32: return &ffi_type_sint32;
    case IR_F64: return &ffi_type_double;
    case IR_PTR: return &ffi_type_pointer;
    default: return &ffi_type_sint64;
    }
}

void eval_prepare_interface(Arena *arena, ffi_cif *cif, IrType result, const IrType *parameters,
                            size_t count) {
    ffi_type **types = ARENA_ARRAY(arena, ffi_type *, count + 1);
    for (size_t i = 0; i < count; i++)
        types[i] = native_type(parameters[i]);
    if (ffi_prep_cif(cif, FFI_DEFAULT_ABI, (unsigned)count, native_type(result), types) != FFI_OK)
        abort();
}

// An error is reported where the external is declared or, if the module's text has no place for
// that, where it is called first.
static EvalExternal *new_external(EvalCompiler *compiler, const IrExternal *external, Location at) {
    EvalExternal *prepared = ARENA_NEW(compiler->arena, EvalExternal);
    prepared->external = external;
    if (!external->indirect && compiler->lookup)
        prepared->address = compiler->lookup(compiler->context, external->name);
    if (!external->indirect && !prepared->address)
        diagnostic_error(compiler->diagnostics, external->at.line ? external->at : at,
                         "there is no address for the external '%s'", external->name);
    eval_prepare_interface(compiler->arena, &prepared->cif, external->result,
                           external->parameters.items, external->parameters.count);
    for (size_t i = 0; i < external->parameters.count; i++)
        prepared->has_narrow |= ir_type_width(external->parameters.items[i]) < 64;
    if (external->parameters.count > compiler->program->most_arguments)
        compiler->program->most_arguments = external->parameters.count;
    return prepared;
}

EvalExternal *eval_external(EvalCompiler *compiler, const IrExternal *external, Location at) {
    uint32_t index;
    if (!eval_map_get(&compiler->externals, (uintptr_t)external, &index)) {
        index = (uint32_t)compiler->external_list.count;
        eval_map_put(compiler->scratch, &compiler->externals, (uintptr_t)external, index);
        ARENA_PUSH(compiler->scratch, &compiler->external_list,
                   new_external(compiler, external, at));
    }
    return compiler->external_list.items[index];
}

// Replaces pointers to words by pointers to integers of the parameters' widths.
static void narrow_arguments(const EvalExternal *external, void **arguments, EvalWord *narrow) {
    for (size_t i = 0; i < external->external->parameters.count; i++) {
        int64_t value = ((const EvalWord *)arguments[i])->integer;
        switch (external->external->parameters.items[i]) {
        case IR_I1: *(uint8_t *)&narrow[i] = (uint8_t)value; break;
        case IR_I8: *(int8_t *)&narrow[i] = (int8_t)value; break;
        case IR_I16: *(int16_t *)&narrow[i] = (int16_t)value; break;
        case IR_I32: *(int32_t *)&narrow[i] = (int32_t)value; break;
        default: continue;
        }
        arguments[i] = &narrow[i];
    }
}

// libffi writes at least a whole register for an integer's result, hence `ffi_arg`; the bits above
// a narrow one's width are not to be trusted, and are made anew.
EvalWord eval_call_external(const EvalExternal *external, void *address, void **arguments,
                            EvalWord *narrow) {
    union {
        ffi_arg integer; // libffi widens what is narrower
        double number;
        EvalWord word;
    } result = {.word.bits = 0};
    if (external->has_narrow)
        narrow_arguments(external, arguments, narrow);
    // POSIX guarantees that function addresses fit; ISO C has no word for it.
    ffi_call((ffi_cif *)&external->cif, (void (*)(void))(uintptr_t)address, &result, arguments);
    EvalWord word = {.bits = 0};
    switch (external->external->result) {
    case IR_VOID: break;
    case IR_F64: word.number = result.number; break;
    case IR_I1: word.integer = (uint8_t)result.integer & 1; break;
    case IR_I8: word.integer = (int8_t)result.integer; break;
    case IR_I16: word.integer = (int16_t)result.integer; break;
    case IR_I32: word.integer = (int32_t)result.integer; break;
    default: word = result.word; break;
    }
    return word;
}
