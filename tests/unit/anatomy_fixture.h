// The report of a small interpreter in which LLVM has joined the ends of bytecodes: the build makes
// its object (CMakeLists.txt). What its code is depends on LLVM's version, so tests look addresses
// up by bytecodes and symbols.
#ifndef TESTS_UNIT_ANATOMY_FIXTURE_H
#define TESTS_UNIT_ANATOMY_FIXTURE_H

#include "backend/anatomy/dispatch_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char joined_ends_path[] = LOOPWRIGHT_BINARY_DIR "/tests/joined-ends.o";

typedef struct Anatomy {
    Arena *arena;
    ObjectFile *object;
    DispatchReport *report;
} Anatomy;

static int read_anatomy(void **state) {
    Arena *arena = arena_new();
    Anatomy *anatomy = ARENA_NEW(arena, Anatomy);
    anatomy->arena = arena;
    anatomy->object = object_file_open(arena, joined_ends_path);
    anatomy->report = anatomy->object ? dispatch_report_read(arena, anatomy->object) : NULL;
    *state = anatomy;
    return anatomy->report ? 0 : -1;
}

static int close_anatomy(void **state) {
    Anatomy *anatomy = *state;
    object_file_close(anatomy->object);
    arena_free(anatomy->arena);
    return 0;
}

// The first instruction of the symbol, by index.
static inline int instruction_of_symbol(const Anatomy *anatomy, const char *wanted) {
    int count = dwfl_module_getsymtab(anatomy->object->dwarf);
    for (int i = 0; i < count; i++) {
        GElf_Sym symbol;
        GElf_Addr address;
        const char *name =
            dwfl_module_getsym_info(anatomy->object->dwarf, i, &symbol, &address, NULL, NULL, NULL);
        if (name && strcmp(name, wanted) == 0)
            return machine_code_find(anatomy->report->code, address);
    }
    return -1;
}

#endif
