// The data that a page of `loopwright explore` shows, as JSON; docs/exploring.md describes it. A
// page and `--json` have the same, and so has what `--serve` answers.
#ifndef CLI_EXPLORE_DOCUMENT_H
#define CLI_EXPLORE_DOCUMENT_H

#include "cli/dispatch/dispatch_subject.h"
#include "cli/explore/history.h"

#include <jansson.h>

// One interpreter, emitted, with what its passes did.
typedef struct ExploredVariant {
    const char *flags; // as they were given, with none of the definition
    DispatchSubject subject;
    PassReport report;
    History history;
} ExploredVariant;

// The document of these; a new reference. Nothing in it refers to them.
json_t *explore_document(const ExploredVariant *variants, size_t count);

#endif
