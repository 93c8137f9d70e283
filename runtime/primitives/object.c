// Primitives of Object: identity, reflection, performing, errors. To perform is to send: the
// operands are put where a send would find them, and the frame goes on from there. No C
// function waits for the message to be answered, so performing may nest as deep as sending.
#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/calls/lookup.h"
#include "runtime/memory/layouts.h"
#include "runtime/objects/integer.h"
#include "runtime/objects/string.h"
#include "runtime/primitives/primitive.h"
#include "runtime/process/output.h"
#include "runtime/vm.h"

static Value class_of(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    return value_of_class(value_class(vm_of(thread), arguments[0]));
}

static Value identical(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (arguments[0] == arguments[1] && !value_is_double(arguments[0]))
        return TRUE;
    return value_of_bool(value_is_number(arguments[0]) && value_is_number(arguments[1]) &&
                         number_compare(arguments[0], arguments[1]) == 0);
}

// Classes and methods keep their hash as other objects do; symbols hash like strings.
static Value hash(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    Value value = arguments[0];
    if (value_is_number(value))
        return number_hash(value);
    if (value_is_text(value))
        return value_of_integer(string_hash(value_string(value)));
    if (value_is_object(value))
        return value_of_integer(object_hash(vm_of(thread), value_object(value)));
    return value_of_integer((int64_t)(value * UINT64_C(0x9E3779B97F4A7C15) >> 33));
}

static Value object_bytes(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    Value value = arguments[0];
    if (!value_is_object(value))
        return value_of_integer(sizeof(Value));
    const Object *object = value_object(value);
    switch (object_layout(object)) {
    case LAYOUT_CLASS: return value_of_integer(sizeof(Class));
    case LAYOUT_METHOD: return value_of_integer(sizeof(Method));
    case LAYOUT_SYMBOL:
        return value_of_integer((int64_t)sizeof(Symbol) + value_string(value)->length + 1);
    default: return value_of_integer((int64_t)object_size(vm_of(thread), object));
    }
}

// ---- Fields by number and name -----------------------------------------------------

// The field with that number (from 1), or NULL with the failure noted.
static Value *numbered_field(Thread *thread, const Value *arguments) {
    const Class *class = value_class(vm_of(thread), arguments[0]);
    if (!value_is_integer(arguments[1]))
        return NULL;
    int64_t index = value_integer(arguments[1]);
    bool has_fields = value_has_layout(arguments[0], LAYOUT_PLAIN) ||
                      value_has_layout(arguments[0], LAYOUT_CLASS);
    if (!has_fields || index < 1 || (size_t)index > class->field_count) {
        fail(thread, "there is no field %lld", (long long)index);
        return NULL;
    }
    return &object_fields(value_object(arguments[0]))[index - 1];
}

static Value field_at(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    const Value *field = numbered_field(thread, arguments);
    return field ? *field : FAILED;
}

static Value field_at_put(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    Value *field = numbered_field(thread, arguments);
    if (!field)
        return FAILED;
    heap_store(thread, value_object(arguments[0]), field, arguments[2]);
    return arguments[0];
}

static Value field_named(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    if (!value_is_text(arguments[1]))
        return FAILED;
    const String *name = value_string(arguments[1]);
    const Class *class = value_class(vm_of(thread), arguments[0]);
    for (size_t i = 0; i < class->field_count; i++)
        if (!strcmp(class->field_names[i], name->chars) && !string_holds_nul(name))
            return object_fields(value_object(arguments[0]))[i];
    return fail(thread, "there is no field %.100s", name->chars);
}

// ---- Performing --------------------------------------------------------------------

// Sends to the receiver in *slot what the slot after it names, with the elements of the array
// in *arguments (NULL: none), which is taken off the stack and spread there.
static Frame *send_spread(Thread *thread, Frame *frame, Value *slot, const Value *arguments,
                          const Class *class) {
    Symbol *selector = symbol_of_text(thread, frame, &slot[1]);
    if (!selector)
        return error_raise_failure(thread, frame);
    const Array *array = arguments ? value_array(*arguments) : NULL;
    int64_t count = array ? array->length : 0, wanted = symbol_arguments(selector);
    if (count != wanted)
        return error_raise(thread, frame, "#%s takes %lld argument%s, but is performed with %lld",
                           symbol_chars(selector), (long long)wanted, wanted == 1 ? "" : "s",
                           (long long)count);
    // A frame has room for one unplanned send; more arguments need a look at the limit.
    if ((char *)(slot + 1 + count) >= (char *)thread->stack_limit)
        return vm_stack_overflow(thread, frame);
    for (int64_t i = 0; i < count; i++)
        slot[1 + i] = array->elements[i];
    frame->sp = slot + 1 + count;
    if (!class)
        return frame_send(thread, frame, slot, selector, count);
    Method *method = lookup_method(vm_of(thread), class, selector);
    if (!method)
        return frame_not_understood(thread, frame, slot, selector, count);
    return frame_invoke(thread, frame, slot, method, count);
}

static bool is_selector(Value value) {
    return value_is_text(value) && value_string(value)->length > 0;
}

// The class to look a method up in: the receiver has to inherit from it.
static const Class *perform_class(Thread *thread, Value receiver, Value value) {
    if (!value_has_layout(value, LAYOUT_CLASS))
        return NULL;
    const Class *class = class_of_object(value_object(value));
    return class_inherits(value_class(vm_of(thread), receiver), class) ? class : NULL;
}

