// Marking in slices: whatever a program changes meanwhile, what is alive survives, and the
// room of what is dead is used again.
#include "tests/unit/runtime_lists.h"

#include "runtime/memory/large.h"
#include "runtime/memory/marking.h"

typedef struct Machine {
    Fixture fixture;
    Vm *vm;
    Thread *thread; // with an empty stack: handles and globals are the only roots
    Heap *heap;
} Machine;

static void open_machine(Machine *machine, SomOptions options) {
    fixture_open_engine(&machine->fixture, true);
    assert_true(fixture_open_vm(&machine->fixture, options));
    machine->vm = machine->fixture.vm;
    machine->thread = machine->vm->thread;
    machine->heap = machine->vm->heap;
}

// A list that is too long to be copied at once, and old.
enum { LONG = 500000 };

static void make_long_list(const Machine *machine, Value *head) {
    grow_list(machine->thread, head, LONG);
    heap_collect(machine->thread, NULL);
    heap_collect(machine->thread, NULL);
    assert_false(heap_is_small(machine->heap));
    assert_false(machine->heap->marking);
}

// Begins marking, with the first slice of it.
static void begin(const Machine *machine) {
    marking_begin(machine->heap);
    assert_true(collect_nursery(machine->heap));
    assert_true(machine->heap->marking);
}

static int finish(const Machine *machine) {
    int slices = 0;
    for (; machine->heap->marking; slices++)
        assert_true(collect_nursery(machine->heap));
    return slices;
}

static void marking_takes_many_slices_and_finds_what_is_alive(void **state) {
    (void)state;
    Machine machine;
    open_machine(&machine, (SomOptions){0});
    Value lists[2] = {NIL, NIL};
    HandleScope scope;
    handle_open(machine.thread, &scope, lists, 2);
    make_long_list(&machine, &lists[0]);
    grow_list(machine.thread, &lists[1], LONG);
    lists[1] = NIL;
    begin(&machine);
    assert_true(finish(&machine) > 10);
    check_list(lists[0], LONG);
    size_t alive = LONG * 32;
    assert_true(old_space_bytes(&machine.heap->old) >= alive &&
                old_space_bytes(&machine.heap->old) < alive + (1 << 20));
    handle_close(machine.thread, &scope);
    fixture_close(&machine.fixture);
}

static void a_program_that_keeps_much_is_never_stopped_for_all_of_it(void **state) {
    (void)state;
    Machine machine;
    open_machine(&machine, (SomOptions){0});
    Value lists[2] = {NIL, NIL};
    HandleScope scope;
    handle_open(machine.thread, &scope, lists, 2);
    make_long_list(&machine, &lists[0]);
    uint64_t before = heap_figures(machine.vm).full_collections;
    int slices = 0;
    while (heap_figures(machine.vm).full_collections < before + 3) {
        lists[1] = lists[0];
        grow_list(machine.thread, &lists[1], 20000);
        slices += machine.heap->marking;
    }
    assert_true(slices > 20);
    check_list(lists[0], LONG);
    handle_close(machine.thread, &scope);
    fixture_close(&machine.fixture);
}

