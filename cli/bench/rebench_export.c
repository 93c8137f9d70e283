// See rebench_export.h. An executor is a subject in one placement, started by `loopwright run` or
// as the peer is; a suite is what several of them are given in the same way. Names of executors and
// benchmarks are ours, so that what comes back fits.
//
// ReBench replaces %(…)s in a command line twice and then gives it to a shell, and the whole is
// YAML: so a word is quoted for the shell, its percent signs are doubled for each time that they
// are looked at, and the text is quoted for YAML.
#include "cli/bench/rebench_export.h"

#include "cli/bench/rebench_data.h"
#include "cli/command.h"
#include "support/characters.h"
#include "support/shell_word.h"

#include <stdlib.h>
#include <string.h>

typedef struct Exporter {
    const RebenchExport *request;
    Arena *arena;
    Text *out;
} Exporter;

// ---- Quoting ------------------------------------------------------------------------------------

// What YAML allows in a text as it is (1.1, section 5.1), less what a reader can't see.
static bool is_plain(uint32_t code) {
    return code >= ' ' && code != '"' && code != '\\' && character_is_visible(code) &&
           code != 0xfeff && code <= 0x10ffff;
}

// A text in double quotes, in which any character can be written.
static void add_quoted(Text *out, const char *chars) {
    Text valid = {0};
    text_add_valid(&valid, chars, strlen(chars));
    text_add(out, "\"");
    const char *text = text_chars(&valid);
    for (size_t at = 0, step; at < valid.length; at += step) {
        step = character_length(text + at, valid.length - at);
        uint32_t code = character_code(text + at, step);
        if (is_plain(code))
            text_add_bytes(out, text + at, step);
        else if (code == '"' || code == '\\')
            text_addf(out, "\\%c", (char)code);
        else
            text_addf(out, code <= 0xffff ? "\\u%04x" : "\\U%08x", (unsigned)code);
    }
    text_add(out, "\"");
    text_free(&valid);
}

// `times`: how often ReBench looks for %(…)s in it.
static const char *percent_doubled(Arena *arena, const char *chars, int times) {
    Text text = {0};
    for (; *chars; chars++)
        for (int i = *chars == '%' ? 1 << times : 1; i; i--)
            text_add_bytes(&text, chars, 1);
    const char *copy = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return copy;
}

// The words as a shell takes them.
static const char *in_shell(Arena *arena, const char *const *words, size_t count) {
    Text text = {0};
    for (size_t i = 0; i < count; i++) {
        text_add(&text, i ? " " : "");
        text_add_shell_word(&text, words[i]);
    }
    const char *copy = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return copy;
}

// A key, and what begins its value. One that is longer than readers look for a `:` is said to be a
// key (PyYAML's simple keys have 1024 characters). `indent`: where it begins.
static void add_key(const Exporter *exporter, int indent, const char *name, const char *behind) {
    enum { LONGEST_SIMPLE = 1000 };
    Text key = {0};
    add_quoted(&key, name);
    if (key.length <= LONGEST_SIMPLE)
        text_addf(exporter->out, "%s:%s", text_chars(&key), behind);
    else
        text_addf(exporter->out, "? %s\n%*s:%s", text_chars(&key), indent, "", behind);
    text_free(&key);
}

static void add_entry(const Exporter *exporter, const char *key, const char *value) {
    text_addf(exporter->out, "%s: ", key);
    add_quoted(exporter->out, value);
    text_add(exporter->out, "\n");
}

// ---- Programs -----------------------------------------------------------------------------------

// What a command line ends with: BENCHMARK ITERATIONS and the rest; or all of it, if that isn't its
// form.
typedef struct Parts {
    const char *before;     // what stands in front of the benchmark, quoted for a shell
    const char *benchmark;  // likewise
    const char *iterations; // a number; NULL: there is none
    const char *arguments;  // the rest; NULL: nothing
} Parts;

static bool is_number(const char *word) {
    size_t digits = strspn(word, "0123456789");
    return digits && digits < 9 && !word[digits] && *word != '0';
}