static Frame *perform(Thread *thread, Frame *frame, Value *arguments) {
    if (!is_selector(arguments[1]))
        return primitive_raise(thread, frame, arguments, frame_site(frame)->selector, 1);
    return send_spread(thread, frame, arguments, NULL, NULL);
}

static Frame *perform_with(Thread *thread, Frame *frame, Value *arguments) {
    if (!is_selector(arguments[1]) || !value_is_array(arguments[2]))
        return primitive_raise(thread, frame, arguments, frame_site(frame)->selector, 2);
    return send_spread(thread, frame, arguments, &arguments[2], NULL);
}

static Frame *perform_in(Thread *thread, Frame *frame, Value *arguments) {
    const Class *class = perform_class(thread, arguments[0], arguments[2]);
    if (!is_selector(arguments[1]) || !class)
        return primitive_raise(thread, frame, arguments, frame_site(frame)->selector, 2);
    return send_spread(thread, frame, arguments, NULL, class);
}

static Frame *perform_with_in(Thread *thread, Frame *frame, Value *arguments) {
    const Class *class = perform_class(thread, arguments[0], arguments[3]);
    if (!is_selector(arguments[1]) || !value_is_array(arguments[2]) || !class)
        return primitive_raise(thread, frame, arguments, frame_site(frame)->selector, 3);
    return send_spread(thread, frame, arguments, &arguments[2], class);
}

// Runs a method on an object, which must be of a kind that it was made for.
static Frame *invoke_on(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_has_layout(arguments[0], LAYOUT_METHOD) || !value_is_array(arguments[2]))
        return primitive_raise(thread, frame, arguments, frame_site(frame)->selector, 2);
    Method *method = value_method(arguments[0]);
    const Array *array = value_array(arguments[2]);
    if (details_of(method)->is_block || array->length != method->argument_count ||
        !class_inherits(value_class(vm_of(thread), arguments[1]), holder_of(method)))
        return error_raise(
            thread, frame, "%s>>%s can't be invoked on %s with %lld arguments",
            symbol_chars(holder_of(method)->name), symbol_chars(signature_of(method)),
            symbol_chars(value_class(vm_of(thread), arguments[1])->name), (long long)array->length);
    int64_t count = array->length;
    if ((char *)(arguments + 1 + count) >= (char *)thread->stack_limit)
        return vm_stack_overflow(thread, frame);
    arguments[0] = arguments[1];
    for (int64_t i = 0; i < count; i++)
        arguments[1 + i] = array->elements[i];
    frame->sp = arguments + 1 + count;
    return frame_invoke(thread, frame, arguments, method, count);
}

// ---- Errors ------------------------------------------------------------------------

static Frame *error(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[1]))
        return error_raise(thread, frame, "error: wants a text");
    const String *text = value_string(arguments[1]);
    return error_raise_text(thread, frame, text->chars, (size_t)text->length);
}

static Value inspect(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    Vm *vm = vm_of(thread);
    const Class *class = value_class(vm, arguments[0]);
    Text text = {0};
    som_print_to(vm, arguments[0], &text);
    text_add(&text, "\n");
    bool has_fields = value_has_layout(arguments[0], LAYOUT_PLAIN);
    for (size_t i = 0; has_fields && i < class->field_count; i++) {
        text_addf(&text, "    %s: ", class->field_names[i]);
        som_print_to(vm, object_fields(value_object(arguments[0]))[i], &text);
        text_add(&text, "\n");
    }
    output_write(text_chars(&text), text.length);
    text_free(&text);
    return arguments[0];
}

// There is no debugger to stop in: the place is shown and the program goes on.
static Value halt(Thread *thread, Frame *frame, Value *arguments) {
    output_flush();
    fprintf(vm_of(thread)->errors, "halt\n");
    error_trace(thread, frame);
    return arguments[0];
}

const Primitive object_primitives[] = {
    VALUE_PRIMITIVE("Object", "class", class_of),
    VALUE_PRIMITIVE("Object", "==", identical),
    VALUE_PRIMITIVE("Object", "hashcode", hash),
    VALUE_PRIMITIVE("Object", "objectSize", object_bytes),
    VALUE_PRIMITIVE("Object", "instVarAt:", field_at),
    VALUE_PRIMITIVE("Object", "instVarAt:put:", field_at_put),
    VALUE_PRIMITIVE("Object", "instVarNamed:", field_named),
    VALUE_PRIMITIVE("Object", "inspect", inspect),
    VALUE_PRIMITIVE("Object", "halt", halt),
    CONTROL_PRIMITIVE("Object", "perform:", perform),
    CONTROL_PRIMITIVE("Object", "perform:withArguments:", perform_with),
    CONTROL_PRIMITIVE("Object", "perform:inSuperclass:", perform_in),
    CONTROL_PRIMITIVE("Object", "perform:withArguments:inSuperclass:", perform_with_in),
    CONTROL_PRIMITIVE("Object", "error:", error),
    CONTROL_PRIMITIVE("Method", "invokeOn:with:", invoke_on),
    CONTROL_PRIMITIVE("Primitive", "invokeOn:with:", invoke_on),
    {0},
};
