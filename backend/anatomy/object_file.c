// See object_file.h. The bytes and relocations are read from the file itself, since
// libdwfl changes what it has relocated; only its section addresses are used.
//
// The file is a user's, and may be cut off or made up: every offset and index in it is compared
// with what it points into before it is followed. What is odd but harmless is passed over.
#include "backend/anatomy/object_file.h"

#include "support/hash.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(const ObjectFile *object, const char *message) {
    fprintf(stderr, "%s: error: %s\n", object->path, message);
    return false;
}

// Whatever else is an ELF file (a core, another machine's object) is refused here by name: it would
// be read without complaint, and its figures mean nothing.
static bool open_elf(ObjectFile *object) {
    object->file = open(object->path, O_RDONLY | O_CLOEXEC);
    if (object->file < 0)
        return fail(object, strerror(errno));
    struct stat status;
    if (fstat(object->file, &status) == 0 && S_ISDIR(status.st_mode))
        return fail(object, strerror(EISDIR));
    elf_version(EV_CURRENT);
    object->elf = elf_begin(object->file, ELF_C_READ, NULL);
    GElf_Ehdr header;
    if (!object->elf || elf_kind(object->elf) != ELF_K_ELF || !gelf_getehdr(object->elf, &header))
        return fail(object, "the file is no ELF object");
    object->is_linked = header.e_type == ET_EXEC || header.e_type == ET_DYN;
    object->is_placed = header.e_type == ET_EXEC;
    if ((header.e_type != ET_REL && !object->is_linked) || header.e_machine != EM_X86_64 ||
        header.e_ident[EI_CLASS] != ELFCLASS64)
        return fail(object, "the file is no x86-64 object (.o) and no executable");
    return true;
}

// A report of the object to libdwfl lays its sections out, one after the other from an address
// of its choice, as a linker would; and relocates the debug information to match. A program's
// addresses stay as the linker chose them.
static Elf *lay_out(ObjectFile *object) {
    static const Dwfl_Callbacks callbacks = {
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .section_address = dwfl_offline_section_address,
    };
    object->dwfl = dwfl_begin(&callbacks);
    if (!object->dwfl)
        return NULL;
    dwfl_report_begin(object->dwfl);
    object->dwarf = object->is_linked
                        ? dwfl_report_elf(object->dwfl, "program", object->path, -1, 0, true)
                        : dwfl_report_offline(object->dwfl, "object", object->path, -1);
    dwfl_report_end(object->dwfl, NULL, NULL);
    GElf_Addr bias;
    return object->dwarf ? dwfl_module_getelf(object->dwarf, &bias) : NULL;
}

// Every section gets a place in the list, also those that can't be read, so that a number in a
// symbol or a relocation finds its section by index.
static bool read_sections(ObjectFile *object) {
    Elf *laid_out = lay_out(object);
    size_t names, count;
    if (!laid_out || elf_getshdrstrndx(object->elf, &names) != 0 ||
        elf_getshdrnum(object->elf, &count) != 0 || count == 0)
        return fail(object, "the object's sections can't be read");
    for (size_t i = 0; i < count; i++) {
        GElf_Shdr header = {0}, placed = {0};
        Elf_Scn *section = elf_getscn(object->elf, i), *other = elf_getscn(laid_out, i);
        ObjectSection read = {.name = ""};
        if (section && other && gelf_getshdr(section, &header) && gelf_getshdr(other, &placed)) {
            const char *name = elf_strptr(object->elf, names, header.sh_name);
            read.name = name ? name : "";
            if (header.sh_flags & SHF_ALLOC) {
                Elf_Data *data = elf_getdata(section, NULL);
                read.address = placed.sh_addr;
                read.size = header.sh_size;
                read.bytes = data && data->d_size == header.sh_size ? data->d_buf : NULL;
                read.is_code = header.sh_flags & SHF_EXECINSTR && read.bytes;
            }
        }
        ARENA_PUSH(object->arena, &object->sections, read);
    }
    return true;
}

// Of a program only those are left that its loader resolves. Such a field gets an address of the
// program's own: that is what a table's slots are where the code can be anywhere (PIE).
static void read_loaded(ObjectFile *object, Elf_Scn *section, const GElf_Shdr *header) {
    Elf_Data *entries = elf_getdata(section, NULL);
    size_t count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
    for (size_t i = 0; entries && i < count; i++) {
        GElf_Rela entry;
        if (!gelf_getrela(entries, (int)i, &entry) ||
            GELF_R_TYPE(entry.r_info) != R_X86_64_RELATIVE)
            continue;
        ObjectRelocation relocation = {.where = entry.r_offset,
                                       .target = (uint64_t)entry.r_addend,
                                       .is_defined = true,
                                       .size = 8};
        ARENA_PUSH(object->arena, &object->relocations, relocation);
    }
}

