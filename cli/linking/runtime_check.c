// See runtime_check.h. A function that is missing is an error at the place of its declaration; one
// that is wrong is named with its own place, too.
#include "cli/linking/runtime_check.h"

#include "cli/command.h"
#include "ir/fingerprint.h"
#include "support/diagnostic.h"
#include "support/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct Checking {
    Arena *arena;
    const IrModule *module;
    const RuntimeSymbols *symbols;
    Diagnostics diagnostics; // of the definition
    Text source;
} Checking;

// ---- The definition's text ----------------------------------------------------------------------

// Errors are shown with the line of the definition, if it is still where it was.
static void begin(Checking *checking) {
    const IrModule *module = checking->module;
    const char *name = module->source ? module->source : module->name;
    const char *text = module->text;
    if (!text && module->source && text_read_file(&checking->source, module->source))
        text = text_chars(&checking->source);
    checking->diagnostics =
        (Diagnostics){.source = {.name = name, .text = text, .length = text ? strlen(text) : 0},
                      .stream = stderr};
}

// ---- Signatures ---------------------------------------------------------------------------------

static CKind kind_of(IrType type) {
    switch (type) {
    case IR_VOID: return C_NOTHING;
    case IR_F64: return C_DOUBLE;
    case IR_PTR:
    case IR_OBJECT: return C_POINTER;
    default: return C_INTEGER;
    }
}

// A type that we have no word for may be right: a union that is one word, say.
static bool is_same(CKind declared, CKind found) {
    return declared == found || (found == C_OTHER && declared == C_INTEGER);
}

static void differ(Checking *checking, const IrExternal *external, const RuntimeFunction *function,
                   const char *what) {
    const CSignature *signature = &function->signature;
    diagnostic_error(&checking->diagnostics, external->at,
                     "`%s` is declared here otherwise than the runtime defines it: %s",
                     external->name, what);
    if (signature->source)
        fprintf(stderr, "%s:%d: note: it is defined here\n", signature->source, signature->line);
    else
        fprintf(stderr, "%s: note: it is defined here\n", function->file);
}

static void check_signature(Checking *checking, const IrExternal *external,
                            const RuntimeFunction *function) {
    const CSignature *signature = &function->signature;
    Arena *arena = checking->arena;
    if (!signature->is_known || signature->takes_any)
        return;
    size_t declared = external->parameters.count, found = signature->parameters.count;
    if (declared != found) {
        differ(checking, external, function,
               arena_printf(arena, "with %zu arguments, thread and frame counted, and not %zu",
                            found, declared));
        return;
    }
    for (size_t i = 0; i < declared; i++) {
        CKind wanted = kind_of(external->parameters.items[i]),
              given = signature->parameters.items[i];
        if (is_same(wanted, given))
            continue;
        differ(checking, external, function,
               arena_printf(arena, "its argument %zu is %s, and not %s", i + 1, c_kind_text(given),
                            c_kind_text(wanted)));
        return;
    }
    if (!is_same(kind_of(external->result), signature->result))
        differ(checking, external, function,
               arena_printf(arena, "it answers %s, and not %s", c_kind_text(signature->result),
                            c_kind_text(kind_of(external->result))));
}

static void check_externals(Checking *checking) {
    const IrModule *module = checking->module;
    for (size_t i = 0; i < module->externals.count; i++) {
        const IrExternal *external = module->externals.items[i];
        if (external->indirect)
            continue;
        const RuntimeFunction *function = runtime_symbols_find(checking->symbols, external->name);
        if (function)
            check_signature(checking, external, function);
        else if (!checking->symbols->has_others)
            diagnostic_error(&checking->diagnostics, external->at,
                             "the runtime has no function `%s`, which is declared here",
                             external->name);
    }
}

// ---- The header ---------------------------------------------------------------------------------

// The words of a stamp: the loop's name, then each part's name and number.
static bool is_of_loop(const RuntimeStamp *stamp, const char *name) {
    size_t length = strlen(name);
    return strncmp(stamp->text, name, length) == 0 && stamp->text[length] == ' ';
}

static bool has_part(const RuntimeStamp *stamp, const IrModule *module, int part, Text *line) {
    Text wanted = {0};
    text_addf(&wanted, " %s %016" PRIx64, ir_fingerprint_text(part), ir_fingerprint(module, part));
    bool same = strstr(stamp->text, text_chars(&wanted)) != NULL;
    if (!same)
        text_addf(line, "%s%s", line->length ? ", " : "", ir_fingerprint_text(part));
    text_free(&wanted);
    return same;
}

static bool is_end_of_file(const RuntimeSymbols *symbols, size_t index) {
    return index + 1 == symbols->stamps.count ||
           strcmp(symbols->stamps.items[index].file, symbols->stamps.items[index + 1].file) != 0;
}

// Of a C source it is a header that lay beside it.
static bool check_stamp(const IrModule *module, const RuntimeStamp *stamp) {
    Text parts = {0};
    bool good = true;
    for (int part = 0; part < IR_FINGERPRINT_PARTS; part++)
        good = has_part(stamp, module, part, &parts) && good;
    if (!good)
        command_failure("%s was compiled with the header of another definition of %s than %s: "
                        "they differ in %s%s",
                        stamp->file, module->name, module->source ? module->source : "this one",
                        text_chars(&parts),
                        text_ends_with(stamp->file, ".c") ? " (an old header lies beside it)" : "");
    text_free(&parts);
    return good;
}

// Not all that is linked knows a loop; but what knows others only was meant for them.
static bool check_stamps(const Checking *checking) {
    const IrModule *module = checking->module;
    bool good = true, is_known = false;
    for (size_t i = 0; i < checking->symbols->stamps.count; i++) {
        const RuntimeStamp *stamp = &checking->symbols->stamps.items[i];
        bool is_ours = is_of_loop(stamp, module->name);
        is_known |= is_ours;
        if (is_ours)
            good = check_stamp(module, stamp) && good;
        if (!is_end_of_file(checking->symbols, i))
            continue;
        if (!is_known)
            good = !command_failure("%s was compiled with the header of %.*s, and the loop is %s",
                                    stamp->file, (int)strcspn(stamp->text, " "), stamp->text,
                                    module->name);
        is_known = false;
    }
    return good;
}

// ---- All of it ----------------------------------------------------------------------------------

// Who brings a `main` needs no entry to be a program. (The evaluator asks for it by itself.)
static bool check_entry(const Checking *checking, const char *entry) {
    const RuntimeSymbols *symbols = checking->symbols;
    if (symbols->has_others || runtime_symbols_find(symbols, entry) ||
        runtime_symbols_find(symbols, "main"))
        return true;
    command_failure("the runtime has no function `%s`, which is its entry: int %s(void "
                    "(*interpret)(…), int argc, char **argv, const char *image); --entry= names "
                    "another one",
                    entry, entry);
    return false;
}

bool runtime_check(Arena *arena, const IrModule *module, const char *entry,
                   const RuntimeSymbols *symbols) {
    Checking checking = {.arena = arena, .module = module, .symbols = symbols};
    begin(&checking);
    bool good = check_stamps(&checking);
    // Another header explains all the rest.
    if (good) {
        check_externals(&checking);
        good = check_entry(&checking, entry) && !checking.diagnostics.errors;
    }
    text_free(&checking.source);
    return good;
}
