// See attribution.h. Lines and scopes are two tables of the debug information: the first says
// at which line an address is, the second, a tree, whose it is. Scopes nest, and the innermost
// that an address lies in decides.
#include "backend/anatomy/attribution.h"

#include "backend/symbols/loop_symbol.h"
#include "support/source_text.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// More than any emitter writes; a file that was made up may nest without end, and the reading
// recurs.
enum { DEEPEST_SCOPE = 64 };

// `bias` is what libdwfl's addresses differ by from those in the debug information.
static void add_ranges(Attribution *attribution, Dwarf_Die *die, Dwarf_Addr bias,
                       AttributedTo to_whom, int depth) {
    Dwarf_Addr base, from, to;
    ptrdiff_t offset = 0;
    while ((offset = dwarf_ranges(die, offset, &base, &from, &to)) > 0) {
        AttributedRange range = {from + bias, to + bias, to_whom, depth};
        ARENA_PUSH(attribution->arena, &attribution->ranges, range);
    }
}

// An inlined scope has no name of its own: it refers to the function that it was inlined from, and
// `integrate` follows that.
static const char *name_of(Dwarf_Die *die) {
    Dwarf_Attribute attribute;
    if (!dwarf_attr_integrate(die, DW_AT_name, &attribute))
        return "";
    const char *name = dwarf_formstring(&attribute);
    return name ? name : "";
}

static void read_scopes(Attribution *attribution, Dwarf_Die *die, Dwarf_Addr bias, int depth) {
    Dwarf_Die child;
    if (depth > DEEPEST_SCOPE || dwarf_child(die, &child) != 0)
        return;
    do {
        if (dwarf_tag(&child) == DW_TAG_inlined_subroutine) {
            const char *name = name_of(&child);
            if (strcmp(name, "dispatch") == 0)
                add_ranges(attribution, &child, bias, ATTRIBUTED_TO_DISPATCH, depth);
            else if (strcmp(name, "poll") == 0)
                add_ranges(attribution, &child, bias, ATTRIBUTED_TO_POLL, depth);
        }
        read_scopes(attribution, &child, bias, depth + 1);
    } while (dwarf_siblingof(&child, &child) == 0);
}

// `part 101 sends.som`: the definition's line 101 is the first one of that file.
static void read_parts(Attribution *attribution, const ObjectFile *object) {
    const char *words, *rest = NULL;
    while ((words = object_image_line(object, "part", &rest))) {
        char *name = NULL;
        long line = strtol(words, &name, 10);
        if (line < 1 || line > INT_MAX || *name != ' ')
            continue;
        SourcePart part = {.name = name + 1, .first_line = (int)line};
        ARENA_PUSH(attribution->arena, &attribution->parts, part);
    }
}

// How many of the definition's lines are before the file's. Those of the unit's own file begin with
// the first; -1: it is another file, of C, of which a number would say nothing.
static int lines_before(Attribution *attribution, Dwarf_Die *unit, Dwarf_Line *line) {
    const char *file = dwarf_linesrc(line, NULL, NULL), *name = dwarf_diename(unit);
    if (!file || !name || !*name)
        return -1;
    if (strcmp(source_file_name(file), source_file_name(name)) == 0)
        return 0;
    for (size_t i = 0; i < attribution->parts.count; i++) {
        SourcePart *part = &attribution->parts.items[i];
        if (strcmp(source_file_name(file), source_file_name(part->name)) != 0)
            continue;
        // Now it is known where the part lies.
        if (!strchr(part->name, '/'))
            part->name = arena_strdup(attribution->arena, file);
        return part->first_line - 1;
    }
    return -1;
}

