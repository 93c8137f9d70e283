// Whether a runtime is that of a loop: it has the entry and every function that the loop's
// definition declares, of the signature that it declares, and was compiled with the header of this
// very definition. A linker would find some of that, and say it of symbols; a wrong signature it
// wouldn't find, nor a header that is out of date.
#ifndef CLI_LINKING_RUNTIME_CHECK_H
#define CLI_LINKING_RUNTIME_CHECK_H

#include "cli/linking/runtime_symbols.h"
#include "ir/ir.h"

// Compares what the files define with what the module's loop needs. Signatures are compared where
// debug information has them. False after errors on stderr.
bool runtime_check(Arena *arena, const IrModule *module, const char *entry,
                   const RuntimeSymbols *symbols);

#endif
