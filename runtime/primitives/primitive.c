// Finding the C function of a method that is declared primitive, and what happens when
// there is none or when it fails. A core library may declare a primitive where its objects
// have another layout than ours: that is found out when a call site is filled, and the site
// gets a primitive that says so.
#include "runtime/primitives/primitive.h"

#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/calls/lookup.h"
#include "runtime/vm.h"

static const Primitive *const tables[] = {
    object_primitives, class_primitives, integer_primitives, double_primitives, string_primitives,
    array_primitives,  block_primitives, system_primitives,  key_primitives,    thread_primitives};

const Primitive *primitive_find(const char *class_name, const char *selector) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const Primitive *each = tables[i]; each->class_name; each++)
            if (!strcmp(each->class_name, class_name) && !strcmp(each->selector, selector))
                return each;
    return NULL;
}

const Primitive *primitive_numbered(size_t number) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const Primitive *each = tables[i]; each->class_name; each++)
            if (!number--)
                return each;
    return NULL;
}

bool primitive_suits(const Vm *vm, const Primitive *primitive, const Class *receiver) {
    const char *name = primitive->class_name;
    Layout layout = receiver->instance_layout;
    if (!strcmp(name, "Object") || !strcmp(name, "System"))
        return true;
    if (!strcmp(name, "Class") || strstr(name, " class"))
        return layout == LAYOUT_CLASS;
    if (!strcmp(name, "Integer"))
        return layout == LAYOUT_LARGE;
    if (!strcmp(name, "Double"))
        return receiver == vm->known.double_class;
    if (!strcmp(name, "String") || !strcmp(name, "Symbol"))
        return layout == LAYOUT_STRING || layout == LAYOUT_SYMBOL;
    if (!strcmp(name, "Array"))
        return layout == LAYOUT_ARRAY;
    if (!strncmp(name, "Block", 5))
        return layout == LAYOUT_BLOCK;
    if (!strcmp(name, "Method") || !strcmp(name, "Primitive"))
        return layout == LAYOUT_METHOD;
    return true; // it asks itself
}

Frame *primitive_unsuited_here(Thread *thread, Frame *frame, Value *arguments) {
    return error_raise(thread, frame, "this primitive can't work on an instance of %s",
                       symbol_chars(value_class(vm_of(thread), arguments[0])->name));
}

Frame *primitive_raise(Thread *thread, Frame *frame, const Value *slot, const Symbol *selector,
                       int64_t count) {
    Vm *vm = vm_of(thread);
    ThreadState *state = state_of(thread);
    const char *receiver = symbol_chars(value_class(vm, slot[0])->name);
    if (state->failure[0]) {
        char reason[sizeof state->failure];
        memcpy(reason, state->failure, sizeof reason);
        state->failure[0] = '\0';
        return error_raise(thread, frame, "%s>>%s failed: %s", receiver, symbol_chars(selector),
                           reason);
    }
    if (count == 0)
        return error_raise(thread, frame, "%s>>%s can't be done with this receiver", receiver,
                           symbol_chars(selector));
    char given[512] = "";
    for (int64_t i = 1; i <= count; i++) {
        size_t length = strlen(given);
        snprintf(given + length, sizeof given - length, "%s%s", i > 1 ? ", " : "",
                 symbol_chars(value_class(vm, slot[i])->name));
    }
    return error_raise(thread, frame, "%s>>%s can't be done with arguments of class %s", receiver,
                       symbol_chars(selector), given);
}

Frame *primitive_missing(Thread *thread, Frame *frame, const Method *method) {
    return error_raise(thread, frame,
                       "%s>>%s is declared primitive, but there is no such primitive",
                       symbol_chars(holder_of(method)->name), symbol_chars(signature_of(method)));
}

Frame *primitive_missing_here(Thread *thread, Frame *frame, Value *arguments) {
    Vm *vm = vm_of(thread);
    const CallSite *site = frame_site(frame);
    const Class *class = value_class(vm, arguments[0]);
    if (method_bytecode(frame->method, frame->pc)->base == OP_SUPER_SEND_ARGUMENTS)
        class = holder_of(frame->method)->superclass;
    return primitive_missing(thread, frame, lookup_method(vm, class, site->selector));
}
