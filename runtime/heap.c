// Allocation: the nursery's buffers, the old space's chunks, permanent objects, and
// the decision when to collect. How the collector works is in collector.c.
#include "runtime/heap.h"

#include "runtime/error.h"
#include "runtime/vm.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    NURSERY_BYTES = 512 * 1024,
    BUFFER_BYTES = 32 * 1024,
    LARGE_BYTES = 64 * 1024, // objects from here on are old from birth
    CHUNK_BYTES = 1024 * 1024,
    RESERVE_BYTES = 256 * 1024,
    FIRST_THRESHOLD = 8 * 1024 * 1024,
};

static void *map_memory(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static size_t default_maximum(void) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || size <= 0)
        return (size_t)1 << 30;
    return (size_t)pages / 4 * (size_t)size;
}

Heap *heap_new(Vm *vm, size_t maximum, bool stress) {
    Heap *heap = calloc(1, sizeof *heap);
    if (!heap)
        return NULL;
    heap->vm = vm;
    heap->stress = stress;
    heap->maximum = maximum ? maximum : default_maximum();
    heap->threshold = FIRST_THRESHOLD;
    heap->nursery = map_memory(NURSERY_BYTES);
    if (!heap->nursery) {
        free(heap);
        return NULL;
    }
    heap->nursery_next = heap->nursery;
    heap->nursery_limit = heap->nursery + NURSERY_BYTES;
    return heap;
}

void chunks_free(Chunk *chunks) {
    while (chunks) {
        Chunk *following = chunks->following;
        munmap(chunks, chunks->size);
        chunks = following;
    }
}

void heap_free(Heap *heap) {
    if (!heap)
        return;
    chunks_free(heap->chunks);
    munmap(heap->nursery, NURSERY_BYTES);
    free(heap->remembered);
    free(heap->permanent);
    free(heap);
}

void handle_open(Thread *thread, HandleScope *scope, Value *values, size_t count) {
    ThreadState *state = state_of(thread);
    *scope = (HandleScope){state->handles, values, count};
    state->handles = scope;
}

void handle_close(Thread *thread, HandleScope *scope) {
    state_of(thread)->handles = scope->outer;
}

char *heap_old_room(Heap *heap, size_t size) {
    Chunk *chunk = heap->last;
    if (!chunk || (size_t)(chunk->limit - chunk->next) < size) {
        size_t bytes = CHUNK_BYTES;
        if (size > bytes - sizeof(Chunk))
            bytes = (size + sizeof(Chunk) + 4095) & ~(size_t)4095;
        chunk = map_memory(bytes);
        if (!chunk)
            return NULL;
        chunk->size = bytes;
        chunk->next = chunk->start;
        chunk->limit = (char *)chunk + bytes;
        if (heap->last)
            heap->last->following = chunk;
        else
            heap->chunks = chunk;
        heap->last = chunk;
    }
    char *room = chunk->next;
    chunk->next += size;
    heap->old_bytes += size;
    return room;
}

static size_t nursery_used(const Heap *heap) {
    return (size_t)(heap->nursery_next - heap->nursery);
}

// Whether `size` more bytes may be used without a collection of everything.
static bool has_room(const Heap *heap, size_t size) {
    size_t used = heap->old_bytes + nursery_used(heap);
    size_t limit = heap->threshold < heap->maximum ? heap->threshold : heap->maximum;
    return used <= limit && size <= limit - used;
}

static void fill_header(Object *object, int64_t class_index, Layout layout) {
    object->header = header_make(class_index, layout);
}

// Adds to a list that grows as needed. There is no way to go on without it.
static void add_object(Object ***items, size_t *count, size_t *capacity, Object *object) {
    if (*count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 64;
        *items = realloc(*items, *capacity * sizeof **items);
        if (!*items)
            abort();
    }
    (*items)[(*count)++] = object;
}

static void remember(Heap *heap, Object *object) {
    add_object(&heap->remembered, &heap->remembered_count, &heap->remembered_capacity, object);
}

// A large object, or one for which the nursery has no room: old from its birth, and
// remembered until the next collection, since its maker stores without a barrier.
static Object *allocate_old(Heap *heap, size_t size) {
    Object *object = (Object *)heap_old_room(heap, size);
    if (!object)
        return NULL;
    remember(heap, object);
    return object;
}

