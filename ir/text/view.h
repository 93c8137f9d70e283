// A view: some of a module's bytecodes, by name, for prints that leave out the rest. The whole of a
// loop is tens of thousands of lines, a bytecode a page. To a bytecode belongs all that its name
// leads to: in forms `loop` and `replicated` its region, in form `handlers` its function and the
// cold functions that this one enters; and that for each table, where the loop has several states.
//
// A view is names and not regions: passes make bytecodes, copy them and move their code, and the
// same view shows what has become of them.
#ifndef IR_TEXT_VIEW_H
#define IR_TEXT_VIEW_H

#include "ir/ir.h"

typedef struct IrView {
    ARENA_VECTOR(const char *) names; // as tables have them; `default` is a table's default
} IrView;

typedef ARENA_VECTOR(const IrRegion *) IrShownRegions;

// The view for names with commas between, in `arena`. NULL if one of them is empty.
const IrView *ir_view_new(Arena *arena, const char *names);

// The first name that no table of the module has; NULL: there are all.
const char *ir_view_unknown(const IrModule *module, const IrView *view);
// The name of a bytecode that is most like this one; NULL: none is.
const char *ir_view_nearest(const IrModule *module, const char *name);

// The regions that the view shows, in the module's order; all for a view that is NULL.
IrShownRegions ir_view_regions(const IrModule *module, const IrView *view, Arena *arena);
// Those of one bytecode. None: no way leads to it, and its code is gone.
IrShownRegions ir_view_bytecode(const IrModule *module, const char *name, Arena *arena);

// What belongs to no bytecode: the loop's trunk, functions that enter it.
IrShownRegions ir_view_rest(const IrModule *module, Arena *arena);

// Is the region all that there is of its function? A handler is.
bool ir_is_trunk(const IrRegion *region);

#endif
