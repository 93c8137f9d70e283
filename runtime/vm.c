// Machines and threads: making them, running them, and methods made by hand. The `som` command on
// top of this is in command/som.c.
//
// A thread's VM stack is a range of addresses, of which the system gives out pages as they are
// used: so frames never move, pointers to them may be kept (homes, callers), and a deep recursion
// costs what it uses. The interpreter runs on it and calls functions in C, which call nothing in
// SOM; what they want evaluated, they make a frame for and hand that back. So there is one
// `interpret` a thread, and unwinding has no C frames in its way.
#include "runtime/vm.h"

#include "runtime/bytecodes/image.h"
#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/loading/loader.h"
#include "runtime/objects/integer.h"
#include "runtime/objects/string.h"
#include "runtime/process/signals.h"
#include "support/double_text.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum {
    STACK_BYTES = 64 << 20,
    // Beyond the limit: a small frame, and what reports that the limit has been reached.
    STACK_RESERVE = INTERPRETER_SMALL_FRAME_BYTES + 4096,
    CORE_BYTES = 384 << 10, // what the core library takes when it is loaded
};

uint64_t vm_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static size_t permanent_bytes(const Vm *vm) {
    return arena_used(vm->arena) + symbol_table_bytes(vm);
}

size_t vm_counted_bytes(const Vm *vm) {
    return permanent_bytes(vm) - vm->uncounted;
}

void vm_uncount(Vm *vm, size_t counted) {
    vm->uncounted = permanent_bytes(vm) - counted;
}

// What is left of the threads' pieces of the nursery would be used without anybody being told.
void vm_observe(Vm *vm, const VmObserver *observer) {
    heap_give_up_pieces(vm->heap);
    vm->observer = observer;
}

// A counter's, never an address's: objects move, and two runs of a program shall print the same.
uint32_t object_hash(Vm *vm, Object *object) {
    uint32_t hash = (uint32_t)((uint64_t)object->header >> HEADER_HASH_SHIFT);
    if (hash)
        return hash;
    vm->last_hash = vm->last_hash % 0xFFFFFF + 1;
    // Successive objects shall not have successive hashes; the factor is odd, so all
    // of them still occur.
    hash = vm->last_hash * 0x9E3779u & 0xFFFFFF;
    hash = hash ? hash : 1;
    object->header |= (int64_t)((uint64_t)hash << HEADER_HASH_SHIFT);
    return hash;
}

// ---- Threads -----------------------------------------------------------------------

Thread *thread_new(Vm *vm) {
    Thread *thread = calloc(1, sizeof *thread);
    ThreadState *state = calloc(1, sizeof *state);
    void *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (!thread || !state || stack == MAP_FAILED) {
        free(thread);
        free(state);
        if (stack != MAP_FAILED)
            munmap(stack, STACK_BYTES);
        return NULL;
    }
    state->vm = vm;
    state->stack = stack;
    state->stack_size = STACK_BYTES;
    thread->state = state;
    thread->stack_limit = state->stack + STACK_BYTES - STACK_RESERVE;
    thread->homes = state->object = state->awaited = NIL;
    return thread;
}

void thread_free(Thread *thread) {
    if (!thread)
        return;
    ThreadState *state = state_of(thread);
    munmap(state->stack, state->stack_size);
    free(state->critical.items);
    free(state);
    free(thread);
}

// Below the bottom frame is a nil, its receiver.
void thread_start_bottom(Thread *thread, Method *method) {
    ThreadState *state = state_of(thread);
    Value *receiver = (Value *)state->stack;
    *receiver = NIL;
    Frame *bottom = (Frame *)(receiver + 1);
    *bottom = (Frame){.method = method, .context = NO_CONTEXT};
    bottom->sp = frame_locals(bottom);
    state->bottom = state->top = bottom;
    state->mark = (Watermark){0};
    state->status = 0;
    state->ended = state->exited = false;
    state->failure[0] = '\0';
    thread->homes = NIL;
}

