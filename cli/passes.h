// The registry of passes as data.
#ifndef CLI_PASSES_H
#define CLI_PASSES_H

#include <jansson.h>

// What `loopwright passes --json` prints, as a new reference.
json_t *passes_json(void);

#endif
