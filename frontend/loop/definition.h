// What a definition declares, checked: records with their layout, externals, bytecodes with
// their operands, helpers. Made by loop_declare from the syntax tree; the bodies are lowered
// later (lower.h), the header is printed from it (header.c).
//
// Declarations go into the IR module at once, and what is here points to them (`ir`): the IR has
// what passes need (cells, offsets, alias classes), this has what the language and the header
// need in addition (types of the language, where something stands in the source).
#ifndef FRONTEND_LOOP_DEFINITION_H
#define FRONTEND_LOOP_DEFINITION_H

#include "frontend/loop/loop.h"

typedef struct LoopRecord LoopRecord;

typedef enum LoopKind {
    LOOP_NOTHING, // no value
    LOOP_UNKNOWN, // after an error: fits everywhere, so one error makes no others
    LOOP_NEVER,   // control doesn't come back
    LOOP_BOOLEAN,
    LOOP_INT64,
    LOOP_DOUBLE,
    LOOP_VALUE,
    LOOP_ADDRESS,
    LOOP_RECORD,
    LOOP_ELEMENTS,
} LoopKind;

typedef struct LoopType {
    LoopKind kind;
    IrCell cell;          // in memory; of ELEMENTS: each element
    LoopRecord *record;   // RECORD: which; ELEMENTS: of records, else NULL
    unsigned alias_class; // ELEMENTS: where they are; 0 of other kinds
} LoopType;

typedef struct LoopField {
    const char *name;
    LoopType type; // of an array in place: ELEMENTS
    IrField *ir;   // with the offset, and the path if it is a cursor
    const AstVariable *ast;
    const AstAnnotation *annotation;
    size_t cursor_words, cursor_end; // the words of `indexes:` in it; equal: none
} LoopField;

struct LoopRecord {
    const char *name;
    const AstClass *ast;
    IrRecord *ir;
    ARENA_VECTOR(LoopField *) fields;
};

typedef ARENA_VECTOR(LoopType) LoopTypes;

typedef struct LoopExternal {
    const AstMethod *ast;
    LoopTypes parameters; // as declared: with the address, without the loop's state
    LoopType result;
    bool frameless; // gets the thread only
    IrExternal *ir; // whose parameters are those in C: the loop's state first
} LoopExternal;

// A class of externals. It only gives their names in C a beginning.

typedef struct LoopLibrary {
    const char *name;
    ARENA_VECTOR(LoopExternal *) externals;
} LoopLibrary;

typedef struct LoopBytecode {
    const AstMethod *ast;
    LoopTypes operands;
    ARENA_VECTOR(const char *) roles;  // of the operands; NULL: nothing is said
    ARENA_VECTOR(IrOperand) fixed;     // of the operands; of each only what it is fixed to
    ARENA_VECTOR(bool) is_wide;        // of the operands: is there a form in which it is wider?
    struct LoopBytecode *wide;         // that form; NULL: none
    const struct LoopBytecode *narrow; // of such a form: what it is one of; NULL: it is none
    size_t opcode;                     // its place in the table; unused by the default
    const char *snake;                 // its name in snake case; unused by the default
} LoopBytecode;

// `self quickensTo: #other` or `self continueAs: #other` in a bytecode, both by their places in the
// table.
typedef struct LoopQuickening {
    size_t from, to;
    Location at;
} LoopQuickening;

typedef struct LoopHelper {
    const AstMethod *ast;
    LoopTypes parameters;
    LoopType result;
    bool is_constant; // `^` an integer literal
    int64_t constant; // valid if it is one
    IrMethod *method; // what debuggers know of it; NULL: it wasn't expanded yet
    bool expanding;   // now: to meet it again would be a recursion
    bool expanded;    // by a bytecode, so that its body has been checked
} LoopHelper;

