// See describe.h. It runs between two bytecodes, when the heap and all frames are whole; but it
// may meet what a program never sees, such as the box of a shared variable, whose class index has
// no class.
#include "runtime/calls/describe.h"

#include "runtime/objects/integer.h"
#include "runtime/vm.h"
#include "support/double_text.h"

#include <stdlib.h>

enum { MOST_CHARACTERS = 40, MOST_LIMBS = 2 };

void describe_method(Text *text, const Method *method) {
    text_addf(text, "%s>>%s", symbol_chars(holder_of(method)->name),
              symbol_chars(signature_of(method)));
}

static bool is_marker(const Thread *thread, const Frame *frame) {
    return frame == &state_of(thread)->mark.marker;
}

// The bottom frame's method sends what the run begins with, and has that one's selector.
void describe_frame(Text *text, const Thread *thread, const Frame *frame) {
    if (is_marker(thread, frame)) {
        text_add(text, "(the stack's watermark)");
        return;
    }
    if (!frame->caller) {
        text_add(text, "(the bottom of the stack)");
        return;
    }
    if (details_of(frame->method)->is_block)
        text_add(text, "[] in ");
    describe_method(text, frame->method);
}

const Value *describe_stack(const Thread *thread, Frame *frame) {
    return is_marker(thread, frame) ? NULL : frame_locals(frame) + frame->method->local_count;
}

// ---- Values -----------------------------------------------------------------------------

static void add_characters(Text *text, const String *string) {
    for (int64_t i = 0; i < string->length && i < MOST_CHARACTERS; i++) {
        unsigned char next = (unsigned char)string->chars[i];
        if (next == '\n')
            text_add(text, "\\n");
        else if (next == '\t')
            text_add(text, "\\t");
        else if (next == '\'' || next == '\\')
            text_addf(text, "\\%c", next);
        else if (next < ' ' || next == 0x7f)
            text_addf(text, "\\x%02x", next);
        else
            text_add_bytes(text, &string->chars[i], 1);
    }
    if (string->length > MOST_CHARACTERS)
        text_add(text, "…");
}

static void add_text(Text *text, Value value) {
    text_add(text, object_layout(value_object(value)) == LAYOUT_SYMBOL ? "#'" : "'");
    add_characters(text, value_string(value));
    text_add(text, "'");
}

// Digits of numbers of any length would take any time.
static void add_large(Text *text, Value value) {
    const Large *large = (const Large *)value_object(value);
    if (llabs(large->size) > MOST_LIMBS) {
        text_addf(text, "%s integer of %lld bits", large->size < 0 ? "a negative" : "an",
                  (long long)llabs(large->size) * 64);
        return;
    }
    char *digits = integer_digits(value);
    text_add(text, digits);
    free(digits);
}

static void add_instance(Text *text, const Vm *vm, Value value) {
    int64_t index = value_class_index(value);
    const Class *class = index < (int64_t)vm->class_capacity ? vm->classes[index] : NULL;
    if (class)
        text_addf(text, "instance of %s", symbol_chars(class->name));
    else
        text_add(text,
                 value_has_layout(value, LAYOUT_CONTEXT) || value_has_layout(value, LAYOUT_HOME)
                     ? "a context"
                     : "a box");
}

static void add_object(Text *text, const Vm *vm, Value value) {
    switch (object_layout(value_object(value))) {
    case LAYOUT_STRING:
    case LAYOUT_SYMBOL: add_text(text, value); break;
    case LAYOUT_LARGE: add_large(text, value); break;
    case LAYOUT_CLASS:
        text_add(text, symbol_chars(class_of_object(value_object(value))->name));
        break;
    case LAYOUT_METHOD: describe_method(text, value_method(value)); break;
    default: add_instance(text, vm, value); break;
    }
}

void describe_value(Text *text, const Vm *vm, Value value) {
    if (value_is_integer(value)) {
        text_addf(text, "%lld", (long long)value_integer(value));
    } else if (value_is_double(value)) {
        char chars[DOUBLE_CHARS];
        text_add_bytes(text, chars, double_print(chars, value_double(value)));
    } else if (value_is_object(value)) {
        add_object(text, vm, value);
    } else {
        text_add(text, value == NIL     ? "nil"
                       : value == TRUE  ? "true"
                       : value == FALSE ? "false"
                                        : "nothing");
    }
}

// ---- Operands ---------------------------------------------------------------------------

static enum InterpreterRole role_named(const char *word) {
#define ROLE(role, name)                                                                           \
    if (!strcmp(word, name))                                                                       \
        return role;
    INTERPRETER_ROLES(ROLE)
#undef ROLE
    return ROLE_NONE;
}

void describe_operand(Text *text, const Vm *vm, const Method *method, const char *role,
                      int64_t operand) {
    const MethodDetails *details = details_of(method);
    switch (role_named(role)) {
    case ROLE_SITE:
    case ROLE_SUPER_SITE:
    case ROLE_GLOBAL_SITE:
        if (operand >= 0 && operand < details->site_count)
            text_add(text, symbol_chars(method->sites[operand].selector));
        break;
    case ROLE_LITERAL:
        if (operand >= 0 && operand < details->literal_count)
            describe_value(text, vm, method->literals[operand]);
        break;
    case ROLE_FIELD:
        if (operand >= 0 && (size_t)operand < holder_of(method)->field_count)
            text_add(text, holder_of(method)->field_names[operand]);
        break;
    case ROLE_ARGUMENT:
        if (operand + method->argument_count < 0)
            text_add(text, "self");
        break;
    default: break;
    }
}
