// The text form's printer: declarations. Code is printed in print_code.c, and docs/ir.md
// says how all of it looks. What is printed is canonical: the same module gives the same
// bytes, and parsing them gives the same module, so a text stands for a module everywhere:
// in tests, in caches, in reports of what a pass changed.
#include "ir/text/print.h"
#include "ir/methods.h"
#include "ir/text/text.h"

#include <inttypes.h>

void ir_print_location(const Printer *printer, Location at) {
    if (at.line && printer->has_places)
        text_addf(printer->out, " !%d:%d", at.line, at.column);
}

void ir_print_string(Text *out, const char *string) {
    text_add(out, "\"");
    for (const char *c = string; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_addf(out, "\\%c", *c);
        else if ((unsigned char)*c < ' ' || *c == 0x7f)
            text_addf(out, "\\x%02x", (unsigned char)*c);
        else
            text_add_bytes(out, c, 1);
    }
    text_add(out, "\"");
}

static void print_path(Text *out, const IrPath *path) {
    if (path->root)
        text_add(out, path->root);
    for (size_t i = 0; i < path->fields.count; i++)
        text_addf(out, "%s%s", i || path->root ? "." : "", path->fields.items[i]->name);
}

static void print_field(const Printer *printer, const IrField *field) {
    Text *out = printer->out;
    text_addf(out, "  %s: %s%s", field->name, ir_cell_text(field->cell),
              field->is_array ? "[]" : "");
    if (field->pointee)
        text_addf(out, " %s", field->pointee->name);
    text_addf(out, " @%" PRId64 " %s", field->offset,
              field->is_const ? "const" : ir_alias_text(field->alias_class));
    if (field->cursor) {
        text_add(out, " cursor ");
        print_path(out, field->cursor);
        text_addf(out, " %s", ir_cell_text(field->cursor_cell));
    }
    if (field->is_cached)
        text_add(out, " cached");
    if (field->is_overlay)
        text_add(out, " overlay");
    ir_print_location(printer, field->at);
    text_add(out, "\n");
}

// What the reader would find by itself, a default size or length, is left out.
static void print_record(const Printer *printer, const IrRecord *record) {
    Text *out = printer->out;
    text_addf(out, "record %s", record->name);
    if (record->moves)
        text_add(out, " moves");
    if (record->size != ir_record_default_size(record))
        text_addf(out, " size %" PRId64, record->size);
    ir_print_location(printer, record->at);
    text_add(out, " {\n");
    for (size_t i = 0; i < record->fields.count; i++)
        print_field(printer, record->fields.items[i]);
    text_add(out, "}\n");
}

void ir_print_effects(Text *out, const IrEffects *effects) {
    if (effects->collects)
        text_add(out, " collects");
    if (effects->raises)
        text_add(out, " raises");
    if (effects->blocks)
        text_add(out, " blocks");
    if (effects->reads)
        text_addf(out, " reads %s", ir_alias_text(effects->reads));
    if (effects->writes)
        text_addf(out, " writes %s", ir_alias_text(effects->writes));
}

static void print_external(const Printer *printer, const IrExternal *external) {
    Text *out = printer->out;
    const IrEffects *effects = &external->effects;
    text_addf(out, "external %s(", external->name);
    for (size_t i = 0; i < external->parameters.count; i++)
        text_addf(out, "%s%s", i ? ", " : "", ir_type_text(external->parameters.items[i]));
    text_add(out, ")");
    if (external->result != IR_VOID)
        text_addf(out, " -> %s", ir_type_text(external->result));
    if (external->indirect)
        text_add(out, " indirect");
    ir_print_effects(out, effects);
    ir_print_location(printer, external->at);
    text_add(out, "\n");
}

