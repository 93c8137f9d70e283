// The standard streams when the program starts.
#ifndef SUPPORT_STREAMS_H
#define SUPPORT_STREAMS_H

// Has every standard stream that is closed fail when it is used, as it should, instead of
// being the next file that is opened. Before anything is opened.
void streams_start(void);

#endif
