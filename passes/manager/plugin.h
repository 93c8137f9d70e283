// Passes out of shared objects. A plug-in includes this header and defines one
// function:
//
//   static const Pass passes[] = {{.name = "mine", .help = "…", .takes = PASS_ANY_FORM,
//                                  .gives = PASS_KEEPS_FORM, .level = PASS_ON_REQUEST,
//                                  .run = run}};
//   PASS_PLUGIN(passes)
//
// and is built by `cc -shared -fPIC -I…/include/loopwright`. It calls the functions of
// ir/, passes/ and support/ that the headers declare; loopwright itself provides them.
// docs/writing-a-pass.md shows a whole one.
#ifndef PASSES_MANAGER_PLUGIN_H
#define PASSES_MANAGER_PLUGIN_H

#include "ir/builder.h"
#include "passes/manager/pass.h"

// The version of what this header and those that it includes say. The layout is made
// from what would break silently: the sizes of what plug-ins look into, and how many
// operations there are.
#define PASS_LAYOUT_WITH(layout, size) ((31 * (layout) + (size)) % 1000003)
enum {
    PASS_PLUGIN_VERSION = 1,
    PASS_LAYOUT_OF_PASSES = PASS_LAYOUT_WITH(sizeof(Pass), sizeof(PassContext)),
    PASS_LAYOUT_OF_MODULES =
        PASS_LAYOUT_WITH(PASS_LAYOUT_WITH(sizeof(IrModule), sizeof(IrFunction)), sizeof(IrTable)),
    PASS_LAYOUT_OF_CODE =
        PASS_LAYOUT_WITH(PASS_LAYOUT_WITH(sizeof(IrRegion), sizeof(IrBlock)), sizeof(IrValue)),
    PASS_LAYOUT_OF_OPERATIONS = PASS_LAYOUT_WITH(sizeof(IrInstruction), IR_OP_COUNT),
    PASS_LAYOUT_OF_DECLARATIONS =
        PASS_LAYOUT_WITH(PASS_LAYOUT_WITH(sizeof(IrField), sizeof(IrRecord)),
                         PASS_LAYOUT_WITH(sizeof(IrExternal), sizeof(IrBytecode))),
    PASS_PLUGIN_LAYOUT = PASS_LAYOUT_WITH(
        PASS_LAYOUT_WITH(PASS_LAYOUT_OF_PASSES, PASS_LAYOUT_OF_MODULES),
        PASS_LAYOUT_WITH(PASS_LAYOUT_WITH(PASS_LAYOUT_OF_CODE, PASS_LAYOUT_OF_OPERATIONS),
                         PASS_LAYOUT_OF_DECLARATIONS)),
};

// What a plug-in is found to be. `version` and `layout` are read first, and nothing
// else if they are not ours.
typedef struct PassPlugin {
    int version, layout;
    const Pass *passes; // must stay
    size_t count;
} PassPlugin;

#define PASS_PLUGIN_SYMBOL "loopwright_plugin"

// Defines the function that loopwright asks for.
#define PASS_PLUGIN(list)                                                                          \
    const PassPlugin *loopwright_plugin(void) {                                                    \
        static const PassPlugin plugin = {PASS_PLUGIN_VERSION, PASS_PLUGIN_LAYOUT, list,           \
                                          sizeof(list) / sizeof *(list)};                          \
        return &plugin;                                                                            \
    }

const PassPlugin *loopwright_plugin(void);

enum { PASS_ANY_FORM = 1 << IR_FORM_LOOP | 1 << IR_FORM_REPLICATED | 1 << IR_FORM_HANDLERS };

// Loads a shared object (a bare name is a file here) and puts its passes after the
// others in the registry; where it is loaded already, nothing happens. False and one
// line in `error` if the file can't be loaded, is no plug-in, was built for another
// version, or has a pass that can't be: without a name, help, `run` or form, or with a
// name that is taken. Passes of plug-ins run when they are asked for by name. If the
// plug-in crashes, the process ends: see plugin_guard.h.
bool plugin_load(const char *path, Text *error);

#endif
