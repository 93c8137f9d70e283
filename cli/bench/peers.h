// Peers: other systems that run the same benchmarks in the same campaign, each from a checkout of
// Are-We-Fast-Yet (Marr, Daloze and Mössenböck, DLS 2016), whose harnesses all take
//
//   BENCHMARK ITERATIONS INNER-ITERATIONS
//
// verify the result themselves, and print the lines that bench_read_run reads. So what a peer is
// given of a campaign's program is what follows the class Harness in it. A command of the user's
// own gets the words of a program that has none as they are.
//
// What is ready is the table of peers.def. How a peer is run is measure.h's business.
#ifndef CLI_BENCH_PEERS_H
#define CLI_BENCH_PEERS_H

#include "cli/command.h"
#include "support/arena.h"

typedef struct Peer {
    const char *name;         // of its rows: "luajit -joff"; of NAME=COMMAND the NAME
    const char *version;      // as it says it: "LuaJIT 2.1.0-beta3"; NULL: it doesn't say any
    const char *command;      // as a shell takes it, without the benchmark
    const char *const *words; // the same; the program has an absolute path
    size_t word_count;
    bool takes_any;        // program, and not only those of a harness
    const char *directory; // where it works, which its harness wants; NULL: where we do
} Peer;

typedef ARENA_VECTOR(Peer) PeerList;

// What --peer takes besides NAME=COMMAND: "lua5.4, luajit, …, all".
extern const char peer_names[];

// Adds what an option `--peer=…` asks for: NAME=COMMAND; a ready one, by its name or as its row is
// called; or `all` ready ones that are found. `awfy` is the value of --awfy=; NULL: it wasn't
// given, and the checkout is $PEERS/are-we-fast-yet. Answers EXIT_OK, or the exit status of an
// error that it has reported: EXIT_USAGE for a name that there isn't, EXIT_FAILED for a peer that
// isn't there.
int peer_find(const Command *command, Arena *arena, const char *option, const char *awfy,
              PeerList *peers);

// How a peer is started on a program.
typedef struct PeerCommand {
    char *const *words; // NULL-terminated
    const char *directory;
} PeerCommand;

// The command for a campaign's program, which is given in words: `-cp bench/programs Harness Sieve
// 2 100`. False after an error on stderr: the program's class isn't Harness, as a ready peer wants
// it.
bool peer_command(Arena *arena, const Peer *peer, const char *const *program, size_t count,
                  PeerCommand *command);

// For peers.c. Compiles the Java sources of the folder, once, into the cache; answers the folder of
// classes. NULL: `why` says it.
const char *peer_java_classes(Arena *arena, const char *java, const char *sources, Text *why);

#endif
