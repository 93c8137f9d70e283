// Where the variables of a method live once it is known which of them closures capture: those in
// slots of contexts, all others in locals of the frame. Inlined blocks that don't run at the same
// time share locals, so this is a register allocation for a tree: what is inside of a scope
// begins where the scope's own locals end.
//
// It goes by the tree alone, whether or not code can be reached: so frames of all versions of a
// method are alike (see osr.c), though code that one of them can't reach is executed in another.
#include "frontend/guest/scope.h"

static void place_captured(GuestScope *scope) {
    for (size_t i = 0; i < scope->variables.count; i++) {
        GuestVariable *variable = scope->variables.items[i];
        if (variable->is_captured)
            variable->slot = scope->captured_count++;
    }
    scope->has_context = scope->captured_count || scope->is_home;
}

// Takes the next local of the scope.
static int take(Arena *arena, GuestScope *scope, const char *name) {
    GuestNames *names = &scope->activation->local_names;
    int index = scope->local_end++;
    if ((size_t)index == names->count)
        ARENA_PUSH(arena, names, name);
    return index;
}

static void place(Arena *arena, GuestScope *scope, GuestVariable *variable) {
    if (variable->is_captured || variable->is_argument)
        return;
    variable->frame_index = take(arena, scope, variable->name);
    variable->in_frame = true;
}

// A counted loop has two locals besides. Its block's argument needs none of its own if nobody
// assigns to it; a captured one then has the counter as its copy in the frame.
static void place_counted(Arena *arena, GuestScope *scope) {
    GuestVariable *argument = scope->block->arguments.count ? scope->variables.items[0] : NULL;
    int counter = take(arena, scope, GUEST_COUNTER);
    take(arena, scope, GUEST_LIMIT);
    if (!argument || argument->is_assigned)
        return;
    argument->frame_index = counter;
    argument->in_frame = true;
}

static bool is_counted(const GuestScope *scope) {
    if (scope->kind != GUEST_SCOPE_INLINED)
        return false;
    GuestControl control = guest_form(scope->send);
    return control == GUEST_COUNT || control == GUEST_REPEAT;
}

void guest_lay_out(Arena *arena, GuestScope *scope) {
    place_captured(scope);
    if (scope->kind == GUEST_SCOPE_INLINED)
        scope->local_end = scope->parent->local_end;
    if (is_counted(scope))
        place_counted(arena, scope);
    for (size_t i = 0; i < scope->variables.count; i++) {
        if (!scope->variables.items[i]->in_frame)
            place(arena, scope, scope->variables.items[i]);
    }
    for (size_t i = 0; i < scope->children.count; i++)
        guest_lay_out(arena, scope->children.items[i]);
}
