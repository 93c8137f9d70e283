// See site.h. Quickened sends, which are for objects only, look at what the object's header begins
// with, the class and the layout, and compare it with what stands in the site for the kind that
// they are made for: so one comparison tells the class and the kind. All other kinds' places are 0
// then, with which no header begins.
#include "runtime/calls/site.h"

#include "runtime/calls/frame.h"
#include "runtime/calls/lookup.h"
#include "runtime/calls/method.h"
#include "runtime/vm.h"

static void forget_receivers(CallSite *site) {
    site->class_index = 0;
    site->method_start = 0;
    site->block_start = 0;
    site->getter_start = 0;
    site->setter_start = 0;
    site->new_start = 0;
}

void site_empty(CallSite *site) {
    forget_receivers(site);
    site->shared = NULL;
    if (site->sharing != SITE_NOT_TO_SELF)
        site->sharing = SITE_TO_SELF;
}

// Quickened sends make room for small frames only.
static bool has_small_frame(const CallSite *site) {
    const Method *method = site->target;
    return site->kind == INTERPRETER_METHOD_KIND &&
           method->frame_bytes <= INTERPRETER_SMALL_FRAME_BYTES;
}

// What the receiver is, where quickened sends of this kind look for it.
static void note_receiver(const Vm *vm, CallSite *site, Value receiver) {
    site->class_index = (int32_t)value_class(vm, receiver)->index;
    if (!value_is_object(receiver))
        return;
    uint32_t start = (uint32_t)value_object(receiver)->header;
    switch (site->kind) {
    case INTERPRETER_METHOD_KIND: site->method_start = has_small_frame(site) ? start : 0; break;
    case INTERPRETER_BLOCK_KIND: site->block_start = start; break;
    case INTERPRETER_GETTER_KIND: site->getter_start = start; break;
    case INTERPRETER_SETTER_KIND: site->setter_start = start; break;
    case INTERPRETER_NEW_KIND: site->new_start = start; break;
    default: break;
    }
}

// ---- Sends to self -----------------------------------------------------------------

static bool is_shared(Vm *vm, const CallSite *site, const Class *holder) {
    if (lookup_method(vm, holder, site->selector) != site->target)
        return false;
    for (size_t i = 0; i < vm->class_capacity; i++) {
        const Class *class = vm->classes[i];
        if (class && class != holder && class_own_method(class, site->selector) &&
            class_inherits(class, holder))
            return false;
    }
    return true;
}

// Asked once, as all classes are gone through.
static void note_sharing(Vm *vm, CallSite *site, const Class *holder) {
    if (site->sharing == SITE_TO_SELF && has_small_frame(site))
        site->sharing = is_shared(vm, site, holder) ? SITE_SHARED : SITE_NOT_SHARED;
    if (site->sharing == SITE_SHARED)
        site->shared = site->target;
}

void site_class_defined(Vm *vm, const Class *class) {
    size_t kept = 0;
    for (size_t i = 0; i < vm->filled.count; i++) {
        CallSite *site = vm->filled.items[i];
        if (site->sharing == SITE_SHARED && class_own_method(class, site->selector))
            site_empty(site);
        else
            vm->filled.items[kept++] = site;
    }
    vm->filled.count = kept;
}

// ---- Filling -----------------------------------------------------------------------

void site_fill(Vm *vm, CallSite *site, const Class *holder, Value receiver, Method *method) {
    Entry entry = {INTERPRETER_CONTROL_KIND, (void *)frame_not_understood_here, 0};
    if (method)
        entry = method_entry(vm, value_class(vm, receiver), method);
    if (!site->class_index)
        ARENA_PUSH(vm->arena, &vm->filled, site);
    forget_receivers(site); // what self's classes share doesn't depend on who the receiver is
    site->kind = (int32_t)entry.kind;
    site->target = entry.target;
    site->operand = entry.operand;
    note_receiver(vm, site, receiver);
    note_sharing(vm, site, holder);
}
