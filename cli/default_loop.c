// See default_loop.h. The runtime is here twice: linked into this program, for the evaluator,
// and as a library beside it, for the interpreters that are emitted.
#include "cli/default_loop.h"

#include "cli/command.h"
#include "cli/process.h"
#include "ir/image.h"
#include "runtime/calls/describe.h"
#include "runtime/process/output.h"
#include "runtime/vm.h"

#include <string.h>
#include <unistd.h>

const char *default_loop_definition(Arena *arena) {
    const char *installed =
        arena_printf(arena, "%s/../share/loopwright/Interpreter.som", process_own_folder());
    return access(installed, R_OK) == 0 ? installed
                                        : LOOPWRIGHT_SOURCE_DIR "/runtime/Interpreter.som";
}

DefaultLoopHelp default_loop_help(void) {
    return (DefaultLoopHelp){som_usage, som_help};
}

// ---- Linking ----------------------------------------------------------------------------

// A race is seen only where both accesses are instrumented, so ThreadSanitizer has a runtime of its
// own; AddressSanitizer does without. A build of ours that is sanitized has one runtime, for all.
static const char *kind_of(const LlvmFlags *flags) {
    bool has_own = !*LOOPWRIGHT_SANITIZE && llvm_flags_is(flags, LLVM_FLAG_SANITIZER, "thread");
    return has_own ? "-thread" : "";
}

// An installed tree has the library in a folder of its own.
static const char *library_folder(Arena *arena) {
    const char *lib = arena_printf(arena, "%s/../lib", process_own_folder());
    const char *installed = arena_printf(arena, "%s/loopwright", lib);
    return access(installed, X_OK) == 0 ? installed : lib;
}

DefaultLoopRuntime default_loop_runtime(const LlvmFlags *flags, Arena *arena) {
    static const char *const libraries[] = {"-lgmp", "-lm", "-lpthread", NULL};
    const char *folder = library_folder(arena);
    const char *kind = kind_of(flags);
    return (DefaultLoopRuntime){
        .files = {arena_printf(arena, "%s/sommain%s.o", folder, kind),
                  arena_printf(arena, "%s/libsomruntime%s.a", folder, kind)},
        .libraries = libraries,
    };
}

// Asked of the runtime that is linked into this program, which is the same as the library's: both
// are made from the same sources.
bool default_loop_fits(const IrModule *module) {
    for (size_t i = 0; i < module->externals.count; i++) {
        const IrExternal *external = module->externals.items[i];
        if (external->indirect || som_external(external->name))
            continue;
        command_failure(DEFAULT_LOOP_NAME "'s runtime has no function '%s', so it can't run %s: "
                                          "name the files of its own (--runtime=FILE)",
                        external->name, module->name);
        return false;
    }
    return true;
}

// ---- Evaluating -------------------------------------------------------------------------

typedef struct SomLoop {
    EvalProgram *program;
    const IrFunction *function;
} SomLoop;

// The runtime's engine, with the evaluator in place of machine code. Each guest thread has a call
// of its own.
static bool interpret_som(Thread *thread, Frame *frame, void *context) {
    SomLoop *loop = context;
    EvalWord arguments[] = {{.pointer = thread}, {.pointer = frame}};
    EvalFailure failure = {0};
    if (eval_call(loop->program, loop->function, arguments, 2, NULL, &failure))
        return true;
    eval_report(loop->program, &failure, stderr);
    return false;
}

void *default_loop_external(void *context, const char *name) {
    (void)context;
    return som_external(name);
}

// ---- Tracing ----------------------------------------------------------------------------

static void tell_method(const void *thread, const void *frame, Text *out) {
    describe_frame(out, thread, frame);
}

// By its selector, or by class and selector. A block is in the method around it.
static bool is_method(const void *thread, const void *frame, const char *name) {
    (void)thread;
    const Method *method = ((const Frame *)frame)->method;
    if (strcmp(symbol_chars(signature_of(method)), name) == 0)
        return true;
    Text whole = {0};
    describe_method(&whole, method);
    bool good = strcmp(text_chars(&whole), name) == 0;
    text_free(&whole);
    return good;
}

static int tell_line(const void *frame, int64_t pc) {
    return method_line(((const Frame *)frame)->method, pc);
}

static const void *tell_stack(const void *thread, void *frame) {
    return describe_stack(thread, frame);
}

static void tell_value(const void *thread, uint64_t bits, Text *out) {
    describe_value(out, vm_of(thread), bits);
}

static void tell_operand(const void *thread, const void *frame, const char *role, int64_t operand,
                         Text *out) {
    describe_operand(out, vm_of(thread), ((const Frame *)frame)->method, role, operand);
}

const TraceWords default_loop_words = {.method = tell_method,
                                       .is_method = is_method,
                                       .line = tell_line,
                                       .stack = tell_stack,
                                       .value = tell_value,
                                       .operand = tell_operand,
                                       .flush = output_flush_lines};

// ---- Running ----------------------------------------------------------------------------

// The evaluator's image is made as the helper would make it, but for what is about LLVM: the
// runtime learns its opcodes from it either way.
int default_loop_run(EvalProgram *program, const IrModule *module, const char *flags, Arena *arena,
                     int argc, char **argv) {
    Text image = {0};
    ir_image(module, &image);
    text_addf(&image, "flags %s\n", flags);
    SomLoop loop = {program, module->functions.items[0]};
    SomEngine engine = {.interpret = interpret_som,
                        .context = &loop,
                        .image = text_chars(&image),
                        .clock = eval_clock(program)};
    char **words = ARENA_ARRAY(arena, char *, argc + 2);
    words[0] = DEFAULT_LOOP_EXECUTABLE;
    memcpy(words + 1, argv, sizeof *words * (size_t)argc);
    int status = som_main(argc + 1, words, &engine);
    text_free(&image);
    return status;
}
