// See explored.h.
#include "cli/explore/explored.h"

#include "cli/view_option.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *flags_of(const Variant *variant, Arena *arena) {
    Text flags = {0};
    variant_print(variant, &flags);
    const char *copy = arena_strdup(arena, text_chars(&flags));
    text_free(&flags);
    return copy;
}

// LLVM takes most of the time, and can't say how far it has got.
static void say_what_comes(const ExploredVariant *explored, bool is_over) {
    if (!isatty(STDERR_FILENO))
        return;
    if (is_over)
        fputs("\r\033[K", stderr);
    else
        fprintf(stderr, "\r\033[Kcompiling %s", explored->subject.name);
    fflush(stderr);
}

bool explored_make(ExploredVariant *explored, Arena *arena, const ExploreRequest *request,
                   const VariantSide *side) {
    const IrView *view = request->bytecodes ? ir_view_new(arena, request->bytecodes) : NULL;
    explored->flags = flags_of(&side->variant, arena);
    explored->report = (PassReport){.arena = arena};
    explored->history = (History){.arena = arena, .view = view, .report = &explored->report};
    PipelineRun run = {.verify_each = true, .stream = stderr, .report = &explored->report};
    history_watch(&explored->history, &run);
    if (!dispatch_subject_make(&explored->subject, arena, &side->variant, side->input, &run) ||
        !view_option_check(explored->subject.module, view))
        return false;
    say_what_comes(explored, false);
    bool good = dispatch_subject_emit(&explored->subject, arena, &side->variant);
    say_what_comes(explored, true);
    const Variant loop = variant_side_loop(side);
    return good && dispatch_weights_apply(&request->weights, arena, &loop, &explored->subject);
}

void explored_close(ExploredVariant *explored) {
    dispatch_subject_close(&explored->subject);
}
