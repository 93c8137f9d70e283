// See line_diff.h. Lines become numbers (equal lines the same one), so that comparing two is
// comparing integers. An edit is a path through the grid of both texts' lines, from the top left
// to the bottom right: a step down inserts a line, one to the right deletes one, and a diagonal
// one, which costs nothing, keeps a line. Myers' algorithm finds the path with the fewest steps
// by following, for each number of steps, the farthest point on each diagonal. Here it is
// searched from both ends at once; where the searches meet is the middle of a shortest path, and
// the two halves are solved alike. So the memory is linear, and nothing of the way is recorded.
//
// The time grows with lines times steps, which is quadratic where everything differs. So a search
// that has made very many steps gives up the shortest path, and goes by the point it got farthest
// to. That is a way, too, and each such search has then covered more lines than it made steps.
#include "support/line_diff.h"

#include "support/arena.h"
#include "support/hash.h"

#include <stdint.h>
#include <string.h>

enum {
    CONTEXT = 3,
    FEW_STEPS = 256,      // that a search may always make
    MUCH_WORK = 50000000, // lines times steps for which more are allowed
};

typedef struct Line {
    const char *start;
    size_t length;
} Line;

typedef struct Side {
    Line *lines;
    int *numbers;
    bool *changed; // deleted from `before`, or inserted in `after`
    int count;
} Side;

typedef struct Diff {
    Side sides[2];
    // How far a diagonal (a line of the first text, minus one of the second) was followed by the
    // search from either end, at the index diagonal + offset.
    int *from_start, *from_end;
    int offset;
    int most_steps; // of one search
} Diff;

static Side split(Arena *arena, const char *text) {
    Side side = {0};
    int most = 1;
    for (const char *c = text; *c; c++)
        most += *c == '\n';
    side.lines = ARENA_ARRAY(arena, Line, most);
    side.numbers = ARENA_ARRAY(arena, int, most);
    side.changed = ARENA_ARRAY(arena, bool, most);
    while (*text) {
        size_t length = strcspn(text, "\n");
        side.lines[side.count++] = (Line){text, length};
        text += length + (text[length] == '\n');
    }
    return side;
}

static bool same(Line a, Line b) {
    return a.length == b.length && memcmp(a.start, b.start, a.length) == 0;
}

// A hash table with linear probing, at most half full, for both texts' lines.
static void number_lines(Arena *arena, Diff *diff) {
    size_t capacity = 16, total = (size_t)(diff->sides[0].count + diff->sides[1].count);
    while (capacity < total * 2)
        capacity *= 2;
    Line *lines = ARENA_ARRAY(arena, Line, capacity);
    int *numbers = ARENA_ARRAY(arena, int, capacity), next = 0;
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < diff->sides[s].count; i++) {
            Line line = diff->sides[s].lines[i];
            uint64_t hash = hash_more(HASH_OF_NOTHING, line.start, line.length);
            size_t place = (size_t)(hash ^ hash >> 32) & (capacity - 1);
            while (lines[place].start && !same(lines[place], line))
                place = (place + 1) & (capacity - 1);
            if (!lines[place].start) {
                lines[place] = line;
                numbers[place] = next++;
            }
            diff->sides[s].numbers[i] = numbers[place];
        }
}

// The lines [a, a_end) of the one text and [b, b_end) of the other.
typedef struct Box {
    int a, a_end, b, b_end;
} Box;

// The point farthest from the box's start that an edit of so many steps gets to. Searches run on
// beyond the box; to stay at its border costs no more. It is not the box's end, for then the
// searches had met.
static void find_farthest(const Diff *diff, Box box, int steps, int *a, int *b) {
    const int *from_start = diff->from_start + diff->offset;
    int top = box.a - box.b;
    *a = box.a;
    *b = box.b;
    for (int k = top - steps; k <= top + steps; k += 2) {
        int x = from_start[k], y = x - k;
        x = x < box.a_end ? x : box.a_end;
        y = y < box.b_end ? y : box.b_end;
        if (x + y > *a + *b) {
            *a = x;
            *b = y;
        }
    }
}

// A point that an edit of the box goes through, other than its two corners: a shortest one, if
// it can be had. The box begins and ends with different lines, and neither side is empty.
static void find_middle(const Diff *diff, Box box, int *a, int *b) {
    const int *before = diff->sides[0].numbers, *after = diff->sides[1].numbers;
    int *from_start = diff->from_start + diff->offset, *from_end = diff->from_end + diff->offset;
    int top = box.a - box.b, bottom = box.a_end - box.b_end;
    // The number of steps has the parity of the corners' diagonals' distance: if that is odd, the
    // searches meet when the first has made one step more than the other, else after equally many.
    bool odd = ((bottom - top) & 1) != 0;
    from_start[top + 1] = box.a;
    from_end[bottom - 1] = box.a_end;
    for (int steps = 0;; steps++) {
        for (int k = top + steps; k >= top - steps; k -= 2) {
            bool down =
                k == top - steps || (k != top + steps && from_start[k - 1] < from_start[k + 1]);
            int x = down ? from_start[k + 1] : from_start[k - 1] + 1, y = x - k;
            while (x < box.a_end && y < box.b_end && y >= box.b && before[x] == after[y])
                x++, y++;
            from_start[k] = x;
            if (odd && k >= bottom - steps + 1 && k <= bottom + steps - 1 && x >= from_end[k]) {
                *a = x;
                *b = y;
                return;
            }
        }
        for (int k = bottom + steps; k >= bottom - steps; k -= 2) {
            bool up =
                k == bottom + steps || (k != bottom - steps && from_end[k - 1] < from_end[k + 1]);
            int x = up ? from_end[k - 1] : from_end[k + 1] - 1, y = x - k;
            while (x > box.a && y > box.b && y <= box.b_end && before[x - 1] == after[y - 1])
                x--, y--;
            from_end[k] = x;
            if (!odd && k >= top - steps && k <= top + steps && x <= from_start[k]) {
                *a = x;
                *b = y;
                return;
            }
        }
        if (steps == diff->most_steps) {
            find_farthest(diff, box, steps, a, b);
            return;
        }
    }
}