static void read_lines(Attribution *attribution, Dwarf_Die *unit, Dwarf_Addr bias) {
    Dwarf_Lines *lines;
    size_t count;
    if (dwarf_getsrclines(unit, &lines, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        Dwarf_Line *line = dwarf_onesrcline(lines, i);
        AttributedLine read = {0};
        Dwarf_Addr address;
        int before = lines_before(attribution, unit, line);
        if (dwarf_lineaddr(line, &address) != 0 || dwarf_lineno(line, &read.line) != 0 ||
            before < 0)
            continue;
        read.line += read.line ? before : 0;
        dwarf_linecol(line, &read.column);
        read.address = address + bias;
        read.order = attribution->lines.count;
        ARENA_PUSH(attribution->arena, &attribution->lines, read);
    }
}

// By the name that backend/llvm/debug_info.c gives its compile units.
static bool is_emitted(Dwarf_Die *unit) {
    Dwarf_Attribute attribute;
    const char *producer = dwarf_formstring(dwarf_attr(unit, DW_AT_producer, &attribute));
    return producer && strcmp(producer, "loopwright") == 0;
}

// `scope` is the unit, or a function.
static void read_code(Attribution *attribution, Dwarf_Die *scope, Dwarf_Addr bias) {
    Dwarf_Addr base, from, to;
    ptrdiff_t offset = 0;
    while ((offset = dwarf_ranges(scope, offset, &base, &from, &to)) > 0) {
        ObjectSpan span = {from + bias, to + bias};
        ARENA_PUSH(attribution->arena, &attribution->code, span);
    }
}

static void read_definition(Attribution *attribution, Dwarf_Die *unit) {
    Dwarf_Attribute attribute;
    const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    const char *name = dwarf_diename(unit);
    if (name)
        attribution->definition = folder && *name != '/'
                                      ? arena_printf(attribution->arena, "%s/%s", folder, name)
                                      : arena_strdup(attribution->arena, name);
}

// Rows of one address keep their order (qsort doesn't by itself): the last of them is the one in
// force.
static int by_address(const void *left, const void *right) {
    const AttributedLine *a = left, *b = right;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

// The loop that takes an emitted one's place in a program: a C function of the same name.
static bool find_loop(Dwarf_Die *unit, Dwarf_Die *loop) {
    if (dwarf_child(unit, loop) != 0)
        return false;
    do {
        if (dwarf_tag(loop) == DW_TAG_subprogram && strcmp(name_of(loop), LOOP_SYMBOL_ENTRY) == 0 &&
            dwarf_hasattr(loop, DW_AT_low_pc) + dwarf_hasattr(loop, DW_AT_ranges) > 0)
            return true;
    } while (dwarf_siblingof(loop, loop) == 0);
    return false;
}

// A loop by hand (bench/control) knows no scopes, but lines and the image; so what dispatches there
// is found by what it computes (dispatch_path.h).
static void read_loop_by_hand(Attribution *attribution, const ObjectFile *object) {
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = NULL, loop;
    while (!attribution->lines.count && (unit = dwfl_module_nextcu(object->dwarf, unit, &bias))) {
        if (!find_loop(unit, &loop))
            continue;
        read_lines(attribution, unit, bias);
        read_definition(attribution, unit);
        read_code(attribution, &loop, bias);
        attribution->is_by_hand = true;
        attribution->parts.count = 0; // the lines are C's, and the image's parts the definition's
    }
}

// Without any line there is nothing to attribute by, and everything would pass for work: better to
// say so. A program's runtime has debug information of its own, which is passed over.
Attribution *attribution_read(Arena *arena, const ObjectFile *object) {
    Attribution *attribution = ARENA_NEW(arena, Attribution);
    attribution->arena = arena;
    read_parts(attribution, object);
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = NULL;
    while ((unit = dwfl_module_nextcu(object->dwarf, unit, &bias))) {
        bool is_ours = is_emitted(unit);
        if (object->is_linked && !is_ours)
            continue;
        read_scopes(attribution, unit, bias, 0);
        read_lines(attribution, unit, bias);
        if (is_ours)
            read_definition(attribution, unit);
        if (object->is_linked)
            read_code(attribution, unit, bias);
    }
    if (object->is_linked && attribution->lines.count == 0)
        read_loop_by_hand(attribution, object);
    if (attribution->lines.count == 0) {
        fprintf(stderr, "%s: error: the %s has no debug information%s\n", object->path,
                object->is_linked ? "program" : "object",
                object->is_linked ? " of an interpreter that Loopwright emitted; emit it again "
                                    "(`loopwright emit FLAGS -o FILE`) and don't strip it"
                                  : "");
        return NULL;
    }
    qsort(attribution->lines.items, attribution->lines.count, sizeof *attribution->lines.items,
          by_address);
    return attribution;
}

// A linear search: there are a few thousand ranges at most, and each instruction asks once.
AttributedTo attributed_to(const Attribution *attribution, uint64_t address) {
    AttributedTo found = ATTRIBUTED_TO_WORK;
    int depth = -1;
    for (size_t i = 0; i < attribution->ranges.count; i++) {
        const AttributedRange *range = &attribution->ranges.items[i];
        if (range->from <= address && address < range->to && range->depth > depth) {
            found = range->to_whom;
            depth = range->depth;
        }
    }
    return found;
}

// The last row at or before the address.
AttributedLine attributed_line(const Attribution *attribution, uint64_t address) {
    size_t low = 0, high = attribution->lines.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (attribution->lines.items[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? attribution->lines.items[low - 1] : (AttributedLine){0};
}
