// A module's control flow as a graph in Graphviz's language, for `opt --dot`: blocks
// with their instructions, a cluster for each bytecode's region, the dispatch's edges
// named by the bytecodes.
#ifndef IR_TEXT_PRINT_DOT_H
#define IR_TEXT_PRINT_DOT_H

#include "ir/ir.h"
#include "support/text.h"

// Appends one `digraph` for the whole (verified) module.
void ir_print_dot(const IrModule *module, Text *out);

#endif
