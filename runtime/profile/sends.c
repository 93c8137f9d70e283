// See sends.h.
#include "runtime/profile/sends.h"

#include "runtime/calls/frame.h"

const char *const send_kind_names[SEND_KIND_COUNT] = {
#define SEND_KIND(id, name) name,
    SEND_KINDS(SEND_KIND)
#undef SEND_KIND
};

static SendSite *site_of(Sends *sends, const Frame *frame, const CallSite *site) {
    Arena *arena = sends->places->arena;
    bool is_new;
    size_t number = pair_number(arena, &sends->site_keys, pair_word(site), 0, &is_new);
    if (is_new) {
        const SendSite send = {.site = site,
                               .method = (Method *)frame->method,
                               .pc = frame->pc,
                               .line = places_line(sends->places, frame, frame->pc)};
        ARENA_PUSH(arena, &sends->sites, send);
    }
    return &sends->sites.items[number];
}

void sends_note(Sends *sends, const Frame *frame, const CallSite *site, Value receiver) {
    Arena *arena = sends->places->arena;
    SendSite *send = site_of(sends, frame, site);
    const Class *class = value_class(holder_of(frame->method)->vm, receiver);
    bool is_new;
    send->misses++;
    pair_number(arena, &sends->class_keys, pair_word(site), pair_word(class), &is_new);
    if (is_new)
        ARENA_PUSH(arena, &send->classes, class);
}

SendKind send_kind(const CallSite *site) {
    if (!site->class_index)
        return SEND_EMPTY;
    if (site->shared)
        return SEND_SELF;
    switch (site->kind) {
    case INTERPRETER_METHOD_KIND: return SEND_METHOD;
    case INTERPRETER_BLOCK_KIND: return SEND_BLOCK;
    case INTERPRETER_GETTER_KIND: return SEND_GETTER;
    case INTERPRETER_SETTER_KIND: return SEND_SETTER;
    case INTERPRETER_CONSTANT_KIND: return SEND_CONSTANT;
    case INTERPRETER_NEW_KIND: return SEND_NEW;
    case INTERPRETER_VALUE_KIND: return SEND_PRIMITIVE;
    default:
        return site->target == (void *)frame_not_understood_here ? SEND_NOT_UNDERSTOOD
                                                                 : SEND_CONTROL;
    }
}

SendTotals sends_sum(const Sends *sends) {
    SendTotals totals = {0};
    for (size_t i = 0; i < sends->sites.count; i++) {
        const SendSite *send = &sends->sites.items[i];
        SendKind kind = send_kind(send->site);
        totals.misses += send->misses;
        totals.kinds[kind].sites++;
        totals.kinds[kind].misses += send->misses;
    }
    return totals;
}

uint64_t send_weight(const void *site) {
    return ((const SendSite *)site)->misses;
}

const char *send_bytecode(const Vm *vm, const SendSite *send) {
    const InterpreterUnit *unit = &send->method->code[send->pc];
    return vm->bytecodes->items[bytecode_plain_opcode(vm->bytecodes, unit)].name;
}
