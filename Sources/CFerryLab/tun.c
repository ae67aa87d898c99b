#define _GNU_SOURCE
#include "CFerryLab.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int ferry_tun_open(const char *name) {
    int descriptor = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return -1;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    if (ioctl(descriptor, TUNSETIFF, &request) != 0) {
        int number = errno;
        close(descriptor);
        errno = number;
        return -1;
    }
    return descriptor;
}

int ferry_make_network(void) {
    if (unshare(CLONE_NEWNET) != 0) return -1;
    return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
}

int ferry_enter_network(int descriptor) { return setns(descriptor, CLONE_NEWNET); }

int ferry_wait_for_two(int first, int second, long long nanoseconds) {
    struct pollfd both[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int ready = ppoll(both, 2, nanoseconds < 0 ? NULL : &limit, NULL);
    if (ready < 0) return errno == EINTR ? 0 : -1;
    return (both[0].revents ? 1 : 0) | (both[1].revents ? 2 : 0);
}

void ferry_sleep_precisely(void) { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }

static int set_offload(int socket, struct ifreq *request, unsigned command) {
    struct ethtool_value value = {.cmd = command, .data = 0};
    request->ifr_data = (char *)&value;
    return ioctl(socket, SIOCETHTOOL, request);
}

int ferry_turn_offloads_off(const char *device) {
    int number = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (number < 0) return -1;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, device, sizeof request.ifr_name - 1);
    int result = set_offload(number, &request, ETHTOOL_STSO);
    result |= set_offload(number, &request, ETHTOOL_SGSO);
    result |= set_offload(number, &request, ETHTOOL_SGRO);
    result |= set_offload(number, &request, ETHTOOL_STXCSUM);
    close(number);
    return result;
}
