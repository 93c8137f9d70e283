/* Two threads in the loop of stack-loop.mir: each pops a number into a local variable of its own,
   and polls, while the main thread asks both to let go, by a relaxed store as runtimes do. That is
   no race. It is one with the argument `shared`, as both have the same variable, and with `plain`,
   as they are asked by a plain store. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { PUSH_CONST = 1, POP_LOCAL = 2, HALT = 6, JUMP_BACK = 23, ROUNDS = 1000 };

typedef struct Thread {
    int32_t request;
} Thread;

typedef struct Frame {
    const void *const *method;
    int64_t pc;
    int64_t *sp, *locals;
} Frame;

typedef struct Worker {
    Thread thread;
    int64_t *locals;
    pthread_t system;
} Worker;

void interpret(Thread *thread, Frame *frame);

void yield(Thread *thread, Frame *frame) {
    (void)thread, (void)frame;
}

void report(Thread *thread, Frame *frame, int64_t value) {
    (void)thread, (void)frame, (void)value;
}

void unknown_bytecode(Thread *thread, Frame *frame) {
    (void)thread, (void)frame;
}

static void *work(void *argument) {
    static const uint16_t code[] = {PUSH_CONST, 7, POP_LOCAL,  0, JUMP_BACK,
                                    0,          0, PUSH_CONST, 7, HALT};
    static const void *const method[] = {code};
    Worker *worker = argument;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t stack[4] = {0};
        Frame frame = {.method = method, .sp = stack, .locals = worker->locals};
        interpret(&worker->thread, &frame);
    }
    return NULL;
}

static void ask(Worker *worker, int plainly) {
    if (plainly)
        worker->thread.request = 1;
    else
        __atomic_store_n(&worker->thread.request, 1, __ATOMIC_RELAXED);
}

int main(int count, char **arguments) {
    const char *kind = count > 1 ? arguments[1] : "";
    int64_t locals[2] = {0};
    Worker workers[2] = {0};
    for (int i = 0; i < 2; i++) {
        workers[i].locals = &locals[strcmp(kind, "shared") == 0 ? 0 : i];
        pthread_create(&workers[i].system, NULL, work, &workers[i]);
    }
    for (int i = 0; i < 2; i++)
        ask(&workers[i], strcmp(kind, "plain") == 0);
    for (int i = 0; i < 2; i++)
        pthread_join(workers[i].system, NULL);
    printf("%lld %lld\n", (long long)locals[0], (long long)locals[1]);
    return 0;
}