// A bump in the thread's buffer; a new buffer if there's still room in the nursery.
static char *bump(Heap *heap, AllocationBuffer *buffer, size_t size) {
    if ((size_t)(buffer->limit - buffer->next) < size) {
        size_t left = (size_t)(heap->nursery_limit - heap->nursery_next);
        size_t want = size > BUFFER_BYTES ? size : BUFFER_BYTES;
        if (left < size)
            return NULL;
        if (want > left)
            want = left;
        buffer->next = heap->nursery_next;
        buffer->limit = heap->nursery_next += want;
    }
    char *room = buffer->next;
    buffer->next += size;
    return room;
}

static Object *allocate(Thread *thread, Frame *frame, size_t size, size_t reserve) {
    ThreadState *state = state_of(thread);
    Heap *heap = state->vm->heap;
    size = (size + 15) & ~(size_t)15;
    state->top = frame;
    if (heap->stress) {
        collect_all(heap);
        if (heap->old_bytes + size > heap->maximum + reserve)
            return NULL;
    }
    char *room = size < LARGE_BYTES ? bump(heap, &state->buffer, size) : NULL;
    if (!room) {
        if (size < LARGE_BYTES)
            collect_nursery(heap);
        if (!has_room(heap, size)) {
            collect_all(heap);
            if (heap->old_bytes + size > heap->maximum + reserve)
                return NULL;
        }
        room = size < LARGE_BYTES ? bump(heap, &state->buffer, size)
                                  : (char *)allocate_old(heap, size);
        if (!room)
            return NULL;
    }
    heap->figures.allocated += size;
    return memset(room, 0, size);
}

Object *heap_allocate(Thread *thread, Frame *frame, int64_t class_index, Layout layout,
                      size_t size) {
    Heap *heap = vm_of(thread)->heap;
    Object *object = size > heap->maximum ? NULL : allocate(thread, frame, size, 0);
    if (!object) {
        fail(thread, "the heap is exhausted (%zu bytes of at most %zu are in use)", heap->old_bytes,
             heap->maximum);
        return NULL;
    }
    fill_header(object, class_index, layout);
    return object;
}

Object *heap_allocate_surely(Thread *thread, Frame *frame, int64_t class_index, Layout layout,
                             size_t size) {
    Object *object = allocate(thread, frame, size, RESERVE_BYTES);
    if (!object)
        error_exit(thread, frame, "the heap is exhausted (at most %zu bytes may be in use)",
                   vm_of(thread)->heap->maximum);
    fill_header(object, class_index, layout);
    return object;
}

Object *heap_allocate_permanent(Vm *vm, int64_t class_index, Layout layout, size_t size) {
    Object *object = arena_alloc(vm->arena, size < 16 ? 16 : size);
    object->header = header_make(class_index, layout) | HEADER_PERMANENT;
    return object;
}

void heap_note_permanent(Vm *vm, Object *object) {
    Heap *heap = vm->heap;
    add_object(&heap->permanent, &heap->permanent_count, &heap->permanent_capacity, object);
    object->header |= HEADER_BARRIER;
}

void heap_collect(Thread *thread, Frame *frame) {
    state_of(thread)->top = frame;
    collect_all(vm_of(thread)->heap);
}

void heap_store(Thread *thread, Object *object, Value *slot, Value value) {
    *slot = value;
    if (object->header & HEADER_BARRIER)
        vm_remember(thread, object);
}

void vm_remember(Thread *thread, Object *object) {
    Heap *heap = vm_of(thread)->heap;
    if (!(object->header & HEADER_BARRIER))
        return;
    object->header &= ~HEADER_BARRIER;
    remember(heap, object);
}

HeapFigures heap_figures(const Vm *vm) {
    HeapFigures figures = vm->heap->figures;
    figures.used = vm->heap->old_bytes + nursery_used(vm->heap);
    figures.maximum = vm->heap->maximum;
    return figures;
}

size_t heap_maximum(const Vm *vm) {
    return vm->heap->maximum;
}
