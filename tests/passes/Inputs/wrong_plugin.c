// Plug-ins that are wrong, one for each value of WRONG.
#include "passes/manager/plugin.h"

#include <stdlib.h>

static IrBlock *first_block(const PassContext *context) {
    return context->module->functions.items[0]->regions.items[0]->blocks.items[0];
}

// Uses a value before it is there.
static void use_too_early(PassContext *context) {
    IrBlock *block = first_block(context);
    IrInstruction *last = block->last->previous;
    block->first->operands.items[0] = last->result;
}

// A block without an end.
static void cut_off(PassContext *context) {
    ir_remove(first_block(context)->last);
}

static void mix_types(PassContext *context) {
    first_block(context)->first->operands.items[1] = ir_number(context->module, 1.5);
}

static void change_form(PassContext *context) {
    context->module->form = IR_FORM_LOOP;
}

static void lose_operands(PassContext *context) {
    first_block(context)->first->operands.items[0] = NULL;
}

static void write_to_null(PassContext *context) {
    (void)context;
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

static volatile int depth;

static int recurse(volatile int *before) {
    volatile int here[64] = {before ? *before : 0};
    depth++;
    return depth ? recurse(here) + here[0] : 0;
}

static void recurse_without_end(PassContext *context) {
    (void)context;
    recurse(NULL);
}

static void abort_all(PassContext *context) {
    (void)context;
    abort();
}

static void end_the_process(PassContext *context) {
    (void)context;
    exit(0);
}

// Leaves what isn't even a list of instructions.
static void leave_garbage(PassContext *context) {
    first_block(context)->first = (IrInstruction *)16;
}

static void do_nothing(PassContext *context) {
    pass_remark(context->report, "nothing to do with %s", context->parameter);
}

static bool check(const char *parameter, Text *error) {
    if (parameter[0] == 'a')
        return true;
    text_addf(error, "'%s' does not begin with a", parameter);
    return false;
}

static bool crash(const char *parameter, Text *error) {
    (void)parameter, (void)error;
    write_to_null(NULL);
    return true;
}

#define COMMON                                                                                     \
    .help = "wrong", .takes = PASS_ANY_FORM, .gives = PASS_KEEPS_FORM, .level = PASS_ON_REQUEST

static const Pass passes[] = {
#if WRONG == 0
    {.name = "too-early", COMMON, .run = use_too_early},
    {.name = "cut-off", COMMON, .run = cut_off},
    {.name = "mix-types", COMMON, .run = mix_types},
    {.name = "change-form", COMMON, .run = change_form},
    {.name = "lose-operands", COMMON, .run = lose_operands},
    {.name = "choosy",
     COMMON,
     .run = do_nothing,
     .parameter_syntax = "a...",
     .parameter_default = "any",
     .check_parameter = check},
    {.name = "null", COMMON, .run = write_to_null},
    {.name = "deep", COMMON, .run = recurse_without_end},
    {.name = "aborts", COMMON, .run = abort_all},
    {.name = "exits", COMMON, .run = end_the_process},
    {.name = "garbage", COMMON, .run = leave_garbage},
    {.name = "rash",
     COMMON,
     .run = do_nothing,
     .parameter_syntax = "x",
     .parameter_default = "any",
     .check_parameter = crash},
#elif WRONG == 1
    {.name = "dce", COMMON, .run = do_nothing},
#elif WRONG == 2
    {.name = "Not A Name", COMMON, .run = do_nothing},
#elif WRONG == 3
    {.name = "no-good", COMMON, .run = do_nothing},
#elif WRONG == 4
    {.name = "idle", COMMON},
#elif WRONG == 5
    {.name = "eager",
     .help = "wrong",
     .takes = PASS_ANY_FORM,
     .gives = PASS_KEEPS_FORM,
     .level = 1,
     .run = do_nothing},
#elif WRONG == 6
    {.name = "formless",
     .help = "wrong",
     .gives = PASS_KEEPS_FORM,
     .level = PASS_ON_REQUEST,
     .run = do_nothing},
#elif WRONG == 7
    {.name = "twin", COMMON, .run = do_nothing},
    {.name = "twin", COMMON, .run = do_nothing},
#elif WRONG == 8
    {COMMON, .run = do_nothing},
#elif WRONG == 9
    {.name = "unchecked", COMMON, .run = do_nothing, .parameter_syntax = "x"},
#elif WRONG == 16
    {.name = "", COMMON, .run = do_nothing},
#elif WRONG == 17
    {.name = (const char *)16, COMMON, .run = do_nothing},
#elif WRONG == 18
    {.name = "helpless",
     .takes = PASS_ANY_FORM,
     .gives = PASS_KEEPS_FORM,
     .level = PASS_ON_REQUEST,
     .run = do_nothing},
#elif WRONG == 19
    {.name = "giver",
     .help = "wrong",
     .takes = PASS_ANY_FORM,
     .gives = 7,
     .level = PASS_ON_REQUEST,
     .run = do_nothing},
#else
    {.name = "good", COMMON, .run = do_nothing},
#endif
};

#if WRONG == 10
const PassPlugin *loopwright_plugin(void) {
    static const PassPlugin plugin = {99, PASS_PLUGIN_LAYOUT, passes, 1};
    return &plugin;
}
#elif WRONG == 11
const PassPlugin *loopwright_plugin(void) {
    static const PassPlugin plugin = {PASS_PLUGIN_VERSION, 7, passes, 1};
    return &plugin;
}
#elif WRONG == 12
const PassPlugin *loopwright_plugin(void) {
    return NULL;
}
#elif WRONG == 13
const PassPlugin *loopwright_plugin(void) {
    static const PassPlugin plugin = {PASS_PLUGIN_VERSION, PASS_PLUGIN_LAYOUT, passes, 0};
    return &plugin;
}
#elif WRONG == 14
const void *another_function(void) {
    return passes;
}
#elif WRONG == 15
int no_such_function(void);
const PassPlugin *loopwright_plugin(void) {
    return no_such_function() ? NULL : NULL;
}
#elif WRONG == 20
__attribute__((constructor)) static void crash_at_once(void) {
    write_to_null(NULL);
}
PASS_PLUGIN(passes)
#else
PASS_PLUGIN(passes)
#endif

// What some of them have no use for.
const void *const wrong_plugin_all[] = {
    (const void *)use_too_early, (const void *)cut_off,
    (const void *)mix_types,     (const void *)change_form,
    (const void *)lose_operands, (const void *)do_nothing,
    (const void *)check,         (const void *)first_block,
    (const void *)write_to_null, (const void *)recurse_without_end,
    (const void *)abort_all,     (const void *)end_the_process,
    (const void *)leave_garbage, (const void *)crash};
