#ifndef FERRY_HEAP_H
#define FERRY_HEAP_H

#include <malloc.h>

/// Keeps freed buffers of up to 32 MiB for the next use, in at most two arenas.
static inline void ferry_keep_large_buffers(void) {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    mallopt(M_ARENA_MAX, 2);
}

#endif
