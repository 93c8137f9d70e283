// Call sites: inline caches (L. P. Deutsch, A. M. Schiffman, "Efficient Implementation of the
// Smalltalk-80 System", POPL 1984). A site holds what to do for the class that it saw last, since
// the next receiver is nearly always of the same class: the interpreter compares one word and goes
// on. Who fills sites, and when, is externals.c's.
#ifndef RUNTIME_CALLS_SITE_H
#define RUNTIME_CALLS_SITE_H

#include "runtime/objects/class.h"

// From now on the site holds how the method is entered for receivers of that class, or how it is
// said that they have none (NULL). What it held before is forgotten.
void site_fill(Vm *vm, CallSite *site, const Class *receiver, Method *method);

// The site holds nothing: whatever is sent next is looked up.
void site_empty(CallSite *site);

#endif
