// See http.h.
#define _GNU_SOURCE // memmem
#include "cli/explore/http.h"

#include <string.h>
#include <strings.h>

// What a name of a method or a field is made of (RFC 9110, section 5.6.2).
static bool is_token(const char *chars) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "!#$%&'*+-.^_`|~";
    return *chars && strspn(chars, letters) == strlen(chars);
}

static bool refuse(HttpRequest *request, int status, const char *why) {
    request->status = status;
    request->why = why;
    return false;
}

// ---- The request line ----------------------------------------------------------------

static bool is_printable(const char *chars) {
    for (; *chars; chars++)
        if (*chars <= ' ' || *chars == 0x7f)
            return false;
    return true;
}

static bool read_request_line(HttpRequest *request, char *line) {
    char *target = strchr(line, ' '), *version = target ? strchr(target + 1, ' ') : NULL;
    if (!version)
        return refuse(request, 400, "the request line is not METHOD TARGET VERSION");
    *target++ = *version++ = '\0';
    request->method = line;
    request->target = target;
    if (!is_token(line) || *target != '/' || !is_printable(target))
        return refuse(request, 400, "the request line is not METHOD TARGET VERSION");
    if (strcmp(version, "HTTP/1.1") == 0 || strcmp(version, "HTTP/1.0") == 0)
        return true;
    if (strncmp(version, "HTTP/", 5) == 0)
        return refuse(request, 505, "only HTTP/1.1 is spoken here");
    return refuse(request, 400, "the request line is not METHOD TARGET VERSION");
}

// ---- Fields --------------------------------------------------------------------------

typedef struct HttpFields {
    const char *length, *encoding;
} HttpFields;

// Where a field of that name is kept; NULL: nobody asks for it.
static const char **place_of(HttpRequest *request, HttpFields *fields, const char *name) {
    const struct {
        const char *name, **place;
    } places[] = {
        {"host", &request->host},
        {"origin", &request->origin},
        {"content-type", &request->content_type},
        {"sec-fetch-site", &request->fetch_site},
        {"content-length", &fields->length},
        {"transfer-encoding", &fields->encoding},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcasecmp(places[i].name, name) == 0)
            return places[i].place;
    return NULL;
}

// Two fields of one name could be read in two ways, by us and by somebody between.
static bool read_field(HttpRequest *request, HttpFields *fields, char *line) {
    char *colon = strchr(line, ':');
    if (!colon)
        return refuse(request, 400, "a field has no colon");
    *colon = '\0';
    if (!is_token(line))
        return refuse(request, 400, "a field's name is none");
    char *value = colon + 1 + strspn(colon + 1, " \t");
    size_t length = strlen(value);
    while (length && strchr(" \t", value[length - 1]))
        value[--length] = '\0';
    const char **place = place_of(request, fields, line);
    if (place && *place)
        return refuse(request, 400, "a field is there twice");
    if (place)
        *place = value;
    return true;
}

// The lines of the head, which are apart by CR LF; neither stands anywhere else.
static bool read_head(HttpRequest *request, HttpFields *fields, char *head) {
    bool is_first = true;
    while (*head) {
        size_t length = strcspn(head, "\r\n");
        if (head[length] != '\r' || head[length + 1] != '\n')
            return refuse(request, 400, "a line of the head doesn't end with CR LF");
        head[length] = '\0';
        if (is_first ? !read_request_line(request, head) : !read_field(request, fields, head))
            return false;
        is_first = false;
        head += length + 2;
    }
    return true;
}

// ---- The body ------------------------------------------------------------------------

static bool body_length(HttpRequest *request, const HttpFields *fields) {
    if (fields->encoding)
        return refuse(request, 501, "a body has to have a length");
    bool is_post = strcmp(request->method, "POST") == 0;
    if (!fields->length)
        return !is_post || refuse(request, 411, "a body has to have a length");
    const char *digits = fields->length;
    if (!*digits || strspn(digits, "0123456789") != strlen(digits))
        return refuse(request, 400, "the body's length is no number");
    for (; *digits; digits++) {
        request->body_length = request->body_length * 10 + (size_t)(*digits - '0');
        if (request->body_length > HTTP_LARGEST_BODY)
            return refuse(request, 413, "the body is too large");
    }
    return is_post || !request->body_length || refuse(request, 400, "only POST has a body");
}

