#define _GNU_SOURCE
#include "ferry_socket_error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/errqueue.h>

int ferry_socket_errors(int descriptor, int wanted) {
    int domain = AF_INET;
    socklen_t size = sizeof domain;
    getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size);
    // Without the time to live an error is still worth having.
    if (domain == AF_INET6) {
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &wanted, sizeof wanted);
        return setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVERR, &wanted, sizeof wanted);
    }
    setsockopt(descriptor, IPPROTO_IP, IP_RECVTTL, &wanted, sizeof wanted);
    return setsockopt(descriptor, IPPROTO_IP, IP_RECVERR, &wanted, sizeof wanted);
}

/// Takes what is quoted of a TCP header; of a connection the kernel hands over what follows the quoted IP header.
static void quote(struct ferry_socket_error *error, const char *bytes, ssize_t count) {
    if (count < 8 || (error->origin != SO_EE_ORIGIN_ICMP && error->origin != SO_EE_ORIGIN_ICMP6)) return;
    memcpy(&error->source_port, bytes, 2);
    memcpy(&error->destination_port, bytes + 2, 2);
    memcpy(&error->sequence, bytes + 4, 4);
    error->source_port = ntohs(error->source_port);
    error->destination_port = ntohs(error->destination_port);
    error->sequence = ntohl(error->sequence);
    error->quotes = 1;
}

int ferry_socket_error_next(int descriptor, struct ferry_socket_error *error) {
    char control[512];
    char quoted[128];
    struct iovec part = {quoted, sizeof quoted};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t count;
    do {
        count = recvmsg(descriptor, &message, MSG_ERRQUEUE | MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return 0;
    memset(error, 0, sizeof *error);
    error->time_to_live = -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        int isLimit = (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_TTL)
            || (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_HOPLIMIT);
        if (isLimit && header->cmsg_len >= CMSG_LEN(sizeof(int))) {
            int limit;
            memcpy(&limit, CMSG_DATA(header), sizeof limit);
            if (limit >= 0 && limit <= 255) error->time_to_live = (int16_t)limit;
        }
        int isOurs = (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR)
            || (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR);
        if (!isOurs) continue;
        const struct sock_extended_err *told = (const struct sock_extended_err *)CMSG_DATA(header);
        error->number = told->ee_errno;
        error->origin = told->ee_origin;
        error->type = told->ee_type;
        error->code = told->ee_code;
        error->information = told->ee_info;
        const struct sockaddr *offender = SO_EE_OFFENDER(told);
        if (offender->sa_family == AF_INET) {
            error->family = 4;
            memcpy(error->from, &((const struct sockaddr_in *)offender)->sin_addr, 4);
        } else if (offender->sa_family == AF_INET6) {
            error->family = 6;
            memcpy(error->from, &((const struct sockaddr_in6 *)offender)->sin6_addr, 16);
        }
    }
    quote(error, quoted, count);
    return 1;
}
