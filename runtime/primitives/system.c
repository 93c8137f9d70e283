// Primitives of System: globals, files, printing, time, and the end of the program. To ask for
// a name makes nothing; only what is given a value stays.
#include "runtime/assumptions/inlined.h"
#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/loading/loader.h"
#include "runtime/objects/integer.h"
#include "runtime/objects/string.h"
#include "runtime/primitives/primitive.h"
#include "runtime/process/output.h"
#include "runtime/vm.h"
#include "support/memory.h"
#include "support/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// ---- Globals and classes -----------------------------------------------------------

// The value of the global with the name in a text; ABSENT if there is none.
static Value value_named(const Vm *vm, Value name) {
    const String *string = value_string(name);
    const Symbol *symbol = symbol_find(vm, string->chars, (size_t)string->length);
    const Global *found = symbol ? global_find(vm, symbol) : NULL;
    return found ? found->value : ABSENT;
}

static Value global(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    if (!value_is_text(arguments[1]))
        return FAILED;
    Value value = value_named(vm_of(thread), arguments[1]);
    return value == ABSENT ? NIL : value;
}

static Value global_put(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[1]))
        return FAILED;
    Symbol *name = symbol_of_text(thread, frame, &arguments[1]);
    Global *global = name ? global_of_name(thread, frame, name) : NULL;
    if (!global)
        return FAILED;
    global_set(vm_of(thread), global, arguments[2]);
    inlined_global_assigned(vm_of(thread), global->name);
    return arguments[0];
}

static Value has_global(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    if (!value_is_text(arguments[1]))
        return FAILED;
    return value_of_bool(value_named(vm_of(thread), arguments[1]) != ABSENT);
}

// nil if there is no class of that name; an error ends the program.
static Frame *load(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[1]))
        return primitive_raise(thread, frame, arguments, frame_site(frame)->selector, 1);
    if (string_holds_nul(value_string(arguments[1])))
        return frame_answer(frame, arguments, NIL);
    const char *name = value_string(arguments[1])->chars;
    state_of(thread)->top = frame;
    Class *class;
    switch (loader_load(vm_of(thread), name, &class)) {
    case LOADER_FOUND: return frame_answer(frame, arguments, value_of_class(class));
    case LOADER_NOT_FOUND: return frame_answer(frame, arguments, NIL);
    case LOADER_BROKEN: break;
    }
    return error_raise(thread, frame, "class %s can't be loaded", name);
}

// What doesn't end, a device, is given up at this size.
enum { FILE_MOST = 256 << 20 };

// The file's contents, or nil if it can't be read.
static Value load_file(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_text(arguments[1]))
        return FAILED;
    if (string_holds_nul(value_string(arguments[1])))
        return NIL;
    Text text = {0};
    Value value = NIL;
    size_t maximum = heap_maximum(vm_of(thread));
    size_t most = maximum < FILE_MOST ? maximum : FILE_MOST;
    const String *string = value_string(arguments[1]);
    char *path = memory_allocate((size_t)string->length + 1);
    memcpy(path, string->chars, (size_t)string->length + 1);
    threads_go_away(thread, frame);
    bool good = text_read_file_up_to(&text, path, most);
    int error = errno;
    threads_come_back(thread);
    free(path);
    if (good)
        value = string_new(thread, frame, text_chars(&text), text.length);
    else if (error == EFBIG)
        value = fail(thread, "the file is larger than %zu bytes", most);
    text_free(&text);
    return value;
}

// ---- Printing ----------------------------------------------------------------------

// What is printed as an error comes after what was printed before.
static Value print_error(const Vm *vm, const Value *arguments, const char *end) {
    if (!value_is_text(arguments[1]))
        return FAILED;
    const String *string = value_string(arguments[1]);
    output_flush();
    fwrite(string->chars, 1, (size_t)string->length, vm->errors);
    fputs(end, vm->errors);
    return arguments[0];
}