void thread_push(Thread *thread, Value value) {
    *state_of(thread)->bottom->sp++ = value;
}

Method *vm_sending_method(Vm *vm, const char *selector, int64_t count) {
    const uint16_t code[] = {OP_SEND_ARGUMENTS, 0, (uint16_t)count, OP_HALT};
    const SomCode description = {.selector = "start",
                                 .code = code,
                                 .code_count = sizeof code / sizeof *code,
                                 .sites = &selector,
                                 .site_count = 1,
                                 .max_stack = (int)count + 1};
    return method_from_code(vm, &description, false, NULL, 0);
}

// Lets the engine work until the bottom frame halts. It also halts where the stack's watermark is
// met (memory/watermark.h), and is started again. False if the engine failed.
static bool interpret_from(Thread *thread, Frame *frame) {
    const SomEngine *engine = &vm_of(thread)->engine;
    bool finished;
    do {
        finished = engine->interpret(thread, frame, engine->context);
        frame = watermark_cross(thread);
    } while (finished && frame);
    if (!finished)
        state_of(thread)->status = 1;
    return finished;
}

// The poll that is told to leaves the engine by longjmp: the engine has no frames in C but its own,
// and none of them holds anything.
static bool interpret_until_left(Thread *thread, Frame *frame) {
    ThreadState *state = state_of(thread);
    jmp_buf leave;
    state->leave = &leave;
    // The run has been ended already when we come back by that way.
    bool finished = setjmp(leave) ? true : interpret_from(thread, frame);
    state->leave = NULL;
    return finished;
}

bool thread_interpret(Thread *thread, Frame *frame) {
    bool interruptible = vm_of(thread)->interruptible && thread == vm_of(thread)->thread;
    if (interruptible)
        signals_evaluate(thread);
    bool finished = interpret_until_left(thread, frame);
    if (interruptible)
        signals_evaluated();
    return finished;
}

// ---- Machines ----------------------------------------------------------------------

static void intern_symbols(Vm *vm) {
#define INTERN(field, text) vm->symbols.field = symbol_named(vm, text);
    VM_SYMBOLS(INTERN)
#undef INTERN
}

Vm *som_new(const SomOptions *options, const SomEngine *engine) {
    FILE *errors = options->errors ? options->errors : stderr;
    Vm *vm = calloc(1, sizeof *vm);
    if (!vm)
        return NULL;
    vm->arena = arena_new();
    arena_reserve(vm->arena, CORE_BYTES);
    vm->bytecodes = image_read(vm->arena, engine->image, errors);
    if (!vm->bytecodes) {
        som_free(vm);
        return NULL;
    }
    vm->fusing = fuse_tree_new(vm->bytecodes, vm->arena);
    integer_start();
    vm->engine = *engine;
    vm->numbers = &som_debugger_numbers;
    vm->errors = errors;
    vm->started = vm_microseconds();
    vm->random = UINT64_C(0x2545F4914F6CDD1D); // the same each time: so are runs
    if (options->schedule && !(vm->threads.schedule = schedule_new(vm, options->schedule))) {
        som_free(vm);
        return NULL;
    }
    vm->heap = heap_new(vm, options->heap_max, options->stress);
    if (!vm->heap || !threads_open(vm)) {
        fprintf(errors, "error: there is no memory for a machine\n");
        som_free(vm);
        return NULL;
    }
    const char *path = options->class_path;
    loader_set_path(vm, options->directory, path || options->directory ? path : ".");
    intern_symbols(vm);
    if (!loader_bootstrap(vm)) {
        som_free(vm);
        return NULL;
    }
    vm_uncount(vm, 0);
    return vm;
}

void som_free(Vm *vm) {
    if (!vm || !threads_close(vm))
        return;
    heap_free(vm->heap);
    free(vm->classes);
    symbol_free_tables(vm);
    arena_free(vm->arena);
    free(vm);
}

