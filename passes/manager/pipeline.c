// From flags to a pipeline: which passes run, in which order, with which parameters. Reads no
// command line beyond the one flag that it is given at a time.
//
// There are two ways to ask. A level and toggles choose among the registry's passes, which run
// in its order: a comparison of two variants then differs in the pass and not in the order. A
// list says all of it, order and repetition included. The two are not mixed, as neither could
// say what the other left.
#include "passes/manager/pass.h"
#include "passes/manager/plugin_guard.h"

#include <string.h>

// Finds a pass by the first `length` bytes of `name`; says in `error` what is wrong.
static const Pass *find(const char *name, size_t length, Text *error) {
    char copy[128];
    if (length < sizeof copy) {
        memcpy(copy, name, length);
        copy[length] = '\0';
        const Pass *pass = pass_find(copy);
        if (pass)
            return pass;
        text_addf(error, "unknown pass '%s'", copy);
        const char *nearest = pass_nearest(copy);
        if (nearest)
            text_addf(error, ", did you mean '%s'?", nearest);
        else
            text_add(error, "; 'loopwright passes' lists those that there are");
    } else {
        text_addf(error, "unknown pass '%.40s...'", name);
    }
    return NULL;
}

// Asked when the flag is read, so that what is wrong is said before any work is done.
static bool parameter_fits(const Pass *pass, const char *parameter, Text *error) {
    if (!parameter)
        return true;
    if (!pass->parameter_syntax) {
        text_addf(error, "pass '%s' takes no parameter", pass->name);
        return false;
    }
    if (pass->plugin)
        plugin_guard_begin(pass->plugin, "in the check of a parameter of pass", pass->name);
    bool fits = pass->check_parameter(parameter, error);
    if (pass->plugin)
        plugin_guard_end();
    return fits;
}

static PipelineFlag take_toggle(PipelineRequest *request, const char *text, Text *error) {
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);
    bool on = true;
    const Pass *pass = NULL;
    // No pass's name may begin so (plugin.c sees to it).
    if (strncmp(text, "no-", 3) == 0) {
        on = false;
        text += 3;
        length -= length < 3 ? length : 3;
    }
    pass = find(text, length, error);
    if (!pass)
        return PIPELINE_WRONG;
    if (equals && !on) {
        text_addf(error, "-fno-%s takes no parameter", pass->name);
        return PIPELINE_WRONG;
    }
    const char *parameter = equals ? equals + 1 : NULL;
    if (!parameter_fits(pass, parameter, error))
        return PIPELINE_WRONG;
    // The later of two flags for one pass counts.
    request->toggles[pass_index(pass)] = (struct PipelineToggle){true, on, parameter};
    return PIPELINE_TAKEN;
}

static void add_step(Arena *arena, Pipeline *pipeline, const Pass *pass, const char *parameter) {
    PipelineStep step = {.pass = pass,
                         .parameter = parameter ? parameter : pass->parameter_default};
    ARENA_PUSH(arena, &pipeline->steps, step);
}

// --passes=a,b=parameter,c
static bool add_listed(const char *list, Arena *arena, Pipeline *pipeline, Text *error) {
    while (*list) {
        size_t length = strcspn(list, ",");
        const char *item = arena_strndup(arena, list, length);
        const char *equals = strchr(item, '=');
        const Pass *pass = find(item, equals ? (size_t)(equals - item) : length, error);
        const char *parameter = equals ? equals + 1 : NULL;
        if (!pass || !parameter_fits(pass, parameter, error))
            return false;
        add_step(arena, pipeline, pass, parameter);
        list += length;
        if (*list == ',' && !*++list) {
            text_add(error, "a pass's name is missing after the last ',' of --passes=");
            return false;
        }
    }
    return true;
}

// The list is kept as text, and read again when the pipeline is built.
static bool list_is_right(const char *list, Text *error) {
    Arena *scratch = arena_new();
    Pipeline pipeline = {0};
    bool right = add_listed(list, scratch, &pipeline, error);
    arena_free(scratch);
    return right;
}

// --passes= says everything; -O and -f say a part.
static PipelineFlag whole_or_part(const PipelineRequest *request, Text *error) {
    bool part = request->has_level;
    for (size_t i = 0; i < pass_count(); i++)
        part |= request->toggles[i].given;
    if (!request->passes || !part)
        return PIPELINE_TAKEN;
    text_add(error, "--passes= is the whole pipeline; it can't be combined with -O or -f");
    return PIPELINE_WRONG;
}

