// See machine.h. Everything is read from where Linux says it, and what isn't said there isn't
// known. Nothing is changed: that is for whoever owns the machine.
#define _GNU_SOURCE // sched_setaffinity
#include "cli/bench/machine.h"

#include "support/text.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static const char cpu_info[] = "/proc/cpuinfo";

// The value of the first line of /proc/cpuinfo that begins so; NULL: there is none.
static const char *cpu_value(Arena *arena, const Text *info, const char *key) {
    const char *line = strstr(text_chars(info), key);
    const char *colon = line ? strchr(line, ':') : NULL;
    return colon && colon[1] ? arena_strndup(arena, colon + 2, strcspn(colon + 2, "\n")) : NULL;
}

// Virtual machines often call their processor by its maker alone, so family and model are said.
static const char *processor_name(Arena *arena, const Text *info) {
    const char *name = cpu_value(arena, info, "model name"),
               *family = cpu_value(arena, info, "cpu family"),
               *model = cpu_value(arena, info, "model\t");
    if (!name)
        return "unknown processor";
    return family && model ? arena_printf(arena, "%s (family %s, model %s)", name, family, model)
                           : name;
}

static const char *kernel_name(Arena *arena) {
    struct utsname names;
    return uname(&names) == 0 ? arena_printf(arena, "%s %s", names.sysname, names.release)
                              : "unknown";
}

// ---- Hints --------------------------------------------------------------------------------------

// The first line of a file; NULL: it can't be read.
static const char *line_of(Arena *arena, const char *path) {
    Text text = {0};
    const char *line = NULL;
    if (text_read_file(&text, path))
        line = arena_strndup(arena, text_chars(&text), strcspn(text_chars(&text), "\n"));
    text_free(&text);
    return line;
}

static void hint(Arena *arena, CampaignMachine *machine, const char *text) {
    ARENA_PUSH(arena, &machine->hints, text);
}

// Half a program that runs at the same time, over the last minute.
static void look_at_load(Arena *arena, CampaignMachine *machine) {
    double load;
    if (getloadavg(&load, 1) == 1 && load > 0.5)
        hint(arena, machine,
             arena_printf(arena, "other programs ran in the last minute: the load was %.1f", load));
}

static void look_at_frequency(Arena *arena, CampaignMachine *machine) {
    const char *governor = line_of(arena, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
               *boost = line_of(arena, "/sys/devices/system/cpu/cpufreq/boost"),
               *no_turbo = line_of(arena, "/sys/devices/system/cpu/intel_pstate/no_turbo");
    if (governor && strcmp(governor, "performance") != 0)
        hint(arena, machine,
             arena_printf(arena,
                          "the processor's frequency follows the load (governor %s): `cpupower "
                          "frequency-set -g performance`, as root, keeps it up",
                          governor));
    if ((boost && strcmp(boost, "1") == 0) || (no_turbo && strcmp(no_turbo, "0") == 0))
        hint(arena, machine,
             "the processor may go faster for a while when it is cold (turbo): 0 in "
             "/sys/devices/system/cpu/cpufreq/boost, or 1 in intel_pstate/no_turbo, forbids that");
}

static void look_at_neighbours(Arena *arena, CampaignMachine *machine, const Text *info) {
    const char *active = line_of(arena, "/sys/devices/system/cpu/smt/active");
    if (strstr(text_chars(info), " hypervisor"))
        hint(arena, machine,
             "this is a virtual machine: others on the same processors aren't seen from here");
    if (active && strcmp(active, "1") == 0)
        hint(arena, machine, "two threads of a core share it: what runs on the other one is felt");
}

CampaignMachine machine_describe(Arena *arena) {
    Text info = {0};
    text_read_file(&info, cpu_info);
    CampaignMachine machine = {
        .processor = processor_name(arena, &info),
        .kernel = kernel_name(arena),
        .cores = (int)sysconf(_SC_NPROCESSORS_ONLN),
#ifdef __clang__
        .compiler = "clang " __clang_version__,
#else
        .compiler = "gcc " __VERSION__,
#endif
    };
    look_at_load(arena, &machine);
    look_at_frequency(arena, &machine);
    look_at_neighbours(arena, &machine, &info);
    text_free(&info);
    return machine;
}

const char *machine_name(Arena *arena, const CampaignMachine *machine) {
    const char *processor = machine->processor ? machine->processor : "a machine without a name";
    return machine->cores ? arena_printf(arena, "%s, %d cores", processor, machine->cores)
                          : processor;
}

static cpu_set_t allowed;

bool machine_pin(void) {
    cpu_set_t one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return false;
    int last = CPU_SETSIZE - 1;
    while (last > 0 && !CPU_ISSET(last, &allowed))
        last--;
    CPU_ZERO(&one);
    CPU_SET(last, &one);
    return sched_setaffinity(0, sizeof one, &one) == 0;
}

void machine_unpin(void) {
    if (CPU_COUNT(&allowed))
        sched_setaffinity(0, sizeof allowed, &allowed);
}
