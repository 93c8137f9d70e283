// The externals that bytecodes call: filling call sites, memory for new objects, non-local
// return, and what happens when a bytecode can't go on.
//
// A site is asked to be filled when the receiver is of another class than the one that it holds
// something for (site.h).
#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/calls/lookup.h"
#include "runtime/calls/site.h"
#include "runtime/loading/loader.h"
#include "runtime/process/signals.h"
#include "runtime/vm.h"

static void observe(const Vm *vm, const Frame *frame, const CallSite *site, Value receiver) {
    const VmObserver *observer = vm->observer;
    if (observer && observer->filled)
        observer->filled(observer->context, frame, site, receiver);
}

// ---- Call sites --------------------------------------------------------------------

void vm_fill_site_arguments(Thread *thread, Frame *frame, int64_t index, int64_t count) {
    Vm *vm = vm_of(thread);
    state_of(thread)->top = frame;
    CallSite *site = &frame->method->sites[index];
    Value receiver = frame->sp[-1 - count];
    Method *method = lookup_method(vm, value_class(vm, receiver), site->selector);
    site_fill(vm, site, holder_of(frame->method), receiver, method);
    method_quicken_send(vm, frame, site);
    observe(vm, frame, site, receiver);
}

// A super send always finds the same method, so the site is filled once, unless that is a
// primitive: whether it suits the receiver, and who evaluates a block, depends on the class.
void vm_fill_super_site_arguments(Thread *thread, Frame *frame, int64_t index, int64_t count) {
    Vm *vm = vm_of(thread);
    state_of(thread)->top = frame;
    CallSite *site = &frame->method->sites[index];
    Value receiver = frame->sp[-1 - count];
    const Class *super = holder_of(frame->method)->superclass;
    Method *method = super ? lookup_method(vm, super, site->selector) : NULL;
    site_fill(vm, site, holder_of(frame->method), receiver, method);
    if (!method || !details_of(method)->is_primitive)
        site->class_index = INTERPRETER_ANY_CLASS;
    observe(vm, frame, site, receiver);
}

Frame *vm_primitive_failed_arguments(Thread *thread, Frame *frame, int64_t index, int64_t count) {
    const CallSite *site = &frame->method->sites[index];
    return primitive_raise(thread, frame, frame->sp - 1 - count, site->selector, count);
}

// ---- Globals -----------------------------------------------------------------------

Frame *vm_missing_global(Thread *thread, Frame *frame, int64_t index) {
    Vm *vm = vm_of(thread);
    state_of(thread)->top = frame;
    Global *global = frame->method->sites[index].target;
    Symbol *name = global->name;
    Class *class = NULL;
    switch (loader_load(vm, symbol_chars(name), &class)) {
    case LOADER_BROKEN:
        return error_raise(thread, frame, "class %s can't be loaded", symbol_chars(name));
    case LOADER_FOUND: {
        Value *slot = frame->sp;
        return frame_answer(frame, slot, value_of_class(class));
    }
    case LOADER_NOT_FOUND: break;
    }
    Value *slot = frame->sp;
    slot[0] = frame_self(frame);
    slot[1] = value_of_object(name);
    frame->sp = slot + 2;
    return frame_send(thread, frame, slot, vm->symbols.unknown_global, 1);
}

// ---- Memory ------------------------------------------------------------------------

void *vm_room(Thread *thread, Frame *frame, int64_t bytes) {
    return heap_room(thread, frame, (size_t)bytes);
}

Frame *vm_heap_exhausted(Thread *thread, Frame *frame) {
    return error_raise_failure(thread, frame);
}

// ---- Non-local return ----------------------------------------------------------------

// The sender of `value` gets escapedBlock: with the block, and its answer is the
// block's.
static Frame *escaped(Thread *thread, Frame *frame) {
    while (!value_has_layout(frame->context, LAYOUT_BLOCK))
        frame->context = value_context(frame->context)->outer;
    Value block = frame->context;
    Frame *caller = watermark_caller(thread, frame);
    Value *slot = frame_receiver_slot(frame);
    watermark_unwind(thread, caller);
    frame_forget_homes(thread, frame);
    slot[0] = frame_self(caller);
    slot[1] = block;
    caller->sp = slot + 2;
    frame_rewind(caller);
    return frame_send(thread, caller, slot, vm_of(thread)->symbols.escaped_block, 1);
}

// A method that runs in another thread can't be returned from here.
static bool is_on_stack(const Thread *thread, const Frame *frame) {
    const ThreadState *state = state_of(thread);
    return (size_t)((const char *)frame - state->stack) < state->stack_size;
}

// The method's home is among the contexts around the block, or what a link among them refers to:
// its method made it when it was replaced on the stack. A home whose method has returned is
// cleared.
Frame *vm_return_non_local(Thread *thread, Frame *frame, Value result) {
    Value around = frame->context;
    while (!value_has_layout(around, LAYOUT_HOME)) {
        const Context *context = value_context(around); // or a block, which begins alike
        bool is_link = value_has_layout(around, LAYOUT_CONTEXT) && context->previous != NIL;
        around = is_link ? context->previous : context->outer;
    }
    Frame *home = value_context(around)->home;
    if (!home || !is_on_stack(thread, home))
        return escaped(thread, frame);
    frame_forget_homes(thread, home);
    Frame *caller = watermark_caller(thread, home);
    Value *slot = frame_receiver_slot(home);
    threads_unwind(thread, caller);
    watermark_unwind(thread, caller);
    *slot = result;
    caller->sp = slot + 1;
    return caller;
}

// ---- The rest ----------------------------------------------------------------------

Frame *vm_stack_overflow(Thread *thread, Frame *frame) {
    return error_raise(thread, frame, "the stack overflows (it holds %zu MiB)",
                       state_of(thread)->stack_size >> 20);
}

Frame *vm_unknown_bytecode(Thread *thread, Frame *frame, int64_t opcode) {
    return error_raise(thread, frame, "unknown bytecode %lld at %lld in %s>>%s", (long long)opcode,
                       (long long)frame->pc, symbol_chars(holder_of(frame->method)->name),
                       symbol_chars(signature_of(frame->method)));
}

// Who asks is another thread, the handler of a signal, or the heap. Each has noted what it wants
// before, so who asks after this is heard at the next poll.
void vm_poll(Thread *thread, Frame *frame) {
    ThreadState *state = state_of(thread);
    __atomic_exchange_n(&thread->request, 0, __ATOMIC_SEQ_CST);
    const VmObserver *observer = state->vm->observer;
    if (observer && observer->polled)
        observer->polled(observer->context, thread, frame);
    heap_poll(thread, frame);
    if (threads_poll(thread, frame)) {
        threads_leave(thread);
        longjmp(*state->leave, 1);
    }
    if (thread == state->vm->thread)
        run_interrupt(thread, frame);
}

void *som_external(const char *name) {
#define EXTERNAL(each)                                                                             \
    if (!strcmp(name, #each))                                                                      \
        return (void *)each;
    INTERPRETER_EXTERNALS(EXTERNAL)
#undef EXTERNAL
    return NULL;
}
