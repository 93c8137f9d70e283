// A guard around code of a plug-in: if it crashes, or ends the process, one line on
// stderr says which plug-in did so while doing what, and the exit status is 1. There is
// no way back into us from there: memory may be broken.
#ifndef PASSES_MANAGER_PLUGIN_GUARD_H
#define PASSES_MANAGER_PLUGIN_GUARD_H

// From here to plugin_guard_end the plug-in's `file` is at work: `where` and, unless it
// is NULL, `pass` say where ("in pass", "mine"). Guards don't nest.
void plugin_guard_begin(const char *file, const char *where, const char *pass);
void plugin_guard_end(void);

#endif
