// From a module to a program: numbers everything, compiles each function, and puts code
// indices in the place of labels. The evaluator is an interpreter itself, with registers and
// a switch: walking the IR's lists and maps at each step would be much slower, and making
// machine code one more thing to doubt.
#include "backend/eval/copier.h"
#include "ir/text/source.h"

// A block that the next in the code follows needs no jump: the terminator is told which that is.
static void compile_region(EvalCompiler *compiler, const IrRegion *region) {
    for (size_t b = 0; b < region->blocks.count; b++) {
        const IrBlock *block = region->blocks.items[b];
        eval_place_label(compiler, eval_block_label(compiler, block));
        for (const IrInstruction *instruction = block->first; instruction != block->last;
             instruction = instruction->next)
            eval_compile_instruction(compiler, instruction);
        eval_compile_terminator(compiler, block->last,
                                b + 1 < region->blocks.count ? region->blocks.items[b + 1] : NULL);
    }
}

// A function's entry label is placed by the time its code is there, which is why it is looked up
// last.
static void compile_functions(EvalCompiler *compiler) {
    const IrModule *module = compiler->module;
    EvalProgram *program = compiler->program;
    program->functions = ARENA_ARRAY(compiler->arena, EvalFunction, module->functions.count);
    for (size_t f = 0; f < module->functions.count; f++) {
        const IrFunction *function = module->functions.items[f];
        const IrBlock *entry = function->regions.items[0]->blocks.items[0];
        compiler->region_base = eval_region_base(compiler, function);
        for (size_t r = 0; r < function->regions.count; r++)
            compile_region(compiler, function->regions.items[r]);
        program->functions[f] = (EvalFunction){
            .function = function,
            .entry = compiler->label_list.items[eval_block_label(compiler, entry)],
            .parameter_count = entry->parameters.count,
        };
    }
}

// Which row of counters a handler's work belongs to, for tail calls, which name a function and no
// opcode. A function that serves several opcodes counts for the first.
static void add_handler(EvalCompiler *compiler, const IrFunction *function,
                        EvalCounters *counters) {
    uint32_t index;
    if (!function || eval_map_get(&compiler->handlers, (uintptr_t)function, &index))
        return;
    eval_map_put(compiler->scratch, &compiler->handlers, (uintptr_t)function,
                 (uint32_t)compiler->counters_list.count);
    ARENA_PUSH(compiler->scratch, &compiler->counters_list, counters);
}

static void make_table(EvalCompiler *compiler, const IrTable *from, EvalTable *table) {
    table->table = from;
    table->count = from->bytecodes.count;
    table->targets = ARENA_ARRAY(compiler->arena, uint32_t, table->count + 1);
    table->counters = ARENA_ARRAY(compiler->arena, EvalCounters, table->count + 1);
    table->has_default = from->default_block || from->default_function;
    for (size_t i = 0; i < table->count; i++)
        add_handler(compiler, from->bytecodes.items[i].function, &table->counters[i]);
    add_handler(compiler, from->default_function, &table->counters[table->count]);
}

// Tables are made before the code, which points to them, and get their targets after it.
static void make_tables(EvalCompiler *compiler) {
    const IrModule *module = compiler->module;
    compiler->program->tables = ARENA_ARRAY(compiler->arena, EvalTable, module->tables.count);
    for (size_t i = 0; i < module->tables.count; i++)
        make_table(compiler, module->tables.items[i], &compiler->program->tables[i]);
}

static uint32_t table_target(const EvalCompiler *compiler, const IrBlock *block,
                             const IrFunction *function) {
    if (function)
        block = function->regions.items[0]->blocks.items[0];
    return block ? compiler->label_list.items[eval_block_label(compiler, block)] : EVAL_NO_TARGET;
}

static void patch_tables(EvalCompiler *compiler) {
    for (size_t i = 0; i < compiler->module->tables.count; i++) {
        EvalTable *table = &compiler->program->tables[i];
        const IrTable *from = table->table;
        for (size_t e = 0; e < table->count; e++)
            table->targets[e] = table_target(compiler, from->bytecodes.items[e].block,
                                             from->bytecodes.items[e].function);
        table->targets[table->count] =
            table_target(compiler, from->default_block, from->default_function);
    }
}

static void patch_code(EvalCompiler *compiler) {
    const uint32_t *places = compiler->label_list.items;
    for (size_t i = 0; i < compiler->code.count; i++) {
        EvalCode *code = &compiler->code.items[i];
        switch (code->op) {
        case IR_BR: code->targets[0] = places[code->targets[0]]; break;
        case IR_IF:
        case IR_POLL:
            code->targets[0] = places[code->targets[0]];
            code->targets[1] = places[code->targets[1]];
            break;
        case IR_SWITCH:
            for (size_t c = 0; c < code->switch_->count; c++)
                code->switch_->cases[c].target = places[code->switch_->cases[c].target];
            code->switch_->otherwise = places[code->switch_->otherwise];
            break;
        case IR_EXIT:
        case IR_TAIL: code->result = places[code->result]; break;
        default: break;
        }
    }
}

static void compile(EvalCompiler *compiler) {
    EvalProgram *program = compiler->program;
    eval_number(compiler);
    eval_copier_init(compiler);
    make_tables(compiler);
    compile_functions(compiler);
    patch_tables(compiler);
    patch_code(compiler);
    program->code = compiler->code.items;
    program->origins = compiler->origins.items;
    program->code_count = compiler->code.count;
    // The barrier passes thread and object.
    if (program->most_arguments < 2)
        program->most_arguments = 2;
}

// All errors are reported before it gives up, which is why code is still made after one.
EvalProgram *eval_prepare_observed(Arena *arena, const IrModule *module, EvalLookup lookup,
                                   void *context, const EvalObserver *observer, FILE *errors) {
    Text text = {0};
    Diagnostics diagnostics = {.source = ir_source(module, &text), .stream = errors};
    EvalProgram *program = ARENA_NEW(arena, EvalProgram);
    program->arena = arena;
    program->module = module;
    program->observer = observer;
    EvalCompiler compiler = {
        .arena = arena,
        .scratch = arena_new(),
        .module = module,
        .program = program,
        .lookup = lookup,
        .context = context,
        .diagnostics = &diagnostics,
    };
    compile(&compiler);
    arena_free(compiler.scratch);
    text_free(&text);
    return diagnostics.errors ? NULL : program;
}

EvalProgram *eval_prepare(Arena *arena, const IrModule *module, EvalLookup lookup, void *context,
                          FILE *errors) {
    return eval_prepare_observed(arena, module, lookup, context, NULL, errors);
}

void eval_report(const EvalProgram *program, const EvalFailure *failure, FILE *stream) {
    Text text = {0};
    Diagnostics diagnostics = {.source = ir_source(program->module, &text), .stream = stream};
    diagnostic_error(&diagnostics, failure->at, "%s (in @%s, region %s, block ^%s)",
                     failure->message, failure->function, failure->region, failure->block);
    text_free(&text);
}
