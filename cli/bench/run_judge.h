// What a run is worth to a campaign: whether its result is right, and which of its times counts.
#ifndef CLI_BENCH_RUN_JUDGE_H
#define CLI_BENCH_RUN_JUDGE_H

#include "cli/bench/bench.h"
#include "cli/parallel.h"

// Sets the run's verdict, its reason if that isn't good, its iterations, and the time that counts.
// Its other times are set already. `words` are what the program was started with.
void run_judge(const Bench *bench, const ParallelOutcome *outcome, char *const *words,
               CampaignRun *run);

#endif
