// The host of Counter.som: its externals, and programs for it. Each entry takes the
// address of an interpreter of the loop, however that was made, and runs a program.
#include "counter.h"

#include <stdio.h>
#include <stdlib.h>

enum { FRAME_BYTES = sizeof(Frame) + 4 * sizeof(int64_t) };

typedef void Interpret(void *thread, void *frame);

static Frame *frame_new(Frame *caller, uint8_t *code) {
    Frame *frame = calloc(1, FRAME_BYTES);
    if (!frame)
        abort();
    frame_set_caller(frame, caller);
    frame_set_code(frame, code);
    return frame;
}

// ---- Externals

void host_report(Machine *machine, Frame *frame, int64_t number) {
    (void)machine;
    printf("%lld at %lld\n", (long long)number, (long long)frame_pc(frame));
}

// A routine gets its caller's sum and registers.
Frame *host_enter(Machine *machine, Frame *frame, int64_t routine) {
    uint8_t **routines = machine_routines(machine);
    Frame *entered = frame_new(frame, routines[routine]);
    frame_set_sum(entered, frame_sum(frame));
    for (int i = 0; i < 4; i++)
        frame_registers(entered)[i] = frame_registers(frame)[i];
    return entered;
}

Frame *host_leave(Machine *machine, Frame *frame) {
    Frame *caller = frame_caller(frame);
    (void)machine;
    frame_set_sum(caller, frame_sum(frame));
    free(frame);
    return caller;
}

void host_unknown(Machine *machine, Frame *frame, int64_t opcode) {
    (void)machine;
    printf("unknown bytecode %lld at %lld\n", (long long)opcode, (long long)frame_pc(frame));
}

void host_poll(Machine *machine, Frame *frame) {
    (void)frame;
    machine_set_request(machine, 0);
    puts("polled");
}

// ---- Programs

static int run_frame(Interpret *interpreter, Machine *machine, Frame *frame) {
    interpreter(machine, frame);
    printf("sum %lld\n", (long long)frame_sum(frame));
    free(frame);
    return 0;
}

// Runs a program of the host's. The request, if any, is there from the start.
static int run(Interpret *interpreter, uint8_t **routines, int64_t request) {
    Machine machine = {.request = request, .routines = routines};
    return run_frame(interpreter, &machine, frame_new(NULL, routines[0]));
}

// Adds up N, N - 1, … 1 (N below 128).
int sum(Interpret *interpreter, int argc, char **argv) {
    uint8_t count = (uint8_t)(argc > 0 ? atoi(argv[0]) : 10);
    uint8_t code[] = {OP_LOAD,          count, 0,           OP_STORE,  0,
                      OP_LOAD,          0,     0,           OP_ADD,    0,
                      OP_COUNT_DOWN_TO, 0,     (uint8_t)-5, OP_REPORT, OP_HALT};
    uint8_t *routines[] = {code};
    return run(interpreter, routines, argc > 1);
}

// Calls a routine that doubles the sum, from a routine that does so twice.
int calls(Interpret *interpreter, int argc, char **argv) {
    uint8_t main_code[] = {OP_LOAD, 0xFD, 0xFF, OP_CALL, 1, OP_REPORT, OP_HALT};
    uint8_t twice[] = {OP_CALL, 2, OP_CALL, 2, OP_RETURN};
    uint8_t twofold[] = {OP_STORE, 3, OP_ADD, 3, OP_RETURN};
    uint8_t *routines[] = {main_code, twice, twofold};
    (void)argc;
    (void)argv;
    return run(interpreter, routines, 0);
}

// An opcode that the table doesn't have.
int unknown(Interpret *interpreter, int argc, char **argv) {
    uint8_t code[] = {OP_LOAD, 7, 0, 200};
    uint8_t *routines[] = {code};
    (void)argc;
    (void)argv;
    return run(interpreter, routines, 0);
}

// How often a loop from FIRST to LAST runs.
int turns(Interpret *interpreter, int argc, char **argv) {
    uint8_t code[] = {OP_TURNS_FROM_TO, 0, 1, OP_HALT};
    Machine machine = {.request = 0};
    Frame *frame = frame_new(NULL, code);
    for (int i = 0; i < argc && i < 2; i++)
        frame_registers(frame)[i] = strtoll(argv[i], NULL, 10);
    return run_frame(interpreter, &machine, frame);
}
