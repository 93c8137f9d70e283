// See site_check.h.
#include "backend/llvm/site_check.h"

#include "backend/anatomy/dispatch_sites.h"
#include "backend/llvm/llvm_options.h"

#include <stdio.h>

// The number of dispatches in the module, as far as it matters: none, one, several.
static int count_dispatches(const IrModule *module) {
    int count = 0;
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            const IrRegion *region = module->functions.items[f]->regions.items[r];
            for (size_t b = 0; b < region->blocks.count; b++) {
                const IrInstruction *last = region->blocks.items[b]->last;
                count += last && last->op == IR_DISPATCH;
            }
        }
    return count;
}

static void compare(const IrModule *module, const EmitOptions *options, size_t sites) {
    bool is_loop = module->form == IR_FORM_LOOP;
    bool too_many = is_loop && !options->tail_duplication && sites > 1;
    bool too_few = !is_loop && sites <= 1 && count_dispatches(module) > 2;
    if (too_many || too_few)
        fprintf(stderr, "%s: warning: LLVM %s made %zu dispatch site%s of form %s\n",
                options->output, llvm_version(), sites, sites == 1 ? "" : "s",
                ir_form_text(module->form));
}

bool site_check(const IrModule *module, const EmitOptions *options) {
    Arena *arena = arena_new();
    ObjectFile *object = object_file_open(arena, options->output);
    const Attribution *attribution = object ? attribution_read(arena, object) : NULL;
    const MachineCode *code = attribution ? machine_code_read(arena, object, attribution) : NULL;
    const DispatchSites *sites = code ? dispatch_sites_find(arena, object, code) : NULL;
    if (sites)
        compare(module, options, sites->jumps.count);
    if (object)
        object_file_close(object);
    arena_free(arena);
    return sites != NULL;
}
