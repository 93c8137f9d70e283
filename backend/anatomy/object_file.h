// An emitted object file, or a program linked with one, as the dispatch measurement reads
// it: code, relocations, symbols. Sections of an object have no addresses yet; here each has
// the address that the debug information is read with too (attribution.h), so one address
// means one place.
//
// In a program the linker has resolved the relocations, by which an object says what a number
// stands for. What is needed of them is found again (object_find_slots).
#ifndef BACKEND_ANATOMY_OBJECT_FILE_H
#define BACKEND_ANATOMY_OBJECT_FILE_H

#include "support/arena.h"

#include <elfutils/libdwfl.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct ObjectSection {
    const char *name;
    uint64_t address, size; // 0: isn't part of the program (debug information, say)
    const uint8_t *bytes;   // NULL: has none, or isn't loaded
    bool is_code;           // is executed, and has bytes
} ObjectSection;

// A field that the linker is to fill in: at `where`, with the address `target`. Into a relative one
// it puts `target - where`, while the processor counts from the end of the instruction: whoever
// knows that end adds its distance from `where` to `target` (machine_code.c).
typedef struct ObjectRelocation {
    uint64_t where, target;
    const char *symbol; // what it refers to; NULL or "": has no name of its own
    bool relative;      // as in jumps, calls and addresses by the instruction pointer
    bool is_defined;    // false: `target` means nothing, the symbol is elsewhere
    unsigned size;      // of the field, in bytes
} ObjectRelocation;

typedef struct ObjectFile {
    Arena *arena;
    const char *path;
    bool is_linked;                       // a program or a shared library, and no object
    bool has_symbols;                     // false: a program that was stripped
    bool is_placed;                       // is_linked: at addresses that are fixed (no PIE)
    Dwfl *dwfl;                           // libdwfl's copy, relocated: for the debug information
    Dwfl_Module *dwarf;                   // the object in it
    struct Elf *elf;                      // the file as it is: for the bytes
    int file;                             // below 0: not open
    ARENA_VECTOR(ObjectSection) sections; // by the file's numbers for them
    ARENA_VECTOR(ObjectRelocation) relocations; // sorted by `where`
    const char *image;                          // the text of loopwright_image; NULL: none
} ObjectFile;

// Opens an x86-64 ELF object or a program that Loopwright emitted. NULL after an error on
// stderr. To be closed with object_file_close; everything read lives until then, in `arena`.
ObjectFile *object_file_open(Arena *arena, const char *path);
void object_file_close(ObjectFile *object);

// The relocation of the field at `where`, or the first one within [from, to).
const ObjectRelocation *object_relocation_at(const ObjectFile *object, uint64_t where);
const ObjectRelocation *object_relocation_within(const ObjectFile *object, uint64_t from,
                                                 uint64_t to);

// Is `address` in a section that the program has in memory?
bool object_has_address(const ObjectFile *object, uint64_t address);

// Addresses [from, to) of code.
typedef struct ObjectSpan {
    uint64_t from, to;
} ObjectSpan;

// In a program: takes each word of its data that is an address of one of these spans for a slot
// of a table, and adds it to the relocations. (No number happens to be one: addresses of code
// are no values that an interpreter computes with.) Of an object nothing has to be found.
void object_find_slots(ObjectFile *object, const ObjectSpan *spans, size_t count);

// A hash (64-bit FNV-1a) of the bytes of all code, with its constants and the names of what it
// calls: equal for objects that do the same by the same instructions, before relocation. A
// program's is its own.
uint64_t object_code_hash(const ObjectFile *object);

// The words of the image's next line that begins with `key` and a blank, copied to the
// object's arena; NULL if there is none. `*rest`, NULL at first, is where to look on.
const char *object_image_line(const ObjectFile *object, const char *key, const char **rest);

#endif
