// The names that values, blocks and regions have in text: made unique by a numeric
// suffix, in order of definition. For the printer and the parser.
#ifndef IR_TEXT_NAMES_H
#define IR_TEXT_NAMES_H

#include "ir/ir.h"

typedef struct IrNames IrNames;

// The names of all regions, blocks and values of the module, in `arena`.
IrNames *ir_names_new(const IrModule *module, Arena *arena);

// The name of a region, block, or value that isn't a constant. "?" for what is in
// no region of the module.
const char *ir_name(const IrNames *names, const void *thing);

// A base name: `name` without numeric suffixes (`x.1` is `x`) and with `_` for what a
// name may not hold. NULL or an empty one gives "t".
const char *ir_base_name(Arena *arena, const char *name);

// May `c` be in a name (besides, one can't begin with a digit)?
bool ir_is_name_character(char c);

#endif
