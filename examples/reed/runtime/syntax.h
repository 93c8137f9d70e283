// What the parser makes of a program: functions, variables, and trees of statements and
// expressions. Names are resolved, so that the generator need not know about scopes. All of it lies
// in an arena.
#ifndef REED_SYNTAX_H
#define REED_SYNTAX_H

#include "scanner.h"

enum { NESTING_MAX = 200, DEPTH_MAX = 1000 }; // of what is written in one another, and of trees

typedef struct Arena Arena;

// Zeroed memory that lives until the arena is freed.
Arena *arena_new(void);
void *arena_take(Arena *arena, size_t size);
void arena_free(Arena *arena);

typedef struct FunctionSyntax FunctionSyntax;

// A variable is in a register of its function; or in a box there, if closures share it; or it is
// global, as a program's functions are, and what they share of its outermost variables.
typedef struct Variable {
    Token name;
    FunctionSyntax *function; // NULL: it is global from the start
    bool is_outermost;        // of the program, not within a block: if it is shared, it is global
    bool is_captured, is_assigned;
    bool is_defined; // else a function that has been mentioned, and has to follow
    int global;      // its number; -1: none
    int reg;         // set by the generator
    struct Variable *next;
} Variable;

typedef enum NodeKind {
    // expressions
    NODE_NIL,
    NODE_FALSE,
    NODE_TRUE,
    NODE_INTEGER,
    NODE_DOUBLE,
    NODE_TEXT,
    NODE_VARIABLE,
    NODE_FUNCTION,
    NODE_ARRAY, // children: elements
    NODE_MAP,   // children: key, value, key, value ...
    NODE_CALL,  // children: function, arguments
    NODE_INDEX, // children: table, key
    NODE_NEGATE,
    NODE_NOT,
    NODE_LENGTH,
    NODE_ADD,
    NODE_SUBTRACT,
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_QUOTIENT,
    NODE_REMAINDER,
    NODE_CONCATENATE, // children: two or more
    NODE_LESS,
    NODE_LESS_OR_EQUAL,
    NODE_GREATER,
    NODE_GREATER_OR_EQUAL,
    NODE_EQUAL,
    NODE_UNEQUAL,
    NODE_AND,
    NODE_OR,
    // statements
    NODE_BLOCK,  // children: statements
    NODE_LET,    // variable; child: its value, or none
    NODE_ASSIGN, // children: target, value
    NODE_EVALUATE,
    NODE_IF,    // children: condition, block, and another block or `if`, or none
    NODE_WHILE, // children: condition, block
    NODE_FOR,   // variable; children: first, last, step, block
    NODE_RETURN,
    NODE_BREAK,
} NodeKind;

typedef struct Syntax {
    NodeKind kind;
    int depth; // of the tree below
    Token token;
    struct Syntax *children, *last, *next;
    int child_count;
    Variable *variable;
    FunctionSyntax *function;
} Syntax;

// What a function has captured: a variable of a function further out.
typedef struct Captured {
    Variable *variable;
    struct Captured *next;
} Captured;

struct FunctionSyntax {
    Token token;
    FunctionSyntax *outer; // NULL: the program itself
    Variable *parameters;  // a list
    int parameter_count;
    Captured *captured, *last_captured;
    int captured_count;
    Syntax *body;
};

// What a program's functions are assigned to before it begins.
typedef struct NamedFunction {
    Variable *variable;
    FunctionSyntax *function;
    struct NamedFunction *next;
} NamedFunction;

typedef struct ProgramSyntax {
    FunctionSyntax *main;
    NamedFunction *functions;
    int global_count; // after those that are given
} ProgramSyntax;

// Parses a program. Names that are `given` are the first globals. An error ends the process.
ProgramSyntax parse(const Source *source, const char *const *given, int given_count, Arena *arena);

#endif
