#define _GNU_SOURCE
#include "netlink.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// Reads answers until the last: 0, or -1 with errno set.
static int read_answers(int descriptor, void (*take)(const struct nlmsghdr *, void *), void *context) {
    // Aligned as the messages want it.
    uint32_t words[8192];
    while (1) {
        ssize_t size = recv(descriptor, words, sizeof words, 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return -1;
        int left = (int)size;
        for (struct nlmsghdr *header = (struct nlmsghdr *)words; NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_type == NLMSG_DONE) return 0;
            if (header->nlmsg_type == NLMSG_ERROR) {
                errno = EOPNOTSUPP;
                return -1;
            }
            take(header, context);
        }
    }
}

int ferry_netlink_dump(
    int protocol, const void *question, size_t size, void (*take)(const struct nlmsghdr *, void *), void *context) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (descriptor < 0) return -1;
    struct timeval patience = {2, 0};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    int result = send(descriptor, question, size, 0) == (ssize_t)size ? read_answers(descriptor, take, context) : -1;
    int problem = errno;
    close(descriptor);
    errno = problem;
    return result;
}
