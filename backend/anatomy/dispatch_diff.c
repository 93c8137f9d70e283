// See dispatch_diff.h. A longest common subsequence (Wagner and Fischer 1974), with a weight:
// paths have a dozen instructions, so the table of all pairs is small.
#include "backend/anatomy/dispatch_diff.h"

#include <string.h>

// Two of one class count for more than any number that only have the same text besides.
enum { SAME_CLASS = 1000, SAME_TEXT = 1 };

static long likeness(const DispatchRow *left, const DispatchRow *right) {
    if (left->class != right->class)
        return 0;
    bool same = strcmp(left->instruction->text, right->instruction->text) == 0;
    return SAME_CLASS + (same ? SAME_TEXT : 0);
}

// best[i * (right + 1) + j]: of the rows from i and from j on.
static long *find_best(Arena *arena, const DispatchRows *left, const DispatchRows *right) {
    size_t width = right->count + 1;
    long *best = ARENA_ARRAY(arena, long, (left->count + 1) * width);
    for (size_t i = left->count; i-- > 0;)
        for (size_t j = right->count; j-- > 0;) {
            long like = likeness(&left->items[i], &right->items[j]);
            long paired = like ? like + best[(i + 1) * width + j + 1] : 0;
            long down = best[(i + 1) * width + j], across = best[i * width + j + 1];
            long most = down > across ? down : across;
            best[i * width + j] = paired > most ? paired : most;
        }
    return best;
}

// What only the left one has comes first, as in a diff of lines.
static void pair_rows(DispatchDiff *diff) {
    const DispatchRows *left = &diff->rows[0], *right = &diff->rows[1];
    size_t width = right->count + 1;
    const long *best = find_best(diff->arena, left, right);
    for (size_t i = 0, j = 0; i < left->count || j < right->count;) {
        DispatchPair pair = {0};
        long like =
            i < left->count && j < right->count ? likeness(&left->items[i], &right->items[j]) : 0;
        bool paired = like && best[i * width + j] == like + best[(i + 1) * width + j + 1];
        bool skips_left =
            !paired && i < left->count && best[i * width + j] == best[(i + 1) * width + j];
        if (paired || skips_left)
            pair.rows[0] = &left->items[i++];
        if (paired || !skips_left)
            pair.rows[1] = &right->items[j++];
        ARENA_PUSH(diff->arena, &diff->pairs, pair);
    }
}

DispatchDiff *dispatch_diff_new(Arena *arena, const DispatchReport *left,
                                const DispatchReport *right) {
    DispatchDiff *diff = ARENA_NEW(arena, DispatchDiff);
    *diff = (DispatchDiff){.arena = arena, .reports = {left, right}};
    for (int side = 0; side < 2; side++) {
        diff->bytecodes[side] = dispatch_report_shown(diff->reports[side]).shown;
        if (diff->bytecodes[side])
            diff->rows[side] =
                dispatch_rows_path(diff->reports[side], diff->bytecodes[side], false);
    }
    pair_rows(diff);
    return diff;
}
