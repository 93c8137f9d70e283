// LLVM decides for itself what it duplicates and merges, and its options can't be
// relied on to be obeyed. So what was asked for is compared with the machine code.
#ifndef BACKEND_LLVM_SITE_CHECK_H
#define BACKEND_LLVM_SITE_CHECK_H

#include "backend/llvm/emit_options.h"
#include "ir/ir.h"

// Counts the dispatch sites in the object at `options->output`, emitted from `module`,
// and writes a warning to stderr where they don't fit the form: several in form loop
// though LLVM was to duplicate nothing, or one in a form that has many. False after
// an error on stderr (the object can't be read back).
bool site_check(const IrModule *module, const EmitOptions *options);

#endif