// Everything in the order of the source, which is the order of opcodes and of the header.
typedef struct LoopDefinition {
    Arena *arena;
    Diagnostics *diagnostics;
    const AstFile *file;
    const AstClass *loop;
    IrModule *module;
    IrTable *table;
    ARENA_VECTOR(LoopRecord *) records;
    ARENA_VECTOR(LoopLibrary *) libraries;
    ARENA_VECTOR(LoopBytecode *) bytecodes;
    ARENA_VECTOR(LoopHelper *) helpers;
    LoopBytecode *fallback; // unknownBytecode:
    LoopBytecode *prefix;   // behind which bytecodes stand in their wide forms; NULL: none
    ARENA_VECTOR(LoopQuickening) quickenings;
    ARENA_VECTOR(LoopQuickening) continuations;
    ARENA_VECTOR(const char *) roles; // all that operands have, without `jump`
    LoopRecord *thread, *frame;
    const char *thread_name, *frame_name;
    LoopHelper *code, *pc, *set_pc; // where the loop stands; there once all is declared
    const LoopField *stack_pointer; // NULL: no stack effects
    int slot_size;                  // bytes of what it points to
    ARENA_VECTOR(const LoopField *) further_stacks; // pointers of the module's
    LoopType unit;                                  // of the code: an INT64 with the unit's cell
} LoopDefinition;

// Checks what the file declares. NULL after errors, all of them reported.
LoopDefinition *loop_declare(Arena *arena, Diagnostics *diagnostics, const AstFile *file);

// Is it more of a class that stands before it? (declare.c)
bool loop_is_extension(const AstClass *class);

// ---- The steps of loop_declare, one a file -----------------------------------------

void loop_declare_records(LoopDefinition *definition);   // records.c
void loop_declare_externals(LoopDefinition *definition); // externals.c
void loop_declare_methods(LoopDefinition *definition);   // methods.c
void loop_declare_specials(LoopDefinition *definition);  // specials.c
// Adds the wide forms of bytecodes, whose operands have been laid out in units (wide.c).
void loop_declare_wide_forms(LoopDefinition *definition);

// ---- Look-ups; NULL if there is none -------------------------------------------------

LoopRecord *loop_find_record(const LoopDefinition *definition, const char *name);
LoopField *loop_find_field(const LoopRecord *record, const char *name);
LoopLibrary *loop_find_library(const LoopDefinition *definition, const char *name);
LoopExternal *loop_find_external(const LoopLibrary *library, const char *selector);
LoopBytecode *loop_find_bytecode(const LoopDefinition *definition, const char *selector);
LoopHelper *loop_find_helper(const LoopDefinition *definition, const char *selector);

// ---- Types (types.c) -----------------------------------------------------------------

// A position in an annotation. `words` may be NULL: then it is at its end.
typedef struct LoopWords {
    const AstAnnotation *annotation;
    size_t next;
} LoopWords;

// The next word, or NULL at the end; loop_take_word goes on if the next one is `text`.
const AstWord *loop_peek_word(const LoopWords *words);
bool loop_take_word(LoopWords *words, const char *text);

// Reads a type. Narrow integers only if `in_memory`. False after reporting an error.
bool loop_parse_type(LoopDefinition *definition, LoopWords *words, bool in_memory, LoopType *type);
// Reads an alias class's name; `all` only if allowed. 0 after reporting an error.
unsigned loop_parse_alias_class(LoopDefinition *definition, LoopWords *words, bool all);
// Reports a word that nobody took. True if there is none.
bool loop_expect_end(LoopDefinition *definition, const LoopWords *words);
// The type that a variable's or argument's annotation begins with; `words` are what follows.
bool loop_begin_type(LoopDefinition *definition, const AstVariable *variable, bool in_memory,
                     LoopWords *words, LoopType *type);
// The type of a variable or argument: its whole annotation.
bool loop_variable_type(LoopDefinition *definition, const AstVariable *variable, bool in_memory,
                        LoopType *type);

LoopType loop_type(LoopKind kind);
LoopType loop_record_type(LoopRecord *record);
LoopType loop_element_type(LoopType elements); // what `at:` answers
bool loop_same_type(LoopType left, LoopType right);
const char *loop_type_text(Arena *arena, LoopType type);
IrType loop_ir_type(LoopType type);
int64_t loop_element_size(LoopType elements);

// ---- Names (names.c) -------------------------------------------------------------------

// loop_snake_case (loop.h), in capitals.
char *loop_upper_snake_case(Arena *arena, const char *name);
// `send:arguments:` to `sendArguments`, or with a capital to `SendArguments`.
char *loop_camel_case(Arena *arena, const char *selector, bool capital);
// Reports a name that can't become one of C and of the IR.
bool loop_check_name(LoopDefinition *definition, const char *name, Location at);
// Does a message to self with this selector mean something to the language itself (endings.c)?
bool loop_is_self_message(const char *selector);
// The 64 bits of a literal, signed or unsigned. False if it needs more.
bool loop_integer(const char *digits, int64_t *value);

#endif
