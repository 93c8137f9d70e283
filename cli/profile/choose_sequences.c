// See choose_sequences.h. A token is a bytecode or a sequence of them; at first, each run is a
// list of bytecodes, and then each step joins one pair of tokens in all runs. A superinstruction
// that is left early costs about what it would have saved, so a pair counts for less the more
// often runs end after its first token: with a branch that is taken as often as not, nothing is
// to be gained by going on after it.
#include "cli/profile/choose_sequences.h"

#include <stdlib.h>
#include <string.h>

// What saves less than this part of all dispatches isn't worth its code.
static const double WORTH_LEAST = 2e-6;

typedef struct Tokens {
    int *items;
    int count;
    size_t program; // whose run it is
    double times;   // by the program's weight
} Tokens;

// Two neighbours, and how often they follow each other.
typedef struct Pair {
    int first, second;
    double times;
    size_t program; // the last one that executes it, as counted so far …
    double there;   // … how often that one does …
    double most;    // … and how often the one that executes it most
} Pair;

typedef struct Choosing {
    Arena *arena;
    const SequenceParts *parts; // tokens below their count are bytecodes, the others `sequences`
    ARENA_VECTOR(Sequence) sequences;
    ARENA_VECTOR(Tokens) runs;
    Pair *pairs; // a hash table, empty where `times` is 0
    size_t pair_capacity;
    double least;    // what a sequence has to save
    bool for_others; // not what the program saves that executes a pair most
} Choosing;

// How often a token occurs, what follows it, and where it ends runs that might have gone on.
typedef struct TokenUse {
    double times, followed, stopped;
} TokenUse;

// ---- Tokens --------------------------------------------------------------------------------

static Sequence sequence_of(const Choosing *choosing, int token) {
    if ((size_t)token < choosing->parts->count)
        return (Sequence){{token}, 1};
    return choosing->sequences.items[(size_t)token - choosing->parts->count];
}

static int length_of(const Choosing *choosing, int token) {
    return (size_t)token < choosing->parts->count
               ? 1
               : choosing->sequences.items[(size_t)token - choosing->parts->count].count;
}

static bool is_same(const Sequence *a, const Sequence *b) {
    return a->count == b->count &&
           memcmp(a->opcodes, b->opcodes, sizeof *a->opcodes * (size_t)a->count) == 0;
}

// Different pairs may make the same sequence: (a b) c and a (b c).
static int token_of(Choosing *choosing, const Sequence *sequence) {
    size_t i = 0;
    while (i < choosing->sequences.count && !is_same(&choosing->sequences.items[i], sequence))
        i++;
    if (i == choosing->sequences.count)
        ARENA_PUSH(choosing->arena, &choosing->sequences, *sequence);
    return (int)(choosing->parts->count + i);
}

static int join(Choosing *choosing, int first, int second) {
    Sequence joined = sequence_of(choosing, first), rest = sequence_of(choosing, second);
    for (int i = 0; i < rest.count; i++)
        joined.opcodes[joined.count++] = rest.opcodes[i];
    return token_of(choosing, &joined);
}

// ---- Joining pairs -------------------------------------------------------------------------

static Pair *find_pair(const Choosing *choosing, int first, int second) {
    size_t at = ((size_t)first * 1000003u + (size_t)second * 8191u) % choosing->pair_capacity;
    while (choosing->pairs[at].times > 0 &&
           (choosing->pairs[at].first != first || choosing->pairs[at].second != second))
        at = (at + 1) % choosing->pair_capacity;
    return &choosing->pairs[at];
}

// Counts pairs and tokens anew: that is simple, and the runs are few.
static void count_pairs(Choosing *choosing, TokenUse *uses, size_t use_count) {
    memset(choosing->pairs, 0, sizeof *choosing->pairs * choosing->pair_capacity);
    memset(uses, 0, sizeof *uses * use_count);
    for (size_t r = 0; r < choosing->runs.count; r++) {
        const Tokens *run = &choosing->runs.items[r];
        for (int i = 0; i < run->count; i++) {
            TokenUse *use = &uses[run->items[i]];
            use->times += run->times;
            if (i + 1 == run->count) {
                Sequence last = sequence_of(choosing, run->items[i]);
                if (!choosing->parts->ends[last.opcodes[last.count - 1]])
                    use->stopped += run->times;
                continue;
            }
            Pair *pair = find_pair(choosing, run->items[i], run->items[i + 1]);
            pair->first = run->items[i];
            pair->second = run->items[i + 1];
            pair->times += run->times;
            pair->there = run->times + (pair->program == run->program ? pair->there : 0);
            pair->program = run->program;
            pair->most = pair->there > pair->most ? pair->there : pair->most;
            use->followed += run->times;
        }
    }
}

