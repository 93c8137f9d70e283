// Standard output: what programs print is gathered in a buffer of our own, so that it
// gets out even when a signal ends the process. A terminal gets each line at once. State
// of the process, as the stream is. Messages go to standard error, by stdio.
#ifndef RUNTIME_PROCESS_OUTPUT_H
#define RUNTIME_PROCESS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

// Prints bytes, or a string. Once something could not be written, nothing more is.
void output_write(const char *chars, size_t length);
void output_text(const char *chars);

// Writes what is in the buffer; also done at exit. False with errno set if this, or
// anything before, could not be written.
bool output_flush(void);

// The same, unless what was printed last is a part of a line: for those who write lines of their
// own to where the output may go, too.
void output_flush_lines(void);

// For a signal's handler: writes what is in the buffer, as far as that goes without
// waiting for who reads it. False if the signal came in the midst of printing: then
// `again` is called with `number` as soon as that is over. A second time it won't be
// put off, and writes nothing.
bool output_rescue(int number, void (*again)(int number));

#endif
