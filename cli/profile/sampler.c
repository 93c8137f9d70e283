// See sampler.h. A process has one event on each processor, as the kernel wants it where threads
// are sampled too, and each event has a ring of its own: the kernel writes at the head, we read at
// the tail.
#include "cli/profile/sampler.h"

#include "cli/command.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    // A power of two. The kernel allows an ordinary user 516 KiB for each processor; who runs more
    // of us at a time gets smaller ones.
    RING_PAGES = 64,
    WAKE_BYTES = 4096, // when as much has come together, or some time has passed, we look
    WAIT_MILLISECONDS = 200,
};

typedef struct Ring {
    int event; // below 0: not open
    struct perf_event_mmap_page *page;
    char *data;
    size_t size;
} Ring;

typedef struct Sampler {
    Arena *arena;
    Samples *samples;
    Ring *rings;
    size_t ring_count;
    char *record; // the one at hand, in one piece
} Sampler;

// ---- Events ----------------------------------------------------------------------------------

static struct perf_event_attr attributes(bool in_cycles, int frequency) {
    return (struct perf_event_attr){
        .size = sizeof(struct perf_event_attr),
        .type = in_cycles ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE,
        .config = in_cycles ? (uint64_t)PERF_COUNT_HW_CPU_CYCLES : PERF_COUNT_SW_CPU_CLOCK,
        .freq = 1,
        .sample_freq = (uint64_t)frequency,
        .sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_PERIOD,
        .disabled = 1,
        .enable_on_exec = 1,
        .inherit = 1,
        .exclude_kernel = 1,
        .exclude_hv = 1,
        .mmap = 1,
        .watermark = 1,
        .wakeup_watermark = WAKE_BYTES,
    };
}

static int open_event(const struct perf_event_attr *wanted, pid_t process, int processor) {
    return (int)syscall(SYS_perf_event_open, wanted, process, processor, -1, PERF_FLAG_FD_CLOEXEC);
}

static void close_rings(Sampler *sampler) {
    for (size_t i = 0; i < sampler->ring_count; i++) {
        Ring *ring = &sampler->rings[i];
        if (ring->page)
            munmap(ring->page, ring->size + (size_t)sysconf(_SC_PAGESIZE));
        if (ring->event >= 0)
            close(ring->event);
        *ring = (Ring){.event = -1};
    }
}

static bool map_ring(Ring *ring) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *mapped = MAP_FAILED;
    for (size_t pages = RING_PAGES; mapped == MAP_FAILED && pages > 0; pages /= 2) {
        ring->size = page * pages;
        mapped = mmap(NULL, ring->size + page, PROT_READ | PROT_WRITE, MAP_SHARED, ring->event, 0);
    }
    if (mapped == MAP_FAILED)
        return false;
    ring->page = mapped;
    ring->data = (char *)mapped + page;
    return true;
}

// A processor that is off has no events. False, with errno, if there is none at all.
static bool open_rings_of(Sampler *sampler, pid_t process, bool in_cycles) {
    struct perf_event_attr wanted = attributes(in_cycles, sampler->samples->frequency);
    bool any = false;
    errno = ENODEV;
    for (size_t i = 0; i < sampler->ring_count; i++) {
        Ring *ring = &sampler->rings[i];
        ring->event = open_event(&wanted, process, (int)i);
        if (ring->event < 0 && errno == ENODEV)
            continue;
        any = ring->event >= 0 && map_ring(ring);
        if (!any)
            break;
    }
    int error = errno;
    if (!any)
        close_rings(sampler);
    sampler->samples->in_cycles = in_cycles;
    errno = error;
    return any;
}

static bool open_rings(Sampler *sampler, pid_t process) {
    return open_rings_of(sampler, process, true) || open_rings_of(sampler, process, false);
}

// A number of /proc/sys/kernel; `otherwise` where the kernel doesn't say.
static int setting(const char *path, int otherwise) {
    int number = otherwise;
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &number) != 1)
        number = otherwise;
    if (file)
        fclose(file);
    return number;
}