HttpProgress http_read(HttpRequest *request, Arena *arena, const char *bytes, size_t length) {
    *request = (HttpRequest){0};
    size_t looked_at = length < HTTP_LARGEST_HEAD ? length : HTTP_LARGEST_HEAD;
    const char *end = memmem(bytes, looked_at, "\r\n\r\n", 4);
    size_t head = end ? (size_t)(end - bytes) + 2 : looked_at;
    if (memchr(bytes, '\0', head)) {
        refuse(request, 400, "there is a byte 0 in the head");
        return HTTP_REFUSED;
    }
    if (!end && length < HTTP_LARGEST_HEAD)
        return HTTP_INCOMPLETE;
    if (!end) {
        refuse(request, 431, "the head is too large");
        return HTTP_REFUSED;
    }
    HttpFields fields = {0};
    if (!read_head(request, &fields, arena_strndup(arena, bytes, head)) ||
        !body_length(request, &fields))
        return HTTP_REFUSED;
    if (length - head - 2 < request->body_length)
        return HTTP_INCOMPLETE;
    request->body = arena_strndup(arena, bytes + head + 2, request->body_length);
    return HTTP_COMPLETE;
}

// ---- Who asks ------------------------------------------------------------------------

// Is it this host, after `prefix`? A browser leaves out port 80.
static bool is_own(const char *name, const char *prefix, int port) {
    static const char *const hosts[] = {"127.0.0.1", "localhost"};
    bool own = false;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        Text expected = {0};
        text_addf(&expected, "%s%s:%d", prefix, hosts[i], port);
        own = own || strcasecmp(name, text_chars(&expected)) == 0;
        text_free(&expected);
        text_addf(&expected, "%s%s", prefix, hosts[i]);
        own = own || (port == 80 && strcasecmp(name, text_chars(&expected)) == 0);
        text_free(&expected);
    }
    return own;
}

bool http_is_welcome(HttpRequest *request, int port) {
    const char *site = request->fetch_site;
    if (!request->host)
        return refuse(request, 400, "the request names no host");
    if (!is_own(request->host, "", port))
        return refuse(request, 403, "the request names another host");
    if (request->origin && !is_own(request->origin, "http://", port))
        return refuse(request, 403, "the request comes from another page");
    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return refuse(request, 403, "the request comes from another page");
    if (strcmp(request->method, "POST") != 0)
        return true;
    // What a form of a foreign page can't send without asking first.
    const char *type = request->content_type ? request->content_type : "";
    if (strcasecmp(type, "application/json") != 0)
        return refuse(request, 415, "a body has to be application/json");
    return true;
}

// ---- Answers -------------------------------------------------------------------------

static const char *reason(int status) {
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {431, "Request Header Fields Too Large"},
        {501, "Not Implemented"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Error";
}

// Nobody else may show the page in a frame, or keep it; it loads nothing but from here.
void http_answer(Text *out, int status, const char *content_type, const Text *body) {
    text_addf(out,
              "HTTP/1.1 %d %s\r\n"
              "Content-Type: %s\r\n"
              "Content-Length: %zu\r\n"
              "Connection: close\r\n"
              "Cache-Control: no-store\r\n"
              "Content-Security-Policy: default-src 'none'; script-src 'unsafe-inline'; "
              "style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
              "frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n"
              "Cross-Origin-Resource-Policy: same-origin\r\n"
              "Referrer-Policy: no-referrer\r\n"
              "X-Content-Type-Options: nosniff\r\n"
              "%s\r\n",
              status, reason(status), content_type, body->length,
              status == 405 ? "Allow: GET, HEAD, POST\r\n" : "");
    text_add_bytes(out, text_chars(body), body->length);
}
