// A question to the kernel over netlink that many messages answer; for the files of this folder only.
#ifndef FERRY_NETLINK_H
#define FERRY_NETLINK_H

#include <linux/netlink.h>
#include <stddef.h>

/// Asks `question`, a whole message of `size` bytes, of `protocol`, and hands each message of the answer to `take`. Returns 0,
/// or -1 with errno set.
int ferry_netlink_dump(
    int protocol, const void *question, size_t size, void (*take)(const struct nlmsghdr *, void *), void *context);

#endif
