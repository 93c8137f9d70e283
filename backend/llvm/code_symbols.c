// See code_symbols.h. Which bytecode a block of machine code belongs to, LLVM says in a comment:
// `.LBB0_7: # %add.then` was made of the block `then` of the region `add`. That holds through all
// that LLVM does; a block that it makes by itself has no such name, and belongs to what stands
// before it. Where a bytecode begins, the tables say that dispatches jump through.
//
// The debug information knows whose each instruction is, and better, as LLVM mixes bytecodes within
// a block where their ends are alike. But a symbol is a piece of memory, and tools that show code
// by symbols show it from one to the next: a symbol for every two instructions helps nobody.
#include "backend/llvm/code_symbols.h"

#include "backend/llvm/assembly_text.h"
#include "backend/llvm/code_files.h"
#include "backend/symbols/loop_symbol.h"
#include "ir/methods.h"
#include "ir/text/names.h"
#include "ir/text/symbols.h"
#include "support/arena.h"

#include <stdlib.h>
#include <string.h>

// Code without a gap that belongs to one region.
typedef struct Piece {
    const char *at; // the line behind which its symbol stands
    size_t owner;   // a region of the function
    bool is_entry;  // a table leads to its beginning
    const char *symbol;
} Piece;

// Where a table leads for a bytecode.
typedef struct Landing {
    const char *label;
    size_t owner; // the bytecode's region
} Landing;

typedef struct Symbols {
    Arena *scratch;
    const IrModule *module;
    const char *function;    // its name
    const char *begin, *end; // its code: behind the line of its label, and where it is left
    size_t count;            // regions
    const char **names;      // theirs
    LlvmFiles files;
    bool *has_entry; // for each region: has the piece that it begins with got its symbol?
    ARENA_VECTOR(Landing) landings; // sorted by label
    ARENA_VECTOR(Piece) pieces;
    IrScope used; // symbols; for each the number of the last one that was made of it
} Symbols;

// ---- Where bytecodes begin -----------------------------------------------------------------

static size_t owner_of(const Symbols *symbols, const IrBlock *block) {
    const IrFunction *function = symbols->module->functions.items[0];
    size_t owner = 0;
    while (owner < symbols->count && !(block && function->regions.items[owner] == block->region))
        owner++;
    return owner;
}

// The addresses from `at` on are those of the table, by opcode. LLVM makes a jump table of fewer
// cases where some are left out at an end; then nothing is known of it.
static void read_table(Symbols *symbols, const IrTable *table, const char *at) {
    size_t count = 0;
    const char *line = at;
    for (; assembly_begins_with(line, ASSEMBLY_ADDRESS); line = assembly_next_line(line))
        count++;
    if (count != table->bytecodes.count)
        return;
    for (size_t i = 0; i < count; i++, at = assembly_next_line(at)) {
        size_t owner = owner_of(symbols, table->bytecodes.items[i].block);
        if (owner < symbols->count)
            ARENA_PUSH(symbols->scratch, &symbols->landings,
                       ((Landing){at + sizeof ASSEMBLY_ADDRESS - 1, owner}));
    }
}

static int compare_labels(const char *left, const char *right) {
    size_t left_length = assembly_label_length(left), right_length = assembly_label_length(right);
    size_t shorter = left_length < right_length ? left_length : right_length;
    int order = memcmp(left, right, shorter);
    return order ? order : (left_length > right_length) - (left_length < right_length);
}

static int by_label(const void *left, const void *right) {
    const Landing *a = left, *b = right;
    int order = compare_labels(a->label, b->label);
    return order ? order : (a->owner > b->owner) - (a->owner < b->owner);
}

// In form `loop` the dispatch is the function's first jump table; in form `replicated` the tables
// have a name, and lie in the module's order.
static void find_landings(Symbols *symbols, const char *assembly) {
    const IrModule *module = symbols->module;
    const char *name = module->form == IR_FORM_LOOP ? "\n.LJTI0_" : "\n" ASSEMBLY_DISPATCH_TABLE;
    const char *found = assembly;
    for (size_t t = 0; t < module->tables.count && (found = strstr(found, name));) {
        found = assembly_next_line(found + 1);
        if (assembly_begins_with(found, ASSEMBLY_ADDRESS))
            read_table(symbols, module->tables.items[t++], found);
    }
    if (symbols->landings.count)
        qsort(symbols->landings.items, symbols->landings.count, sizeof *symbols->landings.items,
              by_label);
}

