// What the pieces of an emitted loop are called in the symbol table. The emitter gives the names
// (backend/llvm), whoever reads an interpreter back goes by them (backend/anatomy): here is the one
// grammar of both. ENTRY is the loop's function, in SOM's interpreter `interpret`.
//
//   ENTRY                what the function begins with, and its exits
//   ENTRY.NAME           where the table leads for the bytecode NAME; in the second of several
//                        tables a bytecode is called NAME.1, and so on
//   ENTRY.NAME.cold      what has been put elsewhere of it; .cold.2, .cold.3, … where there is more
//   ENTRY.dispatch       the dispatch that all bytecodes share
//   ENTRY.dispatch.2, …  other code of the loop itself: LLVM has joined the ends of several
//                        bytecodes, which it does where its own layout is asked for
//
// A bytecode has the first choice: if one is called `dispatch`, the loop's own code begins with the
// first number that is free. In form `handlers` each bytecode is a function, which has such a name
// from the beginning (a cold part from passes/outline_cold.c).
#ifndef BACKEND_SYMBOLS_LOOP_SYMBOL_H
#define BACKEND_SYMBOLS_LOOP_SYMBOL_H

#include "support/arena.h"

#include <stdbool.h>
#include <stddef.h>

// The loop's function, as every definition's is called.
#define LOOP_SYMBOL_ENTRY "interpret"

// ---- Writing -------------------------------------------------------------------------------

const char *loop_symbol_of_bytecode(Arena *arena, const char *entry, const char *name);
const char *loop_symbol_of_cold(Arena *arena, const char *entry, const char *name);
const char *loop_symbol_of_dispatch(Arena *arena, const char *entry);

// A further symbol where `symbol` is taken: numbers begin with 2.
const char *loop_symbol_numbered(Arena *arena, const char *symbol, int number);

// ---- Reading -------------------------------------------------------------------------------

typedef enum LoopPiece {
    LOOP_PIECE_NONE, // no symbol of the loop
    LOOP_PIECE_ENTRY,
    LOOP_PIECE_DISPATCH, // or of a bytecode that is called so
    LOOP_PIECE_SHARED,   // `dispatch` with a number; likewise
    LOOP_PIECE_BYTECODE, // or a part of one
} LoopPiece;

typedef struct LoopSymbol {
    LoopPiece piece;
    const char *name; // what stands between the entry's dot and `.cold`, within the symbol
    size_t length;    // its length
} LoopSymbol;

// Takes apart a symbol of a loop whose function is LOOP_SYMBOL_ENTRY. NULL is no symbol.
LoopSymbol loop_symbol_read(const char *symbol);

#endif
