// See host.h. A program's memory is that of the instance loaded last; addresses that it gives are
// checked, and one that is out of its memory is answered with WASI's EFAULT.
#include "host.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ERRNO_SUCCESS = 0, ERRNO_BADF = 8, ERRNO_FAULT = 21, ERRNO_INVAL = 28 };

// A function: where it is found, its parameters and result as letters (i j f d; v: nothing).
typedef struct HostEntry {
    const char *module, *name, *type;
    HostFunction function;
} HostEntry;

typedef struct HostGlobal {
    const char *name;
    uint8_t type;
    int64_t bits;
} HostGlobal;

struct HostModules {
    Store *store;
    bool with_spectest;
    TableObject *table; // spectest's, made when they are asked for
    MemoryObject *memory;
    GlobalObject *globals[4];
    int64_t numbers[32]; // of the functions, plus 1; 0: not made yet
};

// ---- A program's memory ----------------------------------------------------------------------

// NULL: it isn't all in there.
static uint8_t *bytes_at(const Store *store, int64_t address, uint64_t count) {
    const MemoryObject *memory = store->newest ? store->newest->memory : NULL;
    uint64_t start = (uint32_t)address;
    if (!memory || start + count > (uint64_t)memory_size(&memory->memory))
        return NULL;
    return memory->bytes + start;
}

static bool put_word(const Store *store, int64_t address, uint32_t word) {
    uint8_t *bytes = bytes_at(store, address, sizeof word);
    if (bytes)
        memcpy(bytes, &word, sizeof word);
    return bytes != NULL;
}

static uint32_t word_at(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

// ---- WASI ------------------------------------------------------------------------------------

static int64_t write_vectors(const Store *store, FILE *file, const int64_t *arguments) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < (uint32_t)arguments[2]; i++) {
        const uint8_t *vector = bytes_at(store, (uint32_t)arguments[1] + (int64_t)i * 8, 8);
        const uint8_t *bytes =
            vector ? bytes_at(store, word_at(vector), word_at(vector + 4)) : NULL;
        if (!bytes)
            return ERRNO_FAULT;
        total += (uint32_t)fwrite(bytes, 1, word_at(vector + 4), file);
    }
    return put_word(store, arguments[3], total) ? ERRNO_SUCCESS : ERRNO_FAULT;
}

static bool fd_write(Store *store, void *data, const int64_t *arguments, int64_t *result) {
    (void)data;
    uint32_t file = (uint32_t)arguments[0];
    *result = file == 1   ? write_vectors(store, stdout, arguments)
              : file == 2 ? write_vectors(store, stderr, arguments)
                          : ERRNO_BADF;
    return true;
}

static bool proc_exit(Store *store, void *data, const int64_t *arguments, int64_t *result) {
    (void)data, (void)result;
    store->exited = true;
    store->status = (int)(uint32_t)arguments[0];
    return false;
}

