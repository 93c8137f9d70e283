// Unique names for the text form. Every thing's base name is counted within its scope;
// the first keeps it, the next get `.1`, `.2` … Base names never end in such a suffix,
// so the result is unique, and the same whatever the names were before.
#include "ir/text/names.h"

#include "support/hash.h"

#include <stdint.h>
#include <string.h>

// A hash table from a pointer, or from a scope and a string, to a name or a count.
typedef struct Entry {
    const void *key;  // the thing or the scope; NULL: free
    const char *text; // NULL: the key alone
    const char *name;
    size_t uses;
} Entry;

typedef struct Map {
    Entry *entries;
    size_t count, capacity; // a power of two
} Map;

struct IrNames {
    Arena *arena;
    Map names, uses;
};

static size_t hash(const void *key, const char *text) {
    uint64_t bits = hash_more(HASH_OF_NOTHING, &key, sizeof key);
    if (text)
        bits = hash_more(bits, text, strlen(text));
    return (size_t)(bits ^ bits >> 32);
}

// A search ends at a free entry, of which half are.
static Entry *find(const Map *map, const void *key, const char *text) {
    size_t place = hash(key, text);
    for (;; place++) {
        Entry *entry = &map->entries[place & (map->capacity - 1)];
        if (!entry->key)
            return entry;
        if (entry->key == key && (!text || !strcmp(entry->text, text)))
            return entry;
    }
}

static void grow(Arena *arena, Map *map) {
    Map larger = {.capacity = map->capacity ? map->capacity * 2 : 64, .count = map->count};
    larger.entries = ARENA_ARRAY(arena, Entry, larger.capacity);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->entries[i].key)
            *find(&larger, map->entries[i].key, map->entries[i].text) = map->entries[i];
    *map = larger;
}

static Entry *find_or_add(Arena *arena, Map *map, const void *key, const char *text) {
    if (map->count * 2 >= map->capacity)
        grow(arena, map);
    Entry *entry = find(map, key, text);
    if (!entry->key) {
        entry->key = key;
        entry->text = text;
        map->count++;
    }
    return entry;
}

bool ir_is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '$';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The length of `name` without its last `.digits`, or all of it.
// `x.1` is `x`, so that printing a parsed module doesn't make `x.1.1` of it.
static size_t without_suffix(const char *name, size_t length) {
    size_t end = length;
    while (end > 0 && is_digit(name[end - 1]))
        end--;
    bool has_suffix = end < length && end > 1 && name[end - 1] == '.';
    return has_suffix ? end - 1 : length;
}

// Off with all such suffixes, also if there are several, for the same reason.
const char *ir_base_name(Arena *arena, const char *name) {
    if (!name || !*name)
        return "t";
    char *base = arena_printf(arena, "%s%s", is_digit(*name) ? "_" : "", name);
    for (char *c = base; *c; c++)
        if (!ir_is_name_character(*c))
            *c = '_';
    size_t length = strlen(base), shorter;
    while ((shorter = without_suffix(base, length)) < length)
        length = shorter;
    base[length] = '\0';
    return base;
}

// Takes a name in a scope without giving it to anything.
static void reserve(IrNames *names, const void *scope, const char *name) {
    find_or_add(names->arena, &names->uses, scope, name)->uses++;
}

static void set_name(IrNames *names, const void *thing, const char *name) {
    find_or_add(names->arena, &names->names, thing, NULL)->name = name;
}

static void name_thing(IrNames *names, const void *scope, const void *thing, const char *name) {
    const char *base = ir_base_name(names->arena, name);
    Entry *entry = find_or_add(names->arena, &names->uses, scope, base);
    size_t uses = entry->uses++;
    set_name(names, thing, uses ? arena_printf(names->arena, "%s.%zu", base, uses) : base);
}

static void name_values(IrNames *names, const IrRegion *region) {
    for (size_t i = 0; i < region->blocks.count; i++) {
        const IrBlock *block = region->blocks.items[i];
        for (size_t j = 0; j < block->parameters.count; j++) {
            const IrValue *parameter = block->parameters.items[j];
            name_thing(names, region, parameter, parameter->name);
        }
        for (const IrInstruction *at = block->first; at; at = at->next)
            if (at->result)
                name_thing(names, region, at->result, at->result->name);
    }
}

// The loop's header is `^loop` everywhere; a region's entry has the region's name,
// which is how tables refer to it.
static void name_blocks(IrNames *names, const IrRegion *region, const IrBlock *header) {
    // Blocks and values of a region are told apart by their sigils, and so have scopes of
    // their own; any address that nothing else has will do as a scope's key.
    const void *scope = &region->blocks;
    bool is_trunk = region == region->function->regions.items[0];
    if (header)
        reserve(names, scope, "loop");
    size_t first = 0;
    if (!is_trunk && region->blocks.count) {
        const char *base = ir_base_name(names->arena, region->name);
        size_t uses = find(&names->uses, region->function, base)->uses;
        find_or_add(names->arena, &names->uses, scope, base)->uses = uses;
        set_name(names, region->blocks.items[0], ir_name(names, region));
        first = 1;
    }
    for (size_t i = first; i < region->blocks.count; i++) {
        const IrBlock *block = region->blocks.items[i];
        if (block == header)
            set_name(names, block, "loop");
        else
            name_thing(names, scope, block, block->name ? block->name : "b");
    }
}

// Regions are named before their blocks: an entry has its region's name.
static void name_function(IrNames *names, const IrFunction *function) {
    const IrBlock *header = function->module->form == IR_FORM_LOOP ? function->header : NULL;
    if (header)
        reserve(names, function, "loop");
    for (size_t i = 0; i < function->regions.count; i++) {
        const IrRegion *region = function->regions.items[i];
        if (i)
            name_thing(names, function, region, region->name);
        name_blocks(names, region, header);
        name_values(names, region);
    }
}

IrNames *ir_names_new(const IrModule *module, Arena *arena) {
    IrNames *names = ARENA_NEW(arena, IrNames);
    names->arena = arena;
    grow(arena, &names->names);
    grow(arena, &names->uses);
    for (size_t i = 0; i < module->functions.count; i++)
        name_function(names, module->functions.items[i]);
    return names;
}

const char *ir_name(const IrNames *names, const void *thing) {
    const Entry *entry = find(&names->names, thing, NULL);
    return entry->key ? entry->name : "?";
}
