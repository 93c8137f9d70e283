// Campaigns that are made up, for tests of what is computed from them.
#ifndef TESTS_UNIT_BENCH_CAMPAIGN_H
#define TESTS_UNIT_BENCH_CAMPAIGN_H

#include "cli/bench/campaign.h"
#include "cli/bench/random_numbers.h"

#include <math.h>

// Subjects "-O0", "-O1", … with machine code of their own, and programs "Sieve", "Queens", ….
static inline Campaign *made_up_campaign(Arena *arena, size_t subjects, size_t programs) {
    static const char *const names[] = {"Sieve", "Queens", "Json"};
    Campaign *campaign = campaign_new(arena);
    campaign->machine =
        (CampaignMachine){.processor = "a processor", .kernel = "a kernel", .cores = 2};
    for (size_t i = 0; i < subjects; i++) {
        CampaignSubject subject = {.name = arena_printf(arena, "-O%zu", i),
                                   .code_hash = arena_printf(arena, "%016zx", i + 1)};
        ARENA_PUSH(arena, &campaign->subjects, subject);
    }
    for (size_t i = 0; i < programs; i++)
        ARENA_PUSH(arena, &campaign->programs,
                   i < 3 ? names[i] : (const char *)arena_printf(arena, "Program%zu", i));
    campaign_complete(campaign);
    return campaign;
}

// A verified run, numbered after those of the same subject, program and placement.
static inline CampaignRun *made_up_run(Campaign *campaign, size_t subject, size_t program,
                                       int placement, double time) {
    CampaignRun run = {.subject = subject,
                       .program = program,
                       .placement = placement,
                       .microseconds = time,
                       .wall = RUN_NO_FIGURE,
                       .user = RUN_NO_FIGURE,
                       .system = RUN_NO_FIGURE,
                       .instructions = RUN_NO_FIGURE,
                       .cycles = RUN_NO_FIGURE,
                       .branch_misses = RUN_NO_FIGURE};
    for (size_t i = 0; i < campaign->measured.count; i++) {
        const CampaignRun *other = &campaign->measured.items[i];
        if (other->subject == subject && other->program == program && other->placement == placement)
            run.run = other->run + 1;
    }
    ARENA_PUSH(campaign->arena, &campaign->measured, run);
    return &campaign->measured.items[campaign->measured.count - 1];
}

static inline void made_up_runs(Campaign *campaign, size_t subject, size_t program,
                                const double *times, size_t count) {
    for (size_t i = 0; i < count; i++)
        made_up_run(campaign, subject, program, 0, times[i]);
}

// A standard normal number.
static inline double made_up_normal(RandomNumbers *numbers) {
    double distance = sqrt(-2 * log(1 - random_numbers_fraction(numbers)));
    return distance * cos(2 * M_PI * random_numbers_fraction(numbers));
}

// How a machine disturbs a run, as a factor: by 2 % either way, and one run in ten by up to a
// fifth more.
static inline double made_up_noise(RandomNumbers *numbers) {
    double noise = exp(0.02 * made_up_normal(numbers));
    if (random_numbers_below(numbers, 10) == 0)
        noise *= 1 + 0.2 * random_numbers_fraction(numbers);
    return noise;
}

#endif