static void complain_of_permission(void) {
    int level = setting("/proc/sys/kernel/perf_event_paranoid", 2);
    if (level > 2)
        command_failure("no permission to sample a process: kernel.perf_event_paranoid is %d, and "
                        "up to 2 is needed (`sysctl kernel.perf_event_paranoid=2`). Without it, "
                        "--exact counts what is executed",
                        level);
    else
        command_failure(
            "no permission to sample a process: something forbids perf_event_open, as "
            "containers do (kernel.perf_event_paranoid is %d, which allows it). Without "
            "it, --exact counts what is executed",
            level);
}

static void complain(int error, int frequency) {
    int most = setting("/proc/sys/kernel/perf_event_max_sample_rate", SAMPLER_FREQUENCY_MOST);
    if (error == EACCES || error == EPERM)
        complain_of_permission();
    else if (error == ENOSYS || error == ENODEV || error == ENOENT || error == EOPNOTSUPP)
        command_failure("this kernel has no perf events to sample a process by. Without them, "
                        "--exact counts what is executed");
    else if (error == EINVAL && frequency > most)
        command_failure("--frequency=%d is more than this kernel allows: %d "
                        "(kernel.perf_event_max_sample_rate)",
                        frequency, most);
    else
        command_failure("the process can't be sampled: %s", strerror(error));
}

// ---- What the kernel has written ---------------------------------------------------------------

static void take_file(Sampler *sampler, const struct perf_event_header *header) {
    struct {
        struct perf_event_header header;
        uint32_t process, thread;
        uint64_t address, length, offset;
    } mapped;
    if (header->size <= sizeof mapped)
        return;
    memcpy(&mapped, header, sizeof mapped);
    const char *path = (const char *)header + sizeof mapped;
    ARENA_PUSH(sampler->arena, &sampler->samples->files,
               ((SampledFile){mapped.address, mapped.address + mapped.length, mapped.offset,
                              arena_printf(sampler->arena, "%.*s",
                                           (int)(header->size - sizeof mapped), path)}));
}

static void take_record(Sampler *sampler, const struct perf_event_header *header) {
    Samples *samples = sampler->samples;
    uint64_t words[2] = {0};
    size_t length = header->size - sizeof *header;
    memcpy(words, header + 1, length < sizeof words ? length : sizeof words);
    switch (header->type) {
    case PERF_RECORD_SAMPLE:
        ARENA_PUSH(sampler->arena, &samples->items, ((Sample){words[0], words[1]}));
        break;
    case PERF_RECORD_LOST: samples->lost += words[1]; break;
    case PERF_RECORD_THROTTLE: samples->throttled++; break;
    case PERF_RECORD_MMAP: take_file(sampler, header); break;
    default: break;
    }
}

// A record may go over the ring's end.
static void copy_out(const Ring *ring, uint64_t from, char *to, size_t length) {
    size_t start = (size_t)(from % ring->size), first = ring->size - start;
    first = first < length ? first : length;
    memcpy(to, ring->data + start, first);
    memcpy(to + first, ring->data, length - first);
}

static void drain(Sampler *sampler, Ring *ring) {
    uint64_t head = __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
    uint64_t tail = ring->page->data_tail;
    while (tail < head) {
        struct perf_event_header header;
        copy_out(ring, tail, (char *)&header, sizeof header);
        if (header.size < sizeof header)
            break;
        copy_out(ring, tail, sampler->record, header.size);
        take_record(sampler, (const struct perf_event_header *)(const void *)sampler->record);
        tail += header.size;
    }
    __atomic_store_n(&ring->page->data_tail, tail, __ATOMIC_RELEASE);
}

static void drain_all(Sampler *sampler) {
    for (size_t i = 0; i < sampler->ring_count; i++)
        if (sampler->rings[i].page)
            drain(sampler, &sampler->rings[i]);
}

static void wait_for_samples(const Sampler *sampler, struct pollfd *waiting) {
    nfds_t count = 0;
    for (size_t i = 0; i < sampler->ring_count; i++)
        if (sampler->rings[i].event >= 0)
            waiting[count++] = (struct pollfd){.fd = sampler->rings[i].event, .events = POLLIN};
    poll(waiting, count, WAIT_MILLISECONDS);
    // Of a process that has ended every event is at its end, and poll would return at once.
    for (nfds_t i = 0; i < count; i++)
        if (waiting[i].revents & POLLHUP) {
            usleep(1000);
            break;
        }
}

