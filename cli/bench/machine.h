// The machine that a campaign runs on: its name, and what makes figures doubtful there.
#ifndef CLI_BENCH_MACHINE_H
#define CLI_BENCH_MACHINE_H

#include "cli/bench/campaign.h"

// What stands in reports. The hints are of now: a machine that is idle may be busy later.
CampaignMachine machine_describe(Arena *arena);

// "AMD EPYC (family 25, model 17), 2 cores", as all reports have it.
const char *machine_name(Arena *arena, const CampaignMachine *machine);

// Keeps this process, and what it starts, on one of the processors that it may use: the last, as
// the system's own work is mostly on the first. False with errno set: it can't be.
bool machine_pin(void);

// Lets it have all of them again that it might use before.
void machine_unpin(void);

#endif
