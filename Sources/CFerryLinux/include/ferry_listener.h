// Listening TCP sockets of this network namespace, with how many connections wait at each (NETLINK_SOCK_DIAG).
#ifndef FERRY_LISTENER_H
#define FERRY_LISTENER_H

#include <stdint.h>

struct ferry_listener {
    uint16_t port;
    /// Connections that wait to be accepted.
    uint32_t waiting;
    /// How many may.
    uint32_t most;
};

/// Fills `listeners`, which has `room`. Returns how many there are, or -1 with errno set.
int ferry_listeners(struct ferry_listener *listeners, int room);

#endif
