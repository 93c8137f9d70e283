// Pages that are one file and ask for no other: a frame in HTML with styles and scripts, which
// stand beside the source and are embedded when it is built (CMakeLists.txt), and what a command
// puts in.
#ifndef CLI_EMBEDDED_PAGE_H
#define CLI_EMBEDDED_PAGE_H

#include "support/embedded_file.h"
#include "support/text.h"

// Something to be put into the frame.
typedef struct PagePart {
    const char *name; // as the frame's comment has it: `<!-- put data -->`
    const Text *text; // HTML as it is
} PagePart;

// Appends the page: the .html of the files, where each comment `<!-- put NAME -->` becomes the part
// of that name, `styles` all .css, and `scripts` all .js, in the files' order. A name that is no
// part's aborts.
void embedded_page(const EmbeddedFile *files, size_t file_count, const PagePart *parts,
                   size_t part_count, Text *out);

#endif