// Of the early ends after the first token each pair bears its part. Of equals the first in the
// order of tokens, so that the same runs give the same sequences.
static const Pair *best_pair(const Choosing *choosing, const TokenUse *uses) {
    const Pair *best = NULL;
    double best_gain = choosing->least;
    for (size_t i = 0; i < choosing->pair_capacity; i++) {
        const Pair *pair = &choosing->pairs[i];
        if (pair->times <= 0 ||
            length_of(choosing, pair->first) + length_of(choosing, pair->second) > SEQUENCE_LONGEST)
            continue;
        const TokenUse *use = &uses[pair->first];
        double times = choosing->for_others ? pair->times - pair->most : pair->times;
        double gain = times * (1 - use->stopped / use->followed);
        bool is_before = best && (pair->first < best->first ||
                                  (pair->first == best->first && pair->second < best->second));
        if (gain > best_gain || (gain == best_gain && (!best || is_before))) {
            best = pair;
            best_gain = gain;
        }
    }
    return best;
}

static void replace(Tokens *run, int first, int second, int joined) {
    int count = 0;
    for (int i = 0; i < run->count; i++) {
        bool is_pair = i + 1 < run->count && run->items[i] == first && run->items[i + 1] == second;
        run->items[count++] = is_pair ? joined : run->items[i];
        i += is_pair;
    }
    run->count = count;
}

static size_t count_worthy(const Choosing *choosing, const TokenUse *uses) {
    size_t count = 0;
    for (size_t i = 0; i < choosing->sequences.count; i++)
        count +=
            uses[choosing->parts->count + i].times * (choosing->sequences.items[i].count - 1) >=
            choosing->least;
    return count;
}

// Goes on until there are so many sequences that are not only steps to longer ones.
static void join_pairs(Choosing *choosing, size_t most) {
    size_t limit = choosing->parts->count + SEQUENCE_MOST;
    TokenUse *uses = ARENA_ARRAY(choosing->arena, TokenUse, limit);
    while (choosing->sequences.count < SEQUENCE_MOST) {
        count_pairs(choosing, uses, limit);
        const Pair *best = best_pair(choosing, uses);
        if (!best || count_worthy(choosing, uses) >= most)
            return;
        int first = best->first, second = best->second;
        int joined = join(choosing, first, second);
        for (size_t r = 0; r < choosing->runs.count; r++)
            replace(&choosing->runs.items[r], first, second, joined);
    }
}

// ---- What is left --------------------------------------------------------------------------

typedef struct Parse {
    ChosenSequences *chosen;
    double *dispatches; // by position in a run: from there to its end, at least
    int *taken;         // which of the sequences is taken there; -1: the plain bytecode
} Parse;

// Covers a run with as few bytecodes as can be, as the runtime does it when it puts
// superinstructions into code (dynamic parsing). Answers how many.
static double parse_run(const Parse *parse, const StraightRun *run) {
    parse->dispatches[run->count] = 0;
    for (int at = run->count; at-- > 0;) {
        parse->dispatches[at] = 1 + parse->dispatches[at + 1];
        parse->taken[at] = -1;
        int length = 1;
        for (size_t i = 0; i < parse->chosen->count; i++) {
            const Sequence *sequence = &parse->chosen->items[i].sequence;
            if (sequence->opcodes[0] != run->opcodes[at] || sequence->count > run->count - at ||
                memcmp(sequence->opcodes, run->opcodes + at,
                       sizeof *run->opcodes * (size_t)sequence->count) != 0)
                continue;
            double dispatches = 1 + parse->dispatches[at + sequence->count];
            if (dispatches < parse->dispatches[at] ||
                (dispatches == parse->dispatches[at] && sequence->count > length)) {
                parse->dispatches[at] = dispatches;
                parse->taken[at] = (int)i;
                length = sequence->count;
            }
        }
    }
    return parse->dispatches[0];
}

// Sets how often each sequence is executed, and what each program dispatches.
static void parse_all(const Parse *parse, ProfiledPrograms *programs) {
    for (size_t i = 0; i < parse->chosen->count; i++)
        parse->chosen->items[i].times = 0;
    for (size_t p = 0; p < programs->count; p++) {
        ProfiledProgram *program = &programs->items[p];
        program->joined_dispatches = 0;
        for (size_t r = 0; r < program->runs.count; r++) {
            const StraightRun *run = &program->runs.items[r];
            program->joined_dispatches += parse_run(parse, run) * (double)run->times;
            for (int at = 0; at < run->count;) {
                ChosenSequence *taken =
                    parse->taken[at] < 0 ? NULL : &parse->chosen->items[parse->taken[at]];
                if (taken)
                    taken->times += (double)run->times * program->weight;
                at += taken ? taken->sequence.count : 1;
            }
        }
    }
}

static double saved_by(const ChosenSequence *chosen) {
    return chosen->times * (chosen->sequence.count - 1);
}

static int size_of(const SequenceParts *parts, const Sequence *sequence) {
    int last = sequence->count - 1, size = parts->ending_sizes[sequence->opcodes[last]];
    for (int i = 0; i < last; i++)
        size += parts->sizes[sequence->opcodes[i]];
    return size;
}