// What is reachable only from an object that has been scanned already.
static void what_is_stored_into_a_black_object_survives(void **state) {
    (void)state;
    Machine machine;
    open_machine(&machine, (SomOptions){0});
    Heap *heap = machine.heap;
    heap->old.spoils = true;
    enum { WIDE = 40, LARGE = 40000 };
    Value roots[4] = {NIL, NIL, NIL, NIL};
    HandleScope scope;
    handle_open(machine.thread, &scope, roots, 4);
    roots[1] = value_of_object(new_array(machine.thread, WIDE));
    roots[2] = value_of_object(new_array(machine.thread, LARGE));
    Object *literal = heap_allocate_permanent(machine.vm, machine.vm->known.array_class->index,
                                              LAYOUT_ARRAY, sizeof(Array) + sizeof(Value));
    ((Array *)literal)->length = 1;
    ((Array *)literal)->elements[0] = NIL;
    heap_note_permanent(machine.vm, literal);
    Global *global = global_named(machine.vm, symbol_named(machine.vm, "kept"));
    make_long_list(&machine, &roots[0]);
    for (int where = 0; where < 4; where++) {
        collect_nursery(heap); // what was stored into isn't remembered any more
        begin(&machine);
        // Its end is reached last of all; it is moved to where marking has been.
        Value last = roots[0];
        for (int i = 0; i < LONG - 10; i++)
            last = value_array(last)->elements[1];
        Value rest = value_array(last)->elements[1];
        assert_true(marking_is_white(heap, value_object(rest)));
        value_array(last)->elements[1] = NIL;
        Value *slots[] = {&value_array(roots[1])->elements[WIDE - 1],
                          &value_array(roots[2])->elements[LARGE - 1],
                          &((Array *)literal)->elements[0]};
        if (where < 2)
            heap_store(machine.thread, value_object(roots[1 + where]), slots[where], rest);
        else if (where == 2)
            heap_store(machine.thread, literal, slots[where], rest);
        else
            global_set(machine.vm, global, rest);
        finish(&machine);
        Value kept = where < 3 ? *slots[where] : global->value;
        check_list(kept, 9);
        heap_store(machine.thread, value_object(last), &value_array(last)->elements[1], kept);
        check_list(roots[0], LONG);
        if (where < 3)
            *slots[where] = NIL;
    }
    handle_close(machine.thread, &scope);
    fixture_close(&machine.fixture);
}

// An old object that has just been stored into, and died: its room will be used again.
static void an_object_that_is_dead_is_remembered_no_more(void **state) {
    (void)state;
    Machine machine;
    open_machine(&machine, (SomOptions){0});
    machine.heap->old.spoils = true;
    Value roots[2] = {NIL, NIL};
    HandleScope scope;
    handle_open(machine.thread, &scope, roots, 2);
    make_long_list(&machine, &roots[0]);
    for (int large = 0; large < 2; large++) {
        roots[1] = value_of_object(new_array(machine.thread, large ? 50000 : 3));
        collect_nursery(machine.heap);
        collect_nursery(machine.heap);
        Array *young = new_array(machine.thread, 1);
        heap_store(machine.thread, value_object(roots[1]), &value_array(roots[1])->elements[0],
                   value_of_object(young));
        roots[1] = NIL;
        marking_begin(machine.heap);
        assert_true(collect_and_mark(machine.heap)); // the young one is still young, and kept
        assert_int_equal(machine.heap->remembered_count, 0);
        collect_nursery(machine.heap);
        assert_int_equal(machine.heap->large_bytes, 0);
    }
    handle_close(machine.thread, &scope);
    fixture_close(&machine.fixture);
}

// What marking had not reached until then is alive all the same.
static void a_collection_of_everything_in_the_midst_of_marking_loses_nothing(void **state) {
    (void)state;
    Machine machine;
    open_machine(&machine, (SomOptions){0});
    machine.heap->old.spoils = true;
    Value list = NIL;
    HandleScope scope;
    handle_open(machine.thread, &scope, &list, 1);
    make_long_list(&machine, &list);
    for (int round = 0; round < 3; round++) {
        begin(&machine);
        heap_collect(machine.thread, NULL);
        assert_false(machine.heap->marking);
        check_list(list, LONG);
    }
    handle_close(machine.thread, &scope);
    fixture_close(&machine.fixture);
}

