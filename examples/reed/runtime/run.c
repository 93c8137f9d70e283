// Runs a program with an interpreter, however that was made: emitted, or the evaluator's.
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static_assert(sizeof(Frame) == REED_FRAME_BYTES, "frames lie one after the other");

// Each window begins at least one register after the one before it, so this is enough for frames.
enum { SLOTS = 1 << 17 };

// ---- Errors --------------------------------------------------------------------------------

const char *kind_name(Slot value) {
    static const char *const names[] = {"nil",    "false",   "true",       "an integer", "a double",
                                        "a text", "a table", "a function", "a function"};
    return names[value.kind];
}

int64_t run_fail(Run *run, const Frame *frame, const char *format, ...) {
    const Function *function = closure_function(frame_closure(frame));
    va_list arguments;
    run->failed = true;
    fflush(stdout);
    va_start(arguments, format);
    source_report(&run->program->source, function->places[frame_pc(frame)], format, arguments);
    va_end(arguments);
    return 1;
}

void host_fail(Machine *machine, Frame *frame, int64_t reason) {
    static const char *const reasons[] = {
        [REED_STACK_OVERFLOW] = "the stack is full: functions call each other too deep",
    };
    run_fail((Run *)machine, frame, "%s", reasons[reason]);
}

void host_unknown(Machine *machine, Frame *frame, int64_t opcode) {
    run_fail((Run *)machine, frame, "unknown bytecode %d", (int)opcode);
}

// Polled between bytecodes once a request is made: the signal has come, and takes its course.
void host_poll(Machine *machine, Frame *frame) {
    run_fail((Run *)machine, frame, "interrupted");
    signal(SIGINT, SIG_DFL);
    raise(SIGINT);
}

// ---- Collecting ----------------------------------------------------------------------------

// All windows up to the end of the frame's are looked through, with what is left in them from calls
// before; what lies beyond is cleared. So no register ever refers to what has been freed.
static void collect(Run *run, const Frame *frame) {
    const Function *function = closure_function(frame_closure(frame));
    Slot *end = frame_registers(frame) + function->register_count;
    for (Slot *slot = run->windows; slot < end; slot++)
        heap_mark(&run->heap, *slot);
    for (Slot *slot = end; slot < run->windows_end; slot++)
        *slot = (Slot){0};
    for (int i = 0; i < run->program->global_count; i++) {
        const Cell *cell = &machine_globals(&run->machine)[i];
        heap_mark(&run->heap, slot_of(cell->kind, cell->bits));
    }
    for (int i = 0; i < run->program->function_count; i++) {
        const Function *each = run->program->functions[i];
        for (int k = 0; k < each->constant_count; k++)
            heap_mark(&run->heap, slot_of(each->constants[k].kind, each->constants[k].bits));
    }
    for (const Frame *at = frame; at; at = frame_caller(at))
        heap_mark(&run->heap, slot_of_object(REED_CLOSURE_KIND, frame_closure(at)));
    heap_sweep(&run->heap);
}

void run_collect_if_due(Run *run, const Frame *frame) {
    if (!heap_is_due(&run->heap))
        return;
    collect(run, frame);
    if (run->heap.bytes > HEAP_MOST) {
        run_fail(run, frame, "out of memory: the program holds on to more than %d MB",
                 HEAP_MOST >> 20);
        exit(EXIT_FAILURE);
    }
}

// ---- Running -------------------------------------------------------------------------------

static Machine *running;

static void request_stop(int number) {
    (void)number;
    __atomic_store_n(&running->request, 1, __ATOMIC_RELAXED);
}

static bool is_number(const char *text, int64_t *number) {
    char *end;
    errno = 0;
    *number = strtoll(text, &end, 10);
    return end != text && !*end && !errno;
}

// The natives come first among the globals, then `size`.
static Program *compile(const char *file, Heap *heap) {
    const char **names = grown(NULL, ((size_t)native_count + 1) * sizeof *names);
    for (int i = 0; i < native_count; i++)
        names[i] = natives[i].name;
    names[native_count] = "size";
    Program *program = program_compile(file, heap, names, native_count + 1);
    free(names);
    return program;
}

static void *cleared(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (!memory) {
        fputs("reed: error: out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return memory;
}

static Cell *make_globals(const Program *program, int64_t size) {
    Cell *globals = cleared((size_t)program->global_count, sizeof *globals);
    for (int i = 0; i < native_count; i++)
        globals[i] = (Cell){.bits = i, .kind = REED_NATIVE_KIND};
    globals[native_count] = (Cell){.bits = size, .kind = REED_INTEGER_KIND};
    return globals;
}

static void interpret_program(Run *run, void (*interpreter)(Machine *, Frame *)) {
    Frame *frames = cleared(SLOTS + 1, sizeof *frames);
    Slot target = {.kind = REED_NIL_KIND};
    const Function *function = run->program->functions[0];
    Closure *closure = heap_closure(&run->heap, 0);
    closure_set_code(closure, function->code);
    closure_set_constants(closure, function->constants);
    closure_set_window_bytes(closure, function->register_count * (int64_t)sizeof(Slot));
    closure_set_parameter_count(closure, 0);
    closure_set_function(closure, (void *)function);
    frame_set_closure(frames, closure);
    frame_set_registers(frames, run->windows);
    frame_set_result(frames, &target);
    interpreter(&run->machine, frames);
    free(frames);
}

// Compiles and runs the program that the arguments name, with an interpreter that has this image.
// Answers the exit status.
int run(void (*interpreter)(Machine *machine, Frame *frame), int argc, char **argv,
        const char *image) {
    int64_t size = 0;
    if (argc < 1 || argc > 2 || (argc == 2 && !is_number(argv[1], &size))) {
        fputs("usage: reed PROGRAM.reed [SIZE]\n", stderr);
        return 2;
    }
    Run run = {0};
    heap_open(&run.heap);
    Program *program = compile(argv[0], &run.heap);
    Image *opcodes = image_read(image);
    for (int i = 0; i < program->function_count; i++)
        image_fuse(opcodes, program->functions[i]);
    run.program = program;
    run.image = opcodes;
    run.windows = cleared(SLOTS, sizeof *run.windows);
    run.windows_end = run.windows + SLOTS;
    machine_set_window_limit(&run.machine, run.windows_end);
    machine_set_globals(&run.machine, make_globals(program, size));
    running = &run.machine;
    signal(SIGINT, request_stop);
    interpret_program(&run, interpreter);
    signal(SIGINT, SIG_DFL);
    heap_close(&run.heap);
    free(run.windows);
    free(machine_globals(&run.machine));
    image_free(opcodes);
    program_free(program);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("reed: error: can't write the output");
        return EXIT_FAILURE;
    }
    return run.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
