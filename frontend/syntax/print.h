// Prints a tree as SOM source in one canonical layout, so that a parsed and
// printed text parses to the same tree again. Comments are gone by then.
#ifndef FRONTEND_SYNTAX_PRINT_H
#define FRONTEND_SYNTAX_PRINT_H

#include "frontend/syntax/ast.h"
#include "support/text.h"

// Appends the source of a file or of one expression to `text`.
void syntax_print_file(Text *text, const AstFile *file);
void syntax_print_expression(Text *text, const AstExpression *expression);

#endif