static bool clock_time_get(Store *store, void *data, const int64_t *arguments, int64_t *result) {
    struct timespec now;
    uint32_t clock = (uint32_t)arguments[0];
    uint8_t *bytes = bytes_at(store, arguments[2], sizeof(uint64_t));
    (void)data;
    *result = clock > 1 ? ERRNO_INVAL : bytes ? ERRNO_SUCCESS : ERRNO_FAULT;
    if (*result == ERRNO_SUCCESS) {
        clock_gettime(clock == 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
        uint64_t nanoseconds = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
        memcpy(bytes, &nanoseconds, sizeof nanoseconds);
    }
    return true;
}

static bool args_sizes_get(Store *store, void *data, const int64_t *arguments, int64_t *result) {
    uint32_t bytes = 0;
    (void)data;
    for (int i = 0; i < store->argument_count; i++)
        bytes += (uint32_t)strlen(store->arguments[i]) + 1;
    *result = put_word(store, arguments[0], (uint32_t)store->argument_count) &&
                      put_word(store, arguments[1], bytes)
                  ? ERRNO_SUCCESS
                  : ERRNO_FAULT;
    return true;
}

static bool args_get(Store *store, void *data, const int64_t *arguments, int64_t *result) {
    uint32_t place = (uint32_t)arguments[1];
    (void)data;
    *result = ERRNO_SUCCESS;
    for (int i = 0; i < store->argument_count; i++) {
        uint32_t length = (uint32_t)strlen(store->arguments[i]) + 1;
        uint8_t *bytes = bytes_at(store, place, length);
        if (!bytes || !put_word(store, (uint32_t)arguments[0] + (int64_t)i * 4, place)) {
            *result = ERRNO_FAULT;
            return true;
        }
        memcpy(bytes, store->arguments[i], length);
        place += length;
    }
    return true;
}

// ---- env -------------------------------------------------------------------------------------

static double double_of(int64_t bits) {
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static bool put(Store *store, void *data, const int64_t *arguments, int64_t *result) {
    (void)store, (void)data, (void)result;
    putchar((int)(arguments[0] & 0xFF));
    return true;
}

static bool print_i64(Store *store, void *data, const int64_t *arguments, int64_t *result) {
    (void)store, (void)data, (void)result;
    printf("%" PRId64 "\n", arguments[0]);
    return true;
}

static bool print_f64(Store *store, void *data, const int64_t *arguments, int64_t *result) {
    (void)store, (void)data, (void)result;
    printf("%.9g\n", double_of(arguments[0]));
    return true;
}

// ---- spectest --------------------------------------------------------------------------------

// The tests only call them.
static bool say_nothing(Store *store, void *data, const int64_t *arguments, int64_t *result) {
    (void)store, (void)data, (void)arguments, (void)result;
    return true;
}

#define WASI "wasi_snapshot_preview1"

static const HostEntry entries[] = {
    {WASI, "fd_write", "iiii:i", fd_write},
    {WASI, "proc_exit", "i:v", proc_exit},
    {WASI, "clock_time_get", "iji:i", clock_time_get},
    {WASI, "args_sizes_get", "ii:i", args_sizes_get},
    {WASI, "args_get", "ii:i", args_get},
    {"env", "put", "i:v", put},
    {"env", "print_i64", "j:v", print_i64},
    {"env", "print_f64", "d:v", print_f64},
    {"spectest", "print", ":v", say_nothing},
    {"spectest", "print_i32", "i:v", say_nothing},
    {"spectest", "print_i64", "j:v", say_nothing},
    {"spectest", "print_f32", "f:v", say_nothing},
    {"spectest", "print_f64", "d:v", say_nothing},
    {"spectest", "print_i32_f32", "if:v", say_nothing},
    {"spectest", "print_f64_f64", "dd:v", say_nothing},
};

enum { ENTRY_COUNT = sizeof entries / sizeof *entries };

static const HostGlobal globals[] = {
    {"global_i32", TYPE_I32, 666},
    {"global_i64", TYPE_I64, 666},
    {"global_f32", TYPE_F32, 0x44268000},
    {"global_f64", TYPE_F64, 0x4084D00000000000},
};

static uint8_t type_of_letter(char letter) {
    return letter == 'i'   ? TYPE_I32
           : letter == 'j' ? TYPE_I64
           : letter == 'f' ? TYPE_F32
           : letter == 'd' ? TYPE_F64
                           : TYPE_NONE;
}

static const FunctionType *make_type(Store *store, const char *letters) {
    FunctionType *type = POOL_NEW(&store->pool, FunctionType);
    uint8_t *parameters = POOL_ARRAY(&store->pool, uint8_t, strlen(letters));
    for (; *letters != ':'; letters++)
        parameters[type->parameter_count++] = type_of_letter(*letters);
    type->parameters = parameters;
    type->result = type_of_letter(letters[1]);
    type->result_count = type->result != TYPE_NONE;
    return type;
}

static bool find_function(HostModules *modules, const Import *import, Extern *found) {
    for (int i = 0; i < ENTRY_COUNT; i++) {
        const HostEntry *entry = &entries[i];
        if (!name_is(import->module, entry->module) || !name_is(import->name, entry->name))
            continue;
        if (!modules->numbers[i])
            modules->numbers[i] = 1 + (int64_t)store_host_function(
                                          modules->store, make_type(modules->store, entry->type),
                                          entry->function, NULL);
        *found = (Extern){.kind = EXTERN_FUNCTION, .function = (uint32_t)modules->numbers[i] - 1};
        return true;
    }
    return false;
}

static bool find_in_spectest(HostModules *modules, const Import *import, Extern *found) {
    Store *store = modules->store;
    for (size_t i = 0; i < sizeof globals / sizeof *globals; i++) {
        if (!name_is(import->name, globals[i].name))
            continue;
        if (!modules->globals[i])
            modules->globals[i] =
                store_global(store, (GlobalType){globals[i].type, false}, globals[i].bits);
        *found = (Extern){.kind = EXTERN_GLOBAL, .global = modules->globals[i]};
        return true;
    }
    if (name_is(import->name, "table")) {
        if (!modules->table)
            modules->table = store_table(store, (Limits){10, 20, true});
        *found = (Extern){.kind = EXTERN_TABLE, .table = modules->table};
        return true;
    }
    if (name_is(import->name, "memory")) {
        if (!modules->memory)
            modules->memory = store_memory(store, (Limits){1, 2, true});
        *found = (Extern){.kind = EXTERN_MEMORY, .memory = modules->memory};
        return true;
    }
    return false;
}

HostModules *host_modules(Store *store, bool with_spectest) {
    HostModules *modules = POOL_NEW(&store->pool, HostModules);
    modules->store = store;
    modules->with_spectest = with_spectest;
    return modules;
}

bool host_find(void *data, const Import *import, Extern *found) {
    HostModules *modules = data;
    bool spectest = name_is(import->module, "spectest");
    if (spectest != modules->with_spectest)
        return false;
    return find_function(modules, import, found) ||
           (spectest && find_in_spectest(modules, import, found));
}
