// A mutex as C sees it: an object of SOM whose first two fields say which thread has locked it, and
// how often. The thread that has it may lock it again. What waits for it sleeps for the object
// itself (threads.h). The class is corelib/Mutex.som.
#ifndef RUNTIME_THREADS_MUTEX_H
#define RUNTIME_THREADS_MUTEX_H

#include "runtime/objects/object.h"

// Whether the value is an object that has the fields.
bool mutex_is_one(const Vm *vm, Value value);

// Locks it, unless another thread has it.
bool mutex_try(Thread *thread, Value mutex);

// Unlocks it once. False: the thread doesn't have it.
bool mutex_give_up(Thread *thread, Value mutex);

// Unlocks it as often as it is locked, and answers that number; 0: the thread doesn't have it.
int64_t mutex_give_up_wholly(Thread *thread, Value mutex);

// What mutex_try has locked once is locked so often.
void mutex_lock_again(Thread *thread, Value mutex, int64_t depth);

#endif