// The first of those that lead to the label on this line; `landings.count`: none does.
static size_t first_landing(const Symbols *symbols, const char *line) {
    size_t low = 0, high = symbols->landings.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_labels(symbols->landings.items[middle].label, line) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < symbols->landings.count &&
                 compare_labels(symbols->landings.items[low].label, line) == 0;
    return found ? low : symbols->landings.count;
}

// ---- Whose a block is ----------------------------------------------------------------------

// What LLVM calls the block that begins on this line; NULL: none begins.
static const char *block_name(const char *line) {
    static const char fallen_into[] = "# %bb.", comment[] = "# %";
    const char *from = line;
    if (assembly_begins_with(line, fallen_into))
        from += sizeof fallen_into - 1;
    else if (!assembly_begins_with(line, ASSEMBLY_LABEL))
        return NULL;
    const char *name = assembly_find_in_line(from, comment);
    return name ? name + sizeof comment - 1 : "";
}

// Regions of further states are called `add.1`, and their blocks `add.1.then`: the longest name
// decides. What has no region's name belongs to what stands before it.
static size_t owner_named(const Symbols *symbols, const char *block, size_t before) {
    size_t owner = before, longest = 0;
    for (size_t r = 0; r < symbols->count; r++) {
        size_t length = strlen(symbols->names[r]);
        if (length > longest && strncmp(block, symbols->names[r], length) == 0 &&
            block[length] == '.') {
            owner = r;
            longest = length;
        }
    }
    return owner;
}

// The bytecodes that lead to one block, which may have two labels (`.Ltmp3` for its address).
typedef ARENA_VECTOR(size_t) Owners;

static void add_owners(const Symbols *symbols, const char *line, Owners *owners) {
    for (size_t i = first_landing(symbols, line);
         i < symbols->landings.count && compare_labels(symbols->landings.items[i].label, line) == 0;
         i++)
        ARENA_PUSH(symbols->scratch, owners, symbols->landings.items[i].owner);
}

static bool has_owner(const Owners *owners, size_t owner) {
    for (size_t i = 0; i < owners->count; i++)
        if (owners->items[i] == owner)
            return true;
    return false;
}

static void add_piece(Symbols *symbols, const char *line, size_t owner, bool is_entry) {
    ARENA_PUSH(symbols->scratch, &symbols->pieces,
               ((Piece){.at = line, .owner = owner, .is_entry = is_entry}));
}

// Where several bytecodes lead to a block, the others get symbols at the same place, in front of
// the one whose name LLVM gives it.
static void find_pieces(Symbols *symbols) {
    size_t owner = 0;
    Owners entering = {0};
    for (const char *line = symbols->begin; line < symbols->end; line = assembly_next_line(line)) {
        if (*line == '.')
            add_owners(symbols, line, &entering);
        const char *name = block_name(line);
        if (!name)
            continue;
        size_t named = owner_named(symbols, name, owner), before = owner;
        owner = !entering.count || has_owner(&entering, named) ? named : entering.items[0];
        for (size_t i = 0; i < entering.count; i++)
            if (entering.items[i] != owner)
                add_piece(symbols, line, entering.items[i], true);
        if (owner != before || entering.count)
            add_piece(symbols, line, owner, entering.count > 0);
        entering.count = 0;
    }
}

// ---- What pieces are called ----------------------------------------------------------------

static const char *take_symbol(Symbols *symbols, const char *symbol) {
    int *number = ARENA_NEW(symbols->scratch, int);
    *number = 1;
    ir_scope_get(&symbols->used, symbol, (Location){0})->thing = number;
    return symbol;
}

// A bytecode may be called as the dispatch is, or have many cold pieces: thousands in all, so each
// name remembers how far its numbers have got.
static const char *free_symbol(Symbols *symbols, const char *name) {
    const IrSymbol *used = ir_scope_find(&symbols->used, name);
    const char *symbol = name;
    while (used && ir_scope_find(&symbols->used, symbol))
        symbol = loop_symbol_numbered(symbols->scratch, name, ++*(int *)used->thing);
    return take_symbol(symbols, symbol);
}

// Bytecodes have the first choice. One that no table was found to lead to begins with its first
// piece.
static void name_entries(Symbols *symbols) {
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < symbols->pieces.count; i++) {
            Piece *piece = &symbols->pieces.items[i];
            bool is_bytecode = piece->owner > 0 && !symbols->has_entry[piece->owner];
            if (!is_bytecode || !(piece->is_entry || round == 1))
                continue;
            symbols->has_entry[piece->owner] = true;
            piece->symbol =
                free_symbol(symbols, loop_symbol_of_bytecode(symbols->scratch, symbols->function,
                                                             symbols->names[piece->owner]));
        }
}

