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

// The lines that the stack is in, the youngest first; answers how many. `*cut` says whether there
// are more. A caller's pc is behind its send already; the youngest frame's is at what it does.
static size_t look(Places *places, const Thread *thread, const Frame *frame,
                   size_t lines[SAMPLES_DEPTH], bool *cut) {
    size_t depth = 0;
    lines[depth++] = places_line(places, frame, frame->pc);
    const Frame *each = watermark_caller(thread, frame);
    for (; each && each->caller && depth < SAMPLES_DEPTH; each = watermark_caller(thread, each))
        lines[depth++] = places_line(places, each, each->pc - 1);
    *cut = each && each->caller;
    return depth;
}

void samples_add(GuestSamples *samples, const Thread *thread, const Frame *frame, uint64_t time) {
    size_t lines[SAMPLES_DEPTH], node = 0;
    bool cut;
    size_t depth = look(samples->places, thread, frame, lines, &cut);
    samples->count++;
    samples->time += time;
    if (cut) {
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
    add_self(&samples->lines.items[lines[0]], time);
    add_self(&samples->routines.items[samples->places->lines.items[lines[0]].routine], time);
}

// A cost of its own outweighs any total; both have room for more than a day.
uint64_t cost_weight(const void *cost) {
    const Cost *ranked = cost;
    return ranked->self ? UINT64_C(1) << 63 | ranked->self : ranked->total;
}
