// See emitted_check.h. Reads the object back, as `loopwright dispatch` does.
#include "cli/emitted_check.h"

#include "backend/anatomy/dispatch_report.h"
#include "cli/command.h"

// The number of dispatches in the module.
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

enum { MOST_NAMED = 8 }; // `dispatch` names all

// What a handler calls over cold edges is to be elsewhere (outline-cold), so that it needs none.
static void warn_of_frames(const IrModule *module, const DispatchReport *report, const char *name) {
    Text names = {0};
    size_t frames =
        module->form == IR_FORM_HANDLERS ? dispatch_report_frames(report, &names, MOST_NAMED) : 0;
    if (frames)
        command_warning("%s: LLVM made a machine frame on every way of %zu handler%s: %s", name,
                        frames, frames == 1 ? "" : "s", text_chars(&names));
    text_free(&names);
}

// A warning and no error: the interpreter works, but its figures wouldn't mean what the flags say.
bool emitted_check(const IrModule *module, const Variant *variant, const char *path,
                   const char *name) {
    if (module->tables.count == 0)
        return true;
    Arena *arena = arena_new();
    ObjectFile *object = object_file_open(arena, path);
    const DispatchReport *report = object ? dispatch_report_read(arena, object) : NULL;
    if (report) {
        warn_of_frames(module, report, name);
        size_t sites = report->sites->jumps.count;
        bool is_loop = module->form == IR_FORM_LOOP;
        bool duplicates = !llvm_flags_is(&variant->llvm, LLVM_FLAG_TAIL_DUPLICATION, "off");
        bool too_many = is_loop && !duplicates && sites > 1;
        // LLVM may make comparisons of a dispatch or two.
        bool too_few = !is_loop && sites <= 1 && count_dispatches(module) > 2;
        const char *rest = NULL;
        if (too_many || too_few)
            command_warning("%s: LLVM %s made %zu dispatch site%s of form %s", name,
                            object_image_line(object, "llvm", &rest), sites, sites == 1 ? "" : "s",
                            ir_form_text(module->form));
    }
    if (object)
        object_file_close(object);
    arena_free(arena);
    return report != NULL;
}
