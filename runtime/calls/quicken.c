// Quickening: a bytecode that finds what it isn't made for (`add`, two Doubles) asks for the form
// that is, and begins anew as that (S. Brunthaler, "Inline Caching Meets Quickening", ECOOP 2010).
// A send becomes one for what its site holds when it is filled first. Each place in the code is
// rewritten once at most, so kinds that come there in turn never have it rewritten back and forth;
// the quickened form does what else comes as the plain one would.
//
// Superinstructions are made of bytecodes as they are quickened, so those of the method are chosen
// anew. A method with thousands of such places would be gone through thousands of times; so as
// their number grows, so does the number of changes that are waited for. What is still fused as
// before leaves its superinstruction here, each time, and does the right thing.
#include "runtime/calls/method.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

static void fuse_now_and_then(const Vm *vm, Method *method) {
    MethodDetails *details = details_of(method);
    if (++details->quickenings < details->next_fusing)
        return;
    fuse_code(vm->fusing, method->code, details->code_count);
    details->next_fusing = details->quickenings + 1 + details->quickenings / 32;
}

// A send becomes what its site holds now. What an object is sent only: other receivers have no
// class to read.
void method_quicken_send(const Vm *vm, Frame *frame, int64_t kind) {
    static const int forms[] = {
        [INTERPRETER_METHOD_KIND] = OP_SEND_METHOD_ARGUMENTS,
        [INTERPRETER_BLOCK_KIND] = OP_SEND_BLOCK_ARGUMENTS,
        [INTERPRETER_GETTER_KIND] = OP_SEND_GETTER_ARGUMENTS,
        [INTERPRETER_SETTER_KIND] = OP_SEND_SETTER_ARGUMENTS,
        [INTERPRETER_NEW_KIND] = OP_SEND_NEW_ARGUMENTS,
    };
    bool has_form = kind < (int64_t)(sizeof forms / sizeof *forms) && forms[kind];
    Method *method = frame->method;
    InterpreterUnit *unit = &method->code[frame->pc];
    if (has_form && bytecode_plain_opcode(vm->bytecodes, unit) == OP_SEND_ARGUMENTS &&
        bytecode_quicken(vm->bytecodes, unit, forms[kind]))
        fuse_now_and_then(vm, method);
}

Frame *vm_quicken(Thread *thread, Frame *frame) {
    const Vm *vm = vm_of(thread);
    Method *method = frame->method;
    const Bytecode *plain = &vm->bytecodes->items[method_bytecode(method, frame->pc)->base];
    if (plain->quickens < 0)
        internal_error("%s has no quickened form", plain->name);
    method->code[frame->pc] = (InterpreterUnit)plain->quickens;
    fuse_now_and_then(vm, method);
    return frame;
}
