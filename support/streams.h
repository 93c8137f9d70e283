// The standard streams, and what is written at all, when the program starts.
#ifndef SUPPORT_STREAMS_H
#define SUPPORT_STREAMS_H

// Has every standard stream that is closed fail when it is used, as it should, instead of
// being the next file that is opened. Before anything is opened. A write beyond the limit
// for a file's size (`ulimit -f`) fails, too, with EFBIG: by default SIGXFSZ would end us.
// What we start inherits this: a linker removes what it can't finish, too, unless it is ended.
void streams_start(void);

#endif
