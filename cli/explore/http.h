// The little of HTTP/1.1 (RFC 9112) that a page on this machine needs: requests are read and held
// against what a browser of this machine's user sends; all else is refused. No request shares a
// connection with another.
//
// A server on 127.0.0.1 is reached by every page that the user's browser shows. So a request has to
// name this host, which a name that somebody has pointed here (DNS rebinding) doesn't; and one that
// comes from a page has to come from ours.
#ifndef CLI_EXPLORE_HTTP_H
#define CLI_EXPLORE_HTTP_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>

enum { HTTP_LARGEST_HEAD = 8192, HTTP_LARGEST_BODY = 16384 };

typedef enum HttpProgress {
    HTTP_INCOMPLETE, // more has to be read
    HTTP_COMPLETE,
    HTTP_REFUSED, // `status` and `why` say how
} HttpProgress;

typedef struct HttpRequest {
    const char *method, *target;
    const char *host, *origin, *content_type, *fetch_site; // NULL: it has no such field
    const char *body;                                      // NUL-terminated
    size_t body_length;
    int status; // of a refusal: 400 and the like
    const char *why;
} HttpRequest;

// Reads what has come so far; strings live in the arena.
HttpProgress http_read(HttpRequest *request, Arena *arena, const char *bytes, size_t length);

// May a complete request be answered by a server at 127.0.0.1 and this port? Otherwise `status` and
// `why` say how it is refused.
bool http_is_welcome(HttpRequest *request, int port);

// Appends a whole answer, the body of which is `body`.
void http_answer(Text *out, int status, const char *content_type, const Text *body);

#endif
