// The heap: what is reachable survives and is found again wherever it has moved to,
// what isn't is given back, and the heap's bounds hold.
#include "tests/unit/runtime_lists.h"

#include "runtime/memory/large.h"

static void open_machine(Fixture *fixture, SomOptions options) {
    fixture_open_engine(fixture, true);
    assert_true(fixture_open_vm(fixture, options));
}

// The thread with an empty stack, so that nothing but handles and globals is a root.
static Thread *idle_thread(const Fixture *fixture) {
    return fixture->vm->thread;
}

static void a_list_survives_many_collections(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Value head = NIL;
    HandleScope scope;
    handle_open(idle_thread(&fixture), &scope, &head, 1);
    uint64_t before = heap_figures(fixture.vm).collections;
    grow_list(idle_thread(&fixture), &head, 100000);
    assert_true(heap_figures(fixture.vm).collections > before + 2);
    check_list(head, 100000);
    heap_collect(idle_thread(&fixture), NULL);
    check_list(head, 100000);
    handle_close(idle_thread(&fixture), &scope);
    fixture_close(&fixture);
}

static void stress_moves_everything_at_every_allocation(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){.stress = true});
    Value head = NIL;
    HandleScope scope;
    handle_open(idle_thread(&fixture), &scope, &head, 1);
    grow_list(idle_thread(&fixture), &head, 10);
    Value before = head;
    new_array(idle_thread(&fixture), 0);
    assert_true(head != before);
    check_list(head, 10);
    handle_close(idle_thread(&fixture), &scope);
    fixture_close(&fixture);
}

static void garbage_is_given_back(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){.heap_max = 16 << 20});
    Value head = NIL;
    HandleScope scope;
    handle_open(idle_thread(&fixture), &scope, &head, 1);
    for (int round = 0; round < 20; round++) {
        head = NIL;
        grow_list(idle_thread(&fixture), &head, 100000);
    }
    heap_collect(idle_thread(&fixture), NULL);
    assert_true(heap_figures(fixture.vm).used < 100000 * 32 + (1 << 16));
    head = NIL;
    heap_collect(idle_thread(&fixture), NULL);
    assert_int_equal(heap_figures(fixture.vm).used, 0);
    handle_close(idle_thread(&fixture), &scope);
    fixture_close(&fixture);
}

static void an_old_object_keeps_a_young_one_alive(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Thread *thread = idle_thread(&fixture);
    Value old = value_of_object(new_array(idle_thread(&fixture), 3));
    HandleScope scope;
    handle_open(thread, &scope, &old, 1);
    collect_nursery(fixture.vm->heap);
    assert_false(value_object(old)->header & HEADER_BARRIER);
    collect_nursery(fixture.vm->heap);
    assert_true(value_object(old)->header & HEADER_BARRIER);
    for (int i = 0; i < 3; i++) {
        Value young = NIL;
        grow_list(idle_thread(&fixture), &young, 1);
        heap_store(thread, value_object(old), &value_array(old)->elements[i], young);
        // It ages first, so the old object stays remembered.
        for (int collection = 0; collection < 3; collection++) {
            bool ageing = collection == 0;
            collect_nursery(fixture.vm->heap);
            check_list(value_array(old)->elements[i], 1);
            assert_true(!(value_object(old)->header & HEADER_BARRIER) == ageing);
        }
    }
    handle_close(thread, &scope);
    fixture_close(&fixture);
}

