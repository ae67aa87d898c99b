// Block devices: the ioctls whose numbers are macros Swift cannot import. Each returns 0, or -1 with errno set.
#ifndef FERRY_BLOCK_H
#define FERRY_BLOCK_H

#include <stdint.h>

/// The size of a block device in bytes.
int ferry_block_size(int fd, uint64_t *bytes);
/// The smallest addressable unit in bytes.
int ferry_block_logical(int fd, uint32_t *bytes);
/// The smallest unit written without reading first, in bytes.
int ferry_block_physical(int fd, uint32_t *bytes);
/// Writes back and forgets what the page cache holds of a block device. Needs CAP_SYS_ADMIN.
int ferry_block_flush_cache(int fd);
/// Opens for reading past the page cache; -1 with EINVAL where a file system cannot.
int ferry_open_direct(const char *path);
/// The two parts of a device number.
uint32_t ferry_device_major(uint64_t device);
uint32_t ferry_device_minor(uint64_t device);

#endif
