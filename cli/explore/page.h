// The page of `loopwright explore`: data put into a page that needs nothing else.
#ifndef CLI_EXPLORE_PAGE_H
#define CLI_EXPLORE_PAGE_H

#include "support/text.h"

#include <jansson.h>

// Appends the page for a document (document.h), or for what a server says of itself.
void explore_page(const json_t *data, Text *out);

#endif