PipelineFlag pipeline_take_flag(PipelineRequest *request, const char *flag, Text *error) {
    if (strncmp(flag, "--passes=", 9) == 0) {
        request->passes = flag + 9;
        return list_is_right(request->passes, error) ? whole_or_part(request, error)
                                                     : PIPELINE_WRONG;
    }
    if (strncmp(flag, "-f", 2) == 0) {
        PipelineFlag taken = take_toggle(request, flag + 2, error);
        return taken == PIPELINE_TAKEN ? whole_or_part(request, error) : taken;
    }
    if (strncmp(flag, "-O", 2) != 0)
        return PIPELINE_NOT_MINE;
    int level = flag[2] - '0';
    if (level < 0 || level >= PASS_LEVELS || flag[3]) {
        text_addf(error, "unknown level '%.40s'; there are -O0, -O1 and -O2", flag);
        return PIPELINE_WRONG;
    }
    request->has_level = true;
    request->level = level;
    return whole_or_part(request, error);
}

// "form loop or replicated"
static void add_forms(unsigned takes, Text *out) {
    const char *between = "form ";
    for (int form = IR_FORM_LOOP; form <= IR_FORM_HANDLERS; form++)
        if (takes >> form & 1) {
            text_addf(out, "%s%s", between, ir_form_text((IrForm)form));
            between = " or ";
        }
}

// Walks the forms that passes say they leave, without running them.
static bool check_forms(const Pipeline *pipeline, IrForm form, Text *error) {
    const char *before = NULL;
    for (size_t i = 0; i < pipeline->steps.count; i++) {
        const Pass *pass = pipeline->steps.items[i].pass;
        if (pipeline->steps.items[i].left_out)
            continue;
        if (!(pass->takes >> form & 1)) {
            text_addf(error, "pass '%s' doesn't take form %s, ", pass->name, ir_form_text(form));
            if (before)
                text_addf(error, "in which '%s' leaves the module", before);
            else
                text_add(error, "in which the module is");
            text_add(error, "; it needs ");
            add_forms(pass->takes, error);
            return false;
        }
        if (pass->gives != PASS_KEEPS_FORM) {
            form = (IrForm)pass->gives;
            before = pass->name;
        }
    }
    return true;
}

// The first pass after that of this index which was asked for by name and doesn't take the form.
static const Pass *find_opponent(const PipelineRequest *request, size_t index, IrForm form) {
    for (size_t i = index + 1; i < pass_count(); i++)
        if (request->toggles[i].given && request->toggles[i].on && !(pass_at(i)->takes >> form & 1))
            return pass_at(i);
    return NULL;
}

// Why a pass that nobody has named, but that its level runs, can't: NULL if it can. Others' wishes
// come first.
static const char *why_left_out(const PipelineRequest *request, size_t index, IrForm form,
                                Arena *arena) {
    const Pass *pass = pass_at(index);
    if (!(pass->takes >> form & 1)) {
        Text needed = {0};
        add_forms(pass->takes, &needed);
        const char *reason = arena_printf(arena, "it needs %s, and the module is in form %s",
                                          text_chars(&needed), ir_form_text(form));
        text_free(&needed);
        return reason;
    }
    if (pass->gives == PASS_KEEPS_FORM)
        return NULL;
    const Pass *opponent = find_opponent(request, index, (IrForm)pass->gives);
    return opponent ? arena_printf(arena, "%s, which was asked for, doesn't take form %s",
                                   opponent->name, ir_form_text((IrForm)pass->gives))
                    : NULL;
}

bool pipeline_build(const PipelineRequest *request, int default_level, IrForm form, Arena *arena,
                    Pipeline *pipeline, Text *error) {
    *pipeline = (Pipeline){0};
    int level = request->has_level ? request->level : default_level;
    if (request->passes)
        return add_listed(request->passes, arena, pipeline, error) &&
               check_forms(pipeline, form, error);
    IrForm reached = form;
    for (size_t i = 0; i < pass_count(); i++) {
        const Pass *pass = pass_at(i);
        const struct PipelineToggle *toggle = &request->toggles[i];
        if (!(toggle->given ? toggle->on : pass->level <= level))
            continue;
        add_step(arena, pipeline, pass, toggle->parameter);
        PipelineStep *step = &pipeline->steps.items[pipeline->steps.count - 1];
        if (!toggle->given)
            step->left_out = why_left_out(request, i, reached, arena);
        if (!step->left_out && pass->gives != PASS_KEEPS_FORM)
            reached = (IrForm)pass->gives;
    }
    if (check_forms(pipeline, form, error))
        return true;
    text_add(error, "; --passes= takes the place of -O and -f, and may be empty");
    return false;
}
