// What an observer is told, and what a profile makes of it: numbers for pairs, rankings, samples of
// stacks, allocation and survivors, misses. Time is given, not measured.
#include "tests/unit/runtime_lists.h"

#include "runtime/profile/profile.h"
#include "runtime/profile/ranking.h"

static void open_machine(Fixture *fixture, SomOptions options) {
    fixture_open_engine(fixture, true);
    assert_true(fixture_open_vm(fixture, options));
}

// ---- Tables ----------------------------------------------------------------------------

static void pairs_are_numbered_in_the_order_of_their_first_time(void **state) {
    (void)state;
    enum { COUNT = 10000 };
    Arena *arena = arena_new();
    PairTable table = {0};
    bool is_new;
    for (uint64_t i = 0; i < COUNT; i++) {
        assert_int_equal(pair_number(arena, &table, i % 100, i / 100, &is_new), i);
        assert_true(is_new);
    }
    for (uint64_t i = COUNT; i-- > 0;) {
        assert_int_equal(pair_number(arena, &table, i % 100, i / 100, &is_new), i);
        assert_false(is_new);
    }
    assert_int_equal(table.count, COUNT);
    // The two places are not the same.
    assert_int_equal(pair_number(arena, &table, 100, 1, &is_new), COUNT);
    assert_true(is_new);
    arena_free(arena);
}

static uint64_t weight_of(const void *item) {
    return *(const uint64_t *)item;
}

static void a_ranking_has_the_greatest_first_and_none_of_nothing(void **state) {
    (void)state;
    const uint64_t weights[] = {3, 0, UINT64_MAX, 3, 7};
    const int order[] = {2, 4, 0, 3};
    Ranking ranking = ranking_make(weights, 5, sizeof *weights, weight_of);
    assert_int_equal(ranking.count, 4);
    for (int i = 0; i < 4; i++)
        assert_ptr_equal(ranking.items[i], &weights[order[i]]);
    ranking_free(&ranking);
    ranking = ranking_make(NULL, 0, sizeof *weights, weight_of);
    assert_int_equal(ranking.count, 0);
    ranking_free(&ranking);
}

// ---- Observing -------------------------------------------------------------------------

typedef struct Seen {
    size_t made, bytes, survived, collections;
    const Object *young[1000];
    size_t young_count;
} Seen;

static void note_allocated(void *context, const Frame *frame, const Object *object, size_t size) {
    Seen *seen = context;
    (void)frame;
    seen->made++;
    seen->bytes += size;
    seen->young[seen->young_count++ % 1000] = object;
}

static void note_collected(void *context, const Heap *heap) {
    Seen *seen = context;
    assert_true(seen->young_count <= 1000);
    for (size_t i = 0; i < seen->young_count; i++)
        seen->survived += heap_survives(heap, seen->young[i]);
    seen->young_count = 0;
    seen->collections++;
}

static VmObserver observer_for(Seen *seen) {
    return (VmObserver){.context = seen, .allocated = note_allocated, .collected = note_collected};
}

// 40 of them large from the start, of which the last lives.
static void make_some(Fixture *fixture, Value *kept) {
    Thread *thread = fixture->vm->thread;
    grow_list(thread, &kept[0], 100);
    for (int i = 0; i < 500; i++)
        new_array(thread, 3);
    for (int i = 0; i < 40; i++)
        kept[1] = value_of_object(new_array(thread, HEAP_NURSERY_MOST / sizeof(Value)));
}

static void an_observer_is_told_of_every_object_and_of_survivors(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Thread *thread = fixture.vm->thread;
    Value kept[2] = {NIL, NIL};
    HandleScope scope;
    handle_open(thread, &scope, kept, 2);
    new_array(thread, 1); // the thread has a piece of the nursery now, which nobody may use
    uint64_t before = heap_figures(fixture.vm).allocated;
    Seen seen = {0};
    VmObserver observer = observer_for(&seen);
    vm_observe(fixture.vm, &observer);
    assert_int_equal(heap_figures(fixture.vm).allocated, before);
    make_some(&fixture, kept);
    // The large ones have a collection when they are too many; the first to come decides of all
    // small ones, and of the large ones it finds one alive.
    heap_collect(thread, NULL);
    assert_int_equal(seen.made, 100 + 500 + 40);
    assert_int_equal(seen.young_count, 0);
    assert_int_equal(seen.survived, 100 + seen.collections);
    size_t large = sizeof(Array) + HEAP_NURSERY_MOST, cell = sizeof(Array) + 2 * sizeof(Value);
    assert_int_equal(seen.bytes, 100 * cell + 500 * object_round(cell + 8) + 40 * large);
    check_list(kept[0], 100);
    // Nobody is told any more.
    vm_observe(fixture.vm, NULL);
    new_array(thread, 1);
    heap_collect(thread, NULL);
    assert_int_equal(seen.made, 640);
    handle_close(thread, &scope);
    fixture_close(&fixture);
}

