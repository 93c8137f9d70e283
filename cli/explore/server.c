// See server.h. One thread waits for all connections at once: a browser opens some that it says
// nothing on, and nobody has to wait for these. While an interpreter is made all of them wait.
#define _GNU_SOURCE // accept4
#include "cli/explore/server.h"

#include "cli/command.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Seconds: for a request to come in, for each piece of the answer to go out, for the other side to
// close once it has it, and before another connection is taken when one could not be.
enum {
    CONNECTIONS = 32,
    PATIENCE_READING = 10,
    PATIENCE_WRITING = 10,
    PATIENCE_CLOSING = 2,
    PATIENCE_ACCEPTING = 1
};

typedef enum ConnectionState { READING, WRITING, CLOSING } ConnectionState;

typedef struct Connection {
    int socket;
    ConnectionState state;
    double deadline;
    Text bytes;  // read, or to be written
    size_t sent; // of those
} Connection;

typedef struct Connections {
    Connection items[CONNECTIONS];
    size_t count;
    double accepts_from; // when the next one may be taken; 0: at once
} Connections;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// ---- One connection ------------------------------------------------------------------

static void begin_answer(Connection *connection, Text *answer) {
    text_free(&connection->bytes);
    connection->bytes = *answer;
    connection->sent = 0;
    connection->state = WRITING;
    connection->deadline = now() + PATIENCE_WRITING;
}

