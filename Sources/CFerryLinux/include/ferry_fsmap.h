// FS_IOC_GETFSMAP: asks a mounted file system where its free space is. Linux 4.12 for xfs, 4.16 for ext4; man
// ioctl_getfsmap(2). The structures are spelled out, because older sets of headers do not have them.
#ifndef FERRY_FSMAP_H
#define FERRY_FSMAP_H

#include <stdint.h>

/// One run of a device and who owns it, in bytes.
struct ferry_fsmap {
    uint32_t device;
    uint32_t flags;
    uint64_t physical;
    uint64_t owner;
    uint64_t offset;
    uint64_t length;
    uint64_t reserved[3];
};

enum { ferry_fsmap_batch = 1024 };

/// A question and room for a batch of answers.
struct ferry_fsmap_request {
    uint32_t input_flags;
    uint32_t output_flags;
    uint32_t count;
    uint32_t entries;
    uint64_t reserved[6];
    struct ferry_fsmap low;
    struct ferry_fsmap high;
    struct ferry_fsmap records[ferry_fsmap_batch];
};

/// Prepares a request for the whole of the device `major:minor`.
void ferry_fsmap_begin(struct ferry_fsmap_request *request, uint32_t major, uint32_t minor);
/// Fetches the next batch: 1 if there may be more, 0 if the last record was among it, -1 with errno set.
int ferry_fsmap_next(int fd, struct ferry_fsmap_request *request);
/// Whether a record is about free space.
int ferry_fsmap_is_free(const struct ferry_fsmap *record);
/// The record at `index` of the batch.
const struct ferry_fsmap *ferry_fsmap_record(const struct ferry_fsmap_request *request, uint32_t index);

#endif
