// The runtime as a program uses it: one entry that behaves like the `som` command, and
// an interface for those who make a machine and run single methods on it (tests,
// tools). An engine is what executes bytecode: an emitted object or the evaluator.
#ifndef RUNTIME_SOM_H
#define RUNTIME_SOM_H

#include "interpreter.h"

#include "support/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct Vm Vm;
typedef struct ScheduleOptions ScheduleOptions; // runtime/threads/schedule.h

// `interpret` executes from `frame` on until a bottom frame halts. It answers false if
// the engine itself could not go on; it has reported why, then. `image` is what the
// interpreter says of itself (the emitted constant `loopwright_image`): its opcodes are
// learnt from it, so there is always one. It needn't live on.
// `clock` counts the bytecodes executed; with it, `System ticks` and `time` answer
// that number; NULL: they measure time.
typedef struct SomEngine {
    bool (*interpret)(Thread *thread, Frame *frame, void *context);
    void *context;
    const char *image;
    const uint64_t *clock;
} SomEngine;

// The `som` command: options, class, arguments; runs the program and answers the exit
// status. 2 for wrong usage, 1 for errors.
int som_main(int argc, char **argv, const SomEngine *engine);

// How the command is used, in a line; and what `som --help` prints after that.
extern const char som_usage[], som_help[];

// The address of an external that an interpreter calls, or NULL if it isn't one.
void *som_external(const char *name);

// ---- For whoever wants the machine itself ------------------------------------------

typedef struct SomOptions {
    const char *class_path;          // directories with colons between; NULL: "."
    const char *directory;           // looked into before them; NULL: none
    size_t heap_max;                 // bytes; 0: the default
    bool stress;                     // collect at every allocation
    FILE *errors;                    // NULL: standard error
    const ScheduleOptions *schedule; // decides which thread runs when; NULL: nothing does
} SomOptions;

// A machine with the core library loaded and a thread that is ready to run. NULL after
// errors, which have been reported: the engine was made for another runtime, say. The engine
// is copied.
Vm *som_new(const SomOptions *options, const SomEngine *engine);
void som_free(Vm *vm);

// Loads a class. False if it can't be, which has been reported.
bool som_load(Vm *vm, const char *class_name);

// Sends `initialize:` with an array of these strings to `system`; answers the status.
int som_run(Vm *vm, int count, char **strings);

// A method made by hand. `sites` are selectors; a literal is any value that doesn't
// move (som_integer, som_text). Copied; the arrays needn't live on.
typedef struct SomCode {
    const char *selector;
    const uint16_t *code;
    size_t code_count;
    const char *const *sites;
    size_t site_count;
    const uint64_t *literals;
    size_t literal_count;
    int locals, max_stack;
} SomCode;

// Makes a method of class Object. With `verify` the bytecode verifier has to accept
// it; NULL with `message` filled in if it doesn't.
Method *som_method(Vm *vm, const SomCode *code, bool verify, char *message, size_t size);

// Runs a method with `receiver` and `count` arguments. False if it ended with an error
// (already reported) or by `exit:`; `status` is set then. `result` is valid until the
// machine runs again.
bool som_call(Vm *vm, Method *method, uint64_t receiver, const uint64_t *arguments, size_t count,
              uint64_t *result, int *status);

// Values that don't move, for literals and arguments.
uint64_t som_integer(int64_t number);
uint64_t som_double(double number);
uint64_t som_text(Vm *vm, const char *chars);
uint64_t som_symbol(Vm *vm, const char *chars);
uint64_t som_global(Vm *vm, const char *name);

// Writes a number, string, symbol, boolean or nil as SOM would print it; other things
// as `instance of` their class.
void som_print(Vm *vm, uint64_t value, FILE *stream);
void som_print_to(Vm *vm, uint64_t value, Text *text);

#endif
