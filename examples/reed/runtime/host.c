// What the loop calls about objects, tables and functions that are no closures. Arithmetic is in
// numbers.c, texts are in texts.c, quickening is in fuse.c.
#include "run.h"

// ---- Objects -------------------------------------------------------------------------------

void host_new_table_elements_fields(Machine *machine, Frame *frame, Slot *target, int64_t count,
                                    int64_t fields) {
    Run *run = (Run *)machine;
    run_collect_if_due(run, frame);
    *target = slot_of_object(REED_TABLE_KIND, heap_table(&run->heap, count, fields));
}

// The register's value moves into a box, which takes its place.
void host_new_box(Machine *machine, Frame *frame, Slot *target) {
    Run *run = (Run *)machine;
    run_collect_if_due(run, frame);
    *target = slot_of_object(REED_BOX_KIND, heap_box(&run->heap, *target));
}

int closure_captured_count(const Closure *closure) {
    const Function *function = closure_function(closure);
    return function->capture_count;
}

static Closure *new_closure(Run *run, const Function *function) {
    Closure *closure = heap_closure(&run->heap, function->capture_count);
    closure_set_code(closure, function->code);
    closure_set_constants(closure, function->constants);
    closure_set_parameter_count(closure, function->parameter_count);
    closure_set_window_bytes(closure, function->register_count * (int64_t)sizeof(Slot));
    closure_set_function(closure, (void *)function);
    return closure;
}

void host_new_closure_function(Machine *machine, Frame *frame, Slot *target, int64_t index) {
    Run *run = (Run *)machine;
    const Function *function = run->program->functions[index];
    run_collect_if_due(run, frame);
    Closure *closure = new_closure(run, function);
    for (int i = 0; i < function->capture_count; i++) {
        const Capture *capture = &function->captures[i];
        closure_captured(closure)[i] = capture->is_register
                                           ? slot_object(frame->registers[capture->index])
                                           : closure_captured(frame->closure)[capture->index];
    }
    *target = slot_of_object(REED_CLOSURE_KIND, closure);
}

// ---- Tables --------------------------------------------------------------------------------

int64_t host_index_at_into(Machine *machine, Frame *frame, Slot *table, Slot *key, Slot *target) {
    Slot at = *key;
    if (table->kind != REED_TABLE_KIND)
        return run_fail((Run *)machine, frame, "only tables have elements and fields, not %s",
                        kind_name(*table));
    *target = table_key(&at) ? table_get(slot_object(*table), at) : slot_of(REED_NIL_KIND, 0);
    return 0;
}

int64_t host_index_field_into(Machine *machine, Frame *frame, Slot *table, Constant *key,
                              Slot *target) {
    Slot at = slot_of(key->kind, key->bits);
    return host_index_at_into(machine, frame, table, &at, target);
}

int64_t host_set_index_at_to(Machine *machine, Frame *frame, Slot *table, Slot *key, Slot *value) {
    Run *run = (Run *)machine;
    Slot at = *key;
    if (table->kind != REED_TABLE_KIND)
        return run_fail(run, frame, "only tables have elements and fields, not %s",
                        kind_name(*table));
    if (!table_key(&at))
        return run_fail(run, frame, "%s can't be a key",
                        slot_is_nil(at) ? "nil" : "what is not a number");
    run_collect_if_due(run, frame);
    table_set(&run->heap, slot_object(*table), at, *value);
    return 0;
}

int64_t host_set_index_field_to(Machine *machine, Frame *frame, Slot *table, Constant *key,
                                Slot *value) {
    Slot at = slot_of(key->kind, key->bits);
    return host_set_index_at_to(machine, frame, table, &at, value);
}

int64_t host_length_of_into(Machine *machine, Frame *frame, Slot *value, Slot *target) {
    if (value->kind != REED_TEXT_KIND)
        return run_fail((Run *)machine, frame, "only texts and tables have a length, not %s",
                        kind_name(*value));
    *target = slot_of(REED_INTEGER_KIND, ((Text *)slot_object(*value))->length);
    return 0;
}

// ---- Functions -----------------------------------------------------------------------------

int64_t host_call_arguments_count_into(Machine *machine, Frame *frame, Slot *function, Slot *first,
                                       int64_t count, Slot *target) {
    Run *run = (Run *)machine;
    if (function->kind != REED_NATIVE_KIND)
        return run_fail(run, frame, "only functions can be called, not %s", kind_name(*function));
    run_collect_if_due(run, frame);
    Call call = {.run = run, .frame = frame, .arguments = first, .count = count};
    Slot result = slot_of(REED_NIL_KIND, 0);
    int64_t failed = natives[function->bits].function(&call, &result);
    *target = result;
    return failed;
}
