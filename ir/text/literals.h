// What printer and parser have to agree on about literals: the type that one takes
// from its place.
#ifndef IR_TEXT_LITERALS_H
#define IR_TEXT_LITERALS_H

#include "ir/ir.h"

// The type of a literal that is operand `index` of the instruction, or argument
// `index` of its edge. It doesn't depend on the types of other constants: where those
// would decide, and where there is no such place, it is i64.
IrType ir_operand_literal_type(const IrInstruction *instruction, size_t index);
IrType ir_argument_literal_type(const IrEdge *edge, size_t index);

#endif