static Value print_string(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_is_text(arguments[1]))
        return FAILED;
    const String *string = value_string(arguments[1]);
    output_write(string->chars, (size_t)string->length);
    return arguments[0];
}

static Value print_newline(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    output_text("\n");
    return arguments[0];
}

static Value error_print(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    return print_error(vm_of(thread), arguments, "");
}

static Value error_println(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    return print_error(vm_of(thread), arguments, "\n");
}

static Value print_stack_trace(Thread *thread, Frame *frame, Value *arguments) {
    output_flush();
    error_trace(thread, frame);
    return arguments[0];
}

// ---- Time, memory, the end ---------------------------------------------------------

// A schedule's time is the same whatever engine there is; and an engine's count stands for time
// of whatever unit.
static bool engine_counts(const Vm *vm) {
    return vm->engine.clock && !vm->threads.schedule;
}

// Microseconds since the machine started, or what the engine counts instead.
static uint64_t ticks_of(Vm *vm) {
    return engine_counts(vm) ? *vm->engine.clock : threads_clock(vm);
}

static Value ticks(Thread *thread, Frame *frame, Value *arguments) {
    (void)arguments;
    return integer_new(thread, frame, (int64_t)ticks_of(vm_of(thread)));
}

static Value time_in_milliseconds(Thread *thread, Frame *frame, Value *arguments) {
    (void)arguments;
    Vm *vm = vm_of(thread);
    uint64_t ticks = ticks_of(vm);
    return integer_new(thread, frame, (int64_t)(engine_counts(vm) ? ticks : ticks / 1000));
}

static Value full_collection(Thread *thread, Frame *frame, Value *arguments) {
    (void)arguments;
    heap_collect(thread, frame);
    return TRUE;
}

// Collections, milliseconds spent in them, bytes allocated.
static Value collector_figures(Thread *thread, Frame *frame, Value *arguments) {
    (void)arguments;
    const Vm *vm = vm_of(thread);
    Array *array = (Array *)heap_allocate(thread, frame, vm->known.array_class->index, LAYOUT_ARRAY,
                                          sizeof *array + 3 * sizeof(Value));
    if (!array)
        return FAILED;
    HeapFigures figures = heap_figures(vm);
    array->length = 3;
    array->elements[0] = value_of_integer((int64_t)figures.collections);
    array->elements[1] = value_of_integer((int64_t)(figures.microseconds / 1000));
    array->elements[2] = value_of_integer((int64_t)figures.allocated);
    return value_of_object(array);
}

static Frame *exit_with(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_whole(arguments[1]))
        return primitive_raise(thread, frame, arguments, frame_site(frame)->selector, 1);
    state_of(thread)->exited = true;
    return run_end(thread, (int)(integer_low_bits(arguments[1]) & 0xFF));
}

const Primitive system_primitives[] = {
    VALUE_PRIMITIVE("System", "global:", global),
    VALUE_PRIMITIVE("System", "global:put:", global_put),
    VALUE_PRIMITIVE("System", "hasGlobal:", has_global),
    CONTROL_PRIMITIVE("System", "load:", load),
    VALUE_PRIMITIVE("System", "loadFile:", load_file),
    VALUE_PRIMITIVE("System", "printString:", print_string),
    VALUE_PRIMITIVE("System", "printNewline", print_newline),
    VALUE_PRIMITIVE("System", "errorPrint:", error_print),
    VALUE_PRIMITIVE("System", "errorPrintln:", error_println),
    VALUE_PRIMITIVE("System", "printStackTrace", print_stack_trace),
    VALUE_PRIMITIVE("System", "ticks", ticks),
    VALUE_PRIMITIVE("System", "time", time_in_milliseconds),
    VALUE_PRIMITIVE("System", "fullGC", full_collection),
    VALUE_PRIMITIVE("System", "gcStats", collector_figures),
    CONTROL_PRIMITIVE("System", "exit:", exit_with),
    {0},
};
