// The verifier's driver, and how it reports. See verify.h and rules.h. Structure comes first,
// as all other rules follow pointers; then declarations, tables, the form; then each
// instruction by itself. What needs the flow of values (liveness, ranges, traces) is asked
// last, and only if all else is right: on wrong code an analysis would complain of nothing.
#include "ir/verify/verify.h"

#include "ir/text/source.h"
#include "ir/text/text.h"
#include "ir/verify/rules.h"

#include <stdarg.h>
#include <string.h>

VerifyPlace verify_at_module(Location at) {
    return (VerifyPlace){.at = at};
}

VerifyPlace verify_at_function(const IrFunction *function) {
    return (VerifyPlace){.function = function, .at = function->at};
}

VerifyPlace verify_at_block(const IrBlock *block) {
    return (VerifyPlace){.function = block->region->function, .block = block, .at = block->at};
}

VerifyPlace verify_at_instruction(const IrInstruction *instruction) {
    VerifyPlace place = verify_at_block(instruction->block);
    place.instruction = instruction;
    place.at = instruction->at;
    return place;
}

bool verify_is_full(const IrVerifier *verifier) {
    return verifier->complaints->count >= IR_MOST_COMPLAINTS;
}

// The message is made at once, into the arena: what it names may be renamed by the time that
// somebody prints it, and the text is needed once only.
void verify_complain(IrVerifier *verifier, const char *rule, VerifyPlace place, const char *format,
                     ...) {
    if (verify_is_full(verifier))
        return;
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *message = arena_alloc(verifier->arena, (size_t)length + 1);
    vsnprintf(message, (size_t)length + 1, format, again);
    va_end(again);
    IrComplaint complaint = {
        .rule = rule,
        .message = message,
        .function = place.function,
        .block = place.block,
        .instruction = place.instruction,
        .at = place.at,
    };
    ARENA_PUSH(verifier->arena, verifier->complaints, complaint);
}

void verify_complain_also(IrVerifier *verifier, size_t before, Location other, const char *note) {
    if (verifier->complaints->count == before)
        return;
    IrComplaint *complaint = &verifier->complaints->items[verifier->complaints->count - 1];
    complaint->other = other;
    complaint->other_note = note;
}

// Unique names need a walk over the whole module, which is only safe once the structure is
// known to be sound, and only worth it if there is something to complain of.
static const char *name_of(IrVerifier *verifier, const void *thing, const char *base) {
    if (!verifier->can_walk)
        return base ? base : "?";
    if (!verifier->names)
        verifier->names = ir_names_new(verifier->module, verifier->arena);
    return ir_name(verifier->names, thing);
}

const char *verify_value_name(IrVerifier *verifier, const IrValue *value) {
    if (value->kind != IR_CONSTANT)
        return arena_printf(verifier->arena, "%%%s", name_of(verifier, value, value->name));
    if (value->type == IR_F64)
        return arena_printf(verifier->arena, "%g", value->number);
    return arena_printf(verifier->arena, "%lld", (long long)value->integer);
}

const char *verify_block_name(IrVerifier *verifier, const IrBlock *block) {
    return arena_printf(verifier->arena, "^%s", name_of(verifier, block, block->name));
}

const char *verify_place_name(IrVerifier *verifier, Location at) {
    if (at.line <= 0)
        return "an unknown place";
    return arena_printf(verifier->arena, "%d:%d", at.line, at.column);
}

// A parameter has no place of its own. That of its block, or of the first instruction with
// one, is near enough for a reader.
Location verify_definition_place(IrVerifier *verifier, const IrValue *value) {
    if (value->kind == IR_RESULT)
        return value->instruction->at;
    const VerifyDefinition *definition = verify_find_definition(verifier, value);
    if (definition && definition->block->at.line > 0)
        return definition->block->at;
    if (definition)
        for (const IrInstruction *at = definition->block->first; at; at = at->next)
            if (at->at.line > 0)
                return at->at;
    return (Location){0, 0};
}

const VerifyDefinition *verify_find_definition(const IrVerifier *verifier, const IrValue *value) {
    int number = pointer_map_find(&verifier->values, value);
    return number < 0 ? NULL : &verifier->definitions.items[number];
}

const IrRegion *verify_home_of(const IrVerifier *verifier, const IrBlock *block) {
    int number = pointer_map_find(&verifier->blocks, block);
    return number < 0 ? NULL : verifier->homes.items[number];
}

bool verify_is_trunk(const IrRegion *region) {
    return region->function->regions.items[0] == region;
}