// ---- The process -------------------------------------------------------------------------------

// In the child: waits until its events are open, and becomes the program. It ends with us.
static void become(const char *program, char *const *arguments, int go, bool apart) {
    char word;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (read(go, &word, 1) != 1)
        _exit(EXIT_SUCCESS);
    close(go);
    if (apart && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(EXIT_FAILED);
    execv(program, arguments);
    command_failure("can't start %s: %s", program, strerror(errno));
    _exit(EXIT_FAILED);
}

// `*go` is what lets it begin, by a byte; to be closed. Below 0 with errno if there is no process.
static pid_t start(const char *program, char *const *arguments, bool apart, int *go) {
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        close(ends[1]);
        become(program, arguments, ends[0], apart);
    }
    int error = errno;
    close(ends[0]);
    if (process < 0)
        close(ends[1]);
    else
        *go = ends[1];
    errno = error;
    return process;
}

static volatile pid_t followed;

// What a terminal sends, it sends to the process as well; what somebody sends us, only we can pass
// on. Either way the process ends, and what was sampled until then is reported.
static void pass_on(int number, siginfo_t *sent, void *context) {
    (void)context;
    if (sent->si_code <= 0)
        kill(followed, number);
}

static void follow(Sampler *sampler, pid_t process) {
    struct pollfd *waiting = ARENA_ARRAY(sampler->arena, struct pollfd, sampler->ring_count);
    struct sigaction ours = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO}, before[2];
    followed = process;
    sigaction(SIGINT, &ours, &before[0]);
    sigaction(SIGQUIT, &ours, &before[1]);
    pid_t ended;
    while ((ended = waitpid(process, &sampler->samples->status, WNOHANG)) == 0 ||
           (ended < 0 && errno == EINTR)) {
        wait_for_samples(sampler, waiting);
        drain_all(sampler);
    }
    drain_all(sampler);
    sigaction(SIGINT, &before[0], NULL);
    sigaction(SIGQUIT, &before[1], NULL);
}

static Sampler sampler_new(Arena *arena, int frequency, Samples *samples) {
    *samples = (Samples){.frequency = frequency};
    long processors = sysconf(_SC_NPROCESSORS_CONF);
    Sampler sampler = {.arena = arena, .samples = samples};
    sampler.ring_count = processors > 0 ? (size_t)processors : 1;
    sampler.rings = ARENA_ARRAY(arena, Ring, sampler.ring_count);
    sampler.record = ARENA_ARRAY(arena, char, UINT16_MAX + 1);
    for (size_t i = 0; i < sampler.ring_count; i++)
        sampler.rings[i].event = -1;
    return sampler;
}

bool sampler_check(int frequency) {
    Arena *scratch = arena_new();
    Samples samples;
    Sampler sampler = sampler_new(scratch, frequency, &samples);
    bool good = open_rings(&sampler, getpid());
    if (!good)
        complain(errno, frequency);
    close_rings(&sampler);
    arena_free(scratch);
    return good;
}

bool sampler_run(Arena *arena, const char *program, char *const *arguments, int frequency,
                 bool apart, Samples *samples) {
    Sampler sampler = sampler_new(arena, frequency, samples);
    int go = -1;
    pid_t process = start(program, arguments, apart, &go);
    if (process < 0) {
        command_failure("can't start %s: %s", program, strerror(errno));
        return false;
    }
    bool opened = open_rings(&sampler, process);
    if (!opened)
        complain(errno, frequency);
    else if (write(go, "", 1) != 1)
        opened = command_failure("can't start %s: %s", program, strerror(errno)) == EXIT_OK;
    close(go);
    if (opened)
        follow(&sampler, process);
    else
        while (waitpid(process, &samples->status, 0) < 0 && errno == EINTR)
            ;
    close_rings(&sampler);
    return opened;
}
