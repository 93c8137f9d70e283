// Strings: making them, comparing them. They never change, so those of one byte, which
// programs take out of texts by the million, exist once: `charAt:` makes no object.
#include "runtime/objects/string.h"

#include "runtime/vm.h"
#include "support/hash.h"

String *string_allocate(Thread *thread, Frame *frame, size_t length) {
    const Vm *vm = vm_of(thread);
    String *string = (String *)heap_allocate(thread, frame, vm->known.string_class->index,
                                             LAYOUT_STRING, sizeof(String) + length + 1);
    if (!string)
        return NULL;
    string->length = (int64_t)length;
    string->chars[length] = '\0';
    return string;
}

Value string_new(Thread *thread, Frame *frame, const char *chars, size_t length) {
    if (length == 1)
        return vm_of(thread)->characters[(unsigned char)chars[0]];
    String *string = string_allocate(thread, frame, length);
    if (!string)
        return FAILED;
    memcpy(string->chars, chars, length);
    return value_of_object(string);
}

Value string_part(Thread *thread, Frame *frame, const Value *slot, size_t start, size_t length) {
    if (length == 1)
        return vm_of(thread)->characters[(unsigned char)value_string(*slot)->chars[start]];
    String *string = string_allocate(thread, frame, length);
    if (!string)
        return FAILED;
    memcpy(string->chars, value_string(*slot)->chars + start, length);
    return value_of_object(string);
}

Value string_literal(Vm *vm, const char *chars, size_t length) {
    if (length == 1 && vm->characters[(unsigned char)chars[0]])
        return vm->characters[(unsigned char)chars[0]];
    String *string = (String *)heap_allocate_permanent(vm, vm->known.string_class->index,
                                                       LAYOUT_STRING, sizeof(String) + length + 1);
    string->length = (int64_t)length;
    memcpy(string->chars, chars, length);
    return value_of_object(string);
}

bool string_equal(const String *left, const String *right) {
    return left->length == right->length &&
           !memcmp(left->chars, right->chars, (size_t)left->length);
}

bool string_holds_nul(const String *string) {
    return memchr(string->chars, '\0', (size_t)string->length) != NULL;
}

uint32_t string_hash(const String *string) {
    uint64_t hash = hash_more(HASH_OF_NOTHING, string->chars, (size_t)string->length);
    return (uint32_t)(hash ^ hash >> 32) & 0x7FFFFFFF;
}
