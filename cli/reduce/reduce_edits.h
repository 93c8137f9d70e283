// What `reduce` can take out of a module, kind by kind. Each kind numbers its items in
// the order of the text form; taking some out may leave a module that doesn't parse or
// verify, which is for the caller to see.
#ifndef CLI_REDUCE_REDUCE_EDITS_H
#define CLI_REDUCE_REDUCE_EDITS_H

#include "ir/ir.h"

typedef struct ReduceKind {
    const char *name; // "blocks"
    // Takes out each item for which `drop` is true; NULL: none. Answers how many items
    // there were.
    size_t (*take_out)(IrModule *module, const bool *drop);
} ReduceKind;

// From coarse to fine.
const ReduceKind *reduce_kinds(size_t *count);

#endif
