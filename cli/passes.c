// `loopwright passes`: the registry, for people and for programs. What is printed is read from
// the passes themselves, so that no list of them has to be kept elsewhere.
#include "cli/passes.h"

#include "cli/command.h"
#include "ir/ir.h"
#include "support/json/json_text.h"

#include <stdio.h>
#include <string.h>

typedef struct PassesOptions {
    bool json;
} PassesOptions;

static const Option option_list[] = {
    {OPTION_SWITCH, "--json", NULL, "data instead of a table",
     .offset = offsetof(PassesOptions, json)},
    {OPTION_CALL, "--load-pass", "FILE.so", "passes of a plug-in, too",
     .take = command_take_plugin},
};

const OptionTable command_passes_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
};

static bool has_passes(int level) {
    for (size_t i = 0; i < pass_count(); i++)
        if (pass_at(i)->level == level)
            return true;
    return false;
}

// A level without passes of its own is said, so that nobody looks for them.
static void print_table(void) {
    for (size_t i = 0; i < pass_count(); i++) {
        const Pass *pass = pass_at(i);
        char name[80];
        bool is_choice = pass->parameter_syntax && strchr(pass->parameter_syntax, '|');
        snprintf(name, sizeof name, "%s%s%s", pass->name, pass->parameter_syntax ? "=" : "",
                 is_choice                ? "CHOICE"
                 : pass->parameter_syntax ? pass->parameter_syntax
                                          : "");
        if (pass->level < PASS_LEVELS)
            printf("-O%d  %-26s %s\n", pass->level, name, pass->help);
        else
            printf("     %-26s %s\n", name, pass->help);
        if (is_choice)
            printf("     %-26s (%s; default %s)\n", "", pass->parameter_syntax,
                   pass->parameter_default);
        else if (pass->parameter_syntax)
            printf("     %-26s (default: %s)\n", "",
                   *pass->parameter_default ? pass->parameter_default
                                            : "the one beside the definition");
    }
    for (int level = 1; level < PASS_LEVELS; level++)
        if (!has_passes(level))
            printf("-O%d runs the same passes as -O%d.\n", level, level - 1);
}

json_t *passes_json(void) {
    json_t *list = json_array();
    for (size_t i = 0; i < pass_count(); i++) {
        const Pass *pass = pass_at(i);
        json_t *forms = json_array();
        for (int form = IR_FORM_LOOP; form <= IR_FORM_HANDLERS; form++)
            if (pass->takes & (1u << form))
                json_array_append_new(forms, json_string(ir_form_text((IrForm)form)));
        json_t *gives = pass->gives == PASS_KEEPS_FORM
                            ? json_null()
                            : json_string(ir_form_text((IrForm)pass->gives));
        json_t *level = pass->level < PASS_LEVELS ? json_integer(pass->level) : json_null();
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_text(pass->name),
                            "help", json_text(pass->help), "level", level, "parameter",
                            json_text(pass->parameter_syntax), "default",
                            json_text(pass->parameter_default), "takes", forms, "gives", gives));
    }
    return list;
}

static void print_json(void) {
    json_t *list = passes_json();
    Text text = {0};
    json_text_print(list, &text);
    json_decref(list);
    fputs(text_chars(&text), stdout);
    text_free(&text);
}

int command_passes(const Command *command, int argc, char **argv) {
    PassesOptions options = {0};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    if (options.json)
        print_json();
    else
        print_table();
    return EXIT_OK;
}