bool som_load(Vm *vm, const char *class_name) {
    Class *class;
    size_t counted = vm_counted_bytes(vm);
    LoaderResult result = loader_load(vm, class_name, &class);
    vm_uncount(vm, counted);
    if (result == LOADER_NOT_FOUND) {
        char *places = loader_describe_path(vm);
        fprintf(vm->errors, "error: there is no class %s in %s\n", class_name, places);
        free(places);
    }
    return result == LOADER_FOUND;
}

// The arguments' array is allocated when the bottom frame exists already: a collection finds its
// roots there, and an exhausted heap has a frame to report.
int som_run(Vm *vm, int count, char **strings) {
    Thread *thread = vm->thread;
    thread_start_bottom(thread, vm_sending_method(vm, "initialize:", 1));
    ThreadState *state = state_of(thread);
    Frame *bottom = state->bottom;
    thread_push(thread, vm->system);
    Array *array =
        (Array *)heap_allocate(thread, bottom, vm->known.array_class->index, LAYOUT_ARRAY,
                               sizeof *array + sizeof(Value) * (size_t)count);
    if (!array) {
        error_raise_failure(thread, bottom);
        return state->status;
    }
    array->length = count;
    for (int i = 0; i < count; i++)
        array->elements[i] = string_literal(vm, strings[i], strlen(strings[i]));
    thread_push(thread, value_of_object(array));
    thread_interpret(thread, bottom);
    return threads_finish(vm);
}

// ---- Methods made by hand ----------------------------------------------------------

Method *som_method(Vm *vm, const SomCode *code, bool verify, char *message, size_t size) {
    return method_from_code(vm, code, verify, message, size);
}

bool som_call(Vm *vm, Method *method, uint64_t receiver, const uint64_t *arguments, size_t count,
              uint64_t *result, int *status) {
    Thread *thread = vm->thread;
    const char *selector = symbol_chars(signature_of(method));
    thread_start_bottom(thread, vm_sending_method(vm, selector, (int64_t)count));
    ThreadState *state = state_of(thread);
    Value *slot = state->bottom->sp;
    thread_push(thread, receiver);
    for (size_t i = 0; i < count; i++)
        thread_push(thread, arguments[i]);
    Frame *frame = frame_invoke(thread, state->bottom, slot, method, (int64_t)count);
    bool finished = thread_interpret(thread, frame) && !state->ended;
    if (finished && result)
        *result = state->bottom->sp[-1];
    if (status)
        *status = state->status;
    return finished;
}

uint64_t som_integer(int64_t number) {
    return value_of_integer(number);
}

uint64_t som_double(double number) {
    return value_of_double(number);
}

uint64_t som_text(Vm *vm, const char *chars) {
    return string_literal(vm, chars, strlen(chars));
}

uint64_t som_symbol(Vm *vm, const char *chars) {
    return value_of_object(symbol_named(vm, chars));
}

uint64_t som_global(Vm *vm, const char *name) {
    return global_named(vm, symbol_named(vm, name))->value;
}

void som_print_to(Vm *vm, uint64_t value, Text *text) {
    if (value_is_whole(value)) {
        char *digits = integer_digits(value);
        text_add(text, digits);
        free(digits);
    } else if (value_is_double(value)) {
        char chars[DOUBLE_CHARS];
        text_add_bytes(text, chars, double_print(chars, value_double(value)));
    } else if (value_is_text(value)) {
        const String *string = value_string(value);
        text_add_bytes(text, string->chars, (size_t)string->length);
    } else if (!value_is_object(value)) {
        text_add(text, value == NIL ? "nil" : value == TRUE ? "true" : "false");
    } else {
        text_addf(text, "instance of %s", symbol_chars(value_class(vm, value)->name));
    }
}

void som_print(Vm *vm, uint64_t value, FILE *stream) {
    Text text = {0};
    som_print_to(vm, value, &text);
    fwrite(text_chars(&text), 1, text.length, stream);
    text_free(&text);
}
