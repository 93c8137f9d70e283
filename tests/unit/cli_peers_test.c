// Peers: how they are looked for and recognised, what they are started with, and what is said of
// those that aren't there. All programs here are made up, and so is the checkout.
#include "cli/bench/peers.h"

#include "cli/process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static Arena *arena;
static const char *home; // of everything; FOLDER in what is compared
static const Command command = {.name = "try"};

// ---- Files --------------------------------------------------------------------------------------

static const char *at(const char *name) {
    return arena_printf(arena, "%s/%s", home, name);
}

static void make(const char *name, const char *text, mode_t mode) {
    char *path = arena_strdup(arena, at(name));
    for (char *slash = path + strlen(home); (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void make_program(const char *name, const char *script) {
    make(arena_printf(arena, "bin/%s", name), arena_printf(arena, "#!/bin/sh\n%s\n", script), 0755);
}

static int begin(void **state) {
    (void)state;
    char name[] = "/tmp/loopwright-peers-XXXXXX";
    char whole[4096];
    arena = arena_new();
    if (!mkdtemp(name) || !realpath(name, whole))
        return -1;
    home = arena_strdup(arena, whole);
    make("bin/text", "", 0644);
    make("awfy/benchmarks/Lua/harness.lua", "", 0644);
    make("awfy/benchmarks/Python/harness.py", "", 0644);
    make("awfy/benchmarks/Java/src/Harness.java", "one", 0644);
    make("awfy/benchmarks/Java/src/som/Set.java", "two", 0644);
    make("awfy/benchmarks/SOM/Harness.som", "", 0644);
    setenv("PATH", at("bin"), 1);
    setenv("LOOPWRIGHT_CACHE", at("cache"), 1);
    unsetenv("PEERS");
    return 0;
}

static int end(void **state) {
    (void)state;
    const char *words[] = {"/bin/rm", "-r", home, NULL};
    int status = process_run((char *const *)words, NULL, NULL);
    arena_free(arena);
    return status;
}

// The text with FOLDER for the folder's name.
static const char *shown(const char *text) {
    const char *all = "";
    for (const char *found; (found = strstr(text, home)); text = found + strlen(home))
        all = arena_printf(arena, "%s%.*sFOLDER", all, (int)(found - text), text);
    return arena_printf(arena, "%s%s", all, text);
}

// ---- Finding ------------------------------------------------------------------------------------

// peer_find, with what it says on stderr.
static int find_in(const char *option, const char *awfy, PeerList *peers, const char **said) {
    FILE *into = tmpfile();
    int before = dup(STDERR_FILENO);
    dup2(fileno(into), STDERR_FILENO);
    int status = peer_find(&command, arena, option, awfy, peers);
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    char chars[8192];
    rewind(into);
    chars[fread(chars, 1, sizeof chars - 1, into)] = '\0';
    fclose(into);
    *said = shown(chars);
    return status;
}

static int find(const char *option, PeerList *peers, const char **said) {
    return find_in(option, at("awfy"), peers, said);
}

static const char *words_of(const char *const *words) {
    const char *all = "";
    for (; *words; words++)
        all = arena_printf(arena, "%s[%s]", all, *words);
    return shown(all);
}

// What the peer is started with, on a program that Harness is given.
static const char *started(const Peer *peer, size_t count, const char *const *program) {
    PeerCommand started;
    assert_true(peer_command(arena, peer, program, count, &started));
    assert_ptr_equal(started.directory, peer->directory);
    return words_of((const char *const *)started.words);
}

static const char *const sieve[] = {"Harness", "Sieve", "2", "100"};

static void a_ready_peer_is_found_and_started(void **state) {
    (void)state;
    make_program("luajit", "[ \"$*\" = -v ] && echo 'LuaJIT 2.1.0 -- Copyright (C) 2005 M. P.'");
    PeerList peers = {0};
    const char *said;
    assert_int_equal(find("luajit", &peers, &said), EXIT_OK);
    assert_string_equal(said, "");
    assert_int_equal(peers.count, 1);
    const Peer *peer = &peers.items[0];
    assert_string_equal(peer->name, "luajit -joff");
    assert_string_equal(peer->version, "LuaJIT 2.1.0");
    assert_string_equal(peer->command, "luajit -joff harness.lua");
    assert_string_equal(shown(peer->directory), "FOLDER/awfy/benchmarks/Lua");
    assert_string_equal(started(peer, 4, sieve),
                        "[FOLDER/bin/luajit][-joff][harness.lua][Sieve][2][100]");
    // By the name of its row, too; but not twice.
    assert_int_equal(find("luajit -joff", &peers, &said), EXIT_USAGE);
    assert_non_null(strstr(said, "two peers are called 'luajit -joff'"));
}

static void versions_are_what_they_say_of_themselves(void **state) {
    (void)state;
    make("awfy/benchmarks/JavaScript/harness.js", "", 0644);
    make_program("nodejs", "echo v18.19.0");
    make_program("lua", "echo 'Lua 5.4.6  Copyright (C) 1994-2023 Lua.org' >&2");
    make_program("python3", "echo; echo 'Python 3.11.2'");
    PeerList peers = {0};
    const char *said;
    assert_int_equal(find("node", &peers, &said), EXIT_OK);
    assert_int_equal(find("Lua5.4", &peers, &said), EXIT_OK);
    assert_int_equal(find("python3", &peers, &said), EXIT_OK);
    assert_string_equal(peers.items[0].version, "node v18.19.0");
    assert_string_equal(peers.items[1].version, "Lua 5.4.6");
    assert_string_equal(peers.items[2].version, "Python 3.11.2");
    assert_string_equal(started(&peers.items[0], 4, sieve),
                        "[FOLDER/bin/nodejs][--jitless][harness.js][Sieve][2][100]");
}

static void what_is_not_there_is_said(void **state) {
    (void)state;
    PeerList peers = {0};
    const char *said;
    assert_int_equal(find("lua5.4", &peers, &said), EXIT_FAILED);
    assert_string_equal(said, "loopwright: error: --peer=lua5.4: there is no lua5.4 and no lua on "
                              "the PATH (Debian: lua5.4)\n");
    make_program("luajit", "echo 'a game'");
    assert_int_equal(find("luajit", &peers, &said), EXIT_FAILED);
    assert_string_equal(said, "loopwright: error: --peer=luajit: FOLDER/bin/luajit is something "
                              "else: no line of its answer to -v is like 'LuaJIT'\n");
    make_program("ruby", "echo ruby 3.1");
    assert_int_equal(find("ruby", &peers, &said), EXIT_FAILED);
    assert_string_equal(said, "loopwright: error: --peer=ruby: the checkout of Are-We-Fast-Yet has "
                              "no FOLDER/awfy/benchmarks/Ruby/harness.rb\n");
    assert_int_equal(peers.count, 0);
}

static void a_name_that_there_is_not_is_wrong_usage(void **state) {
    (void)state;
    PeerList peers = {0};
    const char *said;
    assert_int_equal(find("luajti", &peers, &said), EXIT_USAGE);
    assert_non_null(strstr(said, "no peer is called 'luajti': did you mean 'luajit'? There are "
                                 "lua5.4, "));
    assert_int_equal(find("some other thing", &peers, &said), EXIT_USAGE);
    assert_null(strstr(said, "did you mean"));
    assert_non_null(strstr(said, ", all; another one is given as --peer=NAME=COMMAND"));
    assert_int_equal(find("", &peers, &said), EXIT_USAGE);
    assert_int_equal(find("=lua", &peers, &said), EXIT_USAGE);
}

static void the_checkout_is_given_or_beside_others(void **state) {
    (void)state;
    make_program("python3", "echo Python 3.11.2");
    PeerList peers = {0};
    const char *said;
    assert_int_equal(find_in("python3", NULL, &peers, &said), EXIT_FAILED);
    assert_non_null(strstr(said, "--awfy=DIR names a checkout of it"));
    assert_int_equal(find_in("python3", at("bin"), &peers, &said), EXIT_FAILED);
    assert_non_null(strstr(said, "FOLDER/bin is no checkout of Are-We-Fast-Yet"));
    assert_int_equal(find_in("python3", at("nowhere"), &peers, &said), EXIT_FAILED);
    make("peers/are-we-fast-yet/benchmarks/Python/harness.py", "", 0644);
    setenv("PEERS", at("peers"), 1);
    assert_int_equal(find_in("python3", NULL, &peers, &said), EXIT_OK);
    assert_string_equal(shown(peers.items[0].directory),
                        "FOLDER/peers/are-we-fast-yet/benchmarks/Python");
}

static void all_are_those_that_are_found(void **state) {
    (void)state;
    PeerList peers = {0};
    const char *said;
    assert_int_equal(find("all", &peers, &said), EXIT_FAILED);
    make_program("lua5.4", "echo Lua 5.4.6");
    assert_int_equal(symlink("lua5.4", at("bin/lua")), 0);
    make_program("python3", "echo Python 3.11.2");
    make_program("luajit", "echo a game");
    make_program("ruby", "echo ruby 3.1");
    assert_int_equal(find("all", &peers, &said), EXIT_OK);
    assert_int_equal(peers.count, 2);
    assert_string_equal(peers.items[0].name, "lua5.4");
    assert_string_equal(peers.items[1].name, "python3");
    assert_string_equal(said, "loopwright: note: no peer ruby: the checkout of Are-We-Fast-Yet has "
                              "no FOLDER/awfy/benchmarks/Ruby/harness.rb\n");
}

// ---- NAME=COMMAND -------------------------------------------------------------------------------

static void any_command_is_a_peer(void **state) {
    (void)state;
    make_program("mine", "echo never asked >&2; exit 1");
    make_program("luajit", "echo LuaJIT 2.1.0");
    PeerList peers = {0};
    const char *said;
    assert_int_equal(find_in("my own=mine -e 'a b' \"$HOME\"", NULL, &peers, &said), EXIT_OK);
    assert_int_equal(find_in("jit=luajit x.lua", NULL, &peers, &said), EXIT_OK);
    assert_string_equal(said, "");
    const Peer *peer = &peers.items[0];
    assert_string_equal(peer->name, "my own");
    assert_null(peer->version);
    assert_null(peer->directory);
    assert_string_equal(peer->command, "mine -e 'a b' '$HOME'");
    assert_string_equal(started(peer, 4, sieve),
                        "[FOLDER/bin/mine][-e][a b][$HOME][Sieve][2][100]");
    assert_string_equal(peers.items[1].version, "LuaJIT 2.1.0");
}

static void a_command_that_is_none_is_said(void **state) {
    (void)state;
    PeerList peers = {0};
    const char *said;
    assert_int_equal(find("mine=nothing x", &peers, &said), EXIT_FAILED);
    assert_string_equal(said, "loopwright: error: --peer=mine: there is no nothing on the PATH\n");
    // Not executable.
    assert_int_equal(find("mine=text", &peers, &said), EXIT_FAILED);
    assert_int_equal(find(arena_printf(arena, "mine=%s", at("bin/text")), &peers, &said),
                     EXIT_FAILED);
    assert_string_equal(said, "loopwright: error: --peer=mine: there is no program "
                              "FOLDER/bin/text\n");
    assert_int_equal(find(arena_printf(arena, "mine=%s", at("bin")), &peers, &said), EXIT_FAILED);
    assert_int_equal(find("mine=", &peers, &said), EXIT_USAGE);
    assert_int_equal(find("mine= 'x", &peers, &said), EXIT_USAGE);
    assert_non_null(strstr(said, "what begins with 'x has no end"));
    assert_int_equal(peers.count, 0);
}

// ---- Programs -----------------------------------------------------------------------------------

static void what_follows_harness_is_the_peers(void **state) {
    (void)state;
    static const char *const words[] = {"/bin/peer"};
    const Peer peer = {.name = "peer", .words = words, .word_count = 1};
    const char *const whole[] = {"--gc-stats", "-cp", "a:b", "Harness", "--gc", "CD", "2", "10"};
    assert_string_equal(started(&peer, 8, whole), "[/bin/peer][CD][2][10]");
    assert_string_equal(started(&peer, 7, whole), "[/bin/peer][CD][2]");
    assert_string_equal(started(&peer, 6, whole), "[/bin/peer][CD][1]");
}

static void another_class_is_none_for_peers(void **state) {
    (void)state;
    static const char *const words[] = {"/bin/peer"};
    const Peer peer = {.name = "peer", .words = words, .word_count = 1};
    const char *const programs[][3] = {{"Scaling", "3", "4"},
                                       {"-cp", "Harness", "Live"},
                                       {"Harness", "--gc", "-x"},
                                       {"-cp", "", ""}};
    static const size_t counts[] = {3, 3, 3, 1};
    int before = dup(STDERR_FILENO);
    assert_non_null(freopen("/dev/null", "w", stderr));
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        PeerCommand started;
        assert_false(peer_command(arena, &peer, programs[i], counts[i], &started));
    }
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
}

// ---- Java and SOM -------------------------------------------------------------------------------

static void java_is_compiled_once_into_the_cache(void **state) {
    (void)state;
    make_program("java", "echo 'Picked up: -Dx' >&2; echo 'openjdk version \"17.0.1\"' >&2");
    PeerList peers = {0}, again = {0}, anew = {0};
    const char *said;
    assert_int_equal(find("java", &peers, &said), EXIT_FAILED);
    assert_non_null(strstr(said, "no javac to compile the benchmarks"));
    make_program("javac", arena_printf(arena,
                                       "[ $1 = -version ] && echo javac 17 && exit\n"
                                       "echo \"$@\" >>%s",
                                       at("compiled")));
    assert_int_equal(find("java", &peers, &said), EXIT_OK);
    assert_string_equal(peers.items[0].version, "openjdk version \"17.0.1\"");
    const char *const *words = peers.items[0].words;
    assert_int_equal(peers.items[0].word_count, 5);
    assert_string_equal(words[2], "-cp");
    assert_memory_equal(words[3], at("cache/java-"), strlen(at("cache/java-")));
    assert_string_equal(words[4], "Harness");
    assert_int_equal(find("java", &again, &said), EXIT_OK);
    assert_string_equal(again.items[0].words[3], words[3]);
    // Other sources are other classes.
    make("awfy/benchmarks/Java/src/som/Set.java", "three", 0644);
    assert_int_equal(find("java", &anew, &said), EXIT_OK);
    assert_string_not_equal(anew.items[0].words[3], words[3]);
    Text compiled = {0};
    assert_true(text_read_file(&compiled, at("compiled")));
    assert_string_equal(
        shown(text_chars(&compiled)),
        shown(arena_printf(
            arena,
            "-nowarn -encoding UTF-8 -d %s %s/awfy/benchmarks/Java/src/Harness.java "
            "%s/awfy/benchmarks/Java/src/som/Set.java\n-nowarn -encoding UTF-8 -d %s "
            "%s/awfy/benchmarks/Java/src/Harness.java %s/awfy/benchmarks/Java/src/som/Set.java\n",
            words[3], home, home, anew.items[0].words[3], home, home)));
    text_free(&compiled);
}

static void what_java_does_not_compile_is_no_peer(void **state) {
    (void)state;
    make_program("java", "echo 'openjdk version \"17.0.1\"'");
    make_program("javac",
                 "[ $1 = -version ] || { echo 'Harness.java:1: error: what?' >&2; exit 1; }");
    PeerList peers = {0};
    const char *said;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(find("java", &peers, &said), EXIT_FAILED);
        assert_string_equal(said,
                            "loopwright: error: --peer=java: FOLDER/bin/javac failed to compile "
                            "the benchmarks: Harness.java:1: error: what?\n");
    }
}

static void a_som_gets_its_library_on_the_class_path(void **state) {
    (void)state;
    make_program("SOM++", "echo Usage; echo '    -HxMB set the heap size'");
    make_program("som-interpreter-bc", "echo 'A compiler for the Simple Object Machine'");
    PeerList peers = {0};
    const char *said;
    assert_int_equal(find("SOM++", &peers, &said), EXIT_FAILED);
    assert_non_null(strstr(said, "SOM's core library is neither near FOLDER/bin/SOM++ nor "));
    make("SOM/Smalltalk/Object.som", "", 0644);
    assert_int_equal(find("SOM++", &peers, &said), EXIT_OK);
    assert_null(peers.items[0].version);
    assert_string_equal(started(&peers.items[0], 4, sieve),
                        "[FOLDER/bin/SOM++][-H512MB][-cp][.:Core:CD:DeltaBlue:Havlak:Json:NBody:"
                        "Richards:FOLDER/SOM/Smalltalk][./Harness.som][Sieve][2][100]");
    // Its own goes with it.
    make("Smalltalk/Object.som", "", 0644);
    assert_int_equal(find("som-rs", &peers, &said), EXIT_OK);
    assert_string_equal(started(&peers.items[1], 4, sieve),
                        "[FOLDER/bin/som-interpreter-bc][-c][.][Core][CD][DeltaBlue][Havlak][Json]"
                        "[NBody][Richards][FOLDER/Smalltalk][--][./Harness.som][Sieve][2][100]");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_ready_peer_is_found_and_started),
        TEST(versions_are_what_they_say_of_themselves),
        TEST(what_is_not_there_is_said),
        TEST(a_name_that_there_is_not_is_wrong_usage),
        TEST(the_checkout_is_given_or_beside_others),
        TEST(all_are_those_that_are_found),
        TEST(any_command_is_a_peer),
        TEST(a_command_that_is_none_is_said),
        TEST(what_follows_harness_is_the_peers),
        TEST(another_class_is_none_for_peers),
        TEST(java_is_compiled_once_into_the_cache),
        TEST(what_java_does_not_compile_is_no_peer),
        TEST(a_som_gets_its_library_on_the_class_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
