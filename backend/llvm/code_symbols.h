// Symbols for the code of each bytecode in the assembly that LLVM prints: what profilers,
// disassemblers and debuggers go by. In form `handlers` a bytecode is a function, and LLVM writes
// its symbol; this is for the forms in which all bytecodes stand in one function.
#ifndef BACKEND_LLVM_CODE_SYMBOLS_H
#define BACKEND_LLVM_CODE_SYMBOLS_H

#include "ir/ir.h"
#include "support/text.h"

// Blocks of LLVM's IR are called `REGION.BLOCK`, those of the function's trunk by this name.
#define LLVM_TRUNK_NAME "trunk"

// Appends the assembly with symbols. The first function, `interpret`, is cut into pieces without
// gaps, each a sized symbol; what they are called is backend/symbols/loop_symbol.h's subject.
// Bytecodes that lead to the same code have symbols at the same place.
void llvm_code_symbols_add(const IrModule *module, const char *assembly, Text *finished);

#endif
