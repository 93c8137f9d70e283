// What the server of `loopwright explore --serve` takes for a request, and from whom: whole
// requests of a browser of this machine, and nothing else.
#include "cli/explore/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PORT = 8019 };

#define OWN_HOST "Host: 127.0.0.1:8019\r\n"
#define JSON     "Content-Type: application/json\r\n"

static HttpProgress read_all(Arena *arena, const char *bytes, HttpRequest *request) {
    return http_read(request, arena, bytes, strlen(bytes));
}

// The status that refuses it, by its form or by who asks; 0: it is welcome.
static int refusal(const char *bytes) {
    Arena *arena = arena_new();
    HttpRequest request;
    HttpProgress progress = read_all(arena, bytes, &request);
    int status = request.status;
    assert_int_not_equal(progress, HTTP_INCOMPLETE);
    if (progress == HTTP_COMPLETE)
        status = http_is_welcome(&request, PORT) ? 0 : request.status;
    assert_true(status == 0 || request.why);
    arena_free(arena);
    return status;
}

static void a_request_is_read_whole(void **state) {
    (void)state;
    Arena *arena = arena_new();
    HttpRequest request;
    const char *bytes = "POST /variant HTTP/1.1\r\n" OWN_HOST JSON
                        "Origin: http://127.0.0.1:8019\r\nContent-Length:  2 \r\n\r\n{}";
    assert_int_equal(read_all(arena, bytes, &request), HTTP_COMPLETE);
    assert_string_equal(request.method, "POST");
    assert_string_equal(request.target, "/variant");
    assert_string_equal(request.host, "127.0.0.1:8019");
    assert_string_equal(request.body, "{}");
    assert_int_equal(request.body_length, 2);
    assert_true(http_is_welcome(&request, PORT));
    arena_free(arena);
}

// However it is cut, a beginning is neither complete nor refused.
static void a_beginning_is_incomplete(void **state) {
    (void)state;
    Arena *arena = arena_new();
    const char *bytes = "POST / HTTP/1.1\r\n" OWN_HOST "Content-Length: 2\r\n\r\n{}";
    HttpRequest request;
    for (size_t length = 0; length < strlen(bytes); length++)
        assert_int_equal(http_read(&request, arena, bytes, length), HTTP_INCOMPLETE);
    assert_int_equal(http_read(&request, arena, bytes, strlen(bytes)), HTTP_COMPLETE);
    arena_free(arena);
}

