// Call sites: inline caches (L. P. Deutsch, A. M. Schiffman, "Efficient Implementation of the
// Smalltalk-80 System", POPL 1984). A site holds what to do for the class that it saw last, since
// the next receiver is nearly always of the same class: the interpreter compares one word and goes
// on. Who fills sites, and when, is externals.c's.
#ifndef RUNTIME_CALLS_SITE_H
#define RUNTIME_CALLS_SITE_H

#include "runtime/objects/class.h"

// What a site's `sharing` is. Self is an instance of the class that the code stands in, or of one
// below it; so where none of these has a method of its own instead, a send to self enters one
// method whatever self is (static class hierarchy analysis; J. Dean, D. Grove, C. Chambers, ECOOP
// 1995).
enum {
    SITE_NOT_TO_SELF = 0,
    SITE_TO_SELF = 1, // and nothing else is known
    SITE_SHARED = 2,  // `shared` is the method
    SITE_NOT_SHARED = 3,
};

// From now on the site, in code of `holder`, holds how the method is entered for receivers of the
// class of this one, or how it is said that they have none (NULL). What it held before is
// forgotten.
void site_fill(Vm *vm, CallSite *site, const Class *holder, Value receiver, Method *method);

// The site holds nothing: whatever is sent next is looked up.
void site_empty(CallSite *site);

// To be called when a class has got its methods, before there are instances: sites are emptied that
// took for granted that no class has a method which this one has.
void site_class_defined(Vm *vm, const Class *class);

#endif
