// Runs a test script as wabt's wast2json writes it: the official tests' form.
#ifndef WASM_SCRIPT_H
#define WASM_SCRIPT_H

#include "store.h"

// Prints each assertion that doesn't hold, and how many passed, failed and were passed over, with
// the reasons. Answers the exit status: 0 if none failed, 2 if the script can't be read.
int script_run(Store *store, const char *path);

#endif
