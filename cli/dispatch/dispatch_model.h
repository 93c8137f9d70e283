// What llvm-mca says of a dispatch path: cycles by a model of a processor, which are the same
// on every machine. LLVM's tool does the modelling; here it is run and its answer read.
#ifndef CLI_DISPATCH_DISPATCH_MODEL_H
#define CLI_DISPATCH_DISPATCH_MODEL_H

#include "backend/anatomy/dispatch_report.h"

// Adds to the report the model's figures of the path that it shows, if there is one. The
// llvm-mca is the one of `llvm_version` (0: any). False after an error on stderr.
bool dispatch_model_add(DispatchReport *report, const char *processor, int llvm_version);

#endif
