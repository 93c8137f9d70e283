// `loopwright passes`: the registry, for people and for programs.
#include "cli/command.h"
#include "ir/ir.h"
#include "passes/manager/plugin.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void print_table(void) {
    for (size_t i = 0; i < pass_count(); i++) {
        const Pass *pass = pass_at(i);
        char name[80];
        snprintf(name, sizeof name, "%s%s", pass->name, pass->parameter_syntax ? "=POLICY" : "");
        if (pass->level < PASS_LEVELS)
            printf("-O%d  %-26s %s\n", pass->level, name, pass->help);
        else
            printf("     %-26s %s\n", name, pass->help);
        if (pass->parameter_syntax)
            printf("     %-26s (%s; default %s)\n", "", pass->parameter_syntax,
                   pass->parameter_default);
    }
}

static void print_json(void) {
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
            list, json_pack("{s:s, s:s, s:o, s:s?, s:s?, s:o, s:o}", "name", pass->name, "help",
                            pass->help, "level", level, "parameter", pass->parameter_syntax,
                            "default", pass->parameter_default, "takes", forms, "gives", gives));
    }
    json_dumpf(list, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(list);
}

int command_passes(const Command *command, int argc, char **argv) {
    bool json = false;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return command_help(command);
        if (strncmp(argv[i], "--load-pass=", 12) == 0) {
            Text error = {0};
            bool loaded = plugin_load(argv[i] + 12, &error);
            int status = loaded ? EXIT_OK : command_failure("%s", text_chars(&error));
            text_free(&error);
            if (status)
                return status;
        } else if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (strcmp(argv[i], "--") != 0) {
            return command_usage_error(command, "unknown argument '%s'", argv[i]);
        }
    }
    if (json)
        print_json();
    else
        print_table();
    return EXIT_OK;
}
