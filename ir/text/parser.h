// Inside the parser of the text form: what its files share. Recursive descent without
// recursion, as nothing in the text nests; names that may stand before what they name
// are noted and resolved at the module's end (parse_resolve.c).
#ifndef IR_TEXT_PARSER_H
#define IR_TEXT_PARSER_H

#include "ir/ir.h"
#include "ir/methods.h"
#include "ir/text/lex.h"
#include "ir/text/symbols.h"

// An integer literal whose type its place decides: an operand of the instruction, or
// an argument of its edge.
typedef struct PendingLiteral {
    IrValue *value;
    IrInstruction *instruction;
    int edge; // -1: an operand
    size_t index;
    IrToken token;
} PendingLiteral;

// What stands after a bytecode's arrow in a table (-1: after the default's).
typedef struct PendingTarget {
    IrTable *table;
    int opcode;
    IrToken token;
} PendingTarget;

typedef struct PendingTail {
    IrInstruction *instruction;
    IrToken token;
} PendingTail;

typedef struct PendingPointee {
    IrField *field;
    IrToken token;
} PendingPointee;

// The path of a cursor field, or else of a table's parameter.
typedef struct PendingPath {
    IrField *field;
    IrTable *table;
    size_t parameter;
    IrToken token;
} PendingPath;

// Where something stands in the text itself.
typedef struct TextPlace {
    Location *place, at;
} TextPlace;

typedef struct Parser {
    Diagnostics *diagnostics;
    IrLexer lexer;
    IrToken token; // the next one
    Arena *arena;  // the module's
    Arena *scratch;
    IrModule *module;
    // Where the parser is.
    IrFunction *function;
    IrRegion *region;
    IrBlock *block;
    Location at; // carried from instruction to instruction
    const IrInlining *inlined;
    ARENA_VECTOR(const IrInlining *) inlinings; // of the region, by number
    IrScope values, blocks;
    IrScope records, externals, tables, functions;
    IrScope regions; // of all functions, for the tables' targets
    ARENA_VECTOR(PendingLiteral) literals;
    ARENA_VECTOR(PendingTarget) targets;
    ARENA_VECTOR(PendingTail) tails;
    ARENA_VECTOR(PendingPointee) pointees;
    ARENA_VECTOR(PendingPath) paths;
    ARENA_VECTOR(TextPlace) places; // what has a place in the text, for a text that names no other
    bool names_places;              // the text has a `source`, or a `!line:column`
    bool is_cut;                    // an error ended a function, and what it holds isn't known
    bool told_of_header;            // that there is none was explained
} Parser;

// ---- parse.c: tokens. What returns a bool returns false after reporting an error. ----

// Reports, and returns false.
bool ir_parse_fail(Parser *parser, Location at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
IrToken ir_parse_take(Parser *parser);
bool ir_parse_is_mark(const Parser *parser, char mark);
bool ir_parse_is_word(const Parser *parser, const char *word);
// Takes the mark or word if it is next.
bool ir_parse_accept_mark(Parser *parser, char mark);
bool ir_parse_accept_word(Parser *parser, const char *word);
bool ir_parse_mark(Parser *parser, char mark);
// A token of the kind; `what` names it in the message.
bool ir_parse_token(Parser *parser, IrTokenKind kind, const char *what, IrToken *token);
// The name of a record, field, operand …: a word without `.`.
bool ir_parse_plain_name(Parser *parser, const char *what, IrToken *token);
bool ir_parse_integer(Parser *parser, int64_t least, int64_t most, int64_t *value);
bool ir_parse_type(Parser *parser, IrType *type);
bool ir_parse_cell(Parser *parser, IrCell *cell);
bool ir_type_from_text(const char *text, IrType *type);
bool ir_cell_from_text(const char *text, IrCell *cell);
bool ir_alias_from_text(const char *text, unsigned *alias_class);
// `!line:column`, if it is next; else leaves `at` as it is.
bool ir_parse_location(Parser *parser, Location *at);
// `#NUMBER`: one of the region's inlinings.
bool ir_parse_inlining_use(Parser *parser, const IrInlining **inlining);
// Notes that what has its place in `place` (which must not move) stands at `at`.
void ir_parse_stands(Parser *parser, Location *place, Location at);
// RECORD.FIELD; splits the word in two.
bool ir_parse_field_name(Parser *parser, IrField **field);
// The name's symbol, defined at the token; false if it was defined before.
bool ir_parse_define(Parser *parser, IrScope *scope, IrToken token, const char *what,
                     IrSymbol **symbol);
// After an error in a list up to `}`: skips to the next line, but not past the `}`.
// `start` is where the failed item began.
void ir_parse_skip_line(Parser *parser, Location start);

// ---- The grammar, each part from after its keyword --------------------------------------

// parse_declarations.c
bool ir_parse_record(Parser *parser);
bool ir_parse_external(Parser *parser);
bool ir_parse_stack(Parser *parser);
bool ir_parse_further(Parser *parser);
bool ir_parse_poll(Parser *parser);
bool ir_parse_barrier(Parser *parser);

// parse_methods.c. The second parses what a region begins with.
bool ir_parse_method(Parser *parser);
bool ir_parse_inlining(Parser *parser);

// parse_table.c
bool ir_parse_table(Parser *parser);

// parse_code.c. What a name of the region stands for, made when it is first met; the
// definition of a value gives NULL after reporting that there was one before.
bool ir_parse_function(Parser *parser);
IrBlock *ir_parse_block_use(Parser *parser, IrToken token);
IrValue *ir_parse_value_use(Parser *parser, IrToken token);
IrValue *ir_parse_value_definition(Parser *parser, IrToken token);

// parse_instruction.c. The second makes the constant an integer of the type; false,
// without a report, if it doesn't fit.
bool ir_parse_instruction(Parser *parser);
bool ir_literal_set(IrValue *value, IrType type, const IrToken *token);

// parse_resolve.c
void ir_parse_resolve(Parser *parser);

#endif