static void malformed_requests_are_refused(void **state) {
    (void)state;
    const struct {
        const char *bytes;
        int status;
    } cases[] = {
        {"GET / HTTP/1.1\r\n" OWN_HOST "\r\n", 0},
        {"GET / HTTP/1.0\r\n" OWN_HOST "\r\n", 0},
        {"\r\n\r\n", 400},
        {"GET /\r\n\r\n", 400},
        {"GET  / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1 \r\n\r\n", 505},
        {"GET / FTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\n\r\n", 505},
        {"G@T / HTTP/1.1\r\n\r\n", 400},
        {"GET http://127.0.0.1:8019/ HTTP/1.1\r\n" OWN_HOST "\r\n", 400},
        {"GET /\x01 HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\n" OWN_HOST "\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: 127.0.0.1:8019\rx\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n folded: x\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : 127.0.0.1:8019\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" OWN_HOST OWN_HOST "\r\n", 400},
        {"GET / HTTP/1.1\r\n" OWN_HOST "Content-Length: 1\r\n\r\nx", 400},
        {"POST / HTTP/1.1\r\n" OWN_HOST JSON "\r\n", 411},
        {"POST / HTTP/1.1\r\n" OWN_HOST JSON "Content-Length: -1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" OWN_HOST JSON "Content-Length: 1x\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" OWN_HOST JSON "Content-Length:\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" OWN_HOST JSON "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
         400},
        {"POST / HTTP/1.1\r\n" OWN_HOST JSON "Content-Length: 16385\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\n" OWN_HOST JSON
         "Content-Length: 99999999999999999999999999999999999999\r\n\r\n",
         413},
        {"POST / HTTP/1.1\r\n" OWN_HOST JSON "Transfer-Encoding: chunked\r\n\r\n", 501},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (refusal(cases[i].bytes) != cases[i].status)
            fail_msg("status %d, not %d: %s", refusal(cases[i].bytes), cases[i].status,
                     cases[i].bytes);
}

static void a_head_has_a_bound_and_no_byte_0(void **state) {
    (void)state;
    Arena *arena = arena_new();
    HttpRequest request;
    static char bytes[HTTP_LARGEST_HEAD + 1];
    memset(bytes, 'x', sizeof bytes - 1);
    assert_int_equal(http_read(&request, arena, bytes, HTTP_LARGEST_HEAD - 1), HTTP_INCOMPLETE);
    assert_int_equal(http_read(&request, arena, bytes, HTTP_LARGEST_HEAD), HTTP_REFUSED);
    assert_int_equal(request.status, 431);
    assert_int_equal(http_read(&request, arena, "GET \0", 5), HTTP_REFUSED);
    assert_int_equal(request.status, 400);
    arena_free(arena);
}

static void only_this_host_and_this_page_are_welcome(void **state) {
    (void)state;
    const struct {
        const char *fields;
        int status;
    } cases[] = {
        {"Host: 127.0.0.1:8019\r\n", 0},
        {"Host: LOCALHOST:8019\r\n", 0},
        {"", 400},
        {"Host: \r\n", 403},
        {"Host: 127.0.0.1\r\n", 403},
        {"Host: 127.0.0.1:80190\r\n", 403},
        {"Host: 127.0.0.1:8019.example.org\r\n", 403},
        {"Host: example.org:8019\r\n", 403},
        {"Host: 127.0.0.1.example.org:8019\r\n", 403},
        {"Host: [::1]:8019\r\n", 403},
        {OWN_HOST "Origin: http://127.0.0.1:8019\r\n", 0},
        {OWN_HOST "Origin: http://localhost:8019\r\n", 0},
        {OWN_HOST "Origin: http://127.0.0.1:80\r\n", 403},
        {OWN_HOST "Origin: https://127.0.0.1:8019\r\n", 403},
        {OWN_HOST "Origin: http://example.org\r\n", 403},
        {OWN_HOST "Origin: null\r\n", 403},
        {OWN_HOST "Origin:\r\n", 403},
        {OWN_HOST "Sec-Fetch-Site: same-origin\r\n", 0},
        {OWN_HOST "Sec-Fetch-Site: none\r\n", 0},
        {OWN_HOST "Sec-Fetch-Site: cross-site\r\n", 403},
        {OWN_HOST "Sec-Fetch-Site: same-site\r\n", 403},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text bytes = {0};
        text_addf(&bytes, "GET / HTTP/1.1\r\n%s\r\n", cases[i].fields);
        if (refusal(text_chars(&bytes)) != cases[i].status)
            fail_msg("status %d, not %d: %s", refusal(text_chars(&bytes)), cases[i].status,
                     cases[i].fields);
        text_free(&bytes);
    }
}

// What a form of a foreign page could send without asking.
static void a_body_is_json(void **state) {
    (void)state;
    assert_int_equal(refusal("POST / HTTP/1.1\r\n" OWN_HOST JSON "Content-Length: 2\r\n\r\n{}"), 0);
    assert_int_equal(refusal("POST / HTTP/1.1\r\n" OWN_HOST "Content-Length: 2\r\n\r\n{}"), 415);
    assert_int_equal(refusal("POST / HTTP/1.1\r\n" OWN_HOST
                             "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"),
                     415);
}

static void an_answer_has_its_length_and_may_not_be_framed(void **state) {
    (void)state;
    Text body = {0}, out = {0};
    text_add(&body, "{}");
    http_answer(&out, 404, "application/json", &body);
    const char *answer = text_chars(&out);
    assert_true(strncmp(answer, "HTTP/1.1 404 Not Found\r\n", 24) == 0);
    assert_non_null(strstr(answer, "\r\nContent-Length: 2\r\n"));
    assert_non_null(strstr(answer, "frame-ancestors 'none'"));
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n{}");
    text_free(&body);
    text_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_read_whole),
        cmocka_unit_test(a_beginning_is_incomplete),
        cmocka_unit_test(malformed_requests_are_refused),
        cmocka_unit_test(a_head_has_a_bound_and_no_byte_0),
        cmocka_unit_test(only_this_host_and_this_page_are_welcome),
        cmocka_unit_test(a_body_is_json),
        cmocka_unit_test(an_answer_has_its_length_and_may_not_be_framed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
