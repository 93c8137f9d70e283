// The option `--bytecode=A,B,...` of commands that show only these bytecodes (ir/text/view.h).
#ifndef CLI_VIEW_OPTION_H
#define CLI_VIEW_OPTION_H

#include "cli/command.h"
#include "ir/text/view.h"

// Takes its value. Answers EXIT_OK, or the exit status of an error that was reported.
int view_option_take(const Command *command, const char **into, const char *names);

// Does the module have all of the view's bytecodes? False after an error on stderr. NULL: no view.
bool view_option_check(const IrModule *module, const IrView *view);

#endif
