#define _GNU_SOURCE
#include "CFerryLab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int ferry_capture_open(const char *device) {
    int descriptor = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));
    if (descriptor < 0) return -1;
    int yes = 1, room = 32 << 20;
    setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes);
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (device == NULL) return descriptor;
    struct sockaddr_ll address;
    memset(&address, 0, sizeof address);
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = if_nametoindex(device);
    if (address.sll_ifindex == 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        int number = errno;
        close(descriptor);
        errno = number;
        return -1;
    }
    return descriptor;
}

long ferry_capture_next(int descriptor, unsigned char *bytes, unsigned long room, int milliseconds,
                        struct ferry_captured *captured) {
    struct pollfd one = {.fd = descriptor, .events = POLLIN};
    int ready = poll(&one, 1, milliseconds);
    if (ready <= 0) return ready < 0 && errno != EINTR ? -1 : 0;
    struct sockaddr_ll from;
    struct iovec part = {.iov_base = bytes, .iov_len = room};
    char control[128];
    struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1,
                             .msg_control = control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(descriptor, &message, MSG_TRUNC);
    if (length < 0) return errno == EINTR ? 0 : -1;
    memset(captured, 0, sizeof *captured);
    captured->length = length;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_TIMESTAMPNS) continue;
        struct timespec time;
        memcpy(&time, CMSG_DATA(part), sizeof time);
        captured->seconds = time.tv_sec;
        captured->nanoseconds = time.tv_nsec;
    }
    unsigned index = htonl(from.sll_ifindex);
    unsigned short kind = htons(from.sll_hatype);
    memcpy(captured->header, &from.sll_protocol, 2);
    memcpy(captured->header + 4, &index, 4);
    memcpy(captured->header + 8, &kind, 2);
    captured->header[10] = from.sll_pkttype;
    captured->header[11] = from.sll_halen;
    memcpy(captured->header + 12, from.sll_addr, 8);
    return (unsigned long)length < room ? length : (long)room;
}
