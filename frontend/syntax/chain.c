// See chain.h.
#include "frontend/syntax/chain.h"

#include "support/memory.h"

#include <stdlib.h>

// Asked for each message as the tree is built, so it looks no further than it must.
bool syntax_is_long_chain(const AstExpression *send) {
    int length = 0;
    for (; send->kind == AST_SEND && length <= SYNTAX_SHORT_CHAIN; send = send->send.receiver)
        length++;
    return length > SYNTAX_SHORT_CHAIN;
}

// Filled from its end, as the tree is walked from the last message to the first.
void syntax_chain(SyntaxChain *chain, const AstExpression *send) {
    chain->count = 0;
    for (chain->receiver = send; chain->receiver->kind == AST_SEND;
         chain->receiver = chain->receiver->send.receiver)
        chain->count++;
    chain->sends = chain->few;
    if (chain->count > sizeof chain->few / sizeof *chain->few)
        chain->sends = memory_allocate(sizeof *chain->sends * chain->count);
    for (size_t i = chain->count; i-- > 0; send = send->send.receiver)
        chain->sends[i] = send;
}

void syntax_chain_free(SyntaxChain *chain) {
    if (chain->sends != chain->few)
        free(chain->sends);
}
