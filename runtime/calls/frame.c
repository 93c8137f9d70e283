// Frames made, entered, restarted and unwound by C. What a call site's kind means is said twice,
// in `invoke:arguments:` of runtime/interpreter/sends.som and in `enter` here: once for sends that
// are bytecodes, once for those that C makes.
#include "runtime/calls/frame.h"

#include "runtime/calls/error.h"
#include "runtime/calls/lookup.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

enum { NESTED_CONTROLS = 1000 };

static int64_t instruction_length(const Method *method, int64_t pc) {
    return method_bytecode(method, pc)->written->length;
}

CallSite *frame_site(Frame *frame) {
    const InterpreterBytecode *written = method_bytecode(frame->method, frame->pc)->written;
    for (int i = 0; i < written->operand_count; i++) {
        const InterpreterOperand *operand = &written->operands[i];
        if (operand->role == ROLE_SITE || operand->role == ROLE_SUPER_SITE)
            return &frame->method
                        ->sites[interpreter_operand(&frame->method->code[frame->pc], operand)];
    }
    internal_error("%s, at %lld, has no call site", written->name, (long long)frame->pc);
}

// Moves the pc past the instruction at hand.
static void advance(Frame *frame) {
    frame->pc += instruction_length(frame->method, frame->pc);
}

// Instructions have several lengths, so code can be walked in one direction only.
void frame_rewind(Frame *frame) {
    int64_t pc = 0;
    while (pc + instruction_length(frame->method, pc) < frame->pc)
        pc += instruction_length(frame->method, pc);
    frame->pc = pc;
}

Frame *frame_answer(Frame *frame, Value *slot, Value result) {
    *slot = result;
    frame->sp = slot + 1;
    advance(frame);
    return frame;
}

// A new frame for `method` above the operands, which end at the frame's sp.
static Frame *push(Thread *thread, Frame *frame, Method *method, Value context) {
    Frame *new = (Frame *)frame->sp;
    if ((char *)new + method->frame_bytes > (const char *)thread->stack_limit)
        return vm_stack_overflow(thread, frame);
    advance(frame);
    new->caller = frame;
    new->method = method;
    new->pc = 0;
    new->context = context;
    Value *locals = frame_locals(new);
    for (int64_t i = 0; i < method->local_count; i++)
        locals[i] = NIL;
    new->sp = locals + method->local_count;
    return new;
}

Frame *frame_evaluate(Thread *thread, Frame *frame, Value *slot, int64_t count) {
    Value value = *slot;
    if (!value_has_layout(value, LAYOUT_BLOCK))
        return error_raise(thread, frame, "%s>>%s: the receiver is no block",
                           symbol_chars(value_class(vm_of(thread), value)->name),
                           symbol_chars(frame_site(frame)->selector));
    Block *block = value_block(value);
    if (block->method->argument_count != count)
        return error_raise(thread, frame, "a block with %lld argument%s was evaluated with %lld",
                           (long long)block->method->argument_count,
                           block->method->argument_count == 1 ? "" : "s", (long long)count);
    *slot = block->receiver;
    return push(thread, frame, block->method, value);
}

// A control primitive that C calls, not the interpreter, may call the next one: performing
// a perform, and what isn't understood where performing stands for doesNotUnderstand….
static Frame *call_control(Thread *thread, Frame *frame, Value *slot, VmControlPrimitive function) {
    ThreadState *state = state_of(thread);
    if (state->nested == NESTED_CONTROLS)
        return error_raise(thread, frame, "more than %d messages perform each other",
                           NESTED_CONTROLS);
    state->nested++;
    Frame *next = function(thread, frame, slot);
    state->nested--;
    return next;
}

