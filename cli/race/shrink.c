// See shrink.h. What ddmin leaves is least in one respect: nothing can be taken from it alone. But
// switches come in twos, there and back, and back alone is another schedule: so twos are tried,
// too, when few are left. And schedules may be long, where ddmin's own work grows with the square:
// so it gets decisions in groups first, and a group is one decision in the end.
#include "cli/race/shrink.h"

#include "support/arena.h"
#include "support/hash.h"

#include <stdint.h>
#include <string.h>

enum {
    FEW = 32,           // of so many decisions there are 496 twos
    MOST_GROUPS = 1024, // that ddmin gets
};

typedef struct Search {
    Arena *arena;
    bool *kept, *candidate;
    size_t count, most_runs, runs;
    bool is_cut; // the test would have been asked once more
    DdminTest *test;
    void *context;
    ARENA_VECTOR(uint64_t) refused; // hashes: so few that they are looked through
} Search;

static bool was_refused(const Search *search, uint64_t hash) {
    for (size_t i = 0; i < search->refused.count; i++)
        if (search->refused.items[i] == hash)
            return true;
    return false;
}

// What is refused once more is known; what is accepted is never asked again.
static bool ask(Search *search, const bool *kept, size_t count) {
    if (search->is_cut)
        return false;
    uint64_t hash = hash_more(HASH_OF_NOTHING, kept, count * sizeof *kept);
    if (was_refused(search, hash))
        return false;
    if (search->runs == search->most_runs) {
        search->is_cut = true;
        return false;
    }
    search->runs++;
    if (search->test(search->context, kept, count))
        return true;
    ARENA_PUSH(search->arena, &search->refused, hash);
    return false;
}

static size_t count_kept(const Search *search) {
    size_t left = 0;
    for (size_t i = 0; i < search->count; i++)
        left += search->kept[i];
    return left;
}

// Takes these two away (which may be one), if that still fails.
static bool take_away(Search *search, size_t one, size_t other) {
    memcpy(search->candidate, search->kept, search->count * sizeof *search->kept);
    search->candidate[one] = search->candidate[other] = false;
    if (!ask(search, search->candidate, search->count))
        return false;
    memcpy(search->kept, search->candidate, search->count * sizeof *search->kept);
    return true;
}

static bool take_one(Search *search) {
    for (size_t i = 0; i < search->count && !search->is_cut; i++)
        if (search->kept[i] && take_away(search, i, i))
            return true;
    return false;
}

static bool take_two(Search *search) {
    if (count_kept(search) > FEW)
        return false;
    for (size_t i = 0; i < search->count && !search->is_cut; i++)
        for (size_t j = i + 1; search->kept[i] && j < search->count; j++)
            if (search->kept[j] && take_away(search, i, j))
                return true;
    return false;
}

// ---- In groups ------------------------------------------------------------------------------

// `group_of` says of each decision in which group it is, where it is kept.
typedef struct Groups {
    Search *search;
    size_t *group_of;
} Groups;

static bool ask_groups(void *context, const bool *kept, size_t count) {
    (void)count;
    const Groups *groups = context;
    Search *search = groups->search;
    for (size_t i = 0; i < search->count; i++)
        search->candidate[i] = search->kept[i] && kept[groups->group_of[i]];
    return ask(search, search->candidate, search->count);
}

// True if that took any away.
static bool reduce_groups(Search *search, size_t group_count) {
    Groups groups = {search, ARENA_ARRAY(search->arena, size_t, search->count + 1)};
    bool *kept = ARENA_ARRAY(search->arena, bool, group_count);
    memset(kept, true, group_count * sizeof *kept);
    size_t left = count_kept(search), seen = 0;
    for (size_t i = 0; i < search->count; i++)
        if (search->kept[i])
            groups.group_of[i] = seen++ * group_count / left;
    bool any = ddmin(kept, group_count, ask_groups, &groups) < group_count;
    for (size_t i = 0; i < search->count; i++)
        search->kept[i] = search->kept[i] && kept[groups.group_of[i]];
    return any;
}

static void reduce(Search *search) {
    for (size_t left; (left = count_kept(search)) > 0 && !search->is_cut;) {
        bool single = left <= MOST_GROUPS;
        if (!reduce_groups(search, single ? left : MOST_GROUPS) || single)
            return;
    }
}

Shrinking shrink(bool *kept, size_t count, size_t most_runs, DdminTest *test, void *context) {
    Search search = {.arena = arena_new(),
                     .kept = kept,
                     .count = count,
                     .most_runs = most_runs,
                     .test = test,
                     .context = context};
    search.candidate = ARENA_ARRAY(search.arena, bool, count + 1);
    memset(kept, true, count * sizeof *kept);
    bool fails = ask(&search, kept, count);
    if (fails) {
        reduce(&search);
        while (take_one(&search) || take_two(&search))
            continue;
    }
    Shrinking result = {.left = count_kept(&search),
                        .runs = search.runs,
                        .fails = fails,
                        .is_least = fails && !search.is_cut};
    arena_free(search.arena);
    return result;
}
