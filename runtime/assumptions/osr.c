// On-stack replacement (OSR) at run time: a frame that is in the midst of inlined code that can't
// go on is given another version of its method, in which the message is sent, and goes on there.
// What OSR points and entries are is said in frontend/guest/osr.c, which makes the versions.
// Frames of all versions have the same layout, so the frame stays where it is: only its method
// and its pc are exchanged. (Where code is optimised more, frames have to be rewritten: U.
// Hölzle, D. Ungar, "A third-generation SELF implementation", OOPSLA 1994.)
//
// A version is made when it is first needed, and kept. It sends all messages that frames of this
// method have stumbled over so far: so few versions come into being, and a frame is seldom
// replaced twice. If there are many such messages, all are sent.
#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

enum { SEEN_LIMIT = 8 };

// ---- OSR points and entries ------------------------------------------------------------

// Of several at one instruction, the one that has been redefined.
static const GuestOsrPoint *find_point(const Vm *vm, const Method *method, int64_t pc) {
    const MethodDetails *details = details_of(method);
    for (size_t i = 0; i < details->osr_point_count; i++) {
        const GuestOsrPoint *point = &details->osr_points[i];
        if (point->pc == pc && (!point->messages || point->messages & vm->sent))
            return point;
    }
    internal_error("%s>>%s has no OSR point at %lld", symbol_chars(holder_of(method)->name),
                   symbol_chars(signature_of(method)), (long long)pc);
}

// Where a frame of the method that is at the point goes on.
static const GuestOsrPoint *find_entry(const Method *method, const GuestOsrPoint *point,
                                       const Method *version) {
    const MethodDetails *before = details_of(method), *after = details_of(version);
    const GuestOsrPoint *entry = guest_osr_entry(after->osr_entries, after->osr_entry_count, point);
    if (!entry || !guest_osr_fits(point, entry) ||
        !guest_same_contexts(&before->around, &after->around) ||
        method->local_count != version->local_count ||
        method->argument_count != version->argument_count ||
        (before->opens_home && !after->opens_home))
        internal_error("a frame of %s>>%s can't go on where %s is sent",
                       symbol_chars(holder_of(method)->name), symbol_chars(signature_of(method)),
                       point->send->send.selector);
    return entry;
}

// ---- Versions ----------------------------------------------------------------------------

static void note_seen(Vm *vm, MethodDetails *origin, const AstExpression *send) {
    for (size_t i = 0; i < origin->seen.count; i++)
        if (origin->seen.items[i] == send)
            return;
    if (origin->seen.count < SEEN_LIMIT)
        ARENA_PUSH(vm->arena, &origin->seen, send);
}

// The method without what was found inlined wrongly at `send`, made if there is none yet. NULL:
// it can't be compiled, being too large without inlining.
static Method *version_for(Vm *vm, Method *method, const AstExpression *send) {
    MethodDetails *details = details_of(method);
    note_seen(vm, details, send);
    for (size_t i = 0; i < details->versions.count; i++) {
        const Version *version = &details->versions.items[i];
        if (version->entry == send && version->seen_count == details->seen.count)
            return version->method;
    }
    const GuestVersion description = {.entry = send,
                                      .sent = details->seen.items,
                                      .sent_count = details->seen.count,
                                      .all = details->seen.count == SEEN_LIMIT};
    Version version = {send, details->seen.count, method_version(vm, method, &description)};
    ARENA_PUSH(vm->arena, &details->versions, version);
    return version.method;
}

// Called by `replaceFrame`, by OSR exits and traps alike. Returns the frame to go on in: the same
// one with other code, or where an error is reported. What the verifier has passed has an entry for
// each point, so not to find one is our own bug.
Frame *vm_replace_frame(Thread *thread, Frame *frame) {
    Vm *vm = vm_of(thread);
    state_of(thread)->top = frame;
    Method *method = frame->method;
    Method *origin = details_of(method)->origin;
    const GuestOsrPoint *point = find_point(vm, method, frame->pc);
    Method *version = version_for(vm, origin ? origin : method, point->send);
    if (!version)
        return error_raise(thread, frame, "the method can't be compiled");
    if ((char *)frame + version->frame_bytes > (const char *)thread->stack_limit)
        return vm_stack_overflow(thread, frame);
    const GuestOsrPoint *entry = find_entry(method, point, version);
    frame->method = version;
    frame->pc = entry->pc;
    return frame;
}
