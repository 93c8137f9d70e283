// Whether an emitted object has the dispatch that its flags ask for: one jump that all bytecodes
// share, or one at the end of each, and no machine frame where a handler needs none. LLVM decides
// for itself what it duplicates and merges, and its options can't be relied on to be obeyed: they
// change from version to version, and unknown ones are ignored. So what was asked for is compared
// with the machine code; what the code computes is the tests' matter.
#ifndef CLI_EMITTED_CHECK_H
#define CLI_EMITTED_CHECK_H

#include "cli/variant.h"

// Counts the dispatch sites in the object file, emitted from `module` as the variant says,
// and writes a warning to stderr, about `name`, where they don't fit the form: several in
// form loop though LLVM was to duplicate nothing, or one in a form that has many; and where a
// handler makes a machine frame on all its ways. False after an error on stderr (the object can't
// be read back).
bool emitted_check(const IrModule *module, const Variant *variant, const char *object,
                   const char *name);

#endif
