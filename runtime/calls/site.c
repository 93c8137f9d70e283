// See site.h. The same class stands in several places: quickened sends, which are for objects only,
// look where it stands for the kind that they are made for, so one comparison tells the class and
// the kind. All other kinds' places are 0 then, which is no class.
#include "runtime/calls/site.h"

#include "runtime/calls/frame.h"
#include "runtime/calls/method.h"
#include "runtime/vm.h"

void site_empty(CallSite *site) {
    site->class_index = 0;
    site->method_class = 0;
    site->block_class = 0;
    site->getter_class = 0;
    site->setter_class = 0;
    site->new_class = 0;
}

static void note_class(CallSite *site, const Class *class) {
    uint32_t index = (uint32_t) class->index;
    site->class_index = class->index;
    switch (site->kind) {
    case INTERPRETER_METHOD_KIND: site->method_class = index; break;
    case INTERPRETER_BLOCK_KIND: site->block_class = index; break;
    case INTERPRETER_GETTER_KIND: site->getter_class = index; break;
    case INTERPRETER_SETTER_KIND: site->setter_class = index; break;
    case INTERPRETER_NEW_KIND: site->new_class = index; break;
    default: break;
    }
}

void site_fill(Vm *vm, CallSite *site, const Class *receiver, Method *method) {
    Entry entry = {INTERPRETER_CONTROL_KIND, (void *)frame_not_understood_here, 0};
    if (method)
        entry = method_entry(vm, receiver, method);
    if (!site->class_index)
        ARENA_PUSH(vm->arena, &vm->filled, site);
    site_empty(site);
    site->kind = entry.kind;
    site->target = entry.target;
    site->operand = entry.operand;
    note_class(site, receiver);
}
