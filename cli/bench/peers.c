// See peers.h. A peer is looked for, asked who it is, and given what its suite's harness wants; all
// that can be wrong is found out before anything is measured.
#include "cli/bench/peers.h"

#include "cli/parallel.h"
#include "cli/process.h"
#include "support/choice.h"
#include "support/shell_word.h"
#include "support/spelling.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

typedef enum Suite {
    SUITE_LUA,
    SUITE_PYTHON,
    SUITE_RUBY,
    SUITE_JAVASCRIPT,
    SUITE_JAVA,
    SUITE_SOM,
    SUITE_SOM_RS, // the same benchmarks, on a SOM that takes a class path in words
} Suite;

// Where the checkout has the language's benchmarks, and the harness there: SOM's with its folder,
// as SOM++ would take the whole for the name of a class.
static const struct {
    const char *folder, *harness;
} suites[] = {
    [SUITE_LUA] = {"Lua", "harness.lua"},        [SUITE_PYTHON] = {"Python", "harness.py"},
    [SUITE_RUBY] = {"Ruby", "harness.rb"},       [SUITE_JAVASCRIPT] = {"JavaScript", "harness.js"},
    [SUITE_JAVA] = {"Java", "src/Harness.java"}, [SUITE_SOM] = {"SOM", "./Harness.som"},
    [SUITE_SOM_RS] = {"SOM", "./Harness.som"},
};

typedef struct Ready {
    const char *name, *row, *programs, *question, *answer, *options;
    Suite suite;
    const char *source;
} Ready;

static const Ready ready[] = {
#define PEER(name, row, programs, question, answer, options, suite, source)                        \
    {name, row, programs, question, answer, options, suite, source},
#include "cli/bench/peers.def"
#undef PEER
};

enum { READY = sizeof ready / sizeof *ready };

const char peer_names[] =
#define PEER(name, row, programs, question, answer, options, suite, source) name ", "
#include "cli/bench/peers.def"
#undef PEER
    "all";

// What is asked of a peer is answered at once; a machine under load takes its time.
enum { PATIENCE = 60, MOST_OUTPUT = 64 << 10 };

// ---- The program --------------------------------------------------------------------------------

typedef struct Search {
    Arena *arena;
    const char *awfy; // the checkout, as an absolute path; NULL: it isn't there
    Text why;         // what is wrong
} Search;

typedef enum Found {
    FOUND,
    FOUND_NOTHING, // there is no such program
    FOUND_OTHER,   // there is one, but it is something else, as `why` says
    FOUND_LAME,    // it is the one, but `why` it can't run
} Found;

static bool is_answer(const char *line, const char *answer) {
    if (*answer == '^')
        return strncmp(line, answer + 1, strlen(answer + 1)) == 0;
    return strstr(line, answer) != NULL;
}

// The first line that is the answer; NULL: none.
static const char *line_with(Arena *arena, const Text *text, const char *answer) {
    for (const char *line = text_chars(text); *line;) {
        size_t length = strcspn(line, "\r\n");
        const char *copy = arena_strndup(arena, line, length);
        if (is_answer(copy, answer))
            return copy;
        line += length + strspn(line + length, "\r\n");
    }
    return NULL;
}

// The answer of the program to the peer's question; NULL: it is something else, or doesn't answer.
static const char *ask(Arena *arena, const Ready *peer, const char *program) {
    const char *words[] = {program, peer->question, NULL};
    ParallelOutcome outcome = parallel_run_one(&(ParallelProgram){
        .words = (char *const *)words, .seconds = PATIENCE, .output = MOST_OUTPUT});
    const char *line = line_with(arena, &outcome.output, peer->answer);
    if (!line)
        line = line_with(arena, &outcome.errors, peer->answer);
    parallel_outcome_free(&outcome);
    return line;
}

// "Lua 5.4.4  Copyright (C) …" is longer than it has to be, and "v18.19.0" says too little. A help
// text is no version.
static const char *version_in(Arena *arena, const Ready *peer, const char *answer) {
    if (strcmp(peer->question, "--help") == 0)
        return NULL;
    const char *notice = strstr(answer, "Copyright");
    size_t length = notice ? (size_t)(notice - answer) : strlen(answer);
    while (length && strchr(" -", answer[length - 1]))
        length--;
    bool is_bare = answer[0] == 'v' && answer[1] >= '0' && answer[1] <= '9';
    return arena_printf(arena, "%s%s%.*s", is_bare ? peer->name : "", is_bare ? " " : "",
                        (int)length, answer);
}