static void print_hooks(const IrModule *module, Text *out) {
    if (module->poll_field && module->poll_external)
        text_addf(out, "poll %s.%s call %s\n", module->poll_field->record->name,
                  module->poll_field->name, module->poll_external->name);
    if (module->poll_policy)
        text_addf(out, "polls %s\n", module->poll_policy);
    if (module->barrier_field && module->barrier_external)
        text_addf(out, "barrier %s.%s mask %" PRIu64 " call %s\n",
                  module->barrier_field->record->name, module->barrier_field->name,
                  module->barrier_mask, module->barrier_external->name);
}

// A negative factor is written as a subtraction, as people would.
static void print_slots(Text *out, const char *keyword, const IrBytecode *bytecode,
                        const IrSlots *slots) {
    text_addf(out, " %s %d", keyword, slots->constant);
    if (slots->factor && slots->operand >= 0 && (size_t)slots->operand < bytecode->operands.count)
        text_addf(out, " %c %lld * %s", slots->factor < 0 ? '-' : '+',
                  slots->factor < 0 ? -(long long)slots->factor : (long long)slots->factor,
                  bytecode->operands.items[slots->operand].name);
}

static void print_target(const Printer *printer, const IrBlock *block, const IrFunction *function) {
    if (block)
        text_addf(printer->out, " -> ^%s", ir_name(printer->names, block->region));
    else if (function)
        text_addf(printer->out, " -> @%s", function->name);
    else
        text_add(printer->out, " -> none");
}

static void print_opcodes(Text *out, const char *keyword, const IrTable *table,
                          const IrOpcodes *opcodes) {
    for (size_t i = 0; i < opcodes->count; i++) {
        int opcode = opcodes->items[i];
        bool is_known = opcode >= 0 && (size_t)opcode < table->bytecodes.count;
        text_addf(out, "%s%s", i ? ", " : keyword,
                  is_known ? table->bytecodes.items[opcode].name : "?");
    }
}

static bool is_nothing(const IrSlots *slots) {
    return !slots->constant && !slots->factor;
}

static void print_further(const IrModule *module, const IrBytecode *bytecode, Text *out) {
    for (size_t i = 0; i < bytecode->further.count; i++) {
        const IrStackEffect *effect = &bytecode->further.items[i];
        if (is_nothing(&effect->needs) && is_nothing(&effect->stack) && is_nothing(&effect->jumped))
            continue;
        text_addf(out, " on %s",
                  i < module->further_stacks.count ? module->further_stacks.items[i].name : "?");
        if (!is_nothing(&effect->needs))
            print_slots(out, "needs", bytecode, &effect->needs);
        if (!is_nothing(&effect->stack))
            print_slots(out, "stack", bytecode, &effect->stack);
        if (!is_nothing(&effect->jumped))
            print_slots(out, "jumps", bytecode, &effect->jumped);
    }
}

// What is fused has operands, length and stack effect of its components.
static void print_description(const IrModule *module, Text *out, const IrTable *table,
                              const IrBytecode *bytecode) {
    if (bytecode->origin == IR_ORIGIN_FUSED) {
        print_opcodes(out, " components ", table, &bytecode->components);
        return;
    }
    text_add(out, "(");
    for (size_t i = 0; i < bytecode->operands.count; i++) {
        const IrOperand *operand = &bytecode->operands.items[i];
        text_addf(out, "%s%s: %s", i ? ", " : "", operand->name, ir_cell_text(operand->cell));
        if (ir_operand_is_jump(operand))
            print_slots(out, operand->role, bytecode, &operand->jump);
        else if (operand->role)
            text_addf(out, " %s", operand->role);
        if (operand->is_fixed)
            text_addf(out, " = %" PRId64, operand->fixed);
    }
    text_add(out, ")");
    if (bytecode->length != ir_bytecode_default_length(table, bytecode))
        text_addf(out, " length %d", bytecode->length);
    if (bytecode->needs.constant || bytecode->needs.factor)
        print_slots(out, "needs", bytecode, &bytecode->needs);
    if (bytecode->stack.constant || bytecode->stack.factor)
        print_slots(out, "stack", bytecode, &bytecode->stack);
    if (bytecode->jumps)
        print_slots(out, "jumps", bytecode, &bytecode->jumped);
    if (bytecode->leaves)
        text_add(out, " leaves");
    print_further(module, bytecode, out);
    if (bytecode->origin == IR_ORIGIN_RESERVED)
        text_add(out, " reserved");
    if (bytecode->origin == IR_ORIGIN_QUICKENED)
        text_add(out, " quickened");
    print_opcodes(out, " quickens ", table, &bytecode->quickens);
}

