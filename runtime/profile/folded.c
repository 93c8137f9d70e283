// The stacks of a profile's samples as lines: the methods, the oldest first, with semicolons
// between them, and how many microseconds were spent there. It is the form that tools for flame
// graphs read (B. Gregg, "The Flame Graph", CACM 59, 2016).
#include "runtime/profile/profile.h"

static void add_path(Text *out, const Profile *profile, size_t number) {
    const CallNode *node = &profile->samples.nodes.items[number];
    if (node->parent) {
        add_path(out, profile, node->parent);
        text_add(out, ";");
    }
    text_add(out, profile->places.routines.items[node->routine].label);
}

void profile_folded(const Profile *profile, Text *out) {
    const GuestSamples *samples = &profile->samples;
    for (size_t i = 1; i < samples->nodes.count; i++) {
        uint64_t microseconds = (samples->nodes.items[i].self + 500) / 1000;
        if (!microseconds)
            continue;
        add_path(out, profile, i);
        text_addf(out, " %llu\n", (unsigned long long)microseconds);
    }
}