static void a_large_object_that_survives_is_old_and_keeps_young_ones(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Thread *thread = idle_thread(&fixture);
    Value large = value_of_object(new_array(idle_thread(&fixture), 300000));
    HandleScope scope;
    handle_open(thread, &scope, &large, 1);
    Value young = NIL;
    grow_list(idle_thread(&fixture), &young, 2);
    value_array(large)->elements[299999] = young;
    collect_nursery(fixture.vm->heap);
    check_list(value_array(large)->elements[299999], 2);
    heap_collect(thread, NULL);
    check_list(value_array(large)->elements[299999], 2);
    // Another one, which the first collection that it meets copies everything.
    large = value_of_object(new_array(idle_thread(&fixture), 300000));
    grow_list(idle_thread(&fixture), &value_array(large)->elements[299999], 2);
    heap_collect(thread, NULL);
    heap_collect(thread, NULL);
    check_list(value_array(large)->elements[299999], 2);
    handle_close(thread, &scope);
    fixture_close(&fixture);
}

static void assert_on_one_card(Value array, size_t index) {
    const LargeObject *large = large_of(value_object(array));
    size_t count = (size_t)value_array(array)->length;
    assert_true(value_object(array)->header & HEADER_BARRIER);
    for (size_t i = 0; i < count; i += LARGE_CARD_SLOTS)
        assert_int_equal(large->cards[i / LARGE_CARD_SLOTS], i == index - index % LARGE_CARD_SLOTS);
}

static void a_store_into_a_large_array_has_one_card_scanned(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Thread *thread = idle_thread(&fixture);
    Heap *heap = fixture.vm->heap;
    enum { COUNT = 300001 };
    const size_t places[] = {0, LARGE_CARD_SLOTS - 1, LARGE_CARD_SLOTS, COUNT - 1};
    Value large = value_of_object(new_array(idle_thread(&fixture), COUNT));
    HandleScope scope;
    handle_open(thread, &scope, &large, 1);
    collect_nursery(heap);
    assert_int_equal(heap->remembered_count, 0);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        Value *slot = &value_array(large)->elements[places[i]], young = NIL;
        grow_list(idle_thread(&fixture), &young, 1);
        for (int times = 0; times < 3; times++)
            heap_store(thread, value_object(large), slot, young);
        assert_on_one_card(large, places[i]);
        collect_nursery(heap);
        assert_on_one_card(large, places[i]);
        assert_int_equal(heap->remembered_count, 1);
        collect_nursery(heap);
        assert_int_equal(heap->remembered_count, 0);
        check_list(*slot, 1);
    }
    // A full collection leaves no card marked either.
    Value young = NIL;
    grow_list(idle_thread(&fixture), &young, 1);
    heap_store(thread, value_object(large), &value_array(large)->elements[5], young);
    heap_collect(thread, NULL);
    heap_collect(thread, NULL);
    assert_int_equal(heap->remembered_count, 0);
    young = NIL;
    grow_list(idle_thread(&fixture), &young, 1);
    heap_store(thread, value_object(large), &value_array(large)->elements[1000], young);
    assert_on_one_card(large, 1000);
    handle_close(thread, &scope);
    fixture_close(&fixture);
}

// The interpreter's own stores don't say where.
static void a_large_object_can_be_remembered_as_a_whole(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Thread *thread = idle_thread(&fixture);
    Heap *heap = fixture.vm->heap;
    Value large = value_of_object(new_array(idle_thread(&fixture), 300000));
    HandleScope scope;
    handle_open(thread, &scope, &large, 1);
    collect_nursery(heap);
    for (int first = 0; first < 2; first++) {
        Value young = NIL;
        grow_list(idle_thread(&fixture), &young, 2);
        if (!first)
            heap_store(thread, value_object(large), &value_array(large)->elements[9], young);
        value_array(large)->elements[200000] = young;
        vm_remember(thread, value_object(large));
        assert_int_equal(heap->remembered_count, 1);
        for (int i = 0; i < 3; i++) {
            collect_nursery(heap);
            check_list(value_array(large)->elements[200000], 2);
            assert_true(value_object(large)->header & HEADER_BARRIER);
        }
        assert_int_equal(heap->remembered_count, 0);
    }
    handle_close(thread, &scope);
    fixture_close(&fixture);
}

