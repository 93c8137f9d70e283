// The command: runs a module's `_start`, `main`, or a function by its name.
#include "files.h"
#include "host.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: wasm MODULE.wasm [ARGUMENT ...]                runs what it exports as _start or main\n"
    "       wasm --invoke=NAME MODULE.wasm [NUMBER ...]    calls an exported function\n";

static int report(const char *path, const Failure *failure) {
    fflush(stdout);
    if (failure->offset == FAILURE_NOWHERE)
        fprintf(stderr, "%s: error: %s: %s\n", path, failure_kind_text(failure->kind),
                failure->text);
    else
        fprintf(stderr, "%s:0x%zx: error: %s: %s\n", path, failure->offset,
                failure_kind_text(failure->kind), failure->text);
    return EXIT_FAILURE;
}

static int report_outcome(const Store *store, const char *path, Outcome outcome) {
    fflush(stdout);
    if (outcome == EXITED)
        return store->status;
    if (outcome == TRAP)
        fprintf(stderr, "%s: error: trap: %s\n", path, trap_text(machine_failure(&store->machine)));
    return outcome == TRAP ? EXIT_FAILURE : EXIT_SUCCESS;
}

// A number as text, of this type. Where it isn't one the call is refused.
static int64_t parse_argument(Failure *failure, const char *text, uint8_t type) {
    char *end;
    int64_t bits = 0;
    errno = 0;
    if (type == TYPE_F64) {
        double number = strtod(text, &end);
        memcpy(&bits, &number, sizeof number);
    } else if (type == TYPE_F32) {
        float number = strtof(text, &end);
        memcpy(&bits, &number, sizeof number);
    } else {
        bits = *text == '-' ? strtoll(text, &end, 0) : (int64_t)strtoull(text, &end, 0);
    }
    if (end == text || *end || errno)
        failure_raise(failure, UNSUPPORTED, FAILURE_NOWHERE, "`%s` is no number", text);
    return bits;
}

static void print_result(uint8_t type, int64_t bits) {
    double number;
    float narrow;
    memcpy(&number, &bits, sizeof number);
    memcpy(&narrow, &bits, sizeof narrow);
    switch (type) {
    case TYPE_I32: printf("%" PRId32 "\n", (int32_t)bits); break;
    case TYPE_I64: printf("%" PRId64 "\n", bits); break;
    case TYPE_F32: printf("%.9g\n", (double)narrow); break;
    case TYPE_F64: printf("%.17g\n", number); break;
    default: break;
    }
}

static Outcome invoke(Store *store, const WasmInstance *instance, const char *name, int argc,
                      char **argv) {
    Extern found;
    if (!instance_export(instance, (Name){name, (uint32_t)strlen(name)}, &found) ||
        found.kind != EXTERN_FUNCTION)
        failure_raise(store->failure, UNLINKABLE, FAILURE_NOWHERE, "no function is exported as %s",
                      name);
    const FunctionType *type = store_details(store, found.function)->type;
    if ((uint32_t)argc != type->parameter_count)
        failure_raise(store->failure, UNLINKABLE, FAILURE_NOWHERE,
                      "%s takes %u arguments, and here are %d", name, type->parameter_count, argc);
    int64_t *values = POOL_ARRAY(&store->pool, int64_t, (size_t)argc), result;
    for (int i = 0; i < argc; i++)
        values[i] = parse_argument(store->failure, argv[i], type->parameters[i]);
    Outcome outcome = store_call(store, found.function, values, &result);
    if (outcome == RETURNED)
        print_result(type->result, result);
    return outcome;
}

// A `main` without parameters answers the exit status.
static int run_program(Store *store, const WasmInstance *instance, const char *path) {
    static const char *const names[] = {"_start", "main"};
    for (int i = 0; i < 2; i++) {
        Extern found;
        int64_t result = 0;
        if (!instance_export(instance, (Name){names[i], (uint32_t)strlen(names[i])}, &found) ||
            found.kind != EXTERN_FUNCTION)
            continue;
        const FunctionType *type = store_details(store, found.function)->type;
        if (type->parameter_count)
            failure_raise(store->failure, UNLINKABLE, FAILURE_NOWHERE, "%s takes arguments",
                          names[i]);
        Outcome outcome = store_call(store, found.function, NULL, &result);
        int status = report_outcome(store, path, outcome);
        return outcome == RETURNED && type->result == TYPE_I32 ? (int)(uint8_t)result : status;
    }
    failure_raise(store->failure, UNLINKABLE, FAILURE_NOWHERE,
                  "neither _start nor main is exported");
}

static int run_file(Store *store, const char *function, int argc, char **argv) {
    Failure failure;
    size_t size;
    int64_t start;
    const char *path = argv[0];
    uint8_t *bytes = read_file(path, &store->pool, &size);
    if (!bytes) {
        fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
        return EXIT_FAILURE;
    }
    store->failure = &failure;
    store->argument_count = argc;
    store->arguments = argv;
    if (setjmp(failure.back))
        return report(path, &failure);
    const WasmInstance *instance =
        instance_load(store, bytes, size, host_find, host_modules(store, false), &start);
    if (start >= 0) {
        Outcome outcome = store_call(store, (uint32_t)start, NULL, NULL);
        if (outcome != RETURNED)
            return report_outcome(store, path, outcome);
    }
    if (!function)
        return run_program(store, instance, path);
    return report_outcome(store, path, invoke(store, instance, function, argc - 1, argv + 1));
}

int run(void (*interpret)(Machine *, Frame *), int argc, char **argv, const char *image) {
    Store store;
    int status = 2;
    const char *invoked = NULL;
    if (argc > 0 && !strncmp(argv[0], "--invoke=", 9)) {
        invoked = argv[0] + 9;
        argc--;
        argv++;
    }
    store_begin(&store, interpret, image);
    if (argc > 0 && strncmp(argv[0], "--", 2) != 0)
        status = run_file(&store, invoked, argc, argv);
    else
        fputs(usage, stderr);
    if (fflush(stdout) != 0) {
        perror("wasm: error: can't write the output");
        status = EXIT_FAILURE;
    }
    store_free(&store);
    return status;
}
