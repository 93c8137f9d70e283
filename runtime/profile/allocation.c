// See allocation.h. When an object is made nobody knows yet what it will be; when it is looked at
// again, before the next collection is over or at the end, its header tells.
#include "runtime/profile/allocation.h"

void allocation_note(Allocation *allocation, const Frame *frame, const Object *object,
                     size_t size) {
    const NewObject young = {object, size, places_line(allocation->places, frame, frame->pc)};
    ARENA_PUSH(allocation->places->arena, &allocation->young, young);
}

static AllocationSite *site_of(Allocation *allocation, const NewObject *young) {
    Arena *arena = allocation->places->arena;
    uint32_t header = (uint32_t)young->object->header;
    bool is_new;
    size_t number = pair_number(arena, &allocation->site_keys, young->line, header, &is_new);
    if (is_new) {
        const AllocationSite site = {.line = young->line, .header = header};
        ARENA_PUSH(arena, &allocation->sites, site);
    }
    return &allocation->sites.items[number];
}

static void add(Amount *amount, const NewObject *young) {
    amount->objects++;
    amount->bytes += young->size;
}

// The heap is NULL at the end.
static void settle(Allocation *allocation, const Heap *heap) {
    for (size_t i = 0; i < allocation->young.count; i++) {
        const NewObject *young = &allocation->young.items[i];
        AllocationSite *site = site_of(allocation, young);
        add(&site->made, young);
        if (!heap)
            add(&site->undecided, young);
        else if (heap_survives(heap, young->object))
            add(&site->survived, young);
    }
    allocation->young.count = 0;
}

void allocation_collected(Allocation *allocation, const Heap *heap) {
    settle(allocation, heap);
}

void allocation_end(Allocation *allocation) {
    settle(allocation, NULL);
}

static void add_amount(Amount *sum, const Amount *amount) {
    sum->objects += amount->objects;
    sum->bytes += amount->bytes;
}

AllocationSite allocation_sum(const Allocation *allocation) {
    AllocationSite sum = {0};
    for (size_t i = 0; i < allocation->sites.count; i++) {
        const AllocationSite *site = &allocation->sites.items[i];
        add_amount(&sum.made, &site->made);
        add_amount(&sum.survived, &site->survived);
        add_amount(&sum.undecided, &site->undecided);
    }
    return sum;
}

uint64_t allocation_weight(const void *site) {
    return ((const AllocationSite *)site)->made.bytes;
}

const char *allocation_name(const Vm *vm, uint32_t header) {
    const Object object = {header};
    int64_t index = object_class_index(&object);
    if (object_layout(&object) == LAYOUT_HOME)
        return "(home context)";
    if (object_layout(&object) == LAYOUT_CONTEXT)
        return "(context)";
    if (index == INTERPRETER_BOX_CLASS)
        return "(box)";
    return symbol_chars(vm->classes[index]->name);
}