static void a_large_object_stays_where_it_is_until_it_is_dead(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Thread *thread = idle_thread(&fixture);
    // One large object holds the other, which holds a list.
    Value outer = value_of_object(new_array(idle_thread(&fixture), 40000));
    HandleScope scope;
    handle_open(thread, &scope, &outer, 1);
    Array *inner = new_array(idle_thread(&fixture), 50000);
    heap_store(thread, value_object(outer), &value_array(outer)->elements[7],
               value_of_object(inner));
    grow_list(idle_thread(&fixture), &inner->elements[49999], 1000);
    Value before = outer;
    for (int i = 0; i < 3; i++) {
        heap_collect(thread, NULL);
        assert_true(outer == before);
        assert_true(value_array(outer)->elements[7] == value_of_object(inner));
        check_list(inner->elements[49999], 1000);
    }
    heap_store(thread, value_object(outer), &value_array(outer)->elements[7], NIL);
    heap_collect(thread, NULL);
    size_t used = heap_figures(fixture.vm).used;
    assert_true(used > 40000 * 8 && used < 40000 * 8 + 1024);
    handle_close(thread, &scope);
    heap_collect(thread, NULL);
    assert_int_equal(heap_figures(fixture.vm).used, 0);
    assert_null(fixture.vm->heap->large);
    fixture_close(&fixture);
}

// Neither full collections nor new memory are needed for large objects that die young.
static void a_large_object_that_dies_young_leaves_its_room_to_the_next(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    const Heap *heap = fixture.vm->heap;
    enum { COUNT = 100000, BYTES = 800000 };
    Value kept = value_of_object(new_array(idle_thread(&fixture), COUNT));
    HandleScope scope;
    handle_open(idle_thread(&fixture), &scope, &kept, 1);
    size_t most = 0;
    for (int i = 0; i < 1000; i++) {
        new_array(idle_thread(&fixture), COUNT);
        size_t bytes = heap->large_bytes + heap->young_large_bytes + heap->spare_large_bytes;
        most = bytes > most ? bytes : most;
    }
    assert_int_equal(heap_figures(fixture.vm).full_collections, 0);
    assert_true(most < HEAP_LEAST_THRESHOLD);
    heap_collect(idle_thread(&fixture), NULL);
    heap_collect(idle_thread(&fixture), NULL);
    assert_int_equal(heap->large_bytes, BYTES + sizeof(Array));
    assert_int_equal(heap->spare_large_bytes, 0);
    handle_close(idle_thread(&fixture), &scope);
    fixture_close(&fixture);
}

// One that fits into the nursery moves once, and has cards from then on.
static void an_object_becomes_large_when_it_leaves_the_nursery(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Thread *thread = idle_thread(&fixture);
    Heap *heap = fixture.vm->heap;
    enum { COUNT = 20000 };
    for (int full = 0; full < 2; full++) {
        Value wide = value_of_object(new_array(idle_thread(&fixture), COUNT)), before = wide;
        HandleScope scope;
        handle_open(thread, &scope, &wide, 1);
        assert_false(value_object(wide)->header & HEADER_LARGE);
        grow_list(idle_thread(&fixture), &value_array(wide)->elements[COUNT - 1], 3);
        if (full)
            heap_collect(thread, NULL);
        else
            collect_nursery(heap);
        assert_true(wide != before);
        assert_true(value_object(wide)->header & HEADER_LARGE);
        check_list(value_array(wide)->elements[COUNT - 1], 3);
        if (!full)
            assert_on_one_card(wide, COUNT - 1);
        before = wide;
        heap_collect(thread, NULL);
        assert_true(wide == before);
        check_list(value_array(wide)->elements[COUNT - 1], 3);
        assert_int_equal(heap_figures(fixture.vm).used - heap->large_bytes, 3 * 32);
        handle_close(thread, &scope);
        heap_collect(thread, NULL);
        assert_int_equal(heap->large_bytes, 0);
    }
    fixture_close(&fixture);
}

