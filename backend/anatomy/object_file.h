// An emitted object file as the dispatch measurement reads it: code, relocations,
// symbols. Sections of an object have no addresses yet; here each has the address
// that the debug information is read with too (attribution.h), so one address means
// one place.
//
// An object and not the linked program, because the linker has resolved what we look for:
// there, a jump's table is but a number.
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
    Dwfl *dwfl;                           // libdwfl's copy, relocated: for the debug information
    Dwfl_Module *dwarf;                   // the object in it
    struct Elf *elf;                      // the file as it is: for the bytes
    int file;                             // below 0: not open
    ARENA_VECTOR(ObjectSection) sections; // by the file's numbers for them
    ARENA_VECTOR(ObjectRelocation) relocations; // sorted by `where`
    const char *image;                          // the text of loopwright_image; NULL: none
} ObjectFile;

// Opens an x86-64 ELF object. NULL after an error on stderr. To be closed with
// object_file_close; everything read lives until then, in `arena`.
ObjectFile *object_file_open(Arena *arena, const char *path);
void object_file_close(ObjectFile *object);

// The relocation of the field at `where`, or the first one within [from, to).
const ObjectRelocation *object_relocation_at(const ObjectFile *object, uint64_t where);
const ObjectRelocation *object_relocation_within(const ObjectFile *object, uint64_t from,
                                                 uint64_t to);

// A hash (64-bit FNV-1a) of the bytes of all code: equal for objects whose
// instructions are the same, before relocation.
uint64_t object_code_hash(const ObjectFile *object);

// The words of the image's next line that begins with `key` and a blank, copied to the
// object's arena; NULL if there is none. `*rest`, NULL at first, is where to look on.
const char *object_image_line(const ObjectFile *object, const char *key, const char **rest);

#endif
