// Reading a whole file.
#ifndef WASM_FILES_H
#define WASM_FILES_H

#include "pool.h"

#include <stdbool.h>
#include <stdint.h>

// NULL, with errno set: it can't be read.
uint8_t *read_file(const char *path, Pool *pool, size_t *size);

#endif
