// See places.h. A line is looked for once for each instruction that turns up; from then on it is
// found by the method and the pc.
#include "runtime/profile/places.h"

#include "runtime/calls/describe.h"

enum { KEY_START, KEY_CUT }; // of routines that are no methods

static size_t routine_number(Places *places, uint64_t holder, uint64_t signature, bool *is_new) {
    return pair_number(places->arena, &places->routine_keys, holder, signature, is_new);
}

static size_t add_routine(Places *places, size_t number, const char *label, const char *file) {
    const Routine routine = {label, file};
    ARENA_PUSH(places->arena, &places->routines, routine);
    return number;
}

static size_t special_routine(Places *places, uint64_t key, const char *label) {
    bool is_new;
    size_t number = routine_number(places, 0, key, &is_new);
    return is_new ? add_routine(places, number, label, "") : number;
}

size_t places_routine_cut(Places *places) {
    return special_routine(places, KEY_CUT, "(callers that were cut off)");
}

// A method's blocks have its class and selector. Both are objects, so their addresses are even.
static size_t routine_of(Places *places, const Frame *frame) {
    const Method *method = frame->method;
    const MethodDetails *details = details_of(method);
    if (!frame->caller)
        return special_routine(places, KEY_START, "(the start)");
    bool is_new;
    size_t number = routine_number(places, pair_word(holder_of(method)) | details->is_block,
                                   pair_word(signature_of(method)), &is_new);
    if (!is_new)
        return number;
    Text label = {0};
    if (details->is_block)
        text_add(&label, "[] in ");
    describe_method(&label, method);
    const char *kept = arena_strdup(places->arena, text_chars(&label));
    text_free(&label);
    return add_routine(places, number, kept, details->file ? details->file : "");
}

static size_t line_of(Places *places, size_t routine, int number) {
    bool is_new;
    size_t found =
        pair_number(places->arena, &places->line_keys, routine, (uint64_t)number, &is_new);
    if (is_new) {
        const Line line = {routine, number};
        ARENA_PUSH(places->arena, &places->lines, line);
    }
    return found;
}

size_t places_line(Places *places, const Frame *frame, int64_t pc) {
    bool is_new;
    size_t number = pair_number(places->arena, &places->instruction_keys, pair_word(frame->method),
                                (uint64_t)pc, &is_new);
    if (is_new) {
        size_t line = line_of(places, routine_of(places, frame), method_line(frame->method, pc));
        ARENA_PUSH(places->arena, &places->instructions, line);
    }
    return places->instructions.items[number];
}
