// What `loopwright dispatch` prints: a report, or two side by side (dispatch_diff.h), as text,
// as JSON, or as a page.
#ifndef BACKEND_ANATOMY_DISPATCH_PRINT_H
#define BACKEND_ANATOMY_DISPATCH_PRINT_H

#include "backend/anatomy/dispatch_diff.h"
#include "backend/anatomy/dispatch_report.h"

#include <jansson.h>

typedef void DispatchPrinter(const DispatchReport *report, Text *out);
typedef void DispatchDiffPrinter(const DispatchDiff *diff, Text *out);

// In colours of a terminal, or without.
void dispatch_print_text(const DispatchReport *report, Text *out);
void dispatch_print_colours(const DispatchReport *report, Text *out);
void dispatch_diff_print_text(const DispatchDiff *diff, Text *out);
void dispatch_diff_print_colours(const DispatchDiff *diff, Text *out);

void dispatch_print_json(const DispatchReport *report, Text *out);
void dispatch_diff_print_json(const DispatchDiff *diff, Text *out);

// One HTML page that needs nothing else, light or dark as the reader's system is.
void dispatch_print_page(const DispatchReport *report, Text *out);
void dispatch_diff_print_page(const DispatchDiff *diff, Text *out);

#endif
