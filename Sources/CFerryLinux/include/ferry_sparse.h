#ifndef FERRY_SPARSE_H
#define FERRY_SPARSE_H

#include <stdint.h>

/// Gives the space of `length` bytes at `offset` back, so that they read as zeros. Returns 0, or -1 with errno set.
int ferry_punch_hole(int descriptor, int64_t offset, int64_t length);

/// The first byte at or after `offset` that may hold data; -1 with errno ENXIO if there is none.
int64_t ferry_seek_data(int descriptor, int64_t offset);

/// Makes the file `target` share all blocks of the file `source` (FICLONE). Returns 0, or -1 with errno set.
int ferry_clone_file(int target, int source);

#endif
