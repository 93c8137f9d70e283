// The loop language: from the syntax tree of a definition to the mini IR and to
// the generated C header. docs/loop-language.md is the language's reference.
// Nothing here knows SOM: records, externals and bytecodes are the definition's.
#ifndef FRONTEND_LOOP_LOOP_H
#define FRONTEND_LOOP_LOOP_H

#include "frontend/syntax/ast.h"
#include "ir/ir.h"
#include "support/text.h"

typedef struct LoopOptions {
    bool verified; // the interpreter takes verified code only
} LoopOptions;

// Checks a definition and lowers it, naively, to a module in form `loop`, whose
// `source` is the name in `diagnostics`. The module lives in `arena`; it shares no
// memory with the tree. NULL after errors, all of them reported to `diagnostics`.
IrModule *loop_lower(Arena *arena, Diagnostics *diagnostics, const AstFile *file,
                     LoopOptions options);

// Checks a definition and appends the C header that is generated from it to `out`.
// False after errors, all of them reported to `diagnostics`; `out` is unchanged then.
bool loop_header(Arena *arena, Diagnostics *diagnostics, const AstFile *file, Text *out);

// What the header is called unless somebody wants another name: after the loop, in snake case,
// `my_loop.h`. NULL: the file has no loop, and no header can be made of it.
const char *loop_header_name(Arena *arena, const AstFile *file);

// Each object that is compiled with the header has a section of this name, and in it a text of one
// line: the loop's name, then for each part (ir/fingerprint.h) its name and its fingerprint in
// hexadecimal. From that whoever links the object can tell which definition it was compiled for.
#define LOOP_HEADER_SECTION "loopwright_header"
// `MyLoop` to `my_loop`, `fill:with:` to `fill_with`: a name of the language as C has it.
char *loop_snake_case(Arena *arena, const char *name);
// Has C, or one of the headers that programs include, a meaning for the name (c_words.c)?
bool loop_is_c_word(const char *name);

#endif
