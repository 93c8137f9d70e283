// What the guest compiler made, as the verifier sees it. The verifier's own description of code is
// kept apart from the compiler's, so that code from elsewhere (by hand, by a fuzzer) is verified
// by the same rules, and nothing is believed because our compiler said it. What literals and call
// sites hold doesn't matter to it: only whether a literal is a block, and how a site is used.
#include "runtime/verifier/verifier.h"

static const VerifierCode *describe(Arena *arena, const GuestMethod *method, int fields) {
    VerifierCode *code = ARENA_NEW(arena, VerifierCode);
    VerifierSite *sites = ARENA_ARRAY(arena, VerifierSite, method->sites.count);
    const VerifierCode **blocks = ARENA_ARRAY(arena, const VerifierCode *, method->literals.count);
    for (size_t i = 0; i < method->sites.count; i++) {
        const GuestSite *site = &method->sites.items[i];
        sites[i].arguments = site->arguments;
        sites[i].is_to_self = site->is_to_self;
        sites[i].uses = site->is_global  ? VERIFIER_GLOBAL
                        : site->is_super ? VERIFIER_SUPER_SEND
                                         : VERIFIER_SEND;
    }
    for (size_t i = 0; i < method->literals.count; i++) {
        if (method->literals.items[i].kind == GUEST_BLOCK)
            blocks[i] = describe(arena, method->literals.items[i].block, fields);
    }
    *code = (VerifierCode){.units = method->code.items,
                           .count = method->code.count,
                           .arguments = method->argument_count,
                           .locals = method->local_count,
                           .max_stack = method->max_stack,
                           .fields = fields,
                           .sites = sites,
                           .site_count = method->sites.count,
                           .blocks = blocks,
                           .literal_count = method->literals.count,
                           .osr_points = method->osr_points.items,
                           .osr_point_count = method->osr_points.count,
                           .osr_entries = method->osr_entries.items,
                           .osr_entry_count = method->osr_entries.count,
                           .around = method->is_block ? &method->around : NULL};
    return code;
}

bool verifier_check_method(const Bytecodes *bytecodes, const GuestMethod *method, int fields,
                           char *message, size_t size) {
    Arena *arena = arena_new();
    bool accepted = verifier_check(bytecodes, describe(arena, method, fields), message, size);
    arena_free(arena);
    return accepted;
}
