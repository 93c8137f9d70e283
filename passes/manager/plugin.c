// See plugin.h. What a plug-in says is checked before it is believed; what its passes
// do is checked by the manager, which verifies after each.
#include "passes/manager/plugin.h"

#include "passes/manager/plugin_guard.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 63 };

// A name is part of flags and of lists: `-fno-x` would turn off what `no-x` names.
static bool name_is_good(const char *name) {
    size_t length = strlen(name);
    return length > 0 && length <= LONGEST_NAME && strncmp(name, "no-", 3) != 0 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

// What is wrong with the pass, NULL if nothing.
// Everything that the manager takes for granted of our own passes.
static const char *fault(const Pass *pass) {
    if (!name_is_good(pass->name))
        return "its name is not made of a-z, 0-9 and -, at most 63 of them, or begins with no-";
    if (!pass->help)
        return "it has no help";
    if (!pass->run)
        return "it has no function to run";
    if (!pass->takes || pass->takes & ~(unsigned)PASS_ANY_FORM)
        return "it takes no form, or one that there isn't";
    if (pass->gives < PASS_KEEPS_FORM || pass->gives > IR_FORM_HANDLERS)
        return "it gives a form that there isn't";
    if (pass->level != PASS_ON_REQUEST)
        return "its level is not PASS_ON_REQUEST";
    if (pass->parameter_syntax && (!pass->check_parameter || !pass->parameter_default))
        return "it takes a parameter but lacks check_parameter or parameter_default";
    if (pass_find(pass->name))
        return "there is a pass of that name already";
    return NULL;
}

static bool check_passes(const char *path, const PassPlugin *plugin, Text *error) {
    if (plugin->count == 0 || !plugin->passes) {
        text_addf(error, "%s has no passes", path);
        return false;
    }
    for (size_t i = 0; i < plugin->count; i++) {
        const Pass *pass = &plugin->passes[i];
        if (!pass->name) {
            text_addf(error, "%s: pass %zu has no name", path, i + 1);
            return false;
        }
        const char *wrong = fault(pass);
        for (size_t k = 0; k < i && !wrong; k++)
            if (strcmp(plugin->passes[k].name, pass->name) == 0)
                wrong = "there are two of that name";
        if (wrong) {
            text_addf(error, "%s: pass '%.64s': %s", path, pass->name, wrong);
            return false;
        }
    }
    if (pass_count() + plugin->count > PASS_MOST) {
        text_addf(error, "%s: there can be no more than %d passes", path, PASS_MOST);
        return false;
    }
    return true;
}

// `version` and `layout` stand first in every version of the struct. Nothing else may be read
// before both are known to be ours.
static bool check_version(const char *path, const PassPlugin *plugin, Text *error) {
    if (!plugin) {
        text_addf(error, "%s: %s() gives no plug-in", path, PASS_PLUGIN_SYMBOL);
        return false;
    }
    if (plugin->version != PASS_PLUGIN_VERSION) {
        text_addf(error, "%s was built for version %d of the plug-in interface, this is %d", path,
                  plugin->version, PASS_PLUGIN_VERSION);
        return false;
    }
    if (plugin->layout != PASS_PLUGIN_LAYOUT) {
        text_addf(error,
                  "%s was built against other headers than this loopwright's (layout %d, "
                  "this is %d); build it again",
                  path, plugin->layout, (int)PASS_PLUGIN_LAYOUT);
        return false;
    }
    return true;
}

// Passes and their file's name stay as long as the process, as the object does.
static void register_passes(const char *path, const PassPlugin *plugin) {
    Pass *copies = calloc(plugin->count, sizeof *copies);
    char *file = strdup(path);
    if (!copies || !file)
        abort();
    for (size_t i = 0; i < plugin->count; i++) {
        copies[i] = plugin->passes[i];
        copies[i].plugin = file;
        pass_register(&copies[i]);
    }
}

// dlopen gives the same object for the same file again, and so the same function.
static bool is_loaded(const PassPlugin *plugin) {
    for (size_t i = 0; i < pass_count(); i++)
        if (plugin->count && plugin->passes && pass_at(i)->plugin &&
            pass_at(i)->run == plugin->passes[0].run)
            return true;
    return false;
}

static bool load(const char *path, Text *error) {
    // Without a slash dlopen would look through the system's folders.
    Text file = {0};
    text_addf(&file, "%s%s", strchr(path, '/') ? "" : "./", path);
    void *object = dlopen(text_chars(&file), RTLD_NOW | RTLD_LOCAL);
    text_free(&file);
    if (!object) {
        text_addf(error, "can't load passes: %s", dlerror());
        return false;
    }
    const PassPlugin *(*find)(void);
    // By memcpy, as C has no conversion from an object's address to a function's.
    void *address = dlsym(object, PASS_PLUGIN_SYMBOL);
    memcpy(&find, &address, sizeof find);
    bool good = false;
    if (!find) {
        text_addf(error, "%s is no plug-in: it has no function '%s'", path, PASS_PLUGIN_SYMBOL);
    } else {
        const PassPlugin *plugin = find();
        if (check_version(path, plugin, error)) {
            if (is_loaded(plugin))
                return true;
            good = check_passes(path, plugin, error);
            if (good)
                register_passes(path, plugin);
        }
    }
    if (!good)
        dlclose(object);
    return good;
}

bool plugin_load(const char *path, Text *error) {
    plugin_guard_begin(path, "while it was loaded", NULL);
    bool good = load(path, error);
    plugin_guard_end();
    return good;
}
