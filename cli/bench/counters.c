// See counters.h. The events are this process's own: children inherit them, and each begins to
// count with its `exec`, which this process never calls. So nothing has to be done between a
// child's start and its program's.
#define _GNU_SOURCE // syscall
#include "cli/bench/counters.h"

#include "cli/bench/campaign.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const uint64_t events[COUNTERS] = {PERF_COUNT_HW_INSTRUCTIONS, PERF_COUNT_HW_CPU_CYCLES,
                                          PERF_COUNT_HW_BRANCH_MISSES};

static int open_event(uint64_t event) {
    struct perf_event_attr attributes = {
        .size = sizeof attributes,
        .type = PERF_TYPE_HARDWARE,
        .config = event,
        .disabled = 1,
        .inherit = 1,
        .enable_on_exec = 1,
        .exclude_kernel = 1,
        .exclude_hv = 1,
        .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
    };
    return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

void counters_begin(Counters *counters) {
    for (int i = 0; i < COUNTERS; i++)
        counters->files[i] = open_event(events[i]);
}

// Where there are fewer counters than events the kernel counts each a part of the time.
static double read_event(int file) {
    struct {
        uint64_t count, enabled, running;
    } data;
    if (file < 0 || read(file, &data, sizeof data) != sizeof data || !data.running)
        return RUN_NO_FIGURE;
    return (double)data.count * ((double)data.enabled / (double)data.running);
}

CounterFigures counters_end(Counters *counters) {
    double figures[COUNTERS];
    for (int i = 0; i < COUNTERS; i++) {
        figures[i] = read_event(counters->files[i]);
        if (counters->files[i] >= 0)
            close(counters->files[i]);
    }
    return (CounterFigures){figures[0], figures[1], figures[2]};
}

const char *counters_missing(void) {
    int file = open_event(events[0]);
    if (file >= 0) {
        close(file);
        return NULL;
    }
    if (errno == EACCES || errno == EPERM)
        return "the kernel doesn't allow it: kernel.perf_event_paranoid is to be 2 or less";
    if (errno == ENOENT || errno == ENODEV || errno == EOPNOTSUPP)
        return "this processor shows none, as in most virtual machines";
    return strerror(errno);
}
