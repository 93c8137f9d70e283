// replicate-dispatch: each way through a bytecode ends in a dispatch of its own, instead of a
// jump back to one that all share. The module's form changes from `loop` to `replicated`, and
// what was a `switch` in a loop becomes indirect jumps through one table: *threaded code* (Bell,
// "Threaded Code", 1973), which C programmers write with computed gotos (gcc's labels as values;
// CPython and Ruby have it by macros; Graal's markThreadedSwitch, pull 12284, by annotation).
//
// It saves the jump back, and it gives each end of a bytecode a branch with a history of its
// own: "after pushLocal comes usually add" can be learnt where one shared jump would have to
// know the whole program (Ertl and Gregg, "The Structure and Performance of Efficient
// Interpreters", 2003). How much the second still matters depends on the processor; late ones
// remember the way that led to a jump (Rohou et al., "Branch Prediction and the Performance of
// Interpreters: Don't Trust Folklore", 2015). So measure it.
//
// Legal because what is copied depends on the loop's parameters only, and gets what the edge
// passes for them. It costs code: a round for each edge to the header. Polls, reads of the frame
// and range checks that a round still holds are copied with it, so passes that take them away
// stand before this one, and those that look for a loop as well.
#include "passes/manager/pass.h"
#include "passes/support/rounds.h"

void replicate_dispatch_run(PassContext *context) {
    Rounds rounds;
    const char *reason;
    if (!rounds_find(context->module, &rounds, context->scratch, &reason)) {
        pass_remark(context->report, "nothing done: %s", reason);
        return;
    }
    size_t copies = rounds_replicate(&rounds);
    pass_count_add(context->report, "loop taken apart", 1);
    pass_count_add(context->report, "dispatches of their own", (int64_t)copies);
    pass_count_add(context->report, "instructions copied",
                   (int64_t)(copies * rounds_length(&rounds)));
    pass_count_add(context->report, "loops opened", 1);
}
