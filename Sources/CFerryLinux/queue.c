#define _GNU_SOURCE
#include "ferry_queue.h"

#include <errno.h>
#include <linux/gen_stats.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int ask(int descriptor) {
    struct {
        struct nlmsghdr header;
        struct tcmsg question;
    } request;
    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = RTM_GETQDISC;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.question.tcm_family = AF_UNSPEC;
    return send(descriptor, &request, sizeof request, 0) == (ssize_t)sizeof request ? 0 : -1;
}

static void add_statistics(struct rtattr *group, struct ferry_queue_losses *losses) {
    int left = (int)RTA_PAYLOAD(group);
    for (struct rtattr *one = RTA_DATA(group); RTA_OK(one, left); one = RTA_NEXT(one, left)) {
        struct gnet_stats_queue queue;
        if (one->rta_type != TCA_STATS_QUEUE || RTA_PAYLOAD(one) < sizeof queue) continue;
        memcpy(&queue, RTA_DATA(one), sizeof queue);
        losses->drops += queue.drops;
        losses->requeues += queue.requeues;
        losses->overlimits += queue.overlimits;
    }
}

static void add(struct nlmsghdr *header, unsigned int loopback, struct ferry_queue_losses *losses) {
    if (header->nlmsg_type != RTM_NEWQDISC || header->nlmsg_len < NLMSG_LENGTH(sizeof(struct tcmsg))) return;
    const struct tcmsg *queue = NLMSG_DATA(header);
    if (queue->tcm_parent != TC_H_ROOT || (unsigned int)queue->tcm_ifindex == loopback) return;
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *queue));
    struct rtattr *one = (struct rtattr *)((char *)NLMSG_DATA(header) + NLMSG_ALIGN(sizeof *queue));
    for (; RTA_OK(one, left); one = RTA_NEXT(one, left)) {
        if ((one->rta_type & NLA_TYPE_MASK) == TCA_STATS2) add_statistics(one, losses);
    }
}

// Reads answers until the last: 0, or -1 with errno set.
static int read_answers(int descriptor, struct ferry_queue_losses *losses) {
    unsigned int loopback = if_nametoindex("lo");
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
            add(header, loopback, losses);
        }
    }
}

int ferry_queue_losses(struct ferry_queue_losses *losses) {
    memset(losses, 0, sizeof *losses);
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (descriptor < 0) return -1;
    struct timeval patience = {2, 0};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    int result = ask(descriptor);
    if (result == 0) result = read_answers(descriptor, losses);
    int problem = errno;
    close(descriptor);
    errno = problem;
    return result;
}