// What begins or ends alike is kept, as a shortest edit may always do; what then has lines on one
// side only is changed. The rest is parted in two, of which the second may be nearly all, and is
// therefore no recursion.
static void compare(Diff *diff, Box box) {
    Side *before = &diff->sides[0], *after = &diff->sides[1];
    for (;;) {
        while (box.a < box.a_end && box.b < box.b_end &&
               before->numbers[box.a] == after->numbers[box.b])
            box.a++, box.b++;
        while (box.a < box.a_end && box.b < box.b_end &&
               before->numbers[box.a_end - 1] == after->numbers[box.b_end - 1])
            box.a_end--, box.b_end--;
        if (box.a == box.a_end || box.b == box.b_end)
            break;
        int a, b;
        find_middle(diff, box, &a, &b);
        compare(diff, (Box){box.a, a, box.b, b});
        box.a = a;
        box.b = b;
    }
    memset(before->changed + box.a, true, (size_t)(box.a_end - box.a));
    memset(after->changed + box.b, true, (size_t)(box.b_end - box.b));
}

static void print_line(Text *out, const char *mark, Line line) {
    text_add(out, mark);
    text_add_bytes(out, line.start, line.length);
    text_add(out, "\n");
}

// One hunk, from a changed line on: it goes on while changes are near each other, that is, while
// their contexts touch. How far it really goes is known only when enough lines have followed
// that were kept, so what was printed in vain is cut off again.
static void print_hunk(const Diff *diff, int *a, int *b, Text *out) {
    const Side *before = &diff->sides[0], *after = &diff->sides[1];
    int context = *a < CONTEXT ? *a : CONTEXT;
    int from_a = *a - context, from_b = *b - context, kept = 0;
    Text body = {0};
    for (int i = from_a; i < *a; i++)
        print_line(&body, " ", before->lines[i]);
    int end_a = *a, end_b = *b;
    size_t useful = 0; // the body's length with no more than the context wanted
    int useful_a = *a, useful_b = *b;
    while (kept <= 2 * CONTEXT && (end_a < before->count || end_b < after->count)) {
        if (end_a < before->count && before->changed[end_a]) {
            print_line(&body, "-", before->lines[end_a++]);
            kept = 0;
        } else if (end_b < after->count && after->changed[end_b]) {
            print_line(&body, "+", after->lines[end_b++]);
            kept = 0;
        } else {
            print_line(&body, " ", before->lines[end_a++]);
            end_b++;
            kept++;
        }
        if (kept <= CONTEXT) {
            useful = body.length;
            useful_a = end_a;
            useful_b = end_b;
        }
    }
    text_addf(out, "@@ -%d,%d +%d,%d @@\n", from_a + (useful_a > from_a), useful_a - from_a,
              from_b + (useful_b > from_b), useful_b - from_b);
    text_add_bytes(out, text_chars(&body), useful);
    text_free(&body);
    *a = useful_a;
    *b = useful_b;
}

static Diff diff_new(Arena *arena, const char *before, const char *after) {
    Diff diff = {.sides = {split(arena, before), split(arena, after)}};
    number_lines(arena, &diff);
    int a_count = diff.sides[0].count, b_count = diff.sides[1].count;
    // Searches go at most as far beyond the corners' diagonals as both texts are long.
    diff.offset = 2 * (a_count + b_count) + 2;
    diff.most_steps = FEW_STEPS + MUCH_WORK / (a_count + b_count + 1);
    diff.from_start = ARENA_ARRAY(arena, int, 2 * diff.offset + 1);
    diff.from_end = ARENA_ARRAY(arena, int, 2 * diff.offset + 1);
    compare(&diff, (Box){0, a_count, 0, b_count});
    return diff;
}

static bool is_changed(const Side *side, int line) {
    return line < side->count && side->changed[line];
}

bool line_diff(const char *before, const char *after, Text *out) {
    Arena *arena = arena_new();
    Diff diff = diff_new(arena, before, after);
    bool differs = false;
    for (int a = 0, b = 0; a < diff.sides[0].count || b < diff.sides[1].count;) {
        if (is_changed(&diff.sides[0], a) || is_changed(&diff.sides[1], b)) {
            differs = true;
            print_hunk(&diff, &a, &b, out);
        } else {
            a++, b++;
        }
    }
    arena_free(arena);
    return differs;
}

LineChanges line_changes(Arena *arena, const char *before, const char *after) {
    Arena *scratch = arena_new();
    Diff diff = diff_new(scratch, before, after);
    LineChanges changes = {0};
    for (int a = 0, b = 0; a < diff.sides[0].count || b < diff.sides[1].count; a++, b++) {
        LineChange change = {.before = a, .after = b};
        for (; is_changed(&diff.sides[0], a); a++)
            change.removed++;
        for (; is_changed(&diff.sides[1], b); b++)
            change.added++;
        if (change.removed || change.added)
            ARENA_PUSH(arena, &changes, change);
    }
    arena_free(scratch);
    return changes;
}