bool verify_leads_to_header(const IrRegion *from, const IrBlock *target) {
    return !verify_is_trunk(from) && target == from->function->header;
}

// ---- Driving -----------------------------------------------------------------------

typedef struct RegionFlow {
    IrCfg *cfg;
    IrDominators *dominators;
} RegionFlow;

// Rules that need nothing but the instruction and the order of blocks. They are asked of
// unreachable code as well, which is printed and read like any other.
static void verify_code(IrVerifier *verifier, const IrRegion *region) {
    RegionFlow flow;
    flow.cfg = ir_cfg_compute(verifier->arena, region);
    flow.dominators = ir_dominators_compute(verifier->arena, flow.cfg);
    for (size_t i = 0; i < region->blocks.count; i++) {
        const IrBlock *block = region->blocks.items[i];
        for (const IrInstruction *at = block->first; at; at = at->next) {
            verify_types(verifier, at);
            verify_memory(verifier, at);
            verify_dispatch(verifier, at);
            verify_poll(verifier, at);
        }
    }
    verify_region(verifier, flow.cfg, flow.dominators);
}

typedef void RegionRule(IrVerifier *verifier, const IrRegion *region);

static void for_each_region(IrVerifier *verifier, RegionRule *rule) {
    const IrModule *module = verifier->module;
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++)
            rule(verifier, module->functions.items[f]->regions.items[r]);
}

// Rules that follow values. They take types, arities and dominance for granted.
static void verify_flow(IrVerifier *verifier, const IrRegion *region) {
    IrCfg *cfg = ir_cfg_compute(verifier->arena, region);
    verify_moving_values(verifier, cfg);
    verify_restartable(verifier, cfg);
    verify_default(verifier, region);
}

// Each stage relies on the ones before it. Declarations, tables, the form and the code are all
// looked at even if one of them is wrong, so that a reader sees more than one mistake at a
// time.
bool ir_verify(const IrModule *module, Arena *arena, IrComplaints *complaints) {
    IrVerifier verifier = {.module = module, .arena = arena, .complaints = complaints};
    size_t before = complaints->count;
    if (!verify_structure(&verifier))
        return false;
    verifier.can_walk = true;
    verify_declarations(&verifier);
    verify_tables(&verifier);
    verify_form(&verifier);
    for_each_region(&verifier, verify_code);
    if (complaints->count == before) {
        for_each_region(&verifier, verify_flow);
        verify_components(&verifier);
    }
    return complaints->count == before;
}

// ---- Reporting -----------------------------------------------------------------------

// `names` are the module's, given once for all complaints; NULL where its structure is
// broken, so that the printer can't walk over it.
static void describe_place(const IrModule *module, const IrComplaint *complaint,
                           const IrNames *names, Diagnostics *diagnostics) {
    if (!complaint->function)
        return;
    Text text = {0};
    text_addf(&text, "in @%s", complaint->function->name ? complaint->function->name : "?");
    const IrRegion *region = complaint->block ? complaint->block->region : NULL;
    if (region && !(region->function && region->function->regions.count &&
                    region == region->function->regions.items[0]))
        text_addf(&text, ", region %s", region->name ? region->name : "?");
    if (complaint->block)
        text_addf(&text, ", block ^%s", complaint->block->name ? complaint->block->name : "b");
    if (names && complaint->instruction) {
        text_add(&text, ": ");
        ir_print_instruction(module, names, complaint->instruction, &text);
    }
    diagnostic_note(diagnostics, (Location){0, 0}, "%s", text_chars(&text));
    text_free(&text);
}

bool ir_verify_or_report(const IrModule *module, FILE *stream) {
    Arena *arena = arena_new();
    IrComplaints complaints = {0};
    bool good = ir_verify(module, arena, &complaints);
    if (!good) {
        // Complaints don't say whether names can be given, so that is found out again.
        IrVerifier again = {.module = module, .arena = arena, .complaints = &(IrComplaints){0}};
        const IrNames *names = verify_structure(&again) ? ir_names_new(module, arena) : NULL;
        Text buffer = {0};
        Diagnostics diagnostics = {.source = ir_source(module, &buffer), .stream = stream};
        for (size_t i = 0; i < complaints.count; i++) {
            const IrComplaint *complaint = &complaints.items[i];
            diagnostic_error(&diagnostics, complaint->at, "[%s] %s", complaint->rule,
                             complaint->message);
            describe_place(module, complaint, names, &diagnostics);
            if (complaint->other_note)
                diagnostic_note(&diagnostics, complaint->other, "%s", complaint->other_note);
        }
        text_free(&buffer);
    }
    arena_free(arena);
    return good;
}
