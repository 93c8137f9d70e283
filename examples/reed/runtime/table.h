// Tables: an array of the elements from 0 on without a gap, and a hash part for all other keys.
#ifndef REED_TABLE_H
#define REED_TABLE_H

#include "heap.h"

// Sets up a new table's memory. `table_close` frees it, and answers how much it was.
void table_open(Heap *heap, Table *table, int64_t elements, int64_t fields);
size_t table_close(Table *table);

// What may be a key: everything but nil and NaN. Whole numbers are the same key in both forms.
bool table_key(Slot *key);

// Nil if there is nothing. The key is one that `table_key` has seen.
Slot table_get(const Table *table, Slot key);
void table_set(Heap *heap, Table *table, Slot key, Slot value);

// The number of boxes that a closure has; its function knows.
int closure_captured_count(const Closure *closure);

#endif
