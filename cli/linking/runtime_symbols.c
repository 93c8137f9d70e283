// See runtime_symbols.h. libdwfl opens all three kinds of file in the same way: to it an archive is
// as many modules as it has members.
#include "cli/linking/runtime_symbols.h"

#include "cli/command.h"
#include "frontend/loop/loop.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

typedef struct Reading {
    Arena *arena;
    const char *path;
    RuntimeSymbols *symbols;
    size_t first; // of the file's functions
} Reading;

// ---- The symbol table -----------------------------------------------------------------------

static void read_functions(Reading *reading, Dwfl_Module *module) {
    int count = dwfl_module_getsymtab(module);
    for (int i = 1; i < count; i++) {
        GElf_Sym symbol;
        GElf_Word section;
        const char *name = dwfl_module_getsym(module, i, &symbol, &section);
        if (!name || section == SHN_UNDEF || GELF_ST_TYPE(symbol.st_info) != STT_FUNC ||
            GELF_ST_BIND(symbol.st_info) == STB_LOCAL)
            continue;
        RuntimeFunction function = {.name = arena_strdup(reading->arena, name),
                                    .file = reading->path};
        ARENA_PUSH(reading->arena, &reading->symbols->functions, function);
    }
}

// Several objects of one file have their stamps in one section, one after the other, with zeros
// between them.
static void take_stamps(Reading *reading, const char *text, size_t length) {
    for (size_t at = 0; at < length;) {
        size_t size = strnlen(text + at, length - at);
        if (size) {
            RuntimeStamp stamp = {arena_strndup(reading->arena, text + at, size), reading->path};
            ARENA_PUSH(reading->arena, &reading->symbols->stamps, stamp);
        }
        at += size + 1;
    }
}

static void read_stamps(Reading *reading, Dwfl_Module *module) {
    GElf_Addr bias;
    Elf *elf = dwfl_module_getelf(module, &bias);
    size_t names;
    if (!elf || elf_getshdrstrndx(elf, &names) != 0)
        return;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        const char *name =
            gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
        Elf_Data *data =
            name && strcmp(name, LOOP_HEADER_SECTION) == 0 ? elf_getdata(section, NULL) : NULL;
        if (data && data->d_buf)
            take_stamps(reading, data->d_buf, data->d_size);
    }
}

// ---- Libraries that a library needs -------------------------------------------------------------