// The first of the peer's programs that is on the PATH and is what its name says.
static Found find_program(Search *search, const Ready *peer, const char **program,
                          const char **answer) {
    Found found = FOUND_NOTHING;
    for (int i = 0; i < choice_count(peer->programs); i++) {
        *program = process_find(search->arena, choice_at(peer->programs, i, search->arena));
        if (!*program)
            continue;
        *answer = ask(search->arena, peer, *program);
        if (*answer)
            return FOUND;
        text_addf(&search->why, "%s%s is something else: no line of its answer to %s is like '%s'",
                  found == FOUND_OTHER ? "; " : "", *program, peer->question, peer->answer);
        found = FOUND_OTHER;
    }
    return found;
}

// ---- What a suite wants -------------------------------------------------------------------------

typedef ARENA_VECTOR(const char *) WordList;

// The folders of Are-We-Fast-Yet's benchmarks in SOM, from where they lie.
static const char *const som_folders[] = {".",      "Core", "CD",    "DeltaBlue",
                                          "Havlak", "Json", "NBody", "Richards"};

enum { SOM_FOLDERS = sizeof som_folders / sizeof *som_folders };

static const char *library_at(Arena *arena, const char *folder, const char *name) {
    const char *library = arena_printf(arena, "%s/%s", folder, name);
    bool there = access(arena_printf(arena, "%s/Object.som", library), R_OK) == 0;
    char whole[PATH_MAX];
    return there && realpath(library, whole) ? arena_strdup(arena, whole) : NULL;
}

// A SOM's own core library, which goes with its primitives, lies near its program; else any.
static const char *som_library(Search *search, const char *program) {
    static const char *const near[] = {"Smalltalk", "core-lib/Smalltalk", "../Smalltalk",
                                       "../core-lib/Smalltalk", "../../core-lib/Smalltalk"};
    Arena *arena = search->arena;
    char own[PATH_MAX];
    if (realpath(program, own) && strrchr(own, '/')) {
        *strrchr(own, '/') = '\0';
        for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
            const char *library = library_at(arena, own, near[i]);
            if (library)
                return library;
        }
    }
    const char *peers = getenv("PEERS"),
               *library = peers && *peers ? library_at(arena, peers, "SOM/Smalltalk") : NULL;
    if (!library)
        library = library_at(arena, search->awfy, "../SOM/Smalltalk");
    if (!library)
        text_addf(&search->why,
                  "SOM's core library is neither near %s nor in a checkout of SOM-st/SOM beside %s",
                  program, search->awfy);
    return library;
}

static bool add_som_words(Search *search, const Ready *peer, const char *program, WordList *words) {
    const char *library = som_library(search, program), *path = "";
    if (!library)
        return false;
    bool in_words = peer->suite == SUITE_SOM_RS;
    ARENA_PUSH(search->arena, words, in_words ? "-c" : "-cp");
    for (size_t i = 0; i < SOM_FOLDERS; i++)
        if (in_words)
            ARENA_PUSH(search->arena, words, som_folders[i]);
        else
            path = arena_printf(search->arena, "%s%s:", path, som_folders[i]);
    ARENA_PUSH(search->arena, words,
               in_words ? library : arena_printf(search->arena, "%s%s", path, library));
    if (in_words)
        ARENA_PUSH(search->arena, words, "--");
    return true;
}

static bool add_java_words(Search *search, const char *program, const char *directory,
                           WordList *words) {
    const char *classes = peer_java_classes(
        search->arena, program, arena_printf(search->arena, "%s/src", directory), &search->why);
    if (!classes)
        return false;
    ARENA_PUSH(search->arena, words, "-cp");
    ARENA_PUSH(search->arena, words, classes);
    ARENA_PUSH(search->arena, words, "Harness");
    return true;
}

// What stands between the program and the benchmark. False: `why` says what is wrong.
static bool add_suite_words(Search *search, const Ready *peer, const char *directory,
                            WordList *words) {
    const char *program = words->items[0];
    if (*peer->options)
        ARENA_PUSH(search->arena, words, peer->options);
    if (peer->suite == SUITE_JAVA)
        return add_java_words(search, program, directory, words);
    if (peer->suite >= SUITE_SOM && !add_som_words(search, peer, program, words))
        return false;
    ARENA_PUSH(search->arena, words, suites[peer->suite].harness);
    return true;
}

// ---- A peer -------------------------------------------------------------------------------------

// The words as a shell takes them, the program by the name that it has on the PATH.
static const char *command_text(Arena *arena, const char *program, const WordList *words) {
    Text text = {0};
    text_add_shell_word(&text, program);
    for (size_t i = 1; i < words->count; i++) {
        text_add(&text, " ");
        text_add_shell_word(&text, words->items[i]);
    }
    const char *copy = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return copy;
}

static void complete(Arena *arena, Peer *peer, const char *program, const WordList *words) {
    peer->command = command_text(arena, program, words);
    peer->words = words->items;
    peer->word_count = words->count;
}

