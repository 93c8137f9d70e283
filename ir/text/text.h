// The IR's text form. Printing is canonical: what was printed parses, and prints
// again to the same bytes. docs/ir.md is the grammar in words.
#ifndef IR_TEXT_TEXT_H
#define IR_TEXT_TEXT_H

#include "ir/ir.h"
#include "ir/text/names.h"
#include "ir/text/view.h"
#include "support/text.h"

// Appends the module's text. Value and block names are made unique (per region)
// by a numeric suffix, in order of definition, and so don't depend on history.
void ir_print(const IrModule *module, Text *out);

// The same with the places of the module's own text, if that is its source: for who
// parses it again and writes messages or debug information. Else no different.
void ir_print_placed(const IrModule *module, Text *out);

// Appends only the bytecodes that the view shows: regions or, of handlers, functions, without the
// head and the tables. It can't be parsed. The module's whole text if the view is NULL.
void ir_print_view(const IrModule *module, const IrView *view, Text *out);

// Appends regions as views show them, one after the other, with places in whatever the module's
// source is. `names` are the module's (ir_names_new).
void ir_print_regions(const IrModule *module, const IrNames *names, const IrShownRegions *regions,
                      Text *out);

// Appends one function's text, for reports.
void ir_print_function(const IrModule *module, const IrFunction *function, Text *out);

// Appends one instruction's text, without newline or place. `names` are the module's
// (ir_names_new): whoever prints many makes them once, as that walks over the whole module.
void ir_print_instruction(const IrModule *module, const IrNames *names,
                          const IrInstruction *instruction, Text *out);

// Parses `diagnostics->source`. NULL after errors, all of them reported with their
// place. A module that parses may still be wrong: see ir/verify/verify.h. What names neither a
// `source` nor places in one gets the places of the text itself (see IrModule).
IrModule *ir_parse(Arena *arena, Diagnostics *diagnostics);

#endif
