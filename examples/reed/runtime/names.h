// Which variable a name means: scopes while a program is parsed, and what functions capture.
#ifndef REED_NAMES_H
#define REED_NAMES_H

#include "syntax.h"

enum { VISIBLE_MAX = 200, CAPTURED_MAX = 200, GLOBALS_MAX = 60000, NAME_BUCKETS = 1024 };

// The function at hand, while it is parsed.
typedef struct Scope {
    FunctionSyntax *function;
    struct Scope *outer;
    Variable *visible; // its variables, the latest first
    int visible_count;
    int block_depth; // 0: not within a block
} Scope;

typedef struct GlobalName {
    Variable variable;
    struct GlobalName *next_in_bucket, *next;
} GlobalName;

typedef struct Names {
    const Source *source;
    Arena *arena;
    Scope *scope;
    GlobalName *buckets[NAME_BUCKETS];
    GlobalName *globals, *last_global;
    int global_count;
} Names;

// A variable of the function at hand, in sight from now on.
Variable *names_declare(Names *names, Token name);

// A function of the program, which may have been mentioned already.
Variable *names_declare_function(Names *names, Token name);

// A global that is given.
void names_give(Names *names, const char *name);

// What a name means here. What is not known by the end must have become a function.
Variable *names_find(Names *names, Token name);
void names_check_all_defined(const Names *names);

#endif