static void print_entry(const Printer *printer, const IrTable *table, const IrBytecode *bytecode) {
    Text *out = printer->out;
    text_addf(out, "  %d %s", bytecode->opcode, bytecode->name);
    print_description(printer->module, out, table, bytecode);
    print_target(printer, bytecode->block, bytecode->function);
    ir_print_location(printer, bytecode->at);
    text_add(out, "\n");
}

static void print_table(const Printer *printer, const IrTable *table) {
    Text *out = printer->out;
    text_addf(out, "table @%s(", table->name);
    for (size_t i = 0; i < table->parameters.count; i++) {
        const IrTableParameter *parameter = &table->parameters.items[i];
        text_addf(out, "%s%%%s: %s", i ? ", " : "", parameter->name, ir_type_text(parameter->type));
        if (parameter->mirrors) {
            text_add(out, parameter->is_cursor ? " as cursor " : " as ");
            print_path(out, parameter->mirrors);
        }
        if (parameter->slot)
            text_addf(out, " as stack %d", parameter->slot);
    }
    text_addf(out, ") %s", ir_cell_text(table->unit));
    ir_print_location(printer, table->at);
    text_add(out, " {\n");
    for (size_t i = 0; i < table->bytecodes.count; i++)
        print_entry(printer, table, &table->bytecodes.items[i]);
    if (table->has_default) {
        text_add(out, "  default");
        print_target(printer, table->default_block, table->default_function);
        text_add(out, "\n");
    }
    text_add(out, "}\n");
}

static void print_method(const Printer *printer, const IrMethod *method) {
    Text *out = printer->out;
    text_add(out, "method ");
    ir_print_string(out, method->name);
    text_add(out, "(");
    for (size_t i = 0; i < method->variables.count; i++) {
        const IrVariable *variable = &method->variables.items[i];
        text_addf(out, "%s%s: %s", i ? ", " : "", variable->name, ir_type_text(variable->type));
        if (variable->record)
            text_addf(out, " %s", variable->record->name);
    }
    text_add(out, ")");
    ir_print_location(printer, method->at);
    text_add(out, "\n");
}

static void print_head(const Printer *printer) {
    const IrModule *module = printer->module;
    Text *out = printer->out;
    text_addf(out, "module %s\n", module->name);
    if (module->source && printer->has_places) {
        text_add(out, "source ");
        ir_print_string(out, module->source);
        text_add(out, "\n");
    }
    for (size_t i = 0; i < module->parts.count && printer->has_places; i++) {
        text_addf(out, "part %d ", module->parts.items[i].first_line);
        ir_print_string(out, module->parts.items[i].name);
        text_add(out, "\n");
    }
    text_addf(out, "form %s\n", ir_form_text(module->form));
    text_addf(out, "code %s\n", module->verified ? "verified" : "any");
}