// Who switches one flag after another has gone on to the next before the first is emitted.
static bool has_left(const Connection *connection) {
    char byte;
    return recv(connection->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

// False: it is over.
static bool answer_if_complete(ExploreServer *server, Connection *connection) {
    Arena *arena = arena_new();
    HttpRequest request;
    HttpProgress progress =
        http_read(&request, arena, text_chars(&connection->bytes), connection->bytes.length);
    bool is_over = progress == HTTP_COMPLETE && has_left(connection);
    Text answer = {0};
    if (progress == HTTP_COMPLETE && !is_over)
        explore_server_answer(server, &request, &answer);
    else if (progress == HTTP_REFUSED)
        explore_server_refuse(&request, &answer);
    if (progress != HTTP_INCOMPLETE && !is_over)
        begin_answer(connection, &answer);
    arena_free(arena);
    return !is_over;
}

// False: it is over.
static bool go_on_reading(ExploreServer *server, Connection *connection) {
    char chunk[4096];
    ssize_t count = recv(connection->socket, chunk, sizeof chunk, 0);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR;
    if (connection->state == CLOSING || count == 0)
        return count > 0;
    text_add_bytes(&connection->bytes, chunk, (size_t)count);
    return answer_if_complete(server, connection);
}

// The other side may still be sending what was refused: closed at once, it would not get to see the
// answer. So what comes is read until it closes.
static bool go_on_writing(Connection *connection) {
    ssize_t count = send(connection->socket, text_chars(&connection->bytes) + connection->sent,
                         connection->bytes.length - connection->sent, MSG_NOSIGNAL);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR;
    connection->sent += (size_t)count;
    connection->deadline = now() + PATIENCE_WRITING;
    if (connection->sent < connection->bytes.length)
        return true;
    connection->state = CLOSING;
    connection->deadline = now() + PATIENCE_CLOSING;
    return shutdown(connection->socket, SHUT_WR) == 0;
}

// Too late: who has begun a request is told so.
static bool expire(Connection *connection) {
    if (connection->state != READING || connection->bytes.length == 0)
        return false;
    HttpRequest request = {.status = 408, .why = "the request didn't come to its end in time"};
    Text answer = {0};
    explore_server_refuse(&request, &answer);
    begin_answer(connection, &answer);
    return true;
}

// ---- All of them ---------------------------------------------------------------------

// What it had may be what the next one needs.
static void remove_at(Connections *all, size_t index) {
    all->accepts_from = 0;
    close(all->items[index].socket);
    text_free(&all->items[index].bytes);
    all->items[index] = all->items[--all->count];
}

// Of those that have not said anything the one that has had most time to; -1: there is none. It
// makes room for one that may.
static int find_silent(const Connections *all) {
    int found = -1;
    for (size_t i = 0; i < all->count; i++) {
        const Connection *each = &all->items[i];
        if (each->state == READING && !each->bytes.length &&
            (found < 0 || each->deadline < all->items[found].deadline))
            found = (int)i;
    }
    return found;
}

// Without a descriptor or memory for it a connection stays in the listener's queue, which is ready
// all the while: to look there again at once would keep the processor busy with nothing else.
static void accept_one(Connections *all, int listener) {
    if (all->count == CONNECTIONS)
        remove_at(all, (size_t)find_silent(all));
    int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0)
        all->items[all->count++] =
            (Connection){.socket = socket, .deadline = now() + PATIENCE_READING};
    else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        all->accepts_from = now() + PATIENCE_ACCEPTING;
}

static bool may_accept(const Connections *all) {
    return (all->count < CONNECTIONS || find_silent(all) >= 0) && now() >= all->accepts_from;
}

// Milliseconds until the first deadline, or until connections are taken again; -1: there is none.
static int wait_time(const Connections *all, bool accepts) {
    double first = accepts ? 0 : all->accepts_from;
    for (size_t i = 0; i < all->count; i++)
        if (first == 0 || all->items[i].deadline < first)
            first = all->items[i].deadline;
    double left = first - now();
    return first == 0 ? -1 : left > 0 ? (int)(left * 1000) + 1 : 0;
}

// What one of them took isn't the others' fault.
static bool serve_one(ExploreServer *server, Connections *all, size_t index, short events) {
    Connection *connection = &all->items[index];
    if (!events)
        return now() < connection->deadline || expire(connection);
    if (connection->state == WRITING)
        return go_on_writing(connection);
    double begun = now();
    bool good = go_on_reading(server, connection);
    for (size_t i = 0; i < all->count; i++)
        all->items[i].deadline += now() - begun;
    return good;
}

// From the last on, as what is removed gives its place to the last.
static bool serve_all(ExploreServer *server, Connections *all, int listener) {
    struct pollfd polls[CONNECTIONS + 1];
    size_t count = all->count;
    for (size_t i = 0; i < count; i++)
        polls[i] = (struct pollfd){.fd = all->items[i].socket,
                                   .events = all->items[i].state == WRITING ? POLLOUT : POLLIN};
    bool accepts = may_accept(all);
    polls[count] = (struct pollfd){.fd = accepts ? listener : -1, .events = POLLIN};
    if (poll(polls, count + 1, wait_time(all, accepts)) < 0)
        return errno == EINTR;
    for (size_t i = count; i-- > 0;)
        if (!serve_one(server, all, i, polls[i].revents))
            remove_at(all, i);
    if (polls[count].revents && may_accept(all))
        accept_one(all, listener);
    return true;
}

// ---- Listening -----------------------------------------------------------------------

// The socket, and the port that it has got; -1 with errno set.
static int listen_at(int *port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)*port),
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // So that a server that has just ended can be started again.
    if (listener < 0 ||
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) < 0 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener, CONNECTIONS) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) < 0) {
        int error = errno;
        if (listener >= 0)
            close(listener);
        errno = error;
        return -1;
    }
    *port = ntohs(address.sin_port);
    return listener;
}

bool explore_server_run(ExploreServer *server) {
    int listener = listen_at(&server->port);
    if (listener < 0) {
        if (errno == EADDRINUSE)
            command_failure("port %d is in use: --serve=PORT takes another, --serve=0 any that is "
                            "free",
                            server->port);
        else
            command_failure("can't listen at 127.0.0.1:%d: %s", server->port, strerror(errno));
        return false;
    }
    printf("http://127.0.0.1:%d/\n", server->port);
    fflush(stdout);
    if (isatty(STDERR_FILENO))
        fputs("Ctrl-C ends it.\n", stderr);
    Connections all = {.count = 0};
    while (serve_all(server, &all, listener))
        continue;
    command_failure("can't wait for connections: %s", strerror(errno));
    close(listener);
    return false;
}
