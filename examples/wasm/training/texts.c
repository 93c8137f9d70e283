// Training: text tokens, sorted pointers, a checksum by a table, lists and a small machine that is
// interpreted: bytes, pointers, switches.
#include "../c/program.h"

enum { COUNT = 300, CELLS = 600 };

typedef struct Cell {
    struct Cell *left, *right;
    int key, count;
} Cell;

static const char text[] =
    "the quick brown fox jumps over the lazy dog while a bird sings of the sea";
static unsigned table[256];
static Cell cells[CELLS];
static int used, numbers[COUNT];

static unsigned checksum(const char *at, int length) {
    unsigned sum = ~0u;
    for (int i = 0; i < length; i++)
        sum = sum >> 8 ^ table[(sum ^ (unsigned char)at[i]) & 255];
    return ~sum;
}

static void make_table(void) {
    for (unsigned i = 0; i < 256; i++) {
        unsigned entry = i;
        for (int bit = 0; bit < 8; bit++)
            entry = entry & 1 ? entry >> 1 ^ 0xEDB88320u : entry >> 1;
        table[i] = entry;
    }
}

static int count_words(void) {
    int words = 0, inside = 0, vowels = 0;
    for (const char *at = text; *at; at++) {
        if (*at == ' ') {
            inside = 0;
        } else if (!inside) {
            inside = 1;
            words++;
        }
        switch (*at) {
        case 'a':
        case 'e':
        case 'i':
        case 'o':
        case 'u': vowels++;
        }
    }
    return words * 100 + vowels;
}

static void insert(Cell **place, int key) {
    while (*place) {
        if ((*place)->key == key) {
            (*place)->count++;
            return;
        }
        place = key < (*place)->key ? &(*place)->left : &(*place)->right;
    }
    Cell *cell = &cells[used++];
    *cell = (Cell){0, 0, key, 1};
    *place = cell;
}

static int depth(const Cell *cell) {
    if (!cell)
        return 0;
    int left = depth(cell->left), right = depth(cell->right);
    return 1 + (left > right ? left : right);
}

static void sort(int *from, int *to) {
    while (to - from > 1) {
        int pivot = from[(to - from) / 2], *low = from, *high = to - 1;
        while (low <= high) {
            while (*low < pivot)
                low++;
            while (*high > pivot)
                high--;
            if (low <= high) {
                int kept = *low;
                *low++ = *high;
                *high-- = kept;
            }
        }
        sort(from, high + 1);
        from = low;
    }
}

static int interpret(const unsigned char *code) {
    int stack[16], *top = stack;
    for (;;) {
        switch (*code++) {
        case 0: return *--top;
        case 1: *top++ = *code++; break;
        case 2:
            top--;
            top[-1] += *top;
            break;
        case 3:
            top--;
            top[-1] *= *top;
            break;
        case 4:
            *top = top[-1];
            top++;
            break;
        default: top[-1] -= 1;
        }
    }
}

void _start(void) {
    static const unsigned char code[] = {1, 3, 4, 3, 1, 7, 2, 5, 4, 2, 0};
    unsigned seed = 7;
    Cell *root = 0;
    make_table();
    for (int i = 0; i < COUNT; i++) {
        seed = seed * 1664525u + 1013904223u;
        numbers[i] = (int)(seed >> 20);
        insert(&root, (int)(seed >> 22));
    }
    sort(numbers, numbers + COUNT);
    int sum = 0;
    for (int i = 0; i < 60; i++)
        sum += interpret(code);
    for (int i = 0; i < 8; i++)
        sum += count_words();
    print_number(checksum(text, sizeof text - 1));
    print_number(depth(root));
    print_number(numbers[COUNT / 2]);
    print_number(sum);
}
