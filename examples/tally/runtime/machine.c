// What Tally's loop calls, and what runs a program with an interpreter, however that was
// made: emitted, or the evaluator's.
#include "compiler.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { STACK_BYTES = 1 << 20 };

typedef struct Run {
    Machine machine; // first, so that the loop's machine is the run
    const Program *program;
    bool failed;
} Run;

// ---- Externals -----------------------------------------------------------------------------

void host_write(Machine *machine, Frame *frame, int64_t number) {
    (void)machine, (void)frame;
    printf("%" PRId64, number);
}

void host_write_text(Machine *machine, Frame *frame, int64_t text) {
    const Token *token = &((Run *)machine)->program->texts[text];
    (void)frame;
    fwrite(token->start + 1, 1, (size_t)token->length - 2, stdout);
}

void host_put(Machine *machine, Frame *frame, int64_t character) {
    (void)machine, (void)frame;
    putchar((int)(character & 0xFF));
}

// Shows the bytecode at which the frame stands.
static void report_here(Machine *machine, const Frame *frame, const char *what) {
    Run *run = (Run *)machine;
    const Program *program = run->program;
    const Place *places = program->places[frame_function(frame) - program->functions];
    run->failed = true;
    fflush(stdout);
    report_error(program->file, program->source, places[frame_pc(frame)], "%s", what);
}

void host_fail(Machine *machine, Frame *frame, int64_t reason) {
    static const char *const reasons[] = {
        [TALLY_ZERO_DIVISOR] = "division by zero",
        [TALLY_BAD_INDEX] = "the array has no element of this index",
        [TALLY_STACK_OVERFLOW] = "the stack is full: functions call each other too deep",
    };
    report_here(machine, frame, reasons[reason]);
}

void host_unknown(Machine *machine, Frame *frame, int64_t opcode) {
    (void)opcode;
    report_here(machine, frame, "unknown bytecode");
}

// Polled between bytecodes once a request is made: the signal has come, and takes its course.
void host_poll(Machine *machine, Frame *frame) {
    report_here(machine, frame, "interrupted");
    signal(SIGINT, SIG_DFL);
    raise(SIGINT);
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

// Compiles and runs the program that the arguments name, with an interpreter that has this image.
// Answers the exit status.
int run(void (*interpreter)(Machine *machine, Frame *frame), int argc, char **argv,
        const char *image) {
    int64_t size = 0;
    if (argc < 1 || argc > 2 || (argc == 2 && !is_number(argv[1], &size))) {
        fputs("usage: tally PROGRAM.tally [SIZE]\n", stderr);
        return 2;
    }
    Program *program = tally_compile(argv[0]);
    tally_fuse(program, image);
    Function *function = &program->functions[0];
    char *stack = grown(NULL, STACK_BYTES);
    Run run = {.program = program};
    machine_set_stack_limit(&run.machine, stack + STACK_BYTES);
    machine_set_functions(&run.machine, program->functions);
    machine_set_arrays(&run.machine, program->arrays);
    Frame *frame = (Frame *)stack;
    frame_set_caller(frame, NULL);
    frame_set_function(frame, function);
    frame_set_pc(frame, 0);
    frame_set_sp(frame, frame_locals(frame) + function_local_count(function));
    frame_locals(frame)[0] = size;
    running = &run.machine;
    signal(SIGINT, request_stop);
    interpreter(&run.machine, frame);
    free(stack);
    tally_free(program);
    if (fflush(stdout) != 0) {
        perror("tally: error: can't write the output");
        return EXIT_FAILURE;
    }
    return run.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
