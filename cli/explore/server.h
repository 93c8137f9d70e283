// `explore --serve`: the page on 127.0.0.1, for this machine alone. The page asks for the
// interpreters of flags; each is made by `loopwright explore --json` in a process of its own, so
// that nothing that goes wrong there ends the server.
#ifndef CLI_EXPLORE_SERVER_H
#define CLI_EXPLORE_SERVER_H

#include "cli/explore/http.h"
#include "cli/variant.h"

typedef ARENA_VECTOR(const char *) ServerWords;

// An answer that may be asked for again, as flags are switched back.
typedef struct ServerAnswer {
    const char *flags; // NULL: none
    Text document;
} ServerAnswer;

enum { SERVER_ANSWERS = 6 };

typedef struct ExploreServer {
    Arena *arena;
    int port;                           // 0: any that is free, until it runs
    ARENA_VECTOR(ServerWords) variants; // the flags that the page begins with: of one, or two
    ServerWords words;                  // given to each interpreter beside its flags
    ServerAnswer answers[SERVER_ANSWERS];
    size_t next_answer; // which of them gives way
} ExploreServer;

// Adds an interpreter that the page begins with.
void explore_server_add_variant(ExploreServer *server, const Variant *variant);

// Takes what a page can't set from the words of the command line.
void explore_server_add_words(ExploreServer *server, int argc, char *const *argv);

// Listens and answers, until a signal ends us. False after an error on stderr.
bool explore_server_run(ExploreServer *server);

// Appends the answer to a complete request (answers.c).
void explore_server_answer(ExploreServer *server, HttpRequest *request, Text *out);

// Appends the answer that refuses a request.
void explore_server_refuse(const HttpRequest *request, Text *out);

#endif