// The same where it copies: a large array refers to the copy, and hadn't been reached.
static void copying_in_the_midst_of_marking_loses_nothing(void **state) {
    (void)state;
    Machine machine;
    open_machine(&machine, (SomOptions){.stress = true});
    enum { LARGE = 40000, CELLS = 100 };
    Value list = value_of_object(new_array(machine.thread, LARGE));
    HandleScope scope;
    handle_open(machine.thread, &scope, &list, 1);
    Value cell = value_of_object(new_array(machine.thread, 1));
    value_array(cell)->elements[0] = value_of_integer(7);
    heap_store(machine.thread, value_object(list), &value_array(list)->elements[0], cell);
    grow_list(machine.thread, &list, CELLS);
    for (int round = 0; round < 3; round++) {
        finish(&machine);
        begin(&machine);
        heap_collect(machine.thread, NULL);
        Value large = list;
        for (int i = 0; i < CELLS; i++)
            large = value_array(large)->elements[1];
        cell = value_array(large)->elements[0];
        assert_true(value_has_layout(cell, LAYOUT_ARRAY));
        assert_true(value_array(cell)->elements[0] == value_of_integer(7));
    }
    handle_close(machine.thread, &scope);
    fixture_close(&machine.fixture);
}

// Lists of which every other is replaced again and again: the holes that they leave are
// filled, so the space doesn't grow.
static void room_between_the_living_is_used_again(void **state) {
    (void)state;
    Machine machine;
    open_machine(&machine, (SomOptions){0});
    enum { LISTS = 1000, CELLS = 1000, WIDTHS = 2 };
    Value table = value_of_object(new_array(machine.thread, LISTS));
    HandleScope scope, inner;
    handle_open(machine.thread, &scope, &table, 1);
    for (int round = 0; round < 12; round++) {
        for (int i = round % 2; i < LISTS; i += round < 2 ? 1 : 2) {
            Value list = NIL;
            handle_open(machine.thread, &inner, &list, 1);
            grow_list(machine.thread, &list, CELLS);
            handle_close(machine.thread, &inner);
            heap_store(machine.thread, value_object(table), &value_array(table)->elements[i], list);
        }
    }
    finish(&machine);
    for (int i = 0; i < LISTS; i++)
        check_list(value_array(table)->elements[i], CELLS);
    size_t alive = (size_t)LISTS * CELLS * 32;
    assert_true(machine.heap->old.chunk_count * CHUNK_BYTES < 3 * alive);
    handle_close(machine.thread, &scope);
    fixture_close(&machine.fixture);
}

// Few objects, but so many globals that to look at all of them would take long.
static void many_globals_are_scanned_in_pieces(void **state) {
    (void)state;
    Machine machine;
    open_machine(&machine, (SomOptions){0});
    Value list = NIL;
    HandleScope scope;
    handle_open(machine.thread, &scope, &list, 1);
    grow_list(machine.thread, &list, 1000);
    for (int i = 0; i <= HEAP_COPIED_GLOBALS; i++) {
        char name[16];
        snprintf(name, sizeof name, "g%d", i);
        Global *global = global_named(machine.vm, symbol_named(machine.vm, name));
        global_set(machine.vm, global, i % 1000 ? value_of_integer(i) : list);
    }
    list = NIL;
    assert_false(heap_is_small(machine.heap));
    begin(&machine);
    assert_true(finish(&machine) > 5);
    for (int i = 0; i <= HEAP_COPIED_GLOBALS; i += 1000) {
        char name[16];
        snprintf(name, sizeof name, "g%d", i);
        check_list(global_named(machine.vm, symbol_named(machine.vm, name))->value, 1000);
    }
    handle_close(machine.thread, &scope);
    fixture_close(&machine.fixture);
}

static void a_wide_array_is_scanned_in_pieces(void **state) {
    (void)state;
    Machine machine;
    open_machine(&machine, (SomOptions){0});
    enum { COUNT = 2000000 };
    Value wide = value_of_object(new_array(machine.thread, COUNT));
    HandleScope scope;
    handle_open(machine.thread, &scope, &wide, 1);
    collect_nursery(machine.heap);
    begin(&machine);
    assert_true(finish(&machine) > 10);
    assert_int_equal(machine.heap->large_bytes, sizeof(Array) + sizeof(Value) * COUNT);
    handle_close(machine.thread, &scope);
    fixture_close(&machine.fixture);
}

