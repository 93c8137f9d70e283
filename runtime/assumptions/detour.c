// Detours at run time: a frame that is in the midst of inlined code that can't go on gets
// another version of its method, in which the message is sent (frontend/guest/detour.c), and
// goes on there: what is known as on-stack replacement (U. Hölzle, D. Ungar, "A third-generation
// SELF implementation", OOPSLA 1994). The version has the messages sent that took detours in
// this method before, so that few versions come into being; if there are many such messages,
// all are.
#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

enum { SEEN_LIMIT = 8 };

// ---- Places and entries ----------------------------------------------------------------

// Of several at one instruction, the one that has been redefined.
static const GuestPlace *find_place(const Vm *vm, const Method *method, int64_t pc) {
    const MethodDetails *details = details_of(method);
    for (size_t i = 0; i < details->place_count; i++) {
        const GuestPlace *place = &details->places[i];
        if (place->pc == pc && (!place->messages || place->messages & vm->sent))
            return place;
    }
    internal_error("%s>>%s has no detour at %lld", symbol_chars(holder_of(method)->name),
                   symbol_chars(signature_of(method)), (long long)pc);
}

static const GuestPlace *find_entry(const Method *version, const GuestPlace *place) {
    const MethodDetails *details = details_of(version);
    for (size_t i = 0; i < details->entry_count; i++) {
        const GuestPlace *entry = &details->entries[i];
        if (entry->send == place->send && entry->when == place->when)
            return entry;
    }
    internal_error("a version of %s>>%s has no entry at %s", symbol_chars(holder_of(version)->name),
                   symbol_chars(signature_of(version)), place->send->send.selector);
}

// What the verifier took for granted of both.
static bool same_contexts(const GuestContexts *left, const GuestContexts *right) {
    bool same = left->count == right->count;
    for (size_t i = 0; same && i < left->count; i++)
        same = left->items[i] == right->items[i];
    return same;
}

static bool same_selves(const GuestSelf *left, const GuestSelf *right) {
    for (; left && right && left->slot == right->slot; right = right->below)
        left = left->below;
    return !left && !right;
}

static void check_same(const Method *method, const GuestPlace *place, const Method *version,
                       const GuestPlace *entry) {
    bool same = place->depth == entry->depth && same_contexts(&place->contexts, &entry->contexts) &&
                same_selves(place->selves, entry->selves) &&
                same_contexts(&details_of(method)->around, &details_of(version)->around) &&
                method->local_count == version->local_count &&
                method->argument_count == version->argument_count &&
                (details_of(version)->opens_home || !details_of(method)->opens_home);
    if (!same)
        internal_error("a frame of %s>>%s can't go on in its version",
                       symbol_chars(holder_of(method)->name), symbol_chars(signature_of(method)));
}

// ---- Versions ----------------------------------------------------------------------------

static void note_seen(Vm *vm, MethodDetails *origin, const AstExpression *send) {
    for (size_t i = 0; i < origin->seen.count; i++)
        if (origin->seen.items[i] == send)
            return;
    if (origin->seen.count < SEEN_LIMIT)
        ARENA_PUSH(vm->arena, &origin->seen, send);
}

static Method *find_version(Vm *vm, Method *method, const AstExpression *send) {
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

Frame *vm_detour(Thread *thread, Frame *frame) {
    Vm *vm = vm_of(thread);
    state_of(thread)->top = frame;
    Method *method = frame->method;
    Method *origin = details_of(method)->origin;
    const GuestPlace *place = find_place(vm, method, frame->pc);
    Method *version = find_version(vm, origin ? origin : method, place->send);
    if (!version)
        return error_raise(thread, frame, "the method can't be compiled");
    if ((char *)frame + version->frame_bytes > (const char *)thread->stack_limit)
        return vm_stack_overflow(thread, frame);
    const GuestPlace *entry = find_entry(version, place);
    check_same(method, place, version, entry);
    frame->method = version;
    frame->pc = entry->pc;
    return frame;
}