// The benchmark is the word after `Harness`, or the first one of a peer's.
static Parts parts_of(Arena *arena, const char *const *words, size_t count, bool is_peer) {
    size_t at = 0;
    while (!is_peer && at < count && strcmp(words[at], "Harness") != 0)
        at++;
    at += !is_peer;
    if (at + 1 >= count || !is_number(words[at + 1]))
        return (Parts){"", in_shell(arena, words, count), NULL, NULL};
    return (Parts){in_shell(arena, words, at), in_shell(arena, words + at, 1), words[at + 1],
                   at + 2 < count ? in_shell(arena, words + at + 2, count - at - 2) : NULL};
}

// `- "NAME": {command: "Sieve", iterations: 2, extra_args: "100"}`
static void add_benchmark(const Exporter *exporter, const char *name, const Parts *parts) {
    Arena *arena = exporter->arena;
    Text *out = exporter->out;
    text_add(out, "            - ");
    add_key(exporter, 14, name, " {command: ");
    add_quoted(out, percent_doubled(arena, parts->benchmark, 1));
    if (parts->iterations)
        text_addf(out, ", iterations: %s", parts->iterations);
    if (parts->arguments) {
        text_add(out, ", extra_args: ");
        add_quoted(out, percent_doubled(arena, parts->arguments, 2));
    }
    text_add(out, "}\n");
}

static const char *suite_command(Arena *arena, const Parts *parts) {
    return arena_printf(arena, "%s%s%%(benchmark)s%s", percent_doubled(arena, parts->before, 2),
                        *parts->before ? " " : "", parts->iterations ? " %(iterations)s" : "");
}

// What begins a suite; its benchmarks follow.
static void begin_suite(const Exporter *exporter, const char *name, const char *location,
                        const char *command) {
    Text *out = exporter->out;
    text_add(out, "    ");
    add_key(exporter, 4, name, "\n        gauge_adapter: RebenchLog\n");
    add_entry(exporter, "        command", command);
    if (location)
        add_entry(exporter, "        location", location);
    text_addf(out, "        invocations: %zu\n        benchmarks:\n",
              exporter->request->campaign->runs);
}

// ---- Suites -------------------------------------------------------------------------------------

typedef ARENA_VECTOR(const char *) NameList;

static bool is_among(const NameList *list, const char *name) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], name) == 0)
            return true;
    return false;
}

// One suite for all programs that have the same in front of the benchmark. Answers their commands,
// which their names are made of.
static NameList add_own_suites(const Exporter *exporter) {
    const RebenchExport *request = exporter->request;
    const Campaign *campaign = request->campaign;
    Arena *arena = exporter->arena;
    Parts *parts = ARENA_ARRAY(arena, Parts, campaign->programs.count);
    const char **commands = ARENA_ARRAY(arena, const char *, campaign->programs.count);
    NameList list = {0};
    for (size_t i = 0; i < campaign->programs.count; i++) {
        parts[i] = parts_of(arena, request->programs[i].words, request->programs[i].count, false);
        commands[i] = suite_command(arena, &parts[i]);
    }
    for (size_t i = 0; i < campaign->programs.count; i++) {
        if (is_among(&list, commands[i]))
            continue;
        ARENA_PUSH(arena, &list, commands[i]);
        begin_suite(exporter, arena_printf(arena, "programs %zu", list.count), NULL, commands[i]);
        for (size_t each = i; each < campaign->programs.count; each++)
            if (strcmp(commands[each], commands[i]) == 0)
                add_benchmark(exporter, campaign->programs.items[each], &parts[each]);
    }
    return list;
}

static const char *peer_suite(Arena *arena, const Peer *peer) {
    return arena_printf(arena, "%s's programs", peer->name);
}

