// See samples.h.
#include "runtime/profile/samples.h"

void samples_begin(GuestSamples *samples, Places *places) {
    *samples = (GuestSamples){.places = places};
    const CallNode root = {0};
    ARENA_PUSH(places->arena, &samples->nodes, root);
}

static size_t child_of(GuestSamples *samples, size_t parent, size_t routine) {
    Arena *arena = samples->places->arena;
    bool is_new;
    size_t number = 1 + pair_number(arena, &samples->node_keys, parent, routine, &is_new);
    if (is_new) {
        const CallNode node = {.parent = parent, .routine = routine};
        ARENA_PUSH(arena, &samples->nodes, node);
    }
    return number;
}

// The costs have places for all routines and lines that are known by now.
static void make_room(GuestSamples *samples) {
    const Places *places = samples->places;
    const Cost none = {0};
    while (samples->routines.count < places->routines.count)
        ARENA_PUSH(places->arena, &samples->routines, none);
    while (samples->lines.count < places->lines.count)
        ARENA_PUSH(places->arena, &samples->lines, none);
}

static void add_total(const GuestSamples *samples, Cost *cost, uint64_t time) {
    if (cost->met != samples->count)
        cost->total += time;
    cost->met = samples->count;
}

static void add_self(Cost *cost, uint64_t time) {
    cost->self += time;
    cost->samples++;
}

// A caller's pc is behind its send already; the youngest frame's is at what it does.
void samples_add(GuestSamples *samples, const Thread *thread, const Frame *frame, uint64_t time) {
    size_t lines[SAMPLES_DEPTH], depth = 0;
    const Frame *each = frame;
    for (; each->caller && depth < SAMPLES_DEPTH; each = watermark_caller(thread, each))
        lines[depth++] =
            places_line(samples->places, each, each == frame ? each->pc : each->pc - 1);
    samples->count++;
    samples->time += time;
    size_t node = 0;
    if (each->caller) {
        samples->cut++;
        node = child_of(samples, node, places_routine_cut(samples->places));
    }
    make_room(samples);
    for (size_t i = depth; i-- > 0;) {
        size_t routine = samples->places->lines.items[lines[i]].routine;
        node = child_of(samples, node, routine);
        add_total(samples, &samples->routines.items[routine], time);
        add_total(samples, &samples->lines.items[lines[i]], time);
    }
    samples->nodes.items[node].self += time;
    samples->nodes.items[node].samples++;
    if (depth) {
        add_self(&samples->lines.items[lines[0]], time);
        add_self(&samples->routines.items[samples->places->lines.items[lines[0]].routine], time);
    }
}

// A cost of its own outweighs any total; both have room for more than a day.
uint64_t cost_weight(const void *cost) {
    const Cost *ranked = cost;
    return ranked->self ? UINT64_C(1) << 63 | ranked->self : ranked->total;
}
