// What is changed in the assembly of form `handlers`: `%rbp` is one register more that handlers
// needn't save.
#ifndef BACKEND_LLVM_ASSEMBLY_HANDLERS_H
#define BACKEND_LLVM_ASSEMBLY_HANDLERS_H

#include "support/text.h"

// Appends to `finished` what the assembly is to be. Of the entry function it is expected that it
// saves `%rbp` for C (lower_control.c sees to that).
void llvm_assembly_free_rbp(const char *assembly, Text *finished);

#endif
