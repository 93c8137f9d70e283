// What programs may import from the command `wasm`: a part of WASI (wasi_snapshot_preview1) that C
// programs need which print and end, and a few plain functions in `env`. Of the script runner there
// is the module `spectest`, which the official tests import.
#ifndef WASM_HOST_H
#define WASM_HOST_H

#include "store.h"

typedef struct HostModules HostModules;

// In the store's pool. `with_spectest`: there is `spectest` and nothing else.
HostModules *host_modules(Store *store, bool with_spectest);

// An ImportFinder; `data` is the HostModules.
bool host_find(void *data, const Import *import, Extern *found);

#endif
