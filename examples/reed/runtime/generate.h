// Inside of the generator, which makes code of syntax: what its files share.
#ifndef REED_GENERATE_H
#define REED_GENERATE_H

#include "program.h"
#include "syntax.h"

// A jump whose target is not known yet.
typedef struct Jump {
    int64_t at;
    struct Jump *next;
} Jump;

// The function at hand. Registers are taken like a stack: variables stay as long as their block.
typedef struct Body {
    Program *program;
    Heap *heap;
    Arena *arena;
    const FunctionSyntax *syntax;
    Function *function;
    int64_t code_room;
    int free_register; // the first
    Jump **breaks;     // of the innermost loop
} Body;

// ---- code.c

// Emits a bytecode that comes from `token`, with up to four operands; answers where it is.
#define EMIT(body, token, opcode, ...)                                                             \
    code_emit(body, token, opcode, (const int64_t[4]){__VA_ARGS__})
int64_t code_emit(Body *body, const Token *token, enum ReedOpcode opcode,
                  const int64_t operands[4]);
// Emits a bytecode that jumps (its last operand), and adds it to a list; or one that jumps back.
void code_emit_jump(Body *body, const Token *token, enum ReedOpcode opcode, int64_t first,
                    int64_t second, Jump **jumps);
void code_emit_back(Body *body, const Token *token, enum ReedOpcode opcode, int64_t first,
                    int64_t target);
// Lets jumps lead to the end of the code.
void code_land(Body *body, const Token *token, Jump *jumps);

int code_reserve(Body *body, const Token *token, int count);
int code_constant(Body *body, const Token *token, int64_t kind, int64_t bits);
int code_text(Body *body, const Token *token);
double code_double(int64_t bits);
int64_t code_double_bits(double number);

// ---- expressions.c

// Puts the expression's value into a register.
void generate_into(Body *body, const Syntax *expression, int target);
// Answers a register with the value: a variable's own, or one that it takes.
int generate_anywhere(Body *body, const Syntax *expression);
// Jumps if the condition is `when`, and goes on if not.
void generate_condition(Body *body, const Syntax *condition, bool when, Jump **jumps);
void generate_assignment(Body *body, const Token *token, const Variable *variable, int source);
bool variable_is_register(const Body *body, const Variable *variable);
bool variable_is_boxed(const Variable *variable);

// ---- generate.c

// Generates a function's code; answers its number.
int generate_function(Body *outer, const FunctionSyntax *syntax);

#endif
