// Chains: messages each of which is the receiver of the next one, `a foo + b bar: c`. They are
// written side by side, so people, and programs that write programs, make them as long as they
// like; but in the tree the first message is at the bottom. Walkers that recurse into receivers
// would need as much stack as the longest chain asks for, so they go along it in a loop.
#ifndef FRONTEND_SYNTAX_CHAIN_H
#define FRONTEND_SYNTAX_CHAIN_H

#include "frontend/syntax/ast.h"

// So many messages of a chain count as levels of the tree (see SYNTAX_DEPTH_LIMIT). Among those a
// walker may recurse.
enum { SYNTAX_SHORT_CHAIN = 50 };

// Whether the chain that ends with this message has more than so many.
bool syntax_is_long_chain(const AstExpression *send);

// The messages of a chain, in the order in which they are sent.
typedef struct SyntaxChain {
    const AstExpression *receiver; // of the first one; no message
    const AstExpression **sends;
    size_t count;
    const AstExpression *few[8]; // if there aren't more
} SyntaxChain;

// The chain that ends with this message. `chain` must be freed, and not be copied.
void syntax_chain(SyntaxChain *chain, const AstExpression *send);
void syntax_chain_free(SyntaxChain *chain);

#endif
