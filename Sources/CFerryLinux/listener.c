#define _GNU_SOURCE
#include "ferry_listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// TCP_LISTEN of linux/tcp_states.h, which is not there for programs.
enum { listening = 10 };

static int ask(int descriptor, int family) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 question;
    } request;
    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.question.sdiag_family = (uint8_t)family;
    request.question.sdiag_protocol = IPPROTO_TCP;
    request.question.idiag_states = 1U << listening;
    return send(descriptor, &request, sizeof request, 0) == (ssize_t)sizeof request ? 0 : -1;
}

// Reads answers until the last: 0, or -1 with errno set.
static int read_answers(int descriptor, struct ferry_listener *listeners, int room, int *count) {
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
            if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY || *count >= room) continue;
            const struct inet_diag_msg *socket = NLMSG_DATA(header);
            listeners[*count].port = ntohs(socket->id.idiag_sport);
            listeners[*count].waiting = socket->idiag_rqueue;
            listeners[*count].most = socket->idiag_wqueue;
            *count += 1;
        }
    }
}

int ferry_listeners(struct ferry_listener *listeners, int room) {
    int descriptor = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (descriptor < 0) return -1;
    struct timeval patience = {2, 0};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    int count = 0;
    int result = 0;
    int families[2] = {AF_INET, AF_INET6};
    for (int index = 0; index < 2 && result == 0; index++) {
        result = ask(descriptor, families[index]);
        if (result == 0) result = read_answers(descriptor, listeners, room, &count);
    }
    int problem = errno;
    close(descriptor);
    errno = problem;
    return result == 0 ? count : -1;
}
