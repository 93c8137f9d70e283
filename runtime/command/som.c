// The `som` command: its options, finding the class to run, and the exit status. Options are those
// of other SOMs as far as these agree, so that their benchmark configurations start this one as
// they are (docs/som.md).
#include "runtime/som.h"

#include "runtime/bytecodes/image.h"
#include "runtime/command/profiling.h"
#include "runtime/command/prompt.h"
#include "runtime/command/scheduling.h"
#include "runtime/loading/loader.h"
#include "runtime/process/output.h"
#include "runtime/process/signals.h"
#include "runtime/vm.h"
#include "support/streams.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

// ---- The version ---------------------------------------------------------------------

// Which program this is, and which interpreter: one that was emitted, one written in C, or the
// evaluator.
static void print_version(const SomEngine *engine) {
    const char *flags = image_line(engine->image, "flags"),
               *llvm = image_line(engine->image, "llvm"),
               *compiler = image_line(engine->image, "compiler");
    Text text = {0};
    text_add(&text, "som (Loopwright) " LOOPWRIGHT_VERSION "\n");
    if (!flags)
        flags = "not known";
    text_addf(&text, "flags: %.*s\n", (int)strcspn(flags, "\n"), flags);
    if (llvm)
        text_addf(&text, "LLVM %.*s\n", (int)strcspn(llvm, "\n"), llvm);
    else if (compiler)
        text_addf(&text, "C compiler %.*s\n", (int)strcspn(compiler, "\n"), compiler);
    else
        text_add(&text, "the reference evaluator\n");
    output_text(text_chars(&text));
    text_free(&text);
}

// ---- Options -----------------------------------------------------------------------

typedef struct CommandLine {
    SomOptions options;
    const char *program; // FILE.som or CLASS; NULL: read standard input
    int first;           // index of the first argument after it
    bool gc_stats;
    Profiling profiling;
    Scheduling scheduling;
    int status; // -1: run
} CommandLine;

static void wrong(CommandLine *command, const char *what, const char *argument) {
    fprintf(stderr, "som: %s%s%s\n%s", what, argument ? ": " : "", argument ? argument : "",
            som_usage);
    command->status = 2;
}

// A number of bytes: digits, and K, M or G. 0 if it is malformed or too large; sums of a
// few such numbers don't overflow.
static size_t parse_size(const char *text) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || errno)
        return 0;
    int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    if (end[shift != 0] || number > (SIZE_MAX >> 2) >> shift)
        return 0;
    return (size_t)number << shift;
}

// Options of other implementations, as their benchmark configurations give them. False:
// it is none of these.
static bool parse_foreign_option(CommandLine *command, const char *option) {
    if (!strcmp(option, "-g")) {
        command->gc_stats = true;
        return true;
    }
    if (!strcmp(option, "-G"))
        return true; // there is no compiler to leave out
    if (option[1] != 'H')
        return false;
    char *unit;
    unsigned long size = strtoul(option + 2, &unit, 10);
    if (option[2] < '0' || option[2] > '9' || !size ||
        (strcmp(unit, "KB") && strcmp(unit, "MB") && strcmp(unit, "GB")))
        wrong(command, "not a heap's size", option + 2);
    return true;
}

static bool parse_profiling(CommandLine *command, const char *option) {
    bool known;
    const char *trouble = profiling_take(&command->profiling, option, &known);
    if (trouble)
        wrong(command, trouble, option);
    return known;
}

static bool parse_scheduling(CommandLine *command, const char *option) {
    bool known;
    const char *trouble = scheduling_take(&command->scheduling, option, &known);
    if (trouble)
        wrong(command, trouble, option);
    return known;
}

static void parse_option(CommandLine *command, int argc, char **argv, int *index,
                         const SomEngine *engine) {
    const char *option = argv[*index];
    if (!strcmp(option, "--help") || !strcmp(option, "-h")) {
        output_text(som_usage);
        output_text(som_help);
        command->status = 0;
    } else if (!strcmp(option, "--version")) {
        print_version(engine);
        command->status = 0;
    } else if (!strcmp(option, "-cp") || !strcmp(option, "--classpath")) {
        if (*index + 1 == argc)
            wrong(command, "no directories after", option);
        else
            command->options.class_path = argv[++*index];
    } else if (!strncmp(option, "--heap-max=", 11)) {
        command->options.heap_max = parse_size(option + 11);
        if (!command->options.heap_max)
            wrong(command, "not a number of bytes", option + 11);
    } else if (!strcmp(option, "--gc=stress")) {
        command->options.stress = true;
    } else if (!strcmp(option, "--gc-stats")) {
        command->gc_stats = true;
    } else if (!parse_profiling(command, option) && !parse_scheduling(command, option) &&
               !parse_foreign_option(command, option)) {
        wrong(command, "unknown option", option);
    }
}

