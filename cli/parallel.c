// See parallel.h. One loop looks at all streams and clocks. A program has ended when its streams
// have, and it has: one that closes its streams and goes on is waited for by looking again and
// again, as poll can't wait for a process.
#define _GNU_SOURCE // sched_getaffinity
#include "cli/parallel.h"

#include "cli/process.h"
#include "support/interruption.h"
#include "support/memory.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    STREAMS = 2,
    PERIOD = 100,    // milliseconds: how late a program may be ended
    SHORT_PERIOD = 2 // milliseconds: how late it is seen that it has ended
};

// A place for a program that runs.
typedef struct Lane {
    ParallelRun *run; // NULL: a free one
    int child;
    int streams[STREAMS]; // -1: it has ended
    double begun;
} Lane;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// False: it can't be started, and so has ended.
static bool begin(Lane *lane, ParallelRun *run) {
    Process process;
    lane->begun = now();
    if (!process_start(run->argv, true, true, &process)) {
        run->status = -1;
        run->error = errno;
        return false;
    }
    *lane = (Lane){run, process.id, {process.output, process.errors}, lane->begun};
    return true;
}

static void close_stream(int *stream) {
    if (*stream >= 0)
        close(*stream);
    *stream = -1;
}

static void read_stream(int *stream, Text *text) {
    char chunk[8192];
    ssize_t count = read(*stream, chunk, sizeof chunk);
    size_t room = text->length < PARALLEL_KEPT ? PARALLEL_KEPT - text->length : 0;
    if (count > 0)
        text_add_bytes(text, chunk, (size_t)count < room ? (size_t)count : room);
    else if (count == 0 || errno != EINTR)
        close_stream(stream);
}

// Waits until a stream has something, or for a while; the polls are those of the lanes in turn.
static void look(Lane *lanes, size_t width, struct pollfd *polls) {
    int period = PERIOD;
    for (size_t i = 0; i < width; i++) {
        bool streams = false;
        for (int s = 0; s < STREAMS; s++) {
            int stream = lanes[i].run ? lanes[i].streams[s] : -1;
            polls[i * STREAMS + (size_t)s] = (struct pollfd){.fd = stream, .events = POLLIN};
            streams |= stream >= 0;
        }
        if (lanes[i].run && !streams)
            period = SHORT_PERIOD;
    }
    if (poll(polls, width * STREAMS, period) <= 0)
        return;
    for (size_t i = 0; i < width; i++)
        for (int s = 0; s < STREAMS; s++)
            if (polls[i * STREAMS + (size_t)s].revents)
                read_stream(&lanes[i].streams[s],
                            s ? &lanes[i].run->errors : &lanes[i].run->output);
}

// What the program has left in other groups may keep its streams open: they aren't waited for.
static void end_late(Lane *lane) {
    if (now() - lane->begun < lane->run->patience)
        return;
    lane->run->is_late = true;
    child_kill(lane->child);
    for (int s = 0; s < STREAMS; s++)
        close_stream(&lane->streams[s]);
}

static bool has_ended(const Lane *lane) {
    return lane->streams[0] < 0 && lane->streams[1] < 0 &&
           (lane->run->is_late || child_has_ended(lane->child));
}

static void finish(Lane *lane) {
    int waited = child_wait(lane->child);
    lane->run->status = waited == -1 ? -1 : process_status(waited);
    lane->run->error = errno;
    lane->run->seconds = now() - lane->begun;
    lane->run = NULL;
}

void parallel_run(ParallelRun *runs, size_t count, size_t width, void (*ended)(size_t done)) {
    assert(width > 0 && width <= CHILDREN_MOST);
    Lane *lanes = memory_allocate(width * sizeof *lanes);
    struct pollfd *polls = memory_allocate(width * STREAMS * sizeof *polls);
    size_t begun = 0, done = 0;
    for (size_t i = 0; i < width; i++)
        lanes[i] = (Lane){0};
    while (done < count) {
        for (size_t i = 0; i < width; i++)
            while (!lanes[i].run && begun < count && !begin(&lanes[i], &runs[begun++]))
                ended(++done);
        if (done < count)
            look(lanes, width, polls);
        for (size_t i = 0; i < width; i++) {
            if (lanes[i].run && !lanes[i].run->is_late)
                end_late(&lanes[i]);
            if (lanes[i].run && has_ended(&lanes[i])) {
                finish(&lanes[i]);
                ended(++done);
            }
        }
    }
    free(polls);
    free(lanes);
}

size_t parallel_processors(void) {
    cpu_set_t processors;
    if (sched_getaffinity(0, sizeof processors, &processors) != 0)
        return 1;
    size_t count = (size_t)CPU_COUNT(&processors);
    return count > CHILDREN_MOST ? CHILDREN_MOST : count;
}
