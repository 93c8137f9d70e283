// See rebench_data.h.
#include "cli/bench/rebench_data.h"

#include <string.h>

const char rebench_again[] = " (again)";
const char rebench_placement[13] = " (placement ";

const char *rebench_executor(Arena *arena, const char *subject, int placement, size_t layouts) {
    return layouts > 1 ? arena_printf(arena, "%s%s%d)", subject, rebench_placement, placement)
                       : subject;
}

static void add_name(Text *out, const char *name) {
    for (; *name; name++)
        text_add_bytes(out, strchr("\t\r\n", *name) ? " " : name, 1);
}

// Times are ReBench's milliseconds, with as many digits as it writes: the last is a nanosecond.
static void add_line(const Campaign *campaign, const CampaignRun *run, size_t iteration,
                     double microseconds, Text *out) {
    text_addf(out, "%d\t%zu\t%.6f\tms\ttotal\t", run->run + 1, iteration + 1, microseconds / 1e3);
    add_name(out, campaign->programs.items[run->program]);
    text_add(out, "\t");
    add_name(out, rebench_executor(campaign->arena, campaign->subjects.items[run->subject].name,
                                   run->placement, campaign->layouts));
    text_add(out, "\tloopwright\t\t1\t\t\n");
}

void rebench_data_print(const Campaign *campaign, Text *out) {
    if (campaign->date) {
        text_add(out, "# Execution Start: ");
        add_name(out, campaign->date);
        text_add(out, "\n");
    }
    text_add(out, "invocation\titeration\tvalue\tunit\tcriterion\tbenchmark\texecutor\tsuite\t"
                  "extraArgs\tcores\tinputSize\tvarValue\n");
    for (size_t i = 0; i < campaign->measured.count; i++) {
        const CampaignRun *run = &campaign->measured.items[i];
        if (run->verdict == RUN_WRONG || run->microseconds == RUN_NO_FIGURE)
            continue;
        if (!run->iteration_count)
            add_line(campaign, run, 0, run->microseconds, out);
        for (size_t each = 0; each < run->iteration_count; each++)
            add_line(campaign, run, each, run->iterations[each], out);
    }
}
