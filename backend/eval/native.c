// An IR function as a C function, by a closure of libffi's: a few bytes of machine code that
// call back with a pointer of ours. For C code that wants a plain address, such as a runtime
// that calls `interpret`.
#include "backend/eval/code.h"

struct EvalNative {
    EvalProgram *program;
    const IrFunction *function;
    EvalFailure failure;  // the first; `message` is NULL if there was none
    Arena *arena;         // its own, in which this is, too
    ffi_cif cif;          // must stay where it is as long as the closure
    ffi_closure *closure; // in memory that can be written,
    void *address;        // and the same in memory that can be executed
};

// A C argument as a register has it: narrow integers sign-extended, a bool 0 or 1.
static EvalWord word_from(IrType type, const void *argument) {
    EvalWord word = {.bits = 0};
    switch (type) {
    case IR_F64: word.number = *(const double *)argument; break;
    case IR_I1: word.integer = *(const uint8_t *)argument & 1; break;
    case IR_I8: word.integer = *(const int8_t *)argument; break;
    case IR_I16: word.integer = *(const int16_t *)argument; break;
    case IR_I32: word.integer = *(const int32_t *)argument; break;
    default: word = *(const EvalWord *)argument; break;
    }
    return word;
}

// C has no way to be told of a failure here: the function returns 0, and who made it asks
// afterwards. Only the first failure is kept, as later ones may be its consequences. An integer's
// result fills a whole register, as libffi wants it.
static void enter_native(ffi_cif *cif, void *result, void **arguments, void *data) {
    EvalNative *native = data;
    const IrBlock *entry = native->function->regions.items[0]->blocks.items[0];
    EvalWord words[cif->nargs + 1];
    for (unsigned i = 0; i < cif->nargs; i++)
        words[i] = word_from(entry->parameters.items[i]->type, arguments[i]);
    EvalFailure failure;
    EvalWord value;
    if (!eval_call(native->program, native->function, words, cif->nargs, &value, &failure)) {
        value.bits = 0;
        if (!native->failure.message)
            native->failure = failure;
    }
    if (native->function->result == IR_F64)
        *(double *)result = value.number;
    else if (native->function->result != IR_VOID)
        *(ffi_arg *)result = (ffi_arg)value.bits;
}

EvalNative *eval_native_new(EvalProgram *program, const IrFunction *function) {
    Arena *arena = arena_new();
    EvalNative *native = ARENA_NEW(arena, EvalNative);
    native->program = program;
    native->function = function;
    native->arena = arena;
    const IrBlock *entry = function->regions.items[0]->blocks.items[0];
    IrType *types = ARENA_ARRAY(arena, IrType, entry->parameters.count + 1);
    for (size_t i = 0; i < entry->parameters.count; i++)
        types[i] = entry->parameters.items[i]->type;
    eval_prepare_interface(arena, &native->cif, function->result, types, entry->parameters.count);
    native->closure = ffi_closure_alloc(sizeof *native->closure, &native->address);
    if (!native->closure || ffi_prep_closure_loc(native->closure, &native->cif, enter_native,
                                                 native, native->address) != FFI_OK) {
        eval_native_free(native);
        return NULL;
    }
    return native;
}

void *eval_native_address(const EvalNative *native) {
    return native->address;
}

EvalFailure eval_native_failure(const EvalNative *native) {
    return native->failure;
}

void eval_native_free(EvalNative *native) {
    if (!native)
        return;
    if (native->closure)
        ffi_closure_free(native->closure);
    arena_free(native->arena);
}
