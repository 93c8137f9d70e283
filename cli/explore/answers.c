// What the server answers (server.h): the page, and documents for it.
#include "cli/explore/flags.h"
#include "cli/explore/page.h"
#include "cli/explore/server.h"
#include "cli/process.h"
#include "support/json/json_text.h"

#include <errno.h>
#include <string.h>

enum { MOST_FLAGS = 128 };

static const char html[] = "text/html; charset=utf-8", json[] = "application/json";

// ---- What is given from the start ----------------------------------------------------

void explore_server_add_variant(ExploreServer *server, const Variant *variant) {
    Text flags = {0};
    variant_print(variant, &flags);
    char *rest = arena_strdup(server->arena, text_chars(&flags));
    text_free(&flags);
    ServerWords words = {0};
    for (char *word; (word = strtok_r(rest, " ", &rest));)
        if (explore_flag_has_switch(word))
            ARENA_PUSH(server->arena, &words, word);
    // Flags in words leave out the version.
    if (variant->llvm_version) {
        char *version = arena_printf(server->arena, "--llvm=%d", variant->llvm_version);
        ARENA_PUSH(server->arena, &words, version);
    }
    ARENA_PUSH(server->arena, &server->variants, words);
}

void explore_server_add_words(ExploreServer *server, int argc, char *const *argv) {
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--diff") == 0)
            i += 2;
        else if (strncmp(argv[i], "--serve", 7) != 0 && !explore_flag_has_switch(argv[i]))
            ARENA_PUSH(server->arena, &server->words, argv[i]);
    }
}

// ---- Errors --------------------------------------------------------------------------

static void answer_json(int status, json_t *data, Text *out) {
    Text body = {0};
    json_text_print_compact(data, &body);
    http_answer(out, status, json, &body);
    text_free(&body);
    json_decref(data);
}

static void answer_error(int status, const char *why, Text *out) {
    answer_json(status, json_pack("{s:o}", "error", json_text(why)), out);
}

void explore_server_refuse(const HttpRequest *request, Text *out) {
    answer_error(request->status, request->why, out);
}

// ---- The page ------------------------------------------------------------------------

static json_t *words_json(const ServerWords *words) {
    json_t *list = json_array();
    for (size_t i = 0; i < words->count; i++)
        json_array_append_new(list, json_text(words->items[i]));
    return list;
}

static void answer_page(const ExploreServer *server, Text *out) {
    json_t *variants = json_array();
    for (size_t i = 0; i < server->variants.count; i++)
        json_array_append_new(variants, words_json(&server->variants.items[i]));
    json_t *data =
        json_pack("{s:{s:o, s:o}}", "serve", "flags", explore_flags_json(), "variants", variants);
    Text body = {0};
    explore_page(data, &body);
    json_decref(data);
    http_answer(out, 200, html, &body);
    text_free(&body);
}

// ---- A document ----------------------------------------------------------------------

// What the command line gave is allowed as it was given, a file's name among it too.
static bool is_given(const ExploreServer *server, const char *word) {
    for (size_t i = 0; i < server->variants.count; i++)
        for (size_t w = 0; w < server->variants.items[i].count; w++)
            if (strcmp(server->variants.items[i].items[w], word) == 0)
                return true;
    return false;
}

// The flags of {"flags": ["-O1", …]}. False after the answer to a request that isn't one.
static bool read_flags(const ExploreServer *server, const HttpRequest *request, Arena *arena,
                       ServerWords *flags, Text *out) {
    json_t *body = json_loadb(request->body, request->body_length, JSON_REJECT_DUPLICATES, NULL);
    const json_t *list = json_object_get(body, "flags");
    const char *wrong =
        json_is_array(list) && json_object_size(body) == 1 && json_array_size(list) <= MOST_FLAGS
            ? NULL
            : "the body is not {\"flags\": [\"-O1\", ...]}";
    size_t index;
    const json_t *item;
    json_array_foreach(list, index, item) {
        const char *word = json_string_value(item);
        if (!word)
            wrong = "a flag is no text";
        else if (!is_given(server, word) && !explore_flag_is_allowed(word))
            wrong = arena_printf(
                arena, "the page can't set '%s': give it when you start the server", word);
        else
            ARENA_PUSH(arena, flags, arena_strdup(arena, word));
    }
    json_decref(body);
    if (wrong)
        answer_error(400, wrong, out);
    return !wrong;
}

