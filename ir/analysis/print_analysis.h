// What the analyses find, as text for people: `loopwright opt --analyze=NAME`. All
// regions in the order of the text form, with the names that the printer gives; the
// same module always gives the same text.
#ifndef IR_ANALYSIS_PRINT_ANALYSIS_H
#define IR_ANALYSIS_PRINT_ANALYSIS_H

#include "ir/text/view.h"
#include "support/text.h"

// "dominators, loops, liveness, effects, ranges": what may be asked for.
const char *ir_analysis_names(void);

// Is there an analysis of that name?
bool ir_analysis_exists(const char *name);

// Appends the text of one analysis of a verified module, for the regions that the view shows
// (NULL: for all). Nothing if there is none of that name.
void ir_print_analysis(const IrModule *module, const IrView *view, const char *name, Text *out);

#endif
