// The plug-in that the help's examples name: changes nothing, and fails for modules named Big.
#include "passes/manager/plugin.h"

#include <stdlib.h>
#include <string.h>

static void run(PassContext *context) {
    if (strcmp(context->module->name, "Big") == 0)
        abort();
}

static const Pass passes[] = {{.name = "mine",
                               .help = "nothing is done",
                               .takes = PASS_ANY_FORM,
                               .gives = PASS_KEEPS_FORM,
                               .level = PASS_ON_REQUEST,
                               .run = run}};
PASS_PLUGIN(passes)
