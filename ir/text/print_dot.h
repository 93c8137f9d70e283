// A module's control flow as a graph in Graphviz's language, for `opt --dot`: blocks
// with their instructions, a cluster for each bytecode's region, the dispatch's edges
// named by the bytecodes. In a graph of some bytecodes, what they go on to is named and not drawn.
#ifndef IR_TEXT_PRINT_DOT_H
#define IR_TEXT_PRINT_DOT_H

#include "ir/text/view.h"
#include "support/text.h"

// Appends one `digraph` for what the view shows of the (verified) module; NULL: the whole module.
void ir_print_dot(const IrModule *module, const IrView *view, Text *out);

#endif
