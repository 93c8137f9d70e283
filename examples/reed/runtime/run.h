// A program that runs: what the functions share that the loop calls.
#ifndef REED_RUN_H
#define REED_RUN_H

#include "program.h"
#include "table.h"

typedef struct Image Image;

typedef struct Run {
    Machine machine; // first, so that the loop's machine is the run
    Heap heap;
    const Program *program;
    const Image *image;
    Slot *windows, *windows_end;
    bool failed;
} Run;

// ---- run.c

// Reports that the bytecode at which the frame stands has failed. Answers 1, for the loop.
int64_t run_fail(Run *run, const Frame *frame, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Collects garbage if it is time to. Only where all that is needed is in registers.
void run_collect_if_due(Run *run, const Frame *frame);

// "nil", "an integer" ...
const char *kind_name(Slot value);

// ---- texts.c

typedef struct Buffer {
    char *bytes;
    size_t length, room;
} Buffer;

void buffer_add(Buffer *buffer, const char *bytes, size_t length);
// Adds a value as it is printed.
void buffer_add_value(Buffer *buffer, Slot value);
// What a text says, read as a number; nil if it is none.
Slot text_to_number(const Text *text);

// ---- numbers.c

double slot_double(Slot number);
Slot slot_of_double(double number);
bool slot_is_number(Slot value);
// -1, 0, 1; 2: one of them is a NaN
int number_compare(Slot left, Slot right);

// ---- natives.c

typedef struct Call {
    Run *run;
    const Frame *frame;
    const Slot *arguments;
    int64_t count;
} Call;

typedef struct Native {
    const char *name;
    int64_t (*function)(const Call *call, Slot *result); // answers 1 if it has failed
} Native;

extern const Native natives[];
extern const int native_count;

// ---- fuse.c

// Reads what an interpreter says of its opcodes. Nothing keeps the text.
Image *image_read(const char *text);
void image_free(Image *image);
// Writes an interpreter's superinstructions into the code.
void image_fuse(const Image *image, Function *function);

#endif