// What a relocation's symbol stands for: its address, if the object defines it. Indices from
// SHN_LORESERVE on are no sections, and larger than any section's.
static void resolve(ObjectFile *object, Elf_Data *symbols, size_t names, size_t index,
                    ObjectRelocation *relocation) {
    GElf_Sym symbol;
    if (!symbols || !gelf_getsym(symbols, (int)index, &symbol))
        return;
    relocation->symbol = elf_strptr(object->elf, names, symbol.st_name);
    if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= object->sections.count)
        return;
    relocation->is_defined = true;
    relocation->target += object->sections.items[symbol.st_shndx].address + symbol.st_value;
    if (GELF_ST_TYPE(symbol.st_info) == STT_SECTION)
        relocation->symbol = NULL;
}

// The kinds that LLVM emits for code and tables with fixed addresses; others are in debug
// information, which isn't looked at here.
static bool classify(unsigned type, ObjectRelocation *relocation) {
    switch (type) {
    case R_X86_64_64: relocation->size = 8; return true;
    case R_X86_64_32:
    case R_X86_64_32S: relocation->size = 4; return true;
    case R_X86_64_PC32:
    case R_X86_64_PLT32:
        relocation->size = 4;
        relocation->relative = true;
        return true;
    default: return false;
    }
}

// `sh_info` is the section that is patched, `sh_link` the table of its symbols. On x86-64 the
// addend stands in the relocation (RELA), never in the field.
static void read_relocations(ObjectFile *object, Elf_Scn *section, const GElf_Shdr *header) {
    if (header->sh_info >= object->sections.count)
        return;
    const ObjectSection *patched = &object->sections.items[header->sh_info];
    Elf_Scn *table = elf_getscn(object->elf, header->sh_link);
    GElf_Shdr table_header;
    Elf_Data *entries = elf_getdata(section, NULL);
    if (!patched->bytes || !table || !gelf_getshdr(table, &table_header) || !entries ||
        header->sh_entsize == 0)
        return;
    Elf_Data *symbols = elf_getdata(table, NULL);
    size_t count = header->sh_size / header->sh_entsize;
    for (size_t i = 0; i < count; i++) {
        GElf_Rela entry;
        ObjectRelocation relocation = {0};
        if (!gelf_getrela(entries, (int)i, &entry) ||
            !classify((unsigned)GELF_R_TYPE(entry.r_info), &relocation))
            continue;
        relocation.where = patched->address + entry.r_offset;
        relocation.target = (uint64_t)entry.r_addend;
        resolve(object, symbols, table_header.sh_link, GELF_R_SYM(entry.r_info), &relocation);
        ARENA_PUSH(object->arena, &object->relocations, relocation);
    }
}

static int by_place(const void *left, const void *right) {
    const ObjectRelocation *a = left, *b = right;
    return a->where < b->where ? -1 : a->where > b->where;
}

static void sort_relocations(ObjectFile *object) {
    if (object->relocations.count > 0)
        qsort(object->relocations.items, object->relocations.count,
              sizeof *object->relocations.items, by_place);
}

// Finds the text of loopwright_image among the symbols of `table`. It ends with its NUL or, in a
// file that isn't whole, with the section.
static void find_image(ObjectFile *object, Elf_Scn *table, const GElf_Shdr *header) {
    Elf_Data *symbols = elf_getdata(table, NULL);
    size_t count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
    for (size_t i = 0; symbols && i < count; i++) {
        GElf_Sym symbol;
        const char *name = NULL;
        if (gelf_getsym(symbols, (int)i, &symbol))
            name = elf_strptr(object->elf, header->sh_link, symbol.st_name);
        if (!name || strcmp(name, "loopwright_image") != 0 ||
            symbol.st_shndx >= object->sections.count)
            continue;
        // A symbol counts from its section's beginning, but in a program.
        const ObjectSection *section = &object->sections.items[symbol.st_shndx];
        uint64_t offset = symbol.st_value - (object->is_linked ? section->address : 0);
        if (section->bytes && offset < section->size)
            object->image = arena_strndup(
                object->arena, (const char *)section->bytes + offset,
                strnlen((const char *)section->bytes + offset, section->size - offset));
    }
}

static void read_tables(ObjectFile *object) {
    for (size_t i = 0; i < object->sections.count; i++) {
        Elf_Scn *section = elf_getscn(object->elf, i);
        GElf_Shdr header;
        if (!section || !gelf_getshdr(section, &header))
            continue;
        if (header.sh_type == SHT_RELA)
            (object->is_linked ? read_loaded : read_relocations)(object, section, &header);
        if (header.sh_type == SHT_SYMTAB) {
            object->has_symbols = true;
            find_image(object, section, &header);
        }
    }
    sort_relocations(object);
}