// Those that every C program has, and that have nothing of a runtime in them.
static bool is_of_system(const char *library) {
    static const char *const names[] = {"libc.so",  "libm.so",       "libgcc_s.so",
                                        "libdl.so", "libpthread.so", "ld-linux"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(library, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static void read_needed(Reading *reading, Dwfl_Module *module) {
    GElf_Addr bias;
    Elf *elf = dwfl_module_getelf(module, &bias);
    for (Elf_Scn *section = NULL; elf && (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNAMIC)
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        GElf_Dyn entry;
        for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
            const char *library =
                entry.d_tag == DT_NEEDED ? elf_strptr(elf, header.sh_link, entry.d_un.d_val) : NULL;
            reading->symbols->has_others |= library && !is_of_system(library);
        }
    }
}

// ---- Debug information ----------------------------------------------------------------------

// What an attribute of the type leads to, with names and qualifiers taken off. False: there is
// no type, as of a function without a result.
static bool type_of(Dwarf_Die *die, Dwarf_Die *type) {
    Dwarf_Attribute attribute;
    Dwarf_Die named;
    return dwarf_attr_integrate(die, DW_AT_type, &attribute) &&
           dwarf_formref_die(&attribute, &named) && dwarf_peel_type(&named, type) == 0;
}

static CKind kind_of_type(Dwarf_Die *type) {
    Dwarf_Attribute attribute;
    Dwarf_Word encoding = 0;
    int size = dwarf_bytesize(type);
    switch (dwarf_tag(type)) {
    case DW_TAG_pointer_type: return C_POINTER;
    case DW_TAG_base_type:
        if (dwarf_attr(type, DW_AT_encoding, &attribute))
            dwarf_formudata(&attribute, &encoding);
        if (encoding == DW_ATE_float)
            return size == 8 ? C_DOUBLE : C_NARROW;
        return size == 8 ? C_INTEGER : C_NARROW;
    default: return C_OTHER;
    }
}

static CKind kind_of(Dwarf_Die *die) {
    Dwarf_Die type;
    return type_of(die, &type) ? kind_of_type(&type) : C_NOTHING;
}

static void take_signature(Reading *reading, Dwarf_Die *function, CSignature *signature) {
    Dwarf_Die child;
    *signature = (CSignature){.is_known = true,
                              .takes_any = !dwarf_hasattr(function, DW_AT_prototyped),
                              .result = kind_of(function)};
    const char *source = dwarf_decl_file(function);
    signature->source = source ? arena_strdup(reading->arena, source) : NULL;
    dwarf_decl_line(function, &signature->line);
    for (int left = dwarf_child(function, &child); left == 0;
         left = dwarf_siblingof(&child, &child))
        if (dwarf_tag(&child) == DW_TAG_unspecified_parameters)
            signature->takes_any = true;
        else if (dwarf_tag(&child) == DW_TAG_formal_parameter)
            ARENA_PUSH(reading->arena, &signature->parameters, kind_of(&child));
}

// A function with a signature is one that the symbol table has, too. That is the file's own; but a
// static one of the same name in another source of it is told apart by not being external.
static int take_function(Dwarf_Die *function, void *context) {
    Reading *reading = context;
    const char *name = dwarf_diename(function);
    if (!name || !dwarf_hasattr_integrate(function, DW_AT_external) ||
        dwarf_hasattr(function, DW_AT_declaration))
        return DWARF_CB_OK;
    for (size_t i = reading->first; i < reading->symbols->functions.count; i++) {
        RuntimeFunction *found = &reading->symbols->functions.items[i];
        if (!found->signature.is_known && strcmp(found->name, name) == 0)
            take_signature(reading, function, &found->signature);
    }
    return DWARF_CB_OK;
}

static void read_signatures(Reading *reading, Dwfl_Module *module) {
    Dwarf_Addr bias;
    for (Dwarf_Die *unit = NULL; (unit = dwfl_module_nextcu(module, unit, &bias));)
        dwarf_getfuncs(unit, take_function, reading, 0);
}

// ---- Files ----------------------------------------------------------------------------------

static int read_module(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                       void *context) {
    (void)user, (void)name, (void)base;
    Reading *reading = context;
    read_functions(reading, module);
    read_stamps(reading, module);
    read_needed(reading, module);
    read_signatures(reading, module);
    return DWARF_CB_OK;
}

bool runtime_symbols_read(Arena *arena, const char *path, const char *name,
                          RuntimeSymbols *symbols) {
    static const Dwfl_Callbacks callbacks = {
        .find_elf = dwfl_build_id_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .section_address = dwfl_offline_section_address,
    };
    if (access(path, R_OK) != 0)
        return !command_failure("can't read %s: %s", path, strerror(errno));
    Reading reading = {arena, name, symbols, symbols->functions.count};
    Dwfl *dwfl = dwfl_begin(&callbacks);
    bool good = false;
    if (dwfl) {
        dwfl_report_begin(dwfl);
        good = dwfl_report_offline(dwfl, path, path, -1) != NULL;
        dwfl_report_end(dwfl, NULL, NULL);
    }
    if (good)
        dwfl_getmodules(dwfl, read_module, &reading, 0);
    else
        command_failure("%s is no object, no archive and no shared library: %s", path,
                        dwfl_errmsg(-1));
    if (dwfl)
        dwfl_end(dwfl);
    return good;
}

const RuntimeFunction *runtime_symbols_find(const RuntimeSymbols *symbols, const char *name) {
    for (size_t i = 0; i < symbols->functions.count; i++)
        if (strcmp(symbols->functions.items[i].name, name) == 0)
            return &symbols->functions.items[i];
    return NULL;
}

const char *c_kind_text(CKind kind) {
    static const char *const texts[] = {
        [C_NOTHING] = "nothing",
        [C_INTEGER] = "a 64-bit integer",
        [C_DOUBLE] = "a double",
        [C_POINTER] = "a pointer",
        [C_NARROW] = "a number of another width",
        [C_OTHER] = "another type",
    };
    return texts[kind];
}
