#define _GNU_SOURCE
#include "ferry_block.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

int ferry_block_size(int fd, uint64_t *bytes) { return ioctl(fd, BLKGETSIZE64, bytes); }

int ferry_block_logical(int fd, uint32_t *bytes) {
    int size = 0;
    int result = ioctl(fd, BLKSSZGET, &size);
    if (result == 0) *bytes = (uint32_t)size;
    return result;
}

int ferry_block_physical(int fd, uint32_t *bytes) {
    unsigned int size = 0;
    int result = ioctl(fd, BLKPBSZGET, &size);
    if (result == 0) *bytes = size;
    return result;
}

int ferry_block_flush_cache(int fd) { return ioctl(fd, BLKFLSBUF, 0); }

int ferry_open_direct(const char *path) { return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_DIRECT); }

uint32_t ferry_device_major(uint64_t device) { return major(device); }

uint32_t ferry_device_minor(uint64_t device) { return minor(device); }