static Found make_ready(Search *search, const Ready *from, Peer *peer) {
    Arena *arena = search->arena;
    const char *program, *answer;
    Found found = find_program(search, from, &program, &answer);
    if (found != FOUND)
        return found;
    const char *directory =
        arena_printf(arena, "%s/benchmarks/%s", search->awfy, suites[from->suite].folder);
    const char *harness = arena_printf(arena, "%s/%s", directory, suites[from->suite].harness);
    if (access(harness, R_OK) != 0) {
        text_addf(&search->why, "the checkout of Are-We-Fast-Yet has no %s", harness);
        return FOUND_LAME;
    }
    WordList words = {0};
    ARENA_PUSH(arena, &words, program);
    if (!add_suite_words(search, from, directory, &words))
        return FOUND_LAME;
    *peer = (Peer){
        .name = from->row, .version = version_in(arena, from, answer), .directory = directory};
    complete(arena, peer, strrchr(program, '/') + 1, &words);
    return FOUND;
}

// No two rows have the same name.
static int add(const Command *command, Arena *arena, PeerList *peers, const Peer *peer) {
    for (size_t i = 0; i < peers->count; i++)
        if (strcmp(peers->items[i].name, peer->name) == 0)
            return command_usage_error(command, "two peers are called '%s'", peer->name);
    ARENA_PUSH(arena, peers, *peer);
    return EXIT_OK;
}

// ---- NAME=COMMAND -------------------------------------------------------------------------------

// To ask any program for its version may start anything; one whose name is that of a ready peer
// knows the question.
static const char *version_of(Arena *arena, const char *program) {
    const char *name = strrchr(program, '/') + 1;
    for (size_t i = 0; i < READY; i++)
        if (choice_find(ready[i].programs, name) >= 0) {
            const char *answer = ask(arena, &ready[i], program);
            if (answer)
                return version_in(arena, &ready[i], answer);
        }
    return NULL;
}

static int take_command(const Command *command, Arena *arena, const char *name, const char *text,
                        PeerList *peers) {
    ShellWords words;
    const char *open = shell_words_split(arena, text, &words);
    if (open)
        return command_usage_error(command, "--peer=%s=%s: what begins with %s has no end", name,
                                   text, open);
    if (words.count == 0)
        return command_usage_error(command, "--peer=%s=: there is no command", name);
    const char *program = process_find(arena, words.items[0]);
    if (!program)
        return command_failure(strchr(words.items[0], '/')
                                   ? "--peer=%s: there is no program %s"
                                   : "--peer=%s: there is no %s on the PATH",
                               name, words.items[0]);
    WordList list = {0};
    ARENA_PUSH(arena, &list, program);
    for (size_t i = 1; i < words.count; i++)
        ARENA_PUSH(arena, &list, words.items[i]);
    Peer peer = {.name = name, .takes_any = true, .version = version_of(arena, program)};
    complete(arena, &peer, words.items[0], &list);
    return add(command, arena, peers, &peer);
}

// ---- Ready ones ---------------------------------------------------------------------------------

static const Ready *find_ready(const char *name) {
    for (size_t i = 0; i < READY; i++)
        if (strcasecmp(ready[i].name, name) == 0 || strcmp(ready[i].row, name) == 0)
            return &ready[i];
    return NULL;
}

static int unknown(const Command *command, const char *name) {
    Spelling spelling = {.wanted = name};
    for (size_t i = 0; i < READY; i++)
        spelling_try(&spelling, ready[i].name);
    spelling_try(&spelling, "all");
    if (spelling.nearest)
        return command_usage_error(
            command,
            "no peer is called '%s': did you mean '%s'? There are %s; another "
            "one is given as --peer=NAME=COMMAND",
            name, spelling.nearest, peer_names);
    return command_usage_error(
        command,
        "no peer is called '%s': there are %s; another one is given as --peer=NAME=COMMAND", name,
        peer_names);
}

static int take_one(const Command *command, Search *search, const Ready *from, PeerList *peers) {
    Peer peer;
    switch (make_ready(search, from, &peer)) {
    case FOUND: return add(command, search->arena, peers, &peer);
    case FOUND_OTHER:
    case FOUND_LAME: return command_failure("--peer=%s: %s", from->name, text_chars(&search->why));
    case FOUND_NOTHING: break;
    }
    Text programs = {0};
    for (int i = 0; i < choice_count(from->programs); i++)
        text_addf(&programs, "%s%s", i ? " and no " : "no ",
                  choice_at(from->programs, i, search->arena));
    int status = command_failure("--peer=%s: there is %s on the PATH (%s)", from->name,
                                 text_chars(&programs), from->source);
    text_free(&programs);
    return status;
}