static CommandLine parse_command(int argc, char **argv, const SomEngine *engine) {
    CommandLine command = {.status = -1};
    int index = 1;
    for (; index < argc && argv[index][0] == '-' && command.status < 0; index++) {
        if (!strcmp(argv[index], "--")) {
            index++;
            break;
        }
        parse_option(&command, argc, argv, &index, engine);
    }
    if (command.status >= 0)
        return command;
    const char *conflict = profiling_conflict(&command.profiling, index < argc);
    if (!conflict)
        conflict = scheduling_conclude(&command.scheduling, index < argc);
    if (conflict)
        wrong(&command, conflict, NULL);
    if (command.status >= 0 || index == argc)
        return command;
    command.program = argv[index];
    command.first = index + 1;
    return command;
}

// ---- Running -----------------------------------------------------------------------

// Splits FILE.som into directory and class; a plain CLASS has no directory. Both are
// malloc's.
static void split_program(const char *program, char **directory, char **class) {
    size_t length = strlen(program);
    const char *slash = strrchr(program, '/');
    bool is_file = length > 4 && !strcmp(program + length - 4, ".som");
    const char *base = slash ? slash + 1 : program;
    *class = strndup(base, strlen(base) - (is_file ? 4 : 0));
    *directory = NULL;
    if (slash)
        *directory = strndup(program, slash == program ? 1 : (size_t)(slash - program));
    else if (is_file)
        *directory = strdup(".");
}

// The most memory that the process has had resident, in KiB.
static long resident_peak(void) {
    long peak = 0;
    char line[128];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &peak) == 1)
            break;
    if (status)
        fclose(status);
    return peak;
}

static void print_gc_stats(const Vm *vm) {
    const HeapFigures figures = heap_figures(vm);
    const double mebibyte = 1 << 20, time = (double)(vm_microseconds() - vm->started) / 1000;
    const double collecting = (double)figures.microseconds / 1000;
    output_flush();
    fprintf(vm->errors, "gc: %llu minor and %llu full collections\n",
            (unsigned long long)(figures.collections - figures.full_collections),
            (unsigned long long)figures.full_collections);
    fprintf(vm->errors, "gc: %.2f ms of %.2f ms (%.1f %%), the longest %.2f ms\n", collecting, time,
            time > 0 ? 100 * collecting / time : 0, (double)figures.longest / 1000);
    fprintf(vm->errors, "gc: %.1f MiB allocated, %.1f MiB copied, %llu frames scanned\n",
            (double)figures.allocated / mebibyte, (double)figures.copied / mebibyte,
            (unsigned long long)figures.frames);
    fprintf(vm->errors, "gc: %.1f MiB in use, of at most %.1f MiB; %.1f MiB resident at the peak\n",
            (double)figures.used / mebibyte, (double)figures.maximum / mebibyte,
            (double)resident_peak() / 1024);
}

// What was printed must have got out.
static int flush_output(int status) {
    if (!output_flush() && !status) {
        fprintf(stderr, "som: error: standard output: %s\n", strerror(errno));
        return 1;
    }
    return status;
}

// Says what is wrong with a program's name before anything is loaded.
// A file that isn't there is told by its name, not as a class that wasn't found in several places.
static bool is_loadable(const char *program, const char *directory, const char *class) {
    if (directory && access(program, F_OK) && strstr(program, ".som"))
        fprintf(stderr, "som: error: %s: %s\n", program, strerror(errno));
    else if (!loader_is_class_name(class))
        fprintf(stderr,
                "som: error: '%s' can't be a class's name: letters, digits and _ are wanted\n",
                class);
    else
        return true;
    return false;
}

static int run(const CommandLine *command, int argc, char **argv, const SomEngine *engine) {
    char *directory, *class;
    split_program(command->program, &directory, &class);
    SomOptions options = command->options;
    options.directory = directory;
    if (command->scheduling.options.kind != SCHEDULE_NONE)
        options.schedule = &command->scheduling.options;
    if (!is_loadable(command->program, directory, class) ||
        (command->profiling.file_count && !profiling_check(&command->profiling, engine->image))) {
        free(directory);
        free(class);
        return 1;
    }
    int status = 1;
    Vm *vm = som_new(&options, engine);
    if (vm && som_load(vm, class)) {
        int count = argc - command->first + 1;
        char **strings = calloc((size_t)count, sizeof *strings);
        strings[0] = class;
        for (int i = 1; i < count; i++)
            strings[i] = argv[command->first + i - 1];
        status = command->profiling.file_count
                     ? profiling_run(&command->profiling, vm, count, strings)
                     : som_run(vm, count, strings);
        free(strings);
        if (command->gc_stats)
            print_gc_stats(vm);
        if (options.schedule && !schedule_finish(vm->threads.schedule) && !status)
            status = 1;
    }
    som_free(vm);
    free(directory);
    free(class);
    return status;
}

static int converse(const CommandLine *command, const SomEngine *engine) {
    Vm *vm = som_new(&command->options, engine);
    int status = vm ? prompt_run(vm, stdin) : 1;
    som_free(vm);
    return status;
}

// Before anything else the streams and signals are put in order, since options may print and fail;
// after everything the output is looked at, since what was printed may not have got out.
int som_main(int argc, char **argv, const SomEngine *engine) {
    streams_start();
    signals_catch();
    CommandLine command = parse_command(argc, argv, engine);
    int status = command.status;
    if (status < 0)
        status = command.program ? run(&command, argc, argv, engine) : converse(&command, engine);
    return flush_output(status);
}
