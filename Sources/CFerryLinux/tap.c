#define _GNU_SOURCE
#include "ferry_tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

_Static_assert(sizeof(struct ferry_filter_instruction) == sizeof(struct sock_filter), "an instruction of BPF");

int ferry_tap_open(const struct ferry_filter_instruction *filter, uint16_t count, int room) {
    // Of no protocol at first: nothing comes before the filter is there.
    int descriptor = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    struct sock_fprog program = {count, (struct sock_filter *)filter};
    int yes = 1;
    struct sockaddr_ll address;
    memset(&address, 0, sizeof address);
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0
        && setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) == 0
        && bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    int problem = errno;
    close(descriptor);
    errno = problem;
    return -1;
}

int ferry_tap_next(int descriptor, void *buffer, size_t room, struct ferry_tapped *packet) {
    struct sockaddr_ll from;
    char control[256];
    struct iovec part = {buffer, room};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t count;
    do {
        count = recvmsg(descriptor, &message, MSG_TRUNC | MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return errno == EAGAIN || errno == ENETDOWN ? 0 : -1;
    memset(packet, 0, sizeof *packet);
    packet->length = (uint32_t)count;
    packet->device = from.sll_ifindex;
    packet->is_outgoing = from.sll_pkttype == PACKET_OUTGOING;
    packet->is_loopback = from.sll_hatype == ARPHRD_LOOPBACK;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SO_TIMESTAMPNS) continue;
        struct timespec time;
        memcpy(&time, CMSG_DATA(header), sizeof time);
        packet->time = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
    }
    return (size_t)count < room ? (int)count : (int)room;
}

uint32_t ferry_tap_lost(int descriptor) {
    struct tpacket_stats counts;
    socklen_t size = sizeof counts;
    return getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, &counts, &size) == 0 ? counts.tp_drops : 0;
}

int ferry_raw_open(int family) { return socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW); }