static void the_heap_shrinks_after_it_has_grown(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    const Heap *heap = fixture.vm->heap;
    Value head = NIL;
    HandleScope scope;
    handle_open(idle_thread(&fixture), &scope, &head, 1);
    grow_list(idle_thread(&fixture), &head, 1000000);
    heap_collect(idle_thread(&fixture), NULL);
    assert_true(heap->threshold > 4 * HEAP_LEAST_THRESHOLD);
    head = NIL;
    heap_collect(idle_thread(&fixture), NULL);
    assert_int_equal(heap->threshold, HEAP_LEAST_THRESHOLD);
    assert_null(heap->old.chunks);
    assert_true(heap->old.spare_count < 5);
    handle_close(idle_thread(&fixture), &scope);
    fixture_close(&fixture);
}

static void what_was_allocated_is_counted(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    uint64_t before = heap_figures(fixture.vm).allocated;
    for (int i = 0; i < 100000; i++)
        new_array(idle_thread(&fixture), 2);
    new_array(idle_thread(&fixture), 100000);
    assert_int_equal(heap_figures(fixture.vm).allocated - before, 100000 * 32 + 16 + 800000);
    assert_true(heap_figures(fixture.vm).longest <= heap_figures(fixture.vm).microseconds);
    fixture_close(&fixture);
}

// Where the interpreter allocates by itself, its slow path and C have to agree with it.
static void instances_contexts_and_closures_survive_collections(void **state) {
    (void)state;
    for (int stress = 0; stress < 2; stress++) {
        Fixture fixture;
        open_machine(&fixture, (SomOptions){.stress = stress});
        const char *answer = fixture_evaluate(
            &fixture,
            "| blocks a b c |"
            "a = ( ^a ) b = ( ^b ) c = ( ^c )"
            "fill: size = ( blocks := Array new: size. 1 to: size do: [ :i | "
            "  | x y z | x := i. y := i + 1. z := Object new. "
            "  blocks at: i put: [ :k | z isNil ifTrue: [ 0 ] ifFalse: [ x + y + k ] ] ] )"
            "nils = ( | t | t := self class new. "
            "  ^t a isNil and: [ t b isNil and: [ t c isNil ] ] )"
            "sum = ( | sum | sum := 0. blocks do: [ :each | "
            "  sum := sum + (each value: 1) ]. ^sum )"
            "run: size = ( self fill: size. ^self nils ifTrue: [ self sum ] )",
            stress ? "self run: 100" : "self run: 20000");
        assert_string_equal(answer, stress ? "10300" : "400060000");
        fixture_close(&fixture);
    }
}

static void a_global_and_a_literal_array_are_roots(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    const char *answer =
        fixture_evaluate(&fixture,
                         "literal = ( ^#(1 2) )"
                         "store = ( self literal at: 1 put: (Array with: 7 with: 8)."
                         "          system global: #Kept put: (Array with: 9) )"
                         "check = ( self store. system fullGC. system fullGC."
                         "^((self literal at: 1) at: 2) + ((system global: #Kept) at: 1) )",
                         "self check");
    assert_string_equal(answer, "17");
    fixture_close(&fixture);
}

static void a_global_is_scanned_only_while_its_value_may_be_young(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Vm *vm = fixture.vm;
    Heap *heap = vm->heap;
    Global *global = global_named(vm, symbol_named(vm, "kept"));
    collect_nursery(heap);
    assert_int_equal(heap->global_count, 0);
    for (int round = 0; round < 3; round++) {
        Value young = NIL;
        grow_list(idle_thread(&fixture), &young, 2);
        for (int times = 0; times < 3; times++)
            global_set(vm, global, young);
        assert_int_equal(heap->global_count, 1);
        collect_nursery(heap); // its value is young for a second time
        assert_int_equal(heap->global_count, 1);
        collect_nursery(heap);
        assert_int_equal(heap->global_count, 0);
        check_list(global->value, 2);
        if (round == 1)
            heap_collect(vm->thread, NULL);
        check_list(global->value, 2);
    }
    global_set(vm, global, value_of_integer(3));
    assert_int_equal(heap->global_count, 0);
    heap_collect(vm->thread, NULL);
    assert_int_equal(heap_figures(vm).used, vm_counted_bytes(vm));
    fixture_close(&fixture);
}

