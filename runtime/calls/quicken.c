// Quickening: a bytecode that finds what it isn't made for (`add`, two Doubles) asks for the form
// that is, and is that from the next time on (S. Brunthaler, "Inline Caching Meets Quickening",
// ECOOP 2010).
// A send becomes one for what its site holds when it is filled first. Each place in the code is
// rewritten once (one for self twice) at most, so kinds that come there in turn never have it
// rewritten back and forth; the quickened form does what else comes as the plain one would.
//
// Superinstructions are made of bytecodes as they are quickened, so those of the method are chosen
// anew. A method with thousands of such places would be gone through thousands of times; so as
// their number grows, so does the number of changes that are waited for. What is still fused as
// before leaves its superinstruction here, each time, and does the right thing.
#include "runtime/calls/method.h"
#include "runtime/calls/site.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

static void fuse_now_and_then(const Vm *vm, Method *method) {
    MethodDetails *details = details_of(method);
    if (++details->quickenings < details->next_fusing)
        return;
    fuse_code(vm->fusing, method->code, details->code_count);
    details->next_fusing = details->quickenings + 1 + details->quickenings / 32;
}

// The form for what the site holds now; -1: there is none, as for receivers that are no objects,
// which have no header to look at, and for methods with large frames.
static int form_of(const CallSite *site) {
    return site->shared         ? OP_SEND_SELF_ARGUMENTS
           : site->method_start ? OP_SEND_METHOD_ARGUMENTS
           : site->block_start  ? OP_SEND_BLOCK_ARGUMENTS
           : site->getter_start ? OP_SEND_GETTER_ARGUMENTS
           : site->setter_start ? OP_SEND_SETTER_ARGUMENTS
           : site->new_start    ? OP_SEND_NEW_ARGUMENTS
                                : -1;
}

// One for sends to self comes here as the plain one once more if its method is not shared any
// longer, because a class has been loaded.
void method_quicken_send(const Vm *vm, Frame *frame, const CallSite *site) {
    int form = form_of(site);
    Method *method = frame->method;
    InterpreterUnit *unit = &method->code[frame->pc];
    int plain = bytecode_plain_opcode(vm->bytecodes, unit);
    const int *numbers = vm->bytecodes->numbers;
    bool may_become =
        plain == numbers[OP_SEND_ARGUMENTS] || plain == numbers[OP_SEND_SELF_ARGUMENTS];
    if (form >= 0 && may_become && bytecode_quicken(vm->bytecodes, unit, form))
        fuse_now_and_then(vm, method);
}

// One that is quickened comes here as its base when it has left that a poll, and goes on as it is.
void vm_quicken(Thread *thread, Frame *frame) {
    const Vm *vm = vm_of(thread);
    Method *method = frame->method;
    InterpreterUnit *unit = &method->code[frame->pc];
    const Bytecode *plain = &vm->bytecodes->items[method_bytecode(method, frame->pc)->base];
    if (plain->quickens < 0)
        internal_error("%s has no quickened form", plain->name);
    if (bytecode_plain_opcode(vm->bytecodes, unit) == plain->quickens)
        return;
    *unit = (InterpreterUnit)plain->quickens;
    fuse_now_and_then(vm, method);
}
