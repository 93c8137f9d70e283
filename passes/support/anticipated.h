// Which records every round of the loop is sure to access: a chain of const fields may be
// read before the round begins only if each record on it would be read from anyway. The
// record may not be there otherwise: what comes before the first access may be a test for
// null, or a call that never returns.
//
// In the literature's words the access is *anticipated* at the round's start, or *very
// busy* (Aho, Lam, Sethi, Ullman, "Compilers", section 9.5; Knoop, Rüthing and Steffen,
// "Lazy Code Motion", 1992, call it down-safe): on each path from there it is executed
// before anything that may leave. Where a frame comes in by a dispatch, not by the header,
// the same is asked of each bytecode.
#ifndef PASSES_SUPPORT_ANTICIPATED_H
#define PASSES_SUPPORT_ANTICIPATED_H

#include "passes/support/frame_paths.h"

// For each chain, by its number, in `scratch`: is the record that it gives accessed in
// every round, or known to be there since a parameter of the loop has been read from it?
// `values` are those of the loop's `count` regions, the trunk first.
bool *anticipated_paths(const FramePaths *paths, FramePathValues *const *values, size_t count,
                        Arena *scratch);

#endif