static void under_stress_it_is_told_as_well(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){.stress = true});
    Thread *thread = fixture.vm->thread;
    Value kept[2] = {NIL, NIL};
    HandleScope scope;
    handle_open(thread, &scope, kept, 2);
    Seen seen = {0};
    VmObserver observer = observer_for(&seen);
    vm_observe(fixture.vm, &observer);
    grow_list(thread, &kept[0], 50);
    new_array(thread, 1);
    new_array(thread, 1);
    heap_collect(thread, NULL);
    assert_int_equal(seen.made, 52);
    assert_int_equal(seen.survived, 50);
    vm_observe(fixture.vm, NULL);
    handle_close(thread, &scope);
    fixture_close(&fixture);
}

// ---- Samples ---------------------------------------------------------------------------

static Routine *routine_named(const Profile *profile, const char *label) {
    for (size_t i = 0; i < profile->places.routines.count; i++)
        if (!strcmp(profile->places.routines.items[i].label, label))
            return &profile->places.routines.items[i];
    return NULL;
}

static Cost cost_of(const Profile *profile, const char *label) {
    const Routine *routine = routine_named(profile, label);
    assert_non_null(routine);
    return profile->samples.routines.items[routine - profile->places.routines.items];
}

// Takes a sample of 10 ns at each miss, so it is known where.
typedef struct Sampling {
    Profile *profile;
    VmObserver observer;
} Sampling;

static void sample_miss(void *context, const Frame *frame, const CallSite *site, Value receiver) {
    Sampling *sampling = context;
    (void)site, (void)receiver;
    samples_add(&sampling->profile->samples, sampling->profile->vm->thread, frame, 10);
}

// Each site misses once, whoever comes by later. Of the frames of a recursion only one counts.
static void samples_have_self_and_total_and_stacks(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Profile *profile = profile_start(fixture.vm, PROFILE_SENDS);
    Sampling sampling = {profile, {.context = &sampling, .filled = sample_miss}};
    vm_observe(fixture.vm, &sampling.observer);
    fixture_class(&fixture, "Walk",
                  "Walk = (\n"
                  "  test = ( self down: 3.\n"
                  "    ^self leaf )\n"
                  "  down: depth = ( depth = 0 ifTrue: [ ^self leaf ].\n"
                  "    ^self down: depth - 1 )\n"
                  "  leaf = ( ^3 asString ) )\n");
    assert_string_equal(fixture_run(&fixture, "Walk"), "3");
    profile_stop(profile);
    Cost test = cost_of(profile, "Walk>>test"), down = cost_of(profile, "Walk>>down:");
    Cost leaf = cost_of(profile, "Walk>>leaf");
    // `test` sends `down:` and `leaf`, `down:` sends the same, and `leaf` sends `asString`.
    assert_int_equal(test.samples, 2);
    assert_int_equal(test.self, 20);
    assert_int_equal(down.samples, 2);
    assert_int_equal(leaf.samples, 1);
    // It was called from `down:` at first.
    assert_int_equal(down.total, down.self + leaf.total);
    assert_int_equal(test.total, test.self + down.total);
    Text folded = {0};
    profile_folded(profile, &folded);
    assert_string_equal(text_chars(&folded), ""); // all is less than a microsecond
    text_free(&folded);
    profile_free(profile);
    fixture_close(&fixture);
}

// ---- Reports ---------------------------------------------------------------------------

static void a_profile_of_nothing_is_whole(void **state) {
    (void)state;
    Fixture fixture;
    open_machine(&fixture, (SomOptions){0});
    Profile *profile = profile_start(fixture.vm, PROFILE_ALL);
    assert_non_null(profile);
    profile_stop(profile);
    Text text = {0};
    profile_json(profile, &text);
    assert_string_equal(
        text_chars(&text),
        "{\n  \"time\": {\"microseconds\": 0, \"samples\": 0, \"period\": 2000, \"depth\": 128, "
        "\"cut\": 0, \"methods\": [], \"lines\": [], \"stacks\": []},\n"
        "  \"allocation\": {\"objects\": 0, \"bytes\": 0, \"survived\": 0, \"survived_bytes\": 0, "
        "\"undecided\": 0, \"sites\": []},\n"
        "  \"sends\": {\"misses\": 0, \"kinds\": [], \"sites\": []}\n}\n");
    text_free(&text);
    profile_tables(profile, &text);
    assert_non_null(strstr(text_chars(&text), "Allocation: 0 objects of 0 bytes\n"));
    assert_non_null(strstr(text_chars(&text), "No site has missed twice\n"));
    text_free(&text);
    profile_free(profile);
    fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_numbered_in_the_order_of_their_first_time),
        cmocka_unit_test(a_ranking_has_the_greatest_first_and_none_of_nothing),
        cmocka_unit_test(an_observer_is_told_of_every_object_and_of_survivors),
        cmocka_unit_test(under_stress_it_is_told_as_well),
        cmocka_unit_test(samples_have_self_and_total_and_stacks),
        cmocka_unit_test(a_profile_of_nothing_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