static void name_others(Symbols *symbols) {
    for (size_t i = 0; i < symbols->pieces.count; i++) {
        Piece *piece = &symbols->pieces.items[i];
        if (piece->symbol)
            continue;
        const char *symbol = piece->owner == 0
                                 ? loop_symbol_of_dispatch(symbols->scratch, symbols->function)
                                 : loop_symbol_of_cold(symbols->scratch, symbols->function,
                                                       symbols->names[piece->owner]);
        piece->symbol = free_symbol(symbols, symbol);
    }
}

// ---- The text ------------------------------------------------------------------------------

// The size of what begins with `symbol` and ends where piece `next` begins. Pieces of one place
// are all as long as the last of them.
static void add_size(const Symbols *symbols, const char *symbol, const char *at, size_t next,
                     Text *out) {
    while (next < symbols->pieces.count && symbols->pieces.items[next].at == at)
        next++;
    if (next < symbols->pieces.count)
        text_addf(out, "\t.size\t%s, %s-%s\n", symbol, symbols->pieces.items[next].symbol, symbol);
    else
        text_addf(out, "\t.size\t%s, .Lfunc_end0-%s\n", symbol, symbol);
}

// A bytecode begins with its own line, as a function does, though all its code may come from
// helpers (code_lines.h).
static void add_entry_row(const Symbols *symbols, const Piece *piece, Text *out) {
    static const char row[] = "\t.loc\t";
    const char *name = symbols->names[piece->owner];
    const IrMethod *method =
        ir_find_method(symbols->module, arena_strndup(symbols->scratch, name, strcspn(name, ".")));
    const char *next = assembly_next_line(piece->at);
    while (*next && !assembly_is_instruction(next) && !assembly_begins_with(next, row))
        next = assembly_next_line(next);
    // The row behind it holds from the same address on.
    if (method && method->at.line > 0 && assembly_begins_with(next, row))
        llvm_files_add_row(&symbols->files, atoi(next + sizeof row - 1), method->at, out);
}

static void add_symbols(const Symbols *symbols, const char *assembly, Text *out) {
    const char *from = assembly;
    for (size_t i = 0; i < symbols->pieces.count; i++) {
        const Piece *piece = &symbols->pieces.items[i];
        const char *behind = assembly_next_line(piece->at);
        if (behind > from)
            text_add_bytes(out, from, (size_t)(behind - from));
        from = behind;
        text_addf(out, "\t.type\t%s,@function\n%s:\n", piece->symbol, piece->symbol);
        if (piece->is_entry)
            add_entry_row(symbols, piece, out);
    }
    const char *size = strstr(symbols->end, "\t.size\t");
    text_add_bytes(out, from, (size_t)(size - from));
    add_size(symbols, symbols->function, NULL, 0, out);
    for (size_t i = 0; i < symbols->pieces.count; i++)
        add_size(symbols, symbols->pieces.items[i].symbol, symbols->pieces.items[i].at, i + 1, out);
    text_add(out, assembly_next_line(size));
}

// Where the first function begins and ends. False: there is none, as LLVM prints it.
static bool find_function(Symbols *symbols, const char *assembly) {
    const char *label = arena_printf(symbols->scratch, "\n%s:", symbols->function);
    const char *found = strstr(assembly, label);
    symbols->begin = found ? assembly_next_line(found + 1) : NULL;
    found = found ? strstr(symbols->begin, "\n.Lfunc_end0:\n") : NULL;
    symbols->end = found ? found + 1 : NULL;
    return symbols->end && strstr(symbols->end, "\t.size\t");
}

void llvm_code_symbols_add(const IrModule *module, const char *assembly, Text *finished) {
    Arena *scratch = arena_new();
    const IrFunction *function = module->functions.items[0];
    const IrNames *names = ir_names_new(module, scratch);
    Symbols symbols = {.scratch = scratch, .module = module, .function = function->name};
    symbols.count = function->regions.count;
    symbols.files = llvm_files_read(&module->parts, assembly, scratch);
    symbols.names = ARENA_ARRAY(scratch, const char *, symbols.count);
    symbols.has_entry = ARENA_ARRAY(scratch, bool, symbols.count);
    symbols.used = ir_scope(scratch);
    for (size_t r = 0; r < symbols.count; r++)
        symbols.names[r] = r ? ir_name(names, function->regions.items[r]) : LLVM_TRUNK_NAME;
    if (find_function(&symbols, assembly)) {
        find_landings(&symbols, assembly);
        find_pieces(&symbols);
        name_entries(&symbols);
        name_others(&symbols);
        add_symbols(&symbols, assembly, finished);
    } else {
        text_add(finished, assembly);
    }
    arena_free(scratch);
}
