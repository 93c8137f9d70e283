// See sequence_counts.h. The sequences are found in a hash table, which holds their places in the
// list.
#include "cli/profile/sequence_counts.h"

#include "support/hash.h"

#include <stdlib.h>
#include <string.h>

typedef struct Counting {
    Arena *arena, *scratch;
    SequenceCounts *counts;
    size_t *places; // in the list, from 1; 0: free
    size_t capacity;
} Counting;

static size_t size_of(int count) {
    return sizeof(int) * (size_t)count;
}

// Where the sequence is, or would be.
static size_t *find(const Counting *counting, const int *opcodes, int count) {
    size_t at = hash_more(HASH_OF_NOTHING, opcodes, size_of(count)) % counting->capacity;
    for (; counting->places[at]; at = (at + 1) % counting->capacity) {
        const Sequence *known = &counting->counts->items.items[counting->places[at] - 1].sequence;
        if (known->count == count && memcmp(known->opcodes, opcodes, size_of(count)) == 0)
            break;
    }
    return &counting->places[at];
}

// At most half of the places are taken.
static void grow(Counting *counting) {
    counting->capacity = counting->capacity ? 2 * counting->capacity : 1024;
    counting->places = ARENA_ARRAY(counting->scratch, size_t, counting->capacity);
    for (size_t i = 0; i < counting->counts->items.count; i++) {
        const Sequence *known = &counting->counts->items.items[i].sequence;
        *find(counting, known->opcodes, known->count) = i + 1;
    }
}

static void count(Counting *counting, const int *opcodes, int length, double times) {
    SequenceCounts *counts = counting->counts;
    if (2 * counts->items.count >= counting->capacity)
        grow(counting);
    size_t *place = find(counting, opcodes, length);
    if (!*place) {
        CountedSequence new = {.sequence = {.count = length}};
        memcpy(new.sequence.opcodes, opcodes, size_of(length));
        ARENA_PUSH(counting->arena, &counts->items, new);
        *place = counts->items.count;
    }
    counts->items.items[*place - 1].times += times;
}

static void count_run(Counting *counting, const StraightRun *run, int longest, double weight) {
    double times = (double)run->times * weight;
    for (int from = 0; from < run->count; from++)
        for (int length = 1; length <= longest && from + length <= run->count; length++)
            count(counting, run->opcodes + from, length, times);
    counting->counts->bytecodes += times * run->count;
}

// Of equals in an order that is theirs alone: a run gives the same list every time.
static int by_length_and_times(const void *left, const void *right) {
    const CountedSequence *a = left, *b = right;
    if (a->sequence.count != b->sequence.count)
        return a->sequence.count - b->sequence.count;
    if (a->times != b->times)
        return (a->times < b->times) - (a->times > b->times);
    for (int i = 0; i < a->sequence.count; i++)
        if (a->sequence.opcodes[i] != b->sequence.opcodes[i])
            return a->sequence.opcodes[i] - b->sequence.opcodes[i];
    return 0;
}

SequenceCounts sequence_counts(Arena *arena, const ProfiledPrograms *programs, int longest) {
    SequenceCounts counts = {0};
    Counting counting = {.arena = arena, .scratch = arena_new(), .counts = &counts};
    for (size_t p = 0; p < programs->count; p++) {
        const ProfiledProgram *program = &programs->items[p];
        for (size_t r = 0; r < program->runs.count; r++)
            count_run(&counting, &program->runs.items[r], longest, program->weight);
    }
    if (counts.items.count)
        qsort(counts.items.items, counts.items.count, sizeof *counts.items.items,
              by_length_and_times);
    arena_free(counting.scratch);
    return counts;
}
