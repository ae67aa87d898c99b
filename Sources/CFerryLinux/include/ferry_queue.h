// What the queueing disciplines at the devices of this network namespace have lost (NETLINK_ROUTE).
#ifndef FERRY_QUEUE_H
#define FERRY_QUEUE_H

#include <stdint.h>

struct ferry_queue_losses {
    /// Packets that were dropped.
    uint64_t drops;
    /// Packets that were put back, because the device took none.
    uint64_t requeues;
    /// Times that a limit was over.
    uint64_t overlimits;
};

/// Sums up those that stand first before each device but the loopback: what is below them is counted in them. Returns 0, or -1
/// with errno set.
int ferry_queue_losses(struct ferry_queue_losses *losses);

#endif
