// Which slots of the operand stack hold self. A super send's receiver has to be self, for the
// method that it finds takes its receiver's class for granted, and so has that of a send through a
// site that is for self only, which may not look at the class; but its arguments are evaluated
// after the receiver was pushed, so by the time of the send that is somewhere below. Instead of a
// type for each slot, of which only this one would matter, there is a list of the slots that are
// known to hold it, from the top downwards. What lies below in the list is shared by all states
// that have come from there.
#include "runtime/verifier/checks.h"

const GuestSelf *verifier_with_self(const Verifier *verifier, const GuestSelf *below,
                                    int64_t slot) {
    GuestSelf *self = ARENA_NEW(verifier->arena, GuestSelf);
    self->below = below;
    self->slot = (int)slot;
    return self;
}

const GuestSelf *verifier_selves_below(const GuestSelf *selves, int64_t slot) {
    while (selves && selves->slot >= slot)
        selves = selves->below;
    return selves;
}

// Both lists are walked downwards side by side; where they meet, what follows is the same list.
const GuestSelf *verifier_common_selves(const Verifier *verifier, const GuestSelf *left,
                                        const GuestSelf *right) {
    ARENA_VECTOR(const GuestSelf *) kept = {0};
    const GuestSelf *rest = left;
    bool lost = false;
    for (; rest && rest != right; rest = rest->below) {
        right = verifier_selves_below(right, (int64_t)rest->slot + 1);
        if (rest == right)
            break;
        if (right && right->slot == rest->slot)
            ARENA_PUSH(verifier->arena, &kept, rest);
        else
            lost = true;
    }
    if (!lost)
        return left;
    while (kept.count)
        rest = verifier_with_self(verifier, rest, kept.items[--kept.count]->slot);
    return rest;
}

bool verifier_includes_selves(const GuestSelf *selves, const GuestSelf *those) {
    for (; those; those = those->below) {
        selves = verifier_selves_below(selves, (int64_t)those->slot + 1);
        if (!selves || selves->slot != those->slot)
            return false;
    }
    return true;
}
