// The core library inside the program: the text of runtime/corelib/*.som (embedded_file.h). It is
// parsed at each start, and its methods are compiled when they are first called: most programs need
// few of them, and a start takes three milliseconds.
#ifndef RUNTIME_LOADING_EMBEDDED_H
#define RUNTIME_LOADING_EMBEDDED_H

#include "support/embedded_file.h"

extern const EmbeddedFile embedded_files[];
extern const size_t embedded_file_count;

#endif
