// Strings of pseudo-random letters counted in a hash table, whose counts are sorted by a heap:
// bytes, integers and memory. The argument is the number of strings.
#include "program.h"

enum { SLOTS = 1 << 14, LENGTH = 8, HEAP = SLOTS };

typedef struct Slot {
    char text[LENGTH];
    int length, count;
} Slot;

static Slot slots[SLOTS];
static int heap[HEAP];
static unsigned state = 12345;

static unsigned next(unsigned below) {
    state = state * 1103515245u + 12345u;
    return (state >> 16) % below;
}

static unsigned hash(const char *text, int length) {
    unsigned sum = 2166136261u;
    for (int i = 0; i < length; i++)
        sum = (sum ^ (unsigned char)text[i]) * 16777619u;
    return sum;
}

static int same(const Slot *slot, const char *text, int length) {
    if (slot->length != length)
        return 0;
    for (int i = 0; i < length; i++)
        if (slot->text[i] != text[i])
            return 0;
    return 1;
}

static void count(const char *text, int length) {
    unsigned at = hash(text, length) % SLOTS;
    while (slots[at].count && !same(&slots[at], text, length))
        at = (at + 1) % SLOTS;
    if (!slots[at].count) {
        for (int i = 0; i < length; i++)
            slots[at].text[i] = text[i];
        slots[at].length = length;
    }
    slots[at].count++;
}

static void sift(int size, int at) {
    int value = heap[at];
    for (int child; (child = 2 * at + 1) < size; at = child) {
        if (child + 1 < size && heap[child + 1] > heap[child])
            child++;
        if (heap[child] <= value)
            break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

static void sort(int size) {
    for (int i = size / 2; i-- > 0;)
        sift(size, i);
    for (int last = size - 1; last > 0; last--) {
        int top = heap[0];
        heap[0] = heap[last];
        heap[last] = top;
        sift(last, 0);
    }
}

void _start(void) {
    int rounds = problem_size(200000), found = 0;
    for (int i = 0; i < rounds; i++) {
        char text[LENGTH];
        int length = 1 + (int)next(3);
        for (int c = 0; c < length; c++)
            text[c] = (char)('a' + next(20));
        count(text, length);
    }
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].count)
            heap[found++] = slots[i].count;
    sort(found);
    long long sum = 0;
    for (int i = 0; i < found; i++)
        sum = sum * 31 % 1000003 + heap[i];
    print_number(found);
    print_number(sum);
}