// Most programs aren't ours, and one that was stripped doesn't look it. (An object without an image
// is told apart later, by its debug information.)
static bool check_linked(const ObjectFile *object) {
    if (!object->is_linked || object->image)
        return true;
    return object->has_symbols
               ? fail(object, "Loopwright didn't emit this program: it has no loopwright_image "
                              "(`loopwright emit FLAGS -o FILE` makes one)")
               : fail(object, "the program is stripped, or Loopwright didn't emit it: without "
                              "symbols and debug information nothing tells what its instructions "
                              "are for (`loopwright emit FLAGS -o FILE` makes one with them)");
}

ObjectFile *object_file_open(Arena *arena, const char *path) {
    ObjectFile *object = ARENA_NEW(arena, ObjectFile);
    object->arena = arena;
    object->path = path;
    object->file = -1;
    if (!open_elf(object) || !read_sections(object)) {
        object_file_close(object);
        return NULL;
    }
    read_tables(object);
    if (!check_linked(object)) {
        object_file_close(object);
        return NULL;
    }
    return object;
}

void object_file_close(ObjectFile *object) {
    if (object->elf)
        elf_end(object->elf);
    if (object->dwfl)
        dwfl_end(object->dwfl);
    if (object->file >= 0)
        close(object->file);
}

const ObjectRelocation *object_relocation_within(const ObjectFile *object, uint64_t from,
                                                 uint64_t to) {
    size_t low = 0, high = object->relocations.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (object->relocations.items[middle].where < from)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == object->relocations.count || object->relocations.items[low].where >= to)
        return NULL;
    return &object->relocations.items[low];
}

const ObjectRelocation *object_relocation_at(const ObjectFile *object, uint64_t where) {
    return object_relocation_within(object, where, where + 1);
}

bool object_has_address(const ObjectFile *object, uint64_t address) {
    for (size_t i = 0; i < object->sections.count; i++) {
        const ObjectSection *section = &object->sections.items[i];
        if (section->address && address >= section->address &&
            address - section->address < section->size)
            return true;
    }
    return false;
}

// A table's slots are as far apart as they are large, and the table is aligned to them.
static void find_slots_of(ObjectFile *object, const ObjectSection *section, const ObjectSpan *spans,
                          size_t count) {
    for (uint64_t at = (8 - section->address % 8) % 8; at + 8 <= section->size; at += 8) {
        ObjectRelocation slot = {
            .where = section->address + at, .is_defined = true, .size = sizeof slot.target};
        memcpy(&slot.target, section->bytes + at, sizeof slot.target);
        for (size_t i = 0; i < count; i++)
            if (slot.target >= spans[i].from && slot.target < spans[i].to)
                ARENA_PUSH(object->arena, &object->relocations, slot);
    }
}

void object_find_slots(ObjectFile *object, const ObjectSpan *spans, size_t count) {
    for (size_t i = 0; object->is_linked && i < object->sections.count; i++) {
        const ObjectSection *section = &object->sections.items[i];
        if (section->bytes && !section->is_code)
            find_slots_of(object, section, spans, count);
    }
    sort_relocations(object);
}

// The key has to be followed by a blank, so that `llvm` doesn't find `llvm-tail-dup`.
const char *object_image_line(const ObjectFile *object, const char *key, const char **rest) {
    size_t length = strlen(key);
    const char *line = *rest ? *rest : object->image;
    while (line && *line) {
        size_t end = strcspn(line, "\n");
        const char *words = line + length + 1;
        *rest = line + end + (line[end] == '\n');
        if (end > length && strncmp(line, key, length) == 0 && line[length] == ' ')
            return arena_strndup(object->arena, words, end - length - 1);
        line = *rest;
    }
    return NULL;
}

// With the constants that it loads, and the names of what it calls. Before relocation: where the
// linker puts things doesn't matter, and two objects from different files can be compared.
uint64_t object_code_hash(const ObjectFile *object) {
    uint64_t hash = HASH_OF_NOTHING;
    for (size_t i = 0; i < object->sections.count; i++) {
        const ObjectSection *section = &object->sections.items[i];
        bool is_constant = strncmp(section->name, ".rodata.cst", strlen(".rodata.cst")) == 0;
        if ((section->is_code || is_constant) && section->bytes)
            hash = hash_more(hash, section->bytes, section->size);
    }
    for (size_t i = 0; i < object->relocations.count; i++) {
        const ObjectRelocation *relocation = &object->relocations.items[i];
        if (!relocation->is_defined && relocation->symbol)
            hash = hash_more(hash, relocation->symbol, strlen(relocation->symbol));
    }
    return hash;
}