// ---- Random changes ------------------------------------------------------------------

// A graph of arrays of all widths, each with its number, and beside it what it should be.
enum { NODES = 300, EDGES = 4, ROOTS = 8, GLOBALS = 3, STEPS = 20000 };

typedef struct Graph {
    Machine machine;
    unsigned seed;
    int edges[NODES][EDGES]; // numbers of nodes; -1: none
    int next;                // a number that is free or will be taken anew
    int roots[ROOTS + GLOBALS + 1];
    Value handles[ROOTS];
    Global *globals[GLOBALS];
    Array *literal;
} Graph;

static unsigned next_random(Graph *graph, unsigned limit) {
    graph->seed = graph->seed * 1664525 + 1013904223;
    return (graph->seed >> 8) % limit;
}

// The slot of a node for one of its edges, at either end of the array.
static Value *edge_slot(Value node, int edge) {
    Array *array = value_array(node);
    return edge < EDGES / 2 ? &array->elements[1 + edge]
                            : &array->elements[array->length - 1 - (edge - EDGES / 2)];
}

static Value root_value(const Graph *graph, int root) {
    return root < ROOTS             ? graph->handles[root]
           : root < ROOTS + GLOBALS ? graph->globals[root - ROOTS]->value
                                    : graph->literal->elements[0];
}

static void set_root(Graph *graph, int root, Value value, int number) {
    graph->roots[root] = number;
    if (root < ROOTS)
        graph->handles[root] = value;
    else if (root < ROOTS + GLOBALS)
        global_set(graph->machine.vm, graph->globals[root - ROOTS], value);
    else
        heap_store(graph->machine.thread, (Object *)graph->literal, &graph->literal->elements[0],
                   value);
}

static void check_node(const Graph *graph, Value value, int number, bool *seen) {
    if (number < 0) {
        assert_true(value == NIL);
        return;
    }
    assert_true(value_has_layout(value, LAYOUT_ARRAY));
    assert_true(value_array(value)->elements[0] == value_of_integer(number));
    if (seen[number])
        return;
    seen[number] = true;
    for (int edge = 0; edge < EDGES; edge++)
        check_node(graph, *edge_slot(value, edge), graph->edges[number][edge], seen);
}

static void note_reachable(const Graph *graph, int number, bool *seen) {
    if (number < 0 || seen[number])
        return;
    seen[number] = true;
    for (int edge = 0; edge < EDGES; edge++)
        note_reachable(graph, graph->edges[number][edge], seen);
}

static void check_graph(const Graph *graph) {
    bool seen[NODES] = {false};
    for (int root = 0; root < ROOTS + GLOBALS + 1; root++)
        check_node(graph, root_value(graph, root), graph->roots[root], seen);
}

// A number that no node has that can be reached; -1 if all have.
static int free_number(const Graph *graph) {
    bool seen[NODES] = {false};
    for (int root = 0; root < ROOTS + GLOBALS + 1; root++)
        note_reachable(graph, graph->roots[root], seen);
    for (int number = 0; number < NODES; number++)
        if (!seen[number])
            return number;
    return -1;
}

// Somewhere in the graph, from a root along a few edges; `number` is -1 for nothing.
static Value pick(Graph *graph, int *number) {
    int root = (int)next_random(graph, ROOTS + GLOBALS + 1);
    Value value = root_value(graph, root);
    *number = graph->roots[root];
    for (unsigned steps = next_random(graph, 6); steps > 0 && *number >= 0; steps--) {
        int edge = (int)next_random(graph, EDGES), following = graph->edges[*number][edge];
        if (following < 0)
            break;
        value = *edge_slot(value, edge);
        *number = following;
    }
    return value;
}