// Of equals in an order that is theirs alone, so that the same runs give the same profile.
static int compare_yield(const void *left, const void *right) {
    double a = ((const ChosenSequence *)left)->yield, b = ((const ChosenSequence *)right)->yield;
    return a != b ? (a < b) - (a > b) : memcmp(left, right, sizeof(Sequence));
}

static int compare_times(const void *left, const void *right) {
    const ChosenSequence *a = left, *b = right;
    return a->times != b->times ? (a->times < b->times) - (a->times > b->times)
                                : memcmp(left, right, sizeof(Sequence));
}

static void sort(ChosenSequences *chosen, int (*compare)(const void *, const void *)) {
    if (chosen->count)
        qsort(chosen->items, chosen->count, sizeof *chosen->items, compare);
}

// What is not worth its code goes at once. What is too much goes in small steps, those first that
// yield least: with each that is gone, others are executed more often.
static size_t count_kept(const Choosing *choosing, const ChosenSequences *chosen, size_t most,
                         int most_code) {
    int code = 0;
    size_t worthy = 0, fitting = 0, step = chosen->count / 32 + 1;
    for (size_t i = 0; i < chosen->count; i++) {
        const ChosenSequence *sequence = &chosen->items[i];
        code += size_of(choosing->parts, &sequence->sequence);
        worthy += saved_by(sequence) >= choosing->least;
        fitting += i < most && code <= most_code;
    }
    if (worthy < chosen->count || fitting == chosen->count)
        return worthy;
    return fitting + step < chosen->count ? chosen->count - step : fitting;
}

static void drop_unworthy(const Choosing *choosing, const Parse *parse, ProfiledPrograms *programs,
                          size_t most, int most_code) {
    ChosenSequences *chosen = parse->chosen;
    for (size_t before = chosen->count + 1; chosen->count < before;) {
        before = chosen->count;
        parse_all(parse, programs);
        for (size_t i = 0; i < chosen->count; i++) {
            ChosenSequence *sequence = &chosen->items[i];
            bool is_worthy = saved_by(sequence) >= choosing->least;
            sequence->yield =
                is_worthy ? saved_by(sequence) / (1 + size_of(choosing->parts, &sequence->sequence))
                          : 0;
        }
        sort(chosen, compare_yield);
        chosen->count = count_kept(choosing, chosen, most, most_code);
    }
    sort(chosen, compare_times);
}

// All that were joined, and each without its last bytecode: where that one is too long to be
// worth its code, the rest may be.
static ChosenSequences candidates(Choosing *choosing, Arena *arena) {
    ChosenSequences list = {0};
    size_t joined = choosing->sequences.count;
    for (size_t i = 0; i < joined; i++) {
        Sequence shorter = choosing->sequences.items[i];
        shorter.opcodes[--shorter.count] = 0;
        if (shorter.count > 1)
            token_of(choosing, &shorter);
    }
    for (size_t i = 0; i < choosing->sequences.count; i++)
        ARENA_PUSH(arena, &list, (ChosenSequence){.sequence = choosing->sequences.items[i]});
    return list;
}

// ---- All together --------------------------------------------------------------------------

// Answers how many bytecodes the longest run has.
static int take_runs(Choosing *choosing, ProfiledPrograms *programs) {
    int longest = 0;
    size_t places = 0;
    for (size_t p = 0; p < programs->count; p++) {
        ProfiledProgram *program = &programs->items[p];
        program->plain_dispatches = 0;
        for (size_t r = 0; r < program->runs.count; r++) {
            const StraightRun *run = &program->runs.items[r];
            size_t size = sizeof *run->opcodes * (size_t)run->count;
            Tokens tokens = {ARENA_ARRAY(choosing->arena, int, run->count), run->count, p,
                             (double)run->times * program->weight};
            memcpy(tokens.items, run->opcodes, size);
            ARENA_PUSH(choosing->arena, &choosing->runs, tokens);
            program->plain_dispatches += (double)run->times * run->count;
            choosing->least += tokens.times * run->count * WORTH_LEAST;
            places += (size_t)run->count;
            longest = run->count > longest ? run->count : longest;
        }
    }
    choosing->pair_capacity = 2 * places + 1;
    choosing->pairs = ARENA_ARRAY(choosing->arena, Pair, choosing->pair_capacity);
    return longest;
}

ChosenSequences choose_sequences(Arena *arena, ProfiledPrograms *programs,
                                 const SequenceParts *parts, SequenceBounds bounds) {
    Choosing choosing = {.arena = arena_new(), .parts = parts, .for_others = bounds.for_others};
    int longest = take_runs(&choosing, programs);
    join_pairs(&choosing, bounds.most);
    ChosenSequences chosen = candidates(&choosing, arena);
    Parse parse = {&chosen, ARENA_ARRAY(choosing.arena, double, longest + 1),
                   ARENA_ARRAY(choosing.arena, int, longest + 1)};
    drop_unworthy(&choosing, &parse, programs, bounds.most, bounds.most_code);
    arena_free(choosing.arena);
    return chosen;
}
