// A `som` that asks for every poll, and notes where it was: in place of the real command it is
// linked with an engine, an emitted object or the evaluator. So each poll of a program takes its
// slow way, as it does while a scheduler counts them. It prints on standard error how many there
// were, and a number in which all of them and their order are; two interpreters whose lines are the
// same poll in the same places.
//
// A place is a frame by how deep it lies, its method, the pc, and the bytecode there as the guest
// compiler wrote it. Time stands still between polls, so that what a program makes of it is the
// same, too.
//
// usage: sequence [--plain] [--each=FILE] -cp DIR[:DIR…] CLASS [ARGUMENT…]
//
// With --plain no bytecode is ever quickened, which the number must not show. FILE gets a line for
// each poll.
#include "runtime/calls/describe.h"
#include "runtime/process/output.h"
#include "runtime/vm.h"
#include "support/streams.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct Sequence {
    uint64_t count, number;
    FILE *each;
} Sequence;

// FNV-1a.
static void mix(Sequence *sequence, const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        sequence->number = (sequence->number ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
}

static void mix_number(Sequence *sequence, int64_t number) {
    mix(sequence, (const char *)&number, sizeof number);
}

static void mix_text(Sequence *sequence, const char *chars) {
    mix(sequence, chars, strlen(chars) + 1);
}

static void print_place(FILE *each, const Thread *thread, const Frame *frame, int64_t depth,
                        const char *bytecode) {
    Text line = {0};
    describe_frame(&line, thread, frame);
    fprintf(each, "%lld %lld %s %lld %s\n", (long long)state_of(thread)->number, (long long)depth,
            text_chars(&line), (long long)frame->pc, bytecode);
    text_free(&line);
}

static void polled(void *context, Thread *thread, const Frame *frame) {
    Sequence *sequence = context;
    const ThreadState *state = state_of(thread);
    const Method *method = frame->method;
    const Bytecode *base = &state->vm->bytecodes->items[method_bytecode(method, frame->pc)->base];
    int64_t depth = (const char *)frame - state->stack;
    mix_number(sequence, state->number);
    mix_number(sequence, depth);
    mix_text(sequence, symbol_chars(holder_of(method)->name));
    mix_text(sequence, symbol_chars(signature_of(method)));
    mix_number(sequence, frame->pc);
    mix_text(sequence, base->name);
    if (sequence->each)
        print_place(sequence->each, thread, frame, depth, base->name);
    sequence->count++;
    thread->request = 1;
}

static int run(Vm *vm, Sequence *sequence, int count, char **words) {
    const VmObserver observer = {.context = sequence, .polled = polled};
    if (!som_load(vm, words[0]))
        return 1;
    vm_observe(vm, &observer);
    vm->thread->request = 1;
    int status = som_run(vm, count, words);
    output_flush();
    fprintf(stderr, "polls %" PRIu64 " %016" PRIx64 "\n", sequence->count, sequence->number);
    return status;
}

// ---- In the place of the runtime's own functions, by the linker's --wrap ------------------------

int __wrap_som_main(int argc, char **argv, const SomEngine *engine);
void __wrap_vm_quicken(Thread *thread, Frame *frame);
void __real_vm_quicken(Thread *thread, Frame *frame);
void __wrap_method_quicken_send(const Vm *vm, Frame *frame, const CallSite *site);
void __real_method_quicken_send(const Vm *vm, Frame *frame, const CallSite *site);

static bool is_plain;

void __wrap_vm_quicken(Thread *thread, Frame *frame) {
    if (!is_plain)
        __real_vm_quicken(thread, frame);
}

void __wrap_method_quicken_send(const Vm *vm, Frame *frame, const CallSite *site) {
    if (!is_plain)
        __real_method_quicken_send(vm, frame, site);
}

int __wrap_som_main(int argc, char **argv, const SomEngine *engine) {
    Sequence sequence = {.number = UINT64_C(0xcbf29ce484222325)};
    SomEngine counted = *engine;
    counted.clock = &sequence.count;
    streams_start();
    int at = 1;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        is_plain |= strcmp(argv[at], "--plain") == 0;
        if (strncmp(argv[at], "--each=", 7) == 0 && !(sequence.each = fopen(argv[at] + 7, "w")))
            return 2;
    }
    if (at + 2 >= argc || strcmp(argv[at], "-cp") != 0)
        return 2;
    SomOptions options = {.class_path = argv[at + 1]};
    Vm *vm = som_new(&options, &counted);
    int status = vm ? run(vm, &sequence, argc - at - 2, argv + at + 2) : 1;
    som_free(vm);
    if (sequence.each)
        fclose(sequence.each);
    return status;
}
