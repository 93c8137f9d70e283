// See line_diff.h. Lines become numbers (equal lines the same one), the middle of a
// shortest edit is searched from both ends, and the halves are solved alike.
#include "support/line_diff.h"

#include "support/arena.h"

#include <stdint.h>
#include <string.h>

enum { CONTEXT = 3 };

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
    int *ahead, *behind; // how far a diagonal was followed, by diagonal + offset
    int offset;
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

static uint64_t hash(Line line) {
    uint64_t bits = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < line.length; i++)
        bits = (bits ^ (unsigned char)line.start[i]) * UINT64_C(0x100000001b3);
    return bits ^ bits >> 32;
}

static bool same(Line a, Line b) {
    return a.length == b.length && memcmp(a.start, b.start, a.length) == 0;
}

static void number_lines(Arena *arena, Diff *diff) {
    size_t capacity = 16, total = (size_t)(diff->sides[0].count + diff->sides[1].count);
    while (capacity < total * 2)
        capacity *= 2;
    Line *lines = ARENA_ARRAY(arena, Line, capacity);
    int *numbers = ARENA_ARRAY(arena, int, capacity), next = 0;
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < diff->sides[s].count; i++) {
            Line line = diff->sides[s].lines[i];
            size_t place = (size_t)hash(line) & (capacity - 1);
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

// A point that a shortest edit of the box goes through, other than its two corners.
// The box begins and ends with different lines, and neither side is empty.
static void find_middle(const Diff *diff, Box box, int *a, int *b) {
    const int *before = diff->sides[0].numbers, *after = diff->sides[1].numbers;
    int *ahead = diff->ahead + diff->offset, *behind = diff->behind + diff->offset;
    int top = box.a - box.b, bottom = box.a_end - box.b_end;
    bool odd = ((bottom - top) & 1) != 0;
    ahead[top + 1] = box.a;
    behind[bottom - 1] = box.a_end;
    for (int steps = 0;; steps++) {
        for (int k = top + steps; k >= top - steps; k -= 2) {
            bool down = k == top - steps || (k != top + steps && ahead[k - 1] < ahead[k + 1]);
            int x = down ? ahead[k + 1] : ahead[k - 1] + 1, y = x - k;
            while (x < box.a_end && y < box.b_end && y >= box.b && before[x] == after[y])
                x++, y++;
            ahead[k] = x;
            if (odd && k >= bottom - steps + 1 && k <= bottom + steps - 1 && x >= behind[k]) {
                *a = x;
                *b = y;
                return;
            }
        }
        for (int k = bottom + steps; k >= bottom - steps; k -= 2) {
            bool up = k == bottom + steps || (k != bottom - steps && behind[k - 1] < behind[k + 1]);
            int x = up ? behind[k - 1] : behind[k + 1] - 1, y = x - k;
            while (x > box.a && y > box.b && y <= box.b_end && before[x - 1] == after[y - 1])
                x--, y--;
            behind[k] = x;
            if (!odd && k >= top - steps && k <= top + steps && x <= ahead[k]) {
                *a = x;
                *b = y;
                return;
            }
        }
    }
}

static void compare(Diff *diff, Box box) {
    Side *before = &diff->sides[0], *after = &diff->sides[1];
    while (box.a < box.a_end && box.b < box.b_end &&
           before->numbers[box.a] == after->numbers[box.b])
        box.a++, box.b++;
    while (box.a < box.a_end && box.b < box.b_end &&
           before->numbers[box.a_end - 1] == after->numbers[box.b_end - 1])
        box.a_end--, box.b_end--;
    if (box.a == box.a_end || box.b == box.b_end) {
        memset(before->changed + box.a, true, (size_t)(box.a_end - box.a));
        memset(after->changed + box.b, true, (size_t)(box.b_end - box.b));
        return;
    }
    int a, b;
    find_middle(diff, box, &a, &b);
    compare(diff, (Box){box.a, a, box.b, b});
    compare(diff, (Box){a, box.a_end, b, box.b_end});
}

static void print_line(Text *out, const char *mark, Line line) {
    text_add(out, mark);
    text_add_bytes(out, line.start, line.length);
    text_add(out, "\n");
}

// One hunk, from a changed line on: it goes on while changes are near each other.
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

bool line_diff(const char *before, const char *after, Text *out) {
    Arena *arena = arena_new();
    Diff diff = {.sides = {split(arena, before), split(arena, after)}};
    number_lines(arena, &diff);
    int a_count = diff.sides[0].count, b_count = diff.sides[1].count;
    // Searches go at most as far beyond the corners' diagonals as both texts are long.
    diff.offset = 2 * (a_count + b_count) + 2;
    diff.ahead = ARENA_ARRAY(arena, int, 2 * diff.offset + 1);
    diff.behind = ARENA_ARRAY(arena, int, 2 * diff.offset + 1);
    compare(&diff, (Box){0, a_count, 0, b_count});
    bool differs = false;
    for (int a = 0, b = 0; a < a_count || b < b_count;) {
        if ((a < a_count && diff.sides[0].changed[a]) ||
            (b < b_count && diff.sides[1].changed[b])) {
            differs = true;
            print_hunk(&diff, &a, &b, out);
        } else {
            a++, b++;
        }
    }
    arena_free(arena);
    return differs;
}
