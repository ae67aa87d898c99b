#include "ferry_fsmap.h"

#include <string.h>
#include <sys/ioctl.h>

struct head {
    uint32_t words[4];
    uint64_t reserved[6];
    struct ferry_fsmap keys[2];
};

_Static_assert(sizeof(struct ferry_fsmap) == 64, "a record has 64 bytes");
_Static_assert(sizeof(struct head) == 192, "the kernel's header has 192 bytes");

static const uint32_t flag_special_owner = 0x10;
static const uint32_t flag_last = 0x20;
static const uint64_t owner_free = 1;

void ferry_fsmap_begin(struct ferry_fsmap_request *request, uint32_t major, uint32_t minor) {
    // As the kernel packs device numbers into 32 bits.
    uint32_t device = (minor & 0xFF) | major << 8 | (minor & ~0xFFu) << 12;
    memset(request, 0, sizeof *request);
    request->low.device = device;
    request->high.device = device;
    request->high.flags = ~0u;
    request->high.physical = ~(uint64_t)0;
    request->high.owner = ~(uint64_t)0;
    request->high.offset = ~(uint64_t)0;
}

int ferry_fsmap_next(int fd, struct ferry_fsmap_request *request) {
    if (request->entries > 0) request->low = request->records[request->entries - 1];
    request->count = ferry_fsmap_batch;
    request->entries = 0;
    if (ioctl(fd, _IOWR('X', 59, struct head), request) != 0) return -1;
    if (request->entries == 0) return 0;
    return request->records[request->entries - 1].flags & flag_last ? 0 : 1;
}

int ferry_fsmap_is_free(const struct ferry_fsmap *record) {
    return (record->flags & flag_special_owner) != 0 && record->owner == owner_free;
}

const struct ferry_fsmap *ferry_fsmap_record(const struct ferry_fsmap_request *request, uint32_t index) {
    return &request->records[index];
}