static void print_declarations(const Printer *printer) {
    const IrModule *module = printer->module;
    Text *out = printer->out;
    if (module->records.count)
        text_add(out, "\n");
    for (size_t i = 0; i < module->records.count; i++)
        print_record(printer, module->records.items[i]);
    if (module->thread)
        text_addf(out, "thread %s\n", module->thread->name);
    if (module->frame)
        text_addf(out, "frame %s\n", module->frame->name);
    if (module->stack_field)
        text_addf(out, "stack %s.%s %s\n", module->stack_field->record->name,
                  module->stack_field->name, ir_cell_text(module->stack_cell));
    for (size_t i = 0; i < module->further_stacks.count; i++) {
        const IrStack *stack = &module->further_stacks.items[i];
        text_addf(out, "further %s %s.%s %s\n", stack->name, stack->field->record->name,
                  stack->field->name, ir_cell_text(stack->cell));
    }
    if (module->externals.count)
        text_add(out, "\n");
    for (size_t i = 0; i < module->externals.count; i++)
        print_external(printer, module->externals.items[i]);
    print_hooks(module, out);
    if (module->methods.count && printer->has_places)
        text_add(out, "\n");
    for (size_t i = 0; i < module->methods.count && printer->has_places; i++)
        print_method(printer, module->methods.items[i]);
    for (size_t i = 0; i < module->tables.count; i++) {
        text_add(out, "\n");
        print_table(printer, module->tables.items[i]);
    }
}

static void print_module(const IrModule *module, bool has_places, Text *out) {
    Arena *arena = arena_new();
    Printer printer = {.module = module,
                       .names = ir_names_new(module, arena),
                       .out = out,
                       .has_places = has_places};
    print_head(&printer);
    print_declarations(&printer);
    for (size_t i = 0; i < module->functions.count; i++) {
        text_add(out, "\n");
        ir_print_function_code(&printer, module->functions.items[i]);
    }
    arena_free(arena);
}

void ir_print(const IrModule *module, Text *out) {
    print_module(module, !module->text, out);
}

void ir_print_placed(const IrModule *module, Text *out) {
    print_module(module, true, out);
}

// A line for each bytecode that has no code any more: else it would look as if it had been
// forgotten.
static void print_view_head(const IrModule *module, const IrView *view, Text *out) {
    text_addf(out, "; from module %s, form %s; not to be read back\n", module->name,
              ir_form_text(module->form));
    for (size_t i = 0; i < view->names.count; i++) {
        Arena *scratch = arena_new();
        if (!ir_view_bytecode(module, view->names.items[i], scratch).count)
            text_addf(out, "; %s has no code: no dispatch leads to it\n", view->names.items[i]);
        arena_free(scratch);
    }
}

static void print_region(const Printer *printer, const IrRegion *region) {
    if (ir_is_trunk(region))
        ir_print_function_code(printer, region->function);
    else
        ir_print_region_code(printer, region);
}

void ir_print_view(const IrModule *module, const IrView *view, Text *out) {
    if (!view) {
        ir_print(module, out);
        return;
    }
    Arena *arena = arena_new();
    Printer printer = {.module = module,
                       .names = ir_names_new(module, arena),
                       .out = out,
                       .has_places = !module->text};
    IrShownRegions regions = ir_view_regions(module, view, arena);
    print_view_head(module, view, out);
    for (size_t i = 0; i < regions.count; i++) {
        text_add(out, "\n");
        print_region(&printer, regions.items[i]);
    }
    arena_free(arena);
}

// A loop's trunk is shown without the bytecodes that are in its function, too.
void ir_print_regions(const IrModule *module, const IrNames *names, const IrShownRegions *regions,
                      Text *out) {
    Printer printer = {.module = module, .names = names, .out = out, .has_places = true};
    for (size_t i = 0; i < regions->count; i++) {
        const IrRegion *region = regions->items[i];
        if (region->function->regions.count == 1)
            ir_print_function_code(&printer, region->function);
        else
            ir_print_region_code(&printer, region);
    }
}

void ir_print_function(const IrModule *module, const IrFunction *function, Text *out) {
    Arena *arena = arena_new();
    Printer printer = {.module = module,
                       .names = ir_names_new(module, arena),
                       .out = out,
                       .has_places = !module->text};
    ir_print_function_code(&printer, function);
    arena_free(arena);
}

void ir_print_instruction(const IrModule *module, const IrNames *names,
                          const IrInstruction *instruction, Text *out) {
    Printer printer = {.module = module, .names = names, .out = out};
    ir_print_instruction_code(&printer, instruction);
}
