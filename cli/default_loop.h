// SOM is the default loop, and this is its runtime. A loop that a user defines has a runtime
// of the user's own, which is linked by hand or loaded as a shared library; of SOM's alone we
// know where its definition is, what it is linked with, and how the evaluator runs it.
// All else in the commands works on any loop and knows of SOM only through this interface.
// (But `disasm`, which is about SOM's bytecode.)
#ifndef CLI_DEFAULT_LOOP_H
#define CLI_DEFAULT_LOOP_H

#include "backend/eval/eval.h"
#include "backend/llvm/flags/llvm_flags.h"
#include "cli/trace.h"

// The loop's name, and what its executable is called unless another name is given.
#define DEFAULT_LOOP_NAME       "SOM"
#define DEFAULT_LOOP_EXECUTABLE "som"
// What of its runtime a shared library offers (runtime/som.h).
#define DEFAULT_LOOP_ENTRY "som_main"

// What its executable says to --help: a line of usage, and the text (runtime/command/help.c).
typedef struct DefaultLoopHelp {
    const char *usage, *text;
} DefaultLoopHelp;

DefaultLoopHelp default_loop_help(void);

// Where its definition is: the installed one, beside the folder of the installed program;
// else the one of the source tree that this was built from.
const char *default_loop_definition(Arena *arena);

// What an interpreter of the loop is linked with.
typedef struct DefaultLoopRuntime {
    const char *files[2];         // the main program and the runtime's library
    const char *const *libraries; // flags for the linker, NULL after the last
} DefaultLoopRuntime;

// Where the runtime is that fits the flags, whether or not it can be read: one that is instrumented
// as the interpreter is, if need be.
DefaultLoopRuntime default_loop_runtime(const LlvmFlags *flags, Arena *arena);

// Has the runtime all the functions that the module calls? Complains on stderr if not.
bool default_loop_fits(const IrModule *module);

// The address of a function of the runtime, for eval_prepare; NULL: there is none.
void *default_loop_external(void *context, const char *name);

// What the runtime tells of frames and values, for traces.
extern const TraceWords default_loop_words;

// Runs a program in the evaluator, which was prepared for `module`; `flags` say what that was
// made with. Answers the exit status, after an error on stderr if it is not the program's own.
int default_loop_run(EvalProgram *program, const IrModule *module, const char *flags, Arena *arena,
                     int argc, char **argv);

#endif
