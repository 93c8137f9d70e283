// See campaign.h.
#include "cli/bench/campaign.h"

#include <string.h>

const char subject_kinds[] = "variant|control|peer|aa";

Campaign *campaign_new(Arena *arena) {
    Campaign *campaign = ARENA_NEW(arena, Campaign);
    campaign->arena = arena;
    campaign->clock = "harness";
    return campaign;
}

void campaign_complete(Campaign *campaign) {
    campaign->counts = ARENA_ARRAY(campaign->arena, CampaignCounts,
                                   campaign->subjects.count * campaign->programs.count);
}

bool campaign_find_subject(const Campaign *campaign, const char *name, size_t *index) {
    for (*index = 0; *index < campaign->subjects.count; ++*index)
        if (strcmp(campaign->subjects.items[*index].name, name) == 0)
            return true;
    return false;
}

bool campaign_find_program(const Campaign *campaign, const char *name, size_t *index) {
    for (*index = 0; *index < campaign->programs.count; ++*index)
        if (strcmp(campaign->programs.items[*index], name) == 0)
            return true;
    return false;
}

CampaignCounts *campaign_counts(const Campaign *campaign, size_t subject, size_t program) {
    return &campaign->counts[subject * campaign->programs.count + program];
}

const CampaignSubject *campaign_twin(const Campaign *campaign, size_t subject) {
    const char *hash = campaign->subjects.items[subject].code_hash;
    for (size_t i = 0; hash && i < subject; i++) {
        const CampaignSubject *other = &campaign->subjects.items[i];
        if (other->code_hash && strcmp(other->code_hash, hash) == 0)
            return other;
    }
    return NULL;
}

void campaign_count_rounds(Campaign *campaign) {
    for (size_t i = 0; i < campaign->measured.count; i++) {
        size_t run = (size_t)campaign->measured.items[i].run;
        campaign->runs = run < campaign->runs ? campaign->runs : run + 1;
    }
}

// ---- Short names --------------------------------------------------------------------------------

// The next word, from `*at` on, which moves behind it; its length, 0 at the end.
static size_t next_word(const char **at, const char **word) {
    *word = *at + strspn(*at, " ");
    size_t length = strcspn(*word, " ");
    *at = *word + length;
    return length;
}

static bool is_word(const char *word, size_t length, const char *wanted) {
    return length == strlen(wanted) && strncmp(word, wanted, length) == 0;
}

// What follows -cp and its folders, and a class that is called Harness, whose argument is the
// benchmark.
static const char *program_proper(const char *program) {
    const char *at = program, *word;
    size_t length = next_word(&at, &word);
    if (is_word(word, length, "-cp")) {
        next_word(&at, &word);
        length = next_word(&at, &word);
    }
    if (is_word(word, length, "Harness")) {
        const char *behind = at;
        if (next_word(&behind, &word))
            return word;
    }
    return length ? word : program;
}

// The first `words` words; all if there are no more.
static const char *first_words(Arena *arena, const char *text, size_t words) {
    const char *at = text, *word;
    for (size_t i = 0; i < words; i++)
        next_word(&at, &word);
    return arena_strndup(arena, text, (size_t)(at - text));
}

static bool is_taken(const Campaign *campaign, size_t program, const char *name, size_t words) {
    for (size_t i = 0; i < campaign->programs.count; i++) {
        const char *other = program_proper(campaign->programs.items[i]);
        if (i != program && strcmp(first_words(campaign->arena, other, words), name) == 0)
            return true;
    }
    return false;
}

const char *campaign_short_program(const Campaign *campaign, size_t program) {
    const char *whole = campaign->programs.items[program], *proper = program_proper(whole);
    for (size_t words = 1;; words++) {
        const char *name = first_words(campaign->arena, proper, words);
        if (!is_taken(campaign, program, name, words))
            return name;
        if (strcmp(name, proper) == 0)
            return whole;
    }
}
