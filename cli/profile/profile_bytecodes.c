// `loopwright profile --bytecodes`: how often each bytecode is executed, and which follow each
// other. It is what somebody looks at who asks what to make fast; which sequences to make
// superinstructions of, profile_superinstructions.c chooses.
#include "cli/profile/profile_programs.h"
#include "cli/profile/sequence_counts.h"
#include "support/json/json_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Frequencies {
    const ProfileOptions *options;
    ProfiledLoop loop;
    ProfiledPrograms programs;
    SequenceCounts counts;
} Frequencies;

// A basic block of the guest's code, as it is executed, ends with a jump or what leaves the method.
// Where another jump leads into its midst it begins anew, which the recorder sees by itself.
static bool *find_ends(const ProfiledLoop *loop) {
    size_t count = loop->table->bytecodes.count;
    bool *ends = ARENA_ARRAY(loop->arena, bool, count);
    for (size_t i = 0; i < count; i++) {
        const IrBytecode *bytecode = &loop->table->bytecodes.items[i];
        ends[i] = bytecode->leaves;
        for (size_t o = 0; o < bytecode->operands.count; o++) {
            const char *role = bytecode->operands.items[o].role;
            ends[i] = ends[i] || (role && strcmp(role, "jump") == 0);
        }
    }
    return ends;
}

static const char *name_of(const Frequencies *frequencies, int opcode) {
    return frequencies->loop.table->bytecodes.items[opcode].name;
}

static double bytecodes_of(const ProfiledProgram *program) {
    double sum = 0;
    for (size_t r = 0; r < program->runs.count; r++)
        sum += (double)program->runs.items[r].times * program->runs.items[r].count;
    return sum;
}

// ---- Text ----------------------------------------------------------------------------------

static void print_head(const Frequencies *frequencies, Text *out) {
    const ProfiledPrograms *programs = &frequencies->programs;
    for (size_t p = 0; p < programs->count; p++)
        text_addf(out, "%s: %.0f bytecodes\n", programs->items[p].words,
                  bytecodes_of(&programs->items[p]));
    if (programs->count > 1)
        text_add(out, "A million bytecodes of each program are counted.\n");
}

static void print_sequence(const Frequencies *frequencies, const CountedSequence *counted,
                           Text *out) {
    text_addf(out, "%14.0f %6.2f %% ", counted->times,
              100 * counted->times / frequencies->counts.bytecodes);
    for (int i = 0; i < counted->sequence.count; i++)
        text_addf(out, " %s", name_of(frequencies, counted->sequence.opcodes[i]));
    text_add(out, "\n");
}

// Those of one length. A share is of all places where a sequence may begin.
static void print_length(const Frequencies *frequencies, int length, Text *out) {
    size_t most = profile_rows(frequencies->options), count = 0;
    for (size_t i = 0; i < frequencies->counts.items.count; i++) {
        const CountedSequence *counted = &frequencies->counts.items.items[i];
        if (counted->sequence.count != length)
            continue;
        if (count == 0 && length == 1)
            text_addf(out, "\n%14s %8s  bytecode\n", "count", "share");
        else if (count == 0)
            text_addf(out, "\n%14s %8s  %d in a row\n", "count", "share", length);
        if (count++ < most)
            print_sequence(frequencies, counted, out);
    }
    if (count > most)
        text_addf(out, "... and %zu more\n", count - most);
}

static void print_text(const Frequencies *frequencies, Text *out) {
    print_head(frequencies, out);
    for (int length = 1; length <= frequencies->options->bytecodes; length++)
        print_length(frequencies, length, out);
}

// ---- The matrix ----------------------------------------------------------------------------

static double times_of(const Frequencies *frequencies, int first, int second) {
    for (size_t i = 0; i < frequencies->counts.items.count; i++) {
        const CountedSequence *counted = &frequencies->counts.items.items[i];
        if (counted->sequence.count == 2 && counted->sequence.opcodes[0] == first &&
            counted->sequence.opcodes[1] == second)
            return counted->times;
    }
    return 0;
}

// What is less than half of the last digit is not nothing.
static void print_cell(double share, Text *out) {
    if (share <= 0)
        text_addf(out, " %5s", ".");
    else if (share < 0.05)
        text_addf(out, " %5s", "0.0");
    else
        text_addf(out, " %5.1f", share);
}

// The bytecodes that are executed most, each followed by each, in percent of all bytecodes: what
// comes first has a row, what follows it a column.
static void print_matrix(const Frequencies *frequencies, Text *out) {
    const SequenceCounts *counts = &frequencies->counts;
    size_t most = profile_rows(frequencies->options), count = 0;
    while (count < counts->items.count && counts->items.items[count].sequence.count == 1)
        count++;
    size_t shown = count < most ? count : most;
    print_head(frequencies, out);
    text_addf(out, "\n%-26s", "first \\ second, percent");
    for (size_t i = 0; i < shown; i++)
        text_addf(out, " %5zu", i + 1);
    text_add(out, "\n");
    for (size_t i = 0; i < shown; i++) {
        int first = counts->items.items[i].sequence.opcodes[0];
        text_addf(out, "%3zu  %-21s", i + 1, name_of(frequencies, first));
        for (size_t k = 0; k < shown; k++) {
            int second = counts->items.items[k].sequence.opcodes[0];
            print_cell(100 * times_of(frequencies, first, second) / counts->bytecodes, out);
        }
        text_add(out, "\n");
    }
    if (count > shown)
        text_addf(out, "... and %zu more\n", count - shown);
}

// ---- JSON ----------------------------------------------------------------------------------

static json_t *sequence_json(const Frequencies *frequencies, const CountedSequence *counted) {
    json_t *names = json_array();
    for (int i = 0; i < counted->sequence.count; i++)
        json_array_append_new(names, json_text(name_of(frequencies, counted->sequence.opcodes[i])));
    return json_pack("{s:o, s:I}", "bytecodes", names, "count",
                     (json_int_t)llround(counted->times));
}

static void print_json(const Frequencies *frequencies, Text *out) {
    json_t *programs = json_array(), *sequences = json_array();
    for (size_t p = 0; p < frequencies->programs.count; p++) {
        const ProfiledProgram *program = &frequencies->programs.items[p];
        json_array_append_new(programs,
                              json_pack("{s:o, s:I}", "program", json_text(program->words),
                                        "bytecodes", (json_int_t)llround(bytecodes_of(program))));
    }
    for (size_t i = 0; i < frequencies->counts.items.count; i++)
        json_array_append_new(sequences,
                              sequence_json(frequencies, &frequencies->counts.items.items[i]));
    json_t *root = json_pack("{s:o, s:o}", "programs", programs, "sequences", sequences);
    json_text_print(root, out);
    json_decref(root);
}

// ---- All together --------------------------------------------------------------------------

int profile_bytecodes(ProfileOptions *options) {
    Arena *arena = arena_new();
    Frequencies frequencies = {.options = options};
    bool good = profile_read_loop(options, arena, &frequencies.loop) &&
                profile_run_programs(options, &frequencies.loop, find_ends(&frequencies.loop),
                                     &frequencies.programs);
    if (good) {
        int longest = options->matrix && options->bytecodes < 2 ? 2 : options->bytecodes;
        frequencies.counts = sequence_counts(arena, &frequencies.programs, longest);
        Text text = {0};
        (options->json     ? print_json
         : options->matrix ? print_matrix
                           : print_text)(&frequencies, &text);
        good = command_write(options->output, &text);
        text_free(&text);
    }
    arena_free(arena);
    return good ? EXIT_OK : EXIT_FAILED;
}
