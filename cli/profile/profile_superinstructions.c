// `loopwright profile --superinstructions`: the sequences of bytecodes that are worth a
// superinstruction, as a profile that the pass reads (or as JSON). Which they are is
// choose_sequences.h's subject.
#include "cli/profile/profile_programs.h"
#include "passes/superinstructions.h"
#include "support/json/json_text.h"

#include <math.h>

enum { SEQUENCES_USUALLY = 250 };

typedef struct Profile {
    const ProfileOptions *options;
    ProfiledLoop loop;
    SequenceParts parts;
    SequenceBounds bounds;
    ProfiledPrograms programs;
    ChosenSequences chosen;
} Profile;

// The pass's own analysis says where a sequence ends.
static void find_parts(Profile *profile) {
    const ProfiledLoop *loop = &profile->loop;
    size_t count = loop->table->bytecodes.count;
    SequenceParts *parts = &profile->parts;
    *parts = (SequenceParts){.count = count,
                             .ends = ARENA_ARRAY(loop->arena, bool, count),
                             .sizes = ARENA_ARRAY(loop->arena, int, count),
                             .ending_sizes = ARENA_ARRAY(loop->arena, int, count)};
    for (size_t i = 0; i < count; i++) {
        Part part = part_find(loop->module, loop->table, (int)i, loop->arena);
        parts->ends[i] = part_refusal(loop->table, (int)i, &part, false) != NULL;
        parts->sizes[i] = parts->ends[i] ? 0 : part_size(&part, false);
        parts->ending_sizes[i] = part.region ? part_size(&part, true) : 0;
    }
}

// ---- Printing ------------------------------------------------------------------------------

static const char *name_at(const Profile *profile, const Sequence *sequence, int index) {
    return profile->loop.table->bytecodes.items[sequence->opcodes[index]].name;
}

static long long rounded(double number) {
    return llround(number);
}

static void print_profile(const Profile *profile, Text *out) {
    const SequenceBounds *bounds = &profile->bounds;
    text_add(out,
             "# Sequences of bytecodes that are worth a superinstruction, after how often each "
             "is executed.\n# Made by\n#   loopwright profile --superinstructions ");
    variant_print(&profile->options->variant, out);
    text_addf(out, " --most=%zu --most-code=%d%s\n", bounds->most, bounds->most_code,
              bounds->for_others ? " --for-others" : "");
    text_add(out, profile->programs.count == 1
                      ? "# from the program\n"
                      : "# from these programs, a million bytecodes of each:\n");
    for (size_t p = 0; p < profile->programs.count; p++) {
        const ProfiledProgram *program = &profile->programs.items[p];
        double plain = program->plain_dispatches, joined = program->joined_dispatches;
        text_addf(out, "#   %s\n#       %lld dispatches become %lld (%.3f)\n", program->words,
                  rounded(plain), rounded(joined), plain > 0 ? joined / plain : 1);
    }
    text_add(out, "\n");
    for (size_t i = 0; i < profile->chosen.count; i++) {
        const ChosenSequence *chosen = &profile->chosen.items[i];
        text_addf(out, "%lld", rounded(chosen->times));
        for (int k = 0; k < chosen->sequence.count; k++)
            text_addf(out, " %s", name_at(profile, &chosen->sequence, k));
        text_add(out, "\n");
    }
}

static json_t *sequence_json(const Profile *profile, const ChosenSequence *chosen) {
    json_t *names = json_array();
    for (int k = 0; k < chosen->sequence.count; k++)
        json_array_append_new(names, json_text(name_at(profile, &chosen->sequence, k)));
    return json_pack("{s:o, s:I}", "bytecodes", names, "count", (json_int_t)rounded(chosen->times));
}

static void print_json(const Profile *profile, Text *out) {
    json_t *programs = json_array(), *sequences = json_array();
    for (size_t p = 0; p < profile->programs.count; p++) {
        const ProfiledProgram *program = &profile->programs.items[p];
        json_array_append_new(programs, json_pack("{s:o, s:I, s:I}", "program",
                                                  json_text(program->words), "plain_dispatches",
                                                  (json_int_t)rounded(program->plain_dispatches),
                                                  "joined_dispatches",
                                                  (json_int_t)rounded(program->joined_dispatches)));
    }
    for (size_t i = 0; i < profile->chosen.count; i++)
        json_array_append_new(sequences, sequence_json(profile, &profile->chosen.items[i]));
    json_t *root = json_pack("{s:o, s:o}", "programs", programs, "sequences", sequences);
    json_text_print(root, out);
    json_decref(root);
}

static bool print(const Profile *profile) {
    Text text = {0};
    (profile->options->json ? print_json : print_profile)(profile, &text);
    bool good = command_write(profile->options->output, &text);
    text_free(&text);
    return good;
}

// ---- All together --------------------------------------------------------------------------

int profile_superinstructions(ProfileOptions *options) {
    Arena *arena = arena_new();
    Profile profile = {.options = options, .bounds = options->bounds};
    profile.bounds.most = options->most ? (size_t)options->most : SEQUENCES_USUALLY;
    bool good = profile_read_loop(options, arena, &profile.loop);
    if (good) {
        find_parts(&profile);
        good = profile_run_programs(options, &profile.loop, profile.parts.ends, &profile.programs);
    }
    if (good) {
        profile.chosen = choose_sequences(arena, &profile.programs, &profile.parts, profile.bounds);
        good = print(&profile);
    }
    arena_free(arena);
    return good ? EXIT_OK : EXIT_FAILED;
}
