// See output.h. stdio can't be used here: a signal's handler may neither call it nor know whether
// its buffer is whole. With a buffer of our own the handler finds it whole, or `printing` set; then
// the signal is put off until the print is over, which is soon.
#include "runtime/process/output.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUFFER = 32 * 1024,
    AT_ONCE = 4096, // bytes that a pipe takes at once if it takes any (its PIPE_BUF)
    PATIENCE = 100, // milliseconds that a handler waits for a reader
};

static char buffer[BUFFER];
static size_t begin, end; // what has to be written yet
static int failure;       // the errno of the first thing that went wrong; 0: none
static bool is_terminal;

static volatile sig_atomic_t printing, put_off; // put_off: the signal; 0: none
static void (*volatile handler)(int number);

static void finish(void) {
    output_flush();
}

// Between these two the buffer is changed. The fences keep the compiler from moving accesses to it
// out from between; the hardware needs none, as a handler runs on the same thread.
static void start_printing(void) {
    static bool begun;
    if (!begun) {
        begun = true;
        is_terminal = isatty(STDOUT_FILENO);
        atexit(finish);
    }
    printing = 1;
    atomic_signal_fence(memory_order_seq_cst);
}

static void stop_printing(void) {
    atomic_signal_fence(memory_order_seq_cst);
    printing = 0;
    int number = put_off;
    put_off = 0;
    if (number)
        handler(number);
}

// Waits until a stream that doesn't block takes more, or a signal has been handled.
static bool wait_for_reader(void) {
    struct pollfd stream = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&stream, 1, -1) > 0 || errno == EINTR;
}

// Gives up when a signal has come: it is to take effect now.
// What couldn't be written because of an error is dropped, like all that follows: answered is that
// it is gone, and `failure` says why.
static size_t write_all(const char *chars, size_t length) {
    size_t done = 0;
    while (done < length && !put_off) {
        ssize_t count = write(STDOUT_FILENO, chars + done, length - done);
        if (count >= 0) {
            done += (size_t)count;
        } else if (errno != EINTR && !(errno == EAGAIN && wait_for_reader())) {
            failure = errno;
            return length;
        }
    }
    return done;
}

static void empty_buffer(void) {
    begin += write_all(buffer + begin, end - begin);
    if (begin == end)
        begin = end = 0;
}

// What is larger than the buffer goes past it, after what is in it.
static void add(const char *chars, size_t length) {
    if (length > BUFFER - end)
        empty_buffer();
    if (length > BUFFER - end) {
        write_all(chars, length);
        return;
    }
    memcpy(buffer + end, chars, length);
    end += length;
    if (is_terminal && memchr(chars, '\n', length))
        empty_buffer();
}

void output_write(const char *chars, size_t length) {
    start_printing();
    if (!failure && length)
        add(chars, length);
    stop_printing();
}

void output_text(const char *chars) {
    output_write(chars, strlen(chars));
}

bool output_flush(void) {
    start_printing();
    if (!failure)
        empty_buffer();
    stop_printing();
    errno = failure;
    return !failure;
}

void output_flush_lines(void) {
    if (end && buffer[end - 1] == '\n')
        output_flush();
}

bool output_rescue(int number, void (*again)(int number)) {
    if (put_off)
        return true;
    if (printing) {
        handler = again;
        put_off = number;
        return false;
    }
    // As much as a reader takes: one that has stopped must not keep us from ending. Pieces are as
    // large as a pipe takes without blocking once `poll` says that it takes any. A reader that is
    // gone is no reason to end by another signal.
    signal(SIGPIPE, SIG_IGN);
    struct pollfd stream = {.fd = STDOUT_FILENO, .events = POLLOUT};
    while (begin < end && !failure && poll(&stream, 1, PATIENCE) > 0) {
        size_t length = end - begin < AT_ONCE ? end - begin : AT_ONCE;
        ssize_t count = write(STDOUT_FILENO, buffer + begin, length);
        if (count <= 0)
            break;
        begin += (size_t)count;
    }
    return true;
}
