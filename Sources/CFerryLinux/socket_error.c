#define _GNU_SOURCE
#include "ferry_socket_error.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/errqueue.h>

int ferry_socket_errors(int descriptor, int wanted) {
    int domain = AF_INET;
    socklen_t size = sizeof domain;
    getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size);
    if (domain == AF_INET6) return setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVERR, &wanted, sizeof wanted);
    return setsockopt(descriptor, IPPROTO_IP, IP_RECVERR, &wanted, sizeof wanted);
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
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
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
    return 1;
}