static void add_node(Graph *graph) {
    static const int64_t widths[] = {8, 8, 8, 20, 45, 100, 300, 9000, 20000, 40000};
    int number = free_number(graph);
    if (number < 0)
        return;
    unsigned kind = next_random(graph, 60);
    Value node =
        value_of_object(new_array(graph->machine.thread, widths[kind < 10 ? kind : kind % 7]));
    value_array(node)->elements[0] = value_of_integer(number);
    for (int edge = 0; edge < EDGES; edge++) {
        int other;
        Value value = pick(graph, &other);
        bool links = next_random(graph, 3) > 0;
        *edge_slot(node, edge) = links ? value : NIL;
        graph->edges[number][edge] = links ? other : -1;
    }
    set_root(graph, (int)next_random(graph, ROOTS + GLOBALS + 1), node, number);
}

static void change_edge(Graph *graph) {
    int from, to;
    Value node = pick(graph, &from), value = pick(graph, &to);
    if (from < 0)
        return;
    int edge = (int)next_random(graph, EDGES);
    if (next_random(graph, 4) == 0) {
        value = NIL;
        to = -1;
    }
    heap_store(graph->machine.thread, value_object(node), edge_slot(node, edge), value);
    graph->edges[from][edge] = to;
}

static void move_root(Graph *graph) {
    int number;
    Value value = pick(graph, &number);
    set_root(graph, (int)next_random(graph, ROOTS + GLOBALS + 1), value, number);
}

static void open_graph(Graph *graph, unsigned seed) {
    *graph = (Graph){.seed = seed};
    open_machine(&graph->machine, (SomOptions){.stress = true});
    Vm *vm = graph->machine.vm;
    memset(graph->edges, -1, sizeof graph->edges);
    memset(graph->roots, -1, sizeof graph->roots);
    for (int i = 0; i < ROOTS; i++)
        graph->handles[i] = NIL;
    for (int i = 0; i < GLOBALS; i++) {
        char name[16];
        snprintf(name, sizeof name, "node%d", i);
        graph->globals[i] = global_named(vm, symbol_named(vm, name));
        global_set(vm, graph->globals[i], NIL);
    }
    graph->literal = (Array *)heap_allocate_permanent(vm, vm->known.array_class->index,
                                                      LAYOUT_ARRAY, sizeof(Array) + sizeof(Value));
    graph->literal->length = 1;
    graph->literal->elements[0] = NIL;
    heap_note_permanent(vm, (Object *)graph->literal);
}

static void random_changes_lose_nothing(void **state) {
    (void)state;
    for (unsigned seed = 1; seed <= 3; seed++) {
        Graph graph;
        open_graph(&graph, seed);
        HandleScope scope;
        handle_open(graph.machine.thread, &scope, graph.handles, ROOTS);
        for (int step = 0; step < STEPS; step++) {
            unsigned what = next_random(&graph, 1000);
            if (what < 300)
                add_node(&graph);
            else if (what < 301)
                heap_collect(graph.machine.thread, NULL);
            else if (what < 800)
                change_edge(&graph);
            else
                move_root(&graph);
            if (step % 16 == 0)
                check_graph(&graph);
        }
        assert_true(heap_figures(graph.machine.vm).full_collections > 100);
        handle_close(graph.machine.thread, &scope);
        fixture_close(&graph.machine.fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marking_takes_many_slices_and_finds_what_is_alive),
        cmocka_unit_test(a_program_that_keeps_much_is_never_stopped_for_all_of_it),
        cmocka_unit_test(what_is_stored_into_a_black_object_survives),
        cmocka_unit_test(an_object_that_is_dead_is_remembered_no_more),
        cmocka_unit_test(a_collection_of_everything_in_the_midst_of_marking_loses_nothing),
        cmocka_unit_test(copying_in_the_midst_of_marking_loses_nothing),
        cmocka_unit_test(room_between_the_living_is_used_again),
        cmocka_unit_test(many_globals_are_scanned_in_pieces),
        cmocka_unit_test(a_wide_array_is_scanned_in_pieces),
        cmocka_unit_test(random_changes_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