// What the peer is given of the program; no benchmark: it can't be given it, which has been said. A
// peer has one suite with one command, so all its programs have to be in the usual form.
static Parts peer_parts(const Exporter *exporter, const Peer *peer, size_t program) {
    const RebenchProgram *from = &exporter->request->programs[program];
    PeerCommand command;
    if (!peer_command(exporter->arena, peer, from->words, from->count, &command))
        return (Parts){0};
    size_t count = 0;
    const char *const *words = (const char *const *)command.words + peer->word_count;
    while (words[count])
        count++;
    Parts parts = parts_of(exporter->arena, words, count, true);
    if (parts.iterations)
        return parts;
    command_note("not in ReBench's configuration: '%s' for %s, as '%s' is no number of iterations",
                 exporter->request->campaign->programs.items[program], peer->name, words[1]);
    return (Parts){0};
}

// False: it knows no program.
static bool add_peer_suite(const Exporter *exporter, const Peer *peer) {
    const Campaign *campaign = exporter->request->campaign;
    bool begun = false;
    for (size_t i = 0; i < campaign->programs.count; i++) {
        const Parts parts = peer_parts(exporter, peer, i);
        if (!parts.benchmark)
            continue;
        if (!begun)
            begin_suite(exporter, peer_suite(exporter->arena, peer), peer->directory,
                        suite_command(exporter->arena, &parts));
        begun = true;
        add_benchmark(exporter, campaign->programs.items[i], &parts);
    }
    return begun;
}

// ---- Executors ----------------------------------------------------------------------------------

static void add_executor(const Exporter *exporter, const char *name, const char *executable,
                         const char *args) {
    text_add(exporter->out, "    ");
    add_key(exporter, 4, name, "\n");
    if (executable)
        add_entry(exporter, "        executable", executable);
    else
        text_add(exporter->out, "        executable: *loopwright\n");
    if (*args)
        add_entry(exporter, "        args", args);
}

static const char *flags_in_shell(Arena *arena, const char *flags) {
    NameList words = {0};
    char *rest = arena_strdup(arena, flags);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(arena, &words, word);
    return in_shell(arena, words.items, words.count);
}

static void add_variant(const Exporter *exporter, size_t subject) {
    const Campaign *campaign = exporter->request->campaign;
    Arena *arena = exporter->arena;
    const char *flags = flags_in_shell(arena, exporter->request->subjects[subject].flags),
               *name = campaign->subjects.items[subject].name;
    for (int i = 0; (size_t)i < campaign->layouts; i++) {
        const char *placed =
            campaign->layouts > 1 ? arena_printf(arena, " --llvm-placement=%d", i) : "";
        const char *loop = in_shell(arena, campaign->loop.items, campaign->loop.count);
        const char *args = arena_printf(arena, "run%s%s%s%s%s --", *loop ? " " : "", loop,
                                        *flags ? " " : "", flags, placed);
        add_executor(exporter, rebench_executor(arena, name, i, campaign->layouts), NULL,
                     percent_doubled(arena, args, 2));
    }
}

static void add_peer(const Exporter *exporter, size_t subject) {
    const Peer *peer = exporter->request->subjects[subject].peer;
    Arena *arena = exporter->arena;
    add_executor(exporter, exporter->request->campaign->subjects.items[subject].name,
                 percent_doubled(arena, in_shell(arena, peer->words, 1), 2),
                 percent_doubled(arena, in_shell(arena, peer->words + 1, peer->word_count - 1), 2));
}

// ---- The whole ----------------------------------------------------------------------------------

static const char *data_file(Arena *arena, const char *file) {
    static const char end[] = ".conf";
    size_t length = strlen(file);
    if (strcmp(file, "-") == 0)
        return "rebench.data";
    if (length > sizeof end - 1 && strcmp(file + length - (sizeof end - 1), end) == 0)
        length -= sizeof end - 1;
    return arena_printf(arena, "%.*s.data", (int)length, file);
}