static const char *join(const ServerWords *words, Arena *arena) {
    const char *all = "";
    for (size_t i = 0; i < words->count; i++)
        all = arena_printf(arena, "%s %s", all, words->items[i]);
    return all;
}

static const Text *find_answer(const ExploreServer *server, const char *flags) {
    for (size_t i = 0; i < SERVER_ANSWERS; i++)
        if (server->answers[i].flags && strcmp(server->answers[i].flags, flags) == 0)
            return &server->answers[i].document;
    return NULL;
}

static const Text *keep_answer(ExploreServer *server, const char *flags, Text document) {
    ServerAnswer *answer = &server->answers[server->next_answer++ % SERVER_ANSWERS];
    text_free(&answer->document);
    *answer = (ServerAnswer){arena_strdup(server->arena, flags), document};
    return &answer->document;
}

// A page has no use for where help on the command line is.
static void answer_failure(const char *errors, Arena *arena, Text *out) {
    const char *advice = strstr(errors, "\nTry `");
    size_t length = advice ? (size_t)(advice - errors) : strlen(errors);
    answer_error(422, arena_strndup(arena, errors, length), out);
}

// The document of the flags, or NULL after the answer that says what is wrong with them.
static const Text *make_document(ExploreServer *server, Arena *arena, const ServerWords *flags,
                                 const char *joined, Text *out) {
    ServerWords words = {0};
    const char *const begin[] = {arena_printf(arena, "%s/loopwright", process_own_folder()),
                                 "explore", "--json", "-o", "-"};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        ARENA_PUSH(arena, &words, begin[i]);
    for (size_t i = 0; i < flags->count; i++)
        ARENA_PUSH(arena, &words, flags->items[i]);
    for (size_t i = 0; i < server->words.count; i++)
        ARENA_PUSH(arena, &words, server->words.items[i]);
    ARENA_PUSH(arena, &words, NULL);
    Text document = {0}, errors = {0};
    int status = process_run((char *const *)words.items, &document, &errors);
    if (status == 0) {
        text_free(&errors);
        return keep_answer(server, joined, document);
    }
    answer_failure(status < 0 ? strerror(errno) : text_chars(&errors), arena, out);
    text_free(&document);
    text_free(&errors);
    return NULL;
}

static void answer_document(ExploreServer *server, const HttpRequest *request, Text *out) {
    Arena *arena = arena_new();
    ServerWords flags = {0};
    if (read_flags(server, request, arena, &flags, out)) {
        const char *joined = join(&flags, arena);
        const Text *document = find_answer(server, joined);
        if (!document)
            document = make_document(server, arena, &flags, joined, out);
        if (document)
            http_answer(out, 200, json, document);
    }
    arena_free(arena);
}

// ---- Which of them -------------------------------------------------------------------

// HEAD asks for what GET would be answered, but for the body.
static void drop_body(Text *out) {
    const char *end = strstr(text_chars(out), "\r\n\r\n");
    out->length = (size_t)(end - text_chars(out)) + strlen("\r\n\r\n");
}

void explore_server_answer(ExploreServer *server, HttpRequest *request, Text *out) {
    bool is_head = strcmp(request->method, "HEAD") == 0;
    bool is_get = is_head || strcmp(request->method, "GET") == 0;
    bool is_post = strcmp(request->method, "POST") == 0;
    bool is_page = strcmp(request->target, "/") == 0;
    bool is_variant = strcmp(request->target, "/variant") == 0;
    if (!http_is_welcome(request, server->port))
        explore_server_refuse(request, out);
    else if (!is_page && !is_variant)
        answer_error(404, "there is nothing of that name", out);
    else if (is_page ? !is_get : !is_post)
        answer_error(405, "not by this method", out);
    else if (is_page)
        answer_page(server, out);
    else
        answer_document(server, request, out);
    if (is_head)
        drop_body(out);
}
