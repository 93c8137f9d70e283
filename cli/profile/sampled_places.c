// See sampled_places.h. A file that may be anywhere in memory (a library) has addresses of its own:
// its program headers say which of them a place in the file has.
#include "cli/profile/sampled_places.h"

#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

// A file that was sampled.
typedef struct OpenedFile {
    const char *path;
    Dwfl *dwfl; // NULL: it is no ELF file, or it is gone
    Dwfl_Module *module;
    int descriptor; // below 0: not open
    Elf *elf;
} OpenedFile;

struct SampledPlaces {
    Arena *arena;
    const Samples *samples;
    ARENA_VECTOR(OpenedFile) files;
};

// Symbols are the file's own: debug information kept elsewhere isn't looked for.
static int find_no_debug_information(Dwfl_Module *module, void **data, const char *name,
                                     Dwarf_Addr base, const char *file, const char *link,
                                     GElf_Word sum, char **found) {
    (void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)sum,
        (void)found;
    return -1;
}

// An object, which some program may load by itself, has sections that have no addresses yet.
static OpenedFile open_file(const char *path) {
    static const Dwfl_Callbacks callbacks = {.find_debuginfo = find_no_debug_information,
                                             .section_address = dwfl_offline_section_address};
    OpenedFile file = {.path = path, .descriptor = open(path, O_RDONLY | O_CLOEXEC)};
    if (file.descriptor < 0)
        return file;
    elf_version(EV_CURRENT);
    file.elf = elf_begin(file.descriptor, ELF_C_READ, NULL);
    if (!file.elf || elf_kind(file.elf) != ELF_K_ELF)
        return file;
    file.dwfl = dwfl_begin(&callbacks);
    if (!file.dwfl)
        return file;
    dwfl_report_begin(file.dwfl);
    file.module = dwfl_report_elf(file.dwfl, path, path, -1, 0, true);
    dwfl_report_end(file.dwfl, NULL, NULL);
    return file;
}

static OpenedFile *find_file(SampledPlaces *places, const char *path) {
    for (size_t i = 0; i < places->files.count; i++)
        if (strcmp(places->files.items[i].path, path) == 0)
            return &places->files.items[i];
    ARENA_PUSH(places->arena, &places->files, open_file(path));
    return &places->files.items[places->files.count - 1];
}

// The address that the file's own headers give to a place in it; the offset where they don't.
static uint64_t address_of(const OpenedFile *file, uint64_t offset) {
    size_t count = 0;
    if (!file->elf || elf_getphdrnum(file->elf, &count) != 0)
        return offset;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;
        if (gelf_getphdr(file->elf, (int)i, &header) && header.p_type == PT_LOAD &&
            offset >= header.p_offset && offset - header.p_offset < header.p_filesz)
            return offset - header.p_offset + header.p_vaddr;
    }
    return offset;
}

SampledPlaces *sampled_places_new(Arena *arena, const Samples *samples) {
    SampledPlaces *places = ARENA_NEW(arena, SampledPlaces);
    places->arena = arena;
    places->samples = samples;
    return places;
}

void sampled_places_close(SampledPlaces *places) {
    for (size_t i = 0; i < places->files.count; i++) {
        OpenedFile *file = &places->files.items[i];
        if (file->dwfl)
            dwfl_end(file->dwfl);
        if (file->elf)
            elf_end(file->elf);
        if (file->descriptor >= 0)
            close(file->descriptor);
    }
    places->files.count = 0;
}

// Of mappings of one address the last one holds.
SampledPlace sampled_place(SampledPlaces *places, uint64_t address) {
    for (size_t i = places->samples->files.count; i-- > 0;) {
        const SampledFile *mapped = &places->samples->files.items[i];
        if (address < mapped->from || address >= mapped->to)
            continue;
        if (strncmp(mapped->path, "//", 2) == 0) // no file, and code all the same: made as it ran
            break;
        if (mapped->path[0] != '/')
            return (SampledPlace){.file = mapped->path, .address = address};
        const OpenedFile *file = find_file(places, mapped->path);
        SampledPlace place = {.file = mapped->path,
                              .address = address_of(file, address - mapped->from + mapped->offset)};
        const char *name = file->module ? dwfl_module_addrname(file->module, place.address) : NULL;
        place.function = name ? arena_strdup(places->arena, name) : NULL;
        return place;
    }
    return (SampledPlace){0};
}
