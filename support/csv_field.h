// Fields of CSV (RFC 4180), as bench and gil print it.
#ifndef SUPPORT_CSV_FIELD_H
#define SUPPORT_CSV_FIELD_H

#include "support/text.h"

// Appends the text as a field: in quotes, its own doubled.
void text_add_csv_field(Text *text, const char *field);

#endif
