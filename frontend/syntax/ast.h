// The syntax tree of SOM and of the loop language, which share one grammar.
// It says what was written and where, nothing about what it means: no opcodes,
// no types, no inlining. All nodes live in the arena that the parser was given,
// and so do all strings in them: the tree outlives the source text.
#ifndef FRONTEND_SYNTAX_AST_H
#define FRONTEND_SYNTAX_AST_H

#include "support/arena.h"
#include "support/diagnostic.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct AstExpression AstExpression;
typedef struct AstBlock AstBlock;

// `<const Elements of: UInt16 in: code>`: an annotation of the loop language.
// Its words stand in order, keywords with their colon; what they mean is
// decided in frontend/loop. `<^ … >` after a method's pattern is one as well.
typedef struct AstWord {
    const char *text; // identifier, `keyword:`, or an integer's digits (with sign)
    bool is_integer;
    Location at;
} AstWord;

typedef struct AstAnnotation {
    ARENA_VECTOR(AstWord) words;
    Location at;
} AstAnnotation;

// A declared name: field, argument or local. `annotation` is NULL in SOM proper.
typedef struct AstVariable {
    const char *name;
    AstAnnotation *annotation;
    Location at;
} AstVariable;

typedef ARENA_VECTOR(AstVariable) AstVariables;
typedef ARENA_VECTOR(AstExpression *) AstExpressions;

typedef enum AstKind {
    AST_VARIABLE,   // name: also self, super, true, false, nil, thisContext
    AST_ASSIGNMENT, // name := value
    AST_SEND,       // receiver selector arguments
    AST_BLOCK,      // [ … ]
    AST_RETURN,     // ^ value: only as the last statement of a body
    AST_INTEGER,    // digits: any size, `-` in front if negative
    AST_DOUBLE,
    AST_STRING, // text, escapes resolved; may hold NUL bytes
    AST_SYMBOL,
    AST_ARRAY, // #( … )
} AstKind;

struct AstExpression {
    AstKind kind;
    Location at; // of a send: its selector's first word
    union {
        struct {
            const char *name;
        } variable;
        struct {
            const char *name;
            AstExpression *value;
        } assignment;
        struct {
            AstExpression *receiver; // a variable named `super` for a super send
            const char *selector;
            AstExpressions arguments;
        } send;
        AstBlock *block;
        AstExpression *returned;
        const char *digits; // integers: "-12", "170141183460469231731687303715884105728"
        double number;
        struct {
            const char *chars; // `length` bytes, then a NUL
            size_t length;
        } text; // strings and symbols
        AstExpressions elements;
    };
};

// The inside of a block or of a method.
struct AstBlock {
    AstVariables arguments; // of blocks; a method has its own
    AstVariables locals;
    AstExpressions statements;
    Location at, end; // its opening and closing bracket
};

typedef struct AstMethod {
    const char *selector;
    AstVariables arguments;
    AstAnnotation *result; // `<^ … >`, else NULL
    bool is_primitive;     // `= primitive`: then `body` is NULL
    AstBlock *body;
    Location at;
} AstMethod;

typedef ARENA_VECTOR(AstMethod *) AstMethods;

typedef struct AstClass {
    const char *name;
    const char *superclass; // NULL when none is written; "nil" for Object
    Location at, superclass_at;
    AstVariables fields, class_fields;
    AstMethods methods, class_methods;
} AstClass;

// `include 'FILE'` between classes, in the loop language.
typedef struct AstInclude {
    const char *path; // `length` bytes, then a NUL
    size_t length;
    size_t before; // how many classes stand before it
    Location at;
} AstInclude;

// A file: SOM has one class in it, a loop definition several.
typedef struct AstFile {
    const char *name;
    ARENA_VECTOR(AstClass *) classes;
    ARENA_VECTOR(AstInclude) includes;
    AstBlock *statements;                      // what a REPL read; else NULL, and there are classes
    ARENA_VECTOR(AstAnnotation *) annotations; // all of them, in the order of the source
} AstFile;

#endif