// One program may have two names, as `lua` is what Debian's lua5.4 is called, too.
static bool is_among(const PeerList *peers, const Peer *peer) {
    char own[PATH_MAX], other[PATH_MAX];
    for (size_t i = 0; i < peers->count; i++) {
        const Peer *each = &peers->items[i];
        if (strcmp(each->name, peer->name) == 0)
            return true;
        if (each->directory && strcmp(each->directory, peer->directory) == 0 &&
            realpath(each->words[0], other) && realpath(peer->words[0], own) &&
            strcmp(own, other) == 0)
            return true;
    }
    return false;
}

static int take_all(Search *search, PeerList *peers) {
    size_t before = peers->count;
    for (size_t i = 0; i < READY; i++) {
        Peer peer;
        text_free(&search->why);
        Found found = make_ready(search, &ready[i], &peer);
        if (found == FOUND_LAME)
            command_note("no peer %s: %s", ready[i].name, text_chars(&search->why));
        else if (found == FOUND && !is_among(peers, &peer))
            ARENA_PUSH(search->arena, peers, peer);
    }
    if (peers->count > before)
        return EXIT_OK;
    return command_failure("--peer=all: none of the ready peers is found that isn't there already: "
                           "%s",
                           peer_names);
}

// The checkout as an absolute path, since peers work in it; false after an error.
static bool find_awfy(Arena *arena, const char *given, const char **awfy) {
    const char *peers = getenv("PEERS"), *folder = given;
    if (!given && peers && *peers)
        folder = arena_printf(arena, "%s/are-we-fast-yet", peers);
    if (!folder) {
        command_failure("a ready peer runs the benchmarks of Are-We-Fast-Yet: --awfy=DIR names a "
                        "checkout of it, or PEERS a folder with one (git clone "
                        "https://github.com/smarr/are-we-fast-yet)");
        return false;
    }
    char whole[PATH_MAX];
    bool there = access(arena_printf(arena, "%s/benchmarks", folder), R_OK) == 0;
    *awfy = there && realpath(folder, whole) ? arena_strdup(arena, whole) : NULL;
    if (!*awfy)
        command_failure("%s is no checkout of Are-We-Fast-Yet: it has no folder benchmarks (git "
                        "clone https://github.com/smarr/are-we-fast-yet)",
                        folder);
    return *awfy != NULL;
}

int peer_find(const Command *command, Arena *arena, const char *option, const char *awfy,
              PeerList *peers) {
    const char *sign = strchr(option, '=');
    if (sign == option || !*option)
        return command_usage_error(command, "--peer=%s: the peer has no name", option);
    if (sign)
        return take_command(command, arena, arena_strndup(arena, option, (size_t)(sign - option)),
                            sign + 1, peers);
    bool is_all = strcmp(option, "all") == 0;
    const Ready *from = find_ready(option);
    if (!is_all && !from)
        return unknown(command, option);
    Search search = {.arena = arena};
    if (!find_awfy(arena, awfy, &search.awfy))
        return EXIT_FAILED;
    int status = is_all ? take_all(&search, peers) : take_one(command, &search, from, peers);
    text_free(&search.why);
    return status;
}

// ---- Its commands -------------------------------------------------------------------------------

// Where the benchmark stands, after the class Harness and what only ours knows; `count`: nowhere.
static size_t benchmark_index(const char *const *program, size_t count) {
    size_t at = 0;
    while (at < count && program[at][0] == '-')
        at += strcmp(program[at], "-cp") == 0 ? 2 : 1;
    if (at >= count || strcmp(program[at], "Harness") != 0)
        return count;
    for (at++; at < count && program[at][0] == '-';)
        at++;
    return at;
}

bool peer_command(Arena *arena, const Peer *peer, const char *const *program, size_t count,
                  PeerCommand *command) {
    size_t at = benchmark_index(program, count);
    bool is_harness = at < count;
    if (!is_harness && peer->takes_any)
        at = 0;
    if (at >= count) {
        Text text = {0};
        for (size_t i = 0; i < count; i++)
            text_addf(&text, "%s%s", i ? " " : "", program[i]);
        command_failure("'%s' can't be given to the peer %s: peers run `Harness BENCHMARK "
                        "ITERATIONS SIZE`",
                        text_chars(&text), peer->name);
        text_free(&text);
        return false;
    }
    WordList words = {0};
    for (size_t i = 0; i < peer->word_count; i++)
        ARENA_PUSH(arena, &words, peer->words[i]);
    for (size_t i = at; i < count; i++)
        ARENA_PUSH(arena, &words, program[i]);
    // Ours and most of theirs take one by themselves; Java's doesn't.
    if (is_harness && at + 1 == count)
        ARENA_PUSH(arena, &words, "1");
    ARENA_PUSH(arena, &words, NULL);
    *command = (PeerCommand){(char *const *)words.items, peer->directory};
    return true;
}
