#define _GNU_SOURCE
#include "ferry_queue.h"

#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "netlink.h"

struct sum {
    struct ferry_queue_losses *losses;
    unsigned int loopback;
};

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

static void take(const struct nlmsghdr *header, void *context) {
    const struct sum *sum = context;
    if (header->nlmsg_type != RTM_NEWQDISC || header->nlmsg_len < NLMSG_LENGTH(sizeof(struct tcmsg))) return;
    const struct tcmsg *queue = NLMSG_DATA(header);
    if (queue->tcm_parent != TC_H_ROOT || (unsigned int)queue->tcm_ifindex == sum->loopback) return;
    int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *queue));
    struct rtattr *one = (struct rtattr *)((char *)NLMSG_DATA(header) + NLMSG_ALIGN(sizeof *queue));
    for (; RTA_OK(one, left); one = RTA_NEXT(one, left)) {
        if ((one->rta_type & NLA_TYPE_MASK) == TCA_STATS2) add_statistics(one, sum->losses);
    }
}

int ferry_queue_losses(struct ferry_queue_losses *losses) {
    memset(losses, 0, sizeof *losses);
    struct {
        struct nlmsghdr header;
        struct tcmsg question;
    } request;
    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = RTM_GETQDISC;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.question.tcm_family = AF_UNSPEC;
    struct sum sum = {losses, if_nametoindex("lo")};
    return ferry_netlink_dump(NETLINK_ROUTE, &request, sizeof request, take, &sum);
}