static void what_is_never_freed_counts_unless_it_is_the_librarys(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Vm *vm = fixture.vm;
    assert_int_equal(vm_counted_bytes(vm), 0);
    assert_true(som_load(vm, "Hashtable"));
    assert_int_equal(vm_counted_bytes(vm), 0);
    fixture_evaluate(&fixture, "", "Dictionary new at: 1 put: 2");
    size_t before = vm_counted_bytes(vm);
    for (int i = 0; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof name, "name%d", i);
        global_named(vm, symbol_named(vm, name));
    }
    size_t after = vm_counted_bytes(vm);
    assert_true(after - before >= 1000 * (sizeof(Symbol) + 5 + sizeof(GlobalEntry)));
    assert_int_equal(heap_figures(vm).used - after, heap_young_used(vm->heap));
    fixture_close(&fixture);
}

// Frames far below are scanned until what they hold is old, and not again.
static void a_deep_stack_is_not_scanned_at_each_collection(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    const char *answer = fixture_evaluate(&fixture,
                                          "down: n = ( | kept | kept := Array with: n."
                                          "  n = 0 ifTrue: [ self churn. ^0 ]."
                                          "  ^(self down: n - 1) + (kept at: 1) )"
                                          "churn = ( 1 to: 100000 do: [ :i | Array new: 20 ] )",
                                          "self down: 3000");
    assert_string_equal(answer, "4501500");
    HeapFigures figures = heap_figures(fixture.vm);
    assert_true(figures.collections - figures.full_collections > 20);
    assert_true(figures.frames < 5 * 3000);
    fixture_close(&fixture);
}

static void check_that_a_poll_collects(Thread *thread) {
    uint64_t before = heap_figures(vm_of(thread)).collections;
    assert_int_equal(thread->request, 1);
    vm_poll(thread, NULL);
    assert_int_equal(thread->request, 0);
    assert_int_equal(heap_figures(vm_of(thread)).collections, before + 1);
    assert_int_equal(vm_of(thread)->heap->remembered_count, 0);
    vm_poll(thread, NULL);
    assert_int_equal(heap_figures(vm_of(thread)).collections, before + 1);
}

// A program that stores into old objects and allocates nothing has them scanned now and then,
// lest the next collection take long.
static void many_stores_have_the_next_poll_collect(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Thread *thread = idle_thread(&fixture);
    Value roots[] = {NIL, NIL}, *head = &roots[0], *large = &roots[1];
    HandleScope scope;
    handle_open(thread, &scope, roots, 2);
    grow_list(idle_thread(&fixture), head, HEAP_STORES_MOST + 1);
    *large = value_of_object(new_array(idle_thread(&fixture), HEAP_STORES_MOST * LARGE_CARD_SLOTS));
    heap_collect(thread, NULL);
    for (Value cell = *head, rest; (rest = value_array(cell)->elements[1]) != NIL; cell = rest) {
        assert_int_equal(thread->request, 0);
        for (int times = 0; times < 2; times++) // it counts once
            heap_store(thread, value_object(cell), &value_array(cell)->elements[1], rest);
    }
    check_that_a_poll_collects(thread);
    for (int64_t i = 0; i < value_array(*large)->length; i += LARGE_CARD_SLOTS / 2) {
        assert_true(thread->request == 0 ||
                    i == value_array(*large)->length - LARGE_CARD_SLOTS / 2);
        heap_store(thread, value_object(*large), &value_array(*large)->elements[i], *head);
    }
    check_that_a_poll_collects(thread);
    handle_close(thread, &scope);
    fixture_close(&fixture);
}