// ReBench starts everything with an empty environment, unless it is told one.
static void add_environment(const Exporter *exporter) {
    static const char *const names[] = {"HOME", "PATH", "LOOPWRIGHT_CACHE"};
    bool begun = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (!value)
            continue;
        text_add(exporter->out, begun ? "" : "runs:\n    env:\n");
        begun = true;
        add_entry(exporter, arena_printf(exporter->arena, "        %s", names[i]), value);
    }
}

static void add_head(const Exporter *exporter) {
    const RebenchExport *request = exporter->request;
    Text *out = exporter->out;
    text_add(
        out,
        "# A campaign of Loopwright's, for ReBench 1.3. In the folder in which it was made:\n"
        "#\n"
        "#     rebench -c THIS-FILE\n"
        "#     loopwright bench --import=ITS-DATA-FILE\n"
        "#\n"
        "# An interpreter is emitted when it is run for the first time, and kept; the time of\n"
        "# that is in no figure. On another machine, change the next lines.\n");
    text_add(out, ".loopwright: &loopwright ");
    add_quoted(out, percent_doubled(exporter->arena,
                                    in_shell(exporter->arena, &request->loopwright, 1), 2));
    text_add(out, "\n\n");
    add_entry(exporter, "default_data_file", data_file(exporter->arena, request->file));
    text_add(out, "default_experiment: campaign\n");
    add_environment(exporter);
}

static void leave_out(const Exporter *exporter, const char *name) {
    command_note("not in ReBench's configuration: %s, which only `loopwright bench` can build",
                 name);
    text_add(exporter->out, "# Left out, as only `loopwright bench` can build it: ");
    add_quoted(exporter->out, name);
    text_add(exporter->out, "\n");
}

static void add_execution(const Exporter *exporter, const char *name, const NameList *suites) {
    Text *out = exporter->out;
    text_add(out, "            - ");
    add_key(exporter, 14, name, " {suites: [");
    for (size_t i = 0; i < suites->count; i++) {
        text_add(out, i ? ", " : "");
        add_quoted(out, suites->items[i]);
    }
    text_add(out, "]}\n");
}

static void add_experiment(const Exporter *exporter, const NameList *own, const bool *is_left_out) {
    const RebenchExport *request = exporter->request;
    const Campaign *campaign = request->campaign;
    Arena *arena = exporter->arena;
    text_add(exporter->out, "\nexperiments:\n    campaign:\n        executions:\n");
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        const char *name = campaign->subjects.items[i].name;
        const Peer *peer = request->subjects[i].peer;
        if (is_left_out[i])
            continue;
        if (peer) {
            NameList suite = {0};
            ARENA_PUSH(arena, &suite, peer_suite(arena, peer));
            add_execution(exporter, name, &suite);
            continue;
        }
        for (int each = 0; (size_t)each < campaign->layouts; each++)
            add_execution(exporter, rebench_executor(arena, name, each, campaign->layouts), own);
    }
}

void rebench_export(const RebenchExport *request, Text *out) {
    const Campaign *campaign = request->campaign;
    const Exporter exporter = {request, campaign->arena, out};
    Arena *arena = exporter.arena;
    bool *is_left_out = ARENA_ARRAY(arena, bool, campaign->subjects.count);
    add_head(&exporter);
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        is_left_out[i] = !request->subjects[i].flags && !request->subjects[i].peer;
        if (is_left_out[i])
            leave_out(&exporter, campaign->subjects.items[i].name);
    }
    text_add(out, "\nbenchmark_suites:\n");
    NameList commands = add_own_suites(&exporter), own = {0};
    for (size_t i = 0; i < commands.count; i++)
        ARENA_PUSH(arena, &own, arena_printf(arena, "programs %zu", i + 1));
    for (size_t i = 0; i < campaign->subjects.count; i++)
        if (request->subjects[i].peer)
            is_left_out[i] = !add_peer_suite(&exporter, request->subjects[i].peer);
    text_add(out, "\nexecutors:\n");
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        if (is_left_out[i])
            continue;
        (request->subjects[i].peer ? add_peer : add_variant)(&exporter, i);
    }
    add_experiment(&exporter, &own, is_left_out);
}