static Frame *enter(Thread *thread, Frame *frame, Value *slot, Entry entry, const Method *method,
                    int64_t count) {
    switch (entry.kind) {
    case INTERPRETER_METHOD_KIND: return push(thread, frame, entry.target, NIL);
    case INTERPRETER_VALUE_KIND:
    case INTERPRETER_NEW_KIND: {
        Value result = ((VmValuePrimitive)entry.target)(thread, frame, slot);
        if (result == FAILED)
            return primitive_raise(thread, frame, slot, signature_of(method), count);
        return frame_answer(frame, slot, result);
    }
    case INTERPRETER_GETTER_KIND:
        return frame_answer(frame, slot, object_fields(value_object(*slot))[entry.operand]);
    case INTERPRETER_SETTER_KIND: {
        Object *object = value_object(*slot);
        state_of(thread)->top = frame;
        heap_store(thread, object, &object_fields(object)[entry.operand], slot[1]);
        return frame_answer(frame, slot, *slot);
    }
    case INTERPRETER_CONSTANT_KIND: return frame_answer(frame, slot, (Value)entry.operand);
    case INTERPRETER_BLOCK_KIND: return frame_evaluate(thread, frame, slot, count);
    case INTERPRETER_CONTROL_KIND:
        return call_control(thread, frame, slot, (VmControlPrimitive)entry.target);
    default: internal_error("a call site is of kind %lld", (long long)entry.kind);
    }
}

Frame *frame_invoke(Thread *thread, Frame *frame, Value *slot, Method *method, int64_t count) {
    Vm *vm = vm_of(thread);
    state_of(thread)->top = frame;
    const MethodDetails *details = details_of(method);
    if (details->is_primitive && !details->primitive)
        return primitive_missing(thread, frame, method);
    Entry entry = method_entry(vm, value_class(vm, *slot), method);
    return enter(thread, frame, slot, entry, method, count);
}

Frame *frame_send(Thread *thread, Frame *frame, Value *slot, Symbol *selector, int64_t count) {
    Vm *vm = vm_of(thread);
    Method *method = lookup_method(vm, value_class(vm, *slot), selector);
    if (!method)
        return frame_not_understood(thread, frame, slot, selector, count);
    return frame_invoke(thread, frame, slot, method, count);
}

Frame *frame_not_understood(Thread *thread, Frame *frame, Value *slot, Symbol *selector,
                            int64_t count) {
    Vm *vm = vm_of(thread);
    Symbol *message = vm->symbols.does_not_understand;
    const Class *class = value_class(vm, *slot);
    Method *method = lookup_method(vm, class, message);
    if (!method || selector == message)
        return error_raise(thread, frame, "%s understands neither %s nor %s",
                           symbol_chars(class->name), symbol_chars(selector),
                           symbol_chars(message));
    size_t size = sizeof(Array) + sizeof(Value) * (size_t)count;
    Array *array =
        (Array *)heap_allocate(thread, frame, vm->known.array_class->index, LAYOUT_ARRAY, size);
    if (!array)
        return error_raise_failure(thread, frame);
    array->length = count;
    for (int64_t i = 0; i < count; i++)
        array->elements[i] = slot[1 + i];
    slot[1] = value_of_object(selector);
    slot[2] = value_of_object(array);
    frame->sp = slot + 3;
    return frame_invoke(thread, frame, slot, method, 2);
}

Frame *frame_not_understood_here(Thread *thread, Frame *frame, Value *arguments) {
    return frame_not_understood(thread, frame, arguments, frame_site(frame)->selector,
                                frame->sp - arguments - 1);
}

Frame *frame_restart(Thread *thread, Frame *frame) {
    frame_forget_homes(thread, frame);
    if (details_of(frame->method)->is_block) {
        while (!value_has_layout(frame->context, LAYOUT_BLOCK))
            frame->context = value_context(frame->context)->outer;
    } else {
        frame->context = NO_CONTEXT;
    }
    Value *locals = frame_locals(frame);
    for (int64_t i = 0; i < frame->method->local_count; i++)
        locals[i] = NIL;
    frame->sp = locals + frame->method->local_count;
    frame->pc = 0;
    return frame;
}

void frame_forget_homes(Thread *thread, const Frame *frame) {
    while (thread->homes != NIL) {
        Context *context = value_context(thread->homes);
        if (frame && (const char *)context->home < (const char *)frame)
            return;
        context->home = NULL;
        thread->homes = context->previous;
    }
}