static void stress_mode_leaves_no_object_behind(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){.stress = true});
    const Array *stale = new_array(idle_thread(&fixture), 3);
    new_array(idle_thread(&fixture), 0);
    assert_true(stale->elements[2] != NIL);
    fixture_close(&fixture);
}

static void a_hash_stays_when_its_object_moves(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){.stress = true});
    const char *answer = fixture_evaluate(&fixture,
                                          "| a | same = ( | h | a := Object new."
                                          "h := a hashcode. Object new. Object new."
                                          "^h = a hashcode )",
                                          "self same");
    assert_string_equal(answer, "true");
    answer = fixture_evaluate(&fixture, "", "Object new hashcode = Object new hashcode");
    assert_string_equal(answer, "false");
    fixture_close(&fixture);
}

static void an_exhausted_heap_is_an_error_with_a_trace(void **state) {
    (void)state;
    static const char *const programs[] = {
        "grow = ( | a | [ true ] whileTrue: [ | b | b := Array new: 999. b at: 1 put: a. a := b ])",
        "grow = ( | s | s := 'x'. [ true ] whileTrue: [ s := s + s ] )",
        "grow = ( | n | n := 3. [ true ] whileTrue: [ n := n * n ] )",
        "grow = ( ^Array new: 100000000 )",
        "| next | next: n = ( next := n )"
        "grow = ( | last | [ true ] whileTrue: [ last := self class new next: last ] )",
        "grow = ( | last | [ true ] whileTrue: [ | old | old := last. last := [ old ] ] )",
    };
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        Fixture fixture;
        open_machine(&fixture, (SomOptions){.heap_max = 8 << 20});
        const char *answer = fixture_evaluate(&fixture, programs[i], "self grow");
        if (!strstr(answer, "heap") || !strstr(answer, "    Test1>>grow ("))
            fail_msg("%s", answer);
        assert_int_equal(fixture.status, 1);
        // The machine can go on afterwards.
        assert_string_equal(fixture_evaluate(&fixture, "", "(Array new: 1000) length"), "1000");
        fixture_close(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_survives_many_collections),
        cmocka_unit_test(stress_moves_everything_at_every_allocation),
        cmocka_unit_test(garbage_is_given_back),
        cmocka_unit_test(an_old_object_keeps_a_young_one_alive),
        cmocka_unit_test(a_large_object_that_survives_is_old_and_keeps_young_ones),
        cmocka_unit_test(a_store_into_a_large_array_has_one_card_scanned),
        cmocka_unit_test(a_large_object_can_be_remembered_as_a_whole),
        cmocka_unit_test(a_large_object_stays_where_it_is_until_it_is_dead),
        cmocka_unit_test(a_large_object_that_dies_young_leaves_its_room_to_the_next),
        cmocka_unit_test(an_object_becomes_large_when_it_leaves_the_nursery),
        cmocka_unit_test(the_heap_shrinks_after_it_has_grown),
        cmocka_unit_test(what_was_allocated_is_counted),
        cmocka_unit_test(instances_contexts_and_closures_survive_collections),
        cmocka_unit_test(a_global_and_a_literal_array_are_roots),
        cmocka_unit_test(a_global_is_scanned_only_while_its_value_may_be_young),
        cmocka_unit_test(what_is_never_freed_counts_unless_it_is_the_librarys),
        cmocka_unit_test(a_deep_stack_is_not_scanned_at_each_collection),
        cmocka_unit_test(many_stores_have_the_next_poll_collect),
        cmocka_unit_test(stress_mode_leaves_no_object_behind),
        cmocka_unit_test(a_hash_stays_when_its_object_moves),
        cmocka_unit_test(an_exhausted_heap_is_an_error_with_a_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
