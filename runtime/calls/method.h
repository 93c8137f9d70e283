// Methods: what C keeps of one beside the generated record, how one is compiled when it is first
// needed, and how one is entered. A method of the embedded library is compiled when it is first
// called, since a program uses few of them. What it compiles to has to pass the bytecode verifier
// before it runs. Looking a method up is lookup.h's.
#ifndef RUNTIME_CALLS_METHOD_H
#define RUNTIME_CALLS_METHOD_H

#include "frontend/guest/compile.h"
#include "runtime/bytecodes/bytecode.h"
#include "runtime/objects/class.h"
#include "runtime/primitives/primitive.h"
#include "runtime/som.h"

// A source file that classes came from. It lives as long as the machine.
typedef struct SourceFile {
    Source source;
    bool is_embedded;
} SourceFile;

// How a call is entered: what the interpreter finds in a call site.
typedef struct Entry {
    int64_t kind;
    void *target;
    int64_t operand;
} Entry;

// What frames go on in when they meet what a method's inlined code can't do: see osr.c.
typedef struct Version {
    const AstExpression *entry;
    size_t seen_count; // how many of `seen` it knows of
    Method *method;    // NULL: it is too large
} Version;

struct MethodDetails {
    Method *next; // of the machine's methods
    Class *holder;
    const AstMethod *tree;    // NULL for blocks and methods made by hand
    const SourceFile *source; // NULL for methods made by hand
    const char *file;         // what messages call it
    bool is_block, is_primitive;
    bool is_broken;    // it doesn't compile; the reason was reported
    bool is_compared;  // with what is known: `standard` says what came of it
    unsigned standard; // see standard.h
    const Primitive *primitive;
    int64_t code_count, literal_count, site_count, max_stack;
    int64_t quickenings, next_fusing; // see quicken.c
    const GuestLine *lines;
    size_t line_count;
    Method *outermost; // the method around a block; else itself
    Method *origin;    // of a version: what it is one of; else NULL
    uint32_t sent;     // the messages that weren't inlined then (inlined.h)
    const GuestOsrPoint *osr_points, *osr_entries;
    size_t osr_point_count, osr_entry_count;
    GuestContexts around; // of a block
    bool opens_home;
    ARENA_VECTOR(Version) versions;
    ARENA_VECTOR(const AstExpression *) seen; // messages that couldn't go on inlined
    bool has_entry;                           // frameless: `entry` says how
    Entry entry;
};

static inline MethodDetails *details_of(const Method *method) {
    return method->details;
}

static inline Class *holder_of(const Method *method) {
    return method->holder;
}

static inline Symbol *signature_of(const Method *method) {
    return method->signature;
}

// A method that isn't compiled yet. A primitive gets its function at once, if there is
// one for it.
Method *method_new(Vm *vm, Class *holder, const AstMethod *tree, const SourceFile *source);

// Compiles the method unless that has been done. False if it can't be; the errors have
// been reported once, to the machine's error stream.
bool method_prepare(Vm *vm, Method *method);

// Compiles a version of a method or block, to be entered in frames that exist only. NULL if it
// is too large; that has been reported.
Method *method_version(Vm *vm, Method *origin, const GuestVersion *version);

// A method out of code made by hand (see som.h).
Method *method_from_code(Vm *vm, const SomCode *code, bool verify, char *message, size_t size);

// How a call of the method, found for a receiver of class `receiver`, is entered. It is
// prepared for that; a method that doesn't compile has an entry that raises.
Entry method_entry(Vm *vm, const Class *receiver, Method *method);

// Called when the site of the frame's send has been filled: the send's bytecode becomes the one
// for sites that hold what this one does, if there is such. Most are for objects only.
void method_quicken_send(const Vm *vm, Frame *frame, const CallSite *site);

// What stands at `pc`, where an instruction of code that was verified begins.

const Bytecode *method_bytecode(const Method *method, int64_t pc);

// Where in its file the code at `pc` stands; line 0 if that isn't known.
Location method_location(const Method *method, int64_t pc);
int method_line(const Method *method, int64_t pc);

#endif
