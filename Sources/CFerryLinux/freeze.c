#define _GNU_SOURCE
#include "ferry_freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { untouched, freezing, frozen, thawed };

// Seen by both processes, so that the watchdog thaws what was frozen and nothing that another program froze.
struct shared {
    atomic_int expired;
    atomic_int states[ferry_freeze_most];
};

struct ferry_freeze {
    struct shared *shared;
    int descriptors[ferry_freeze_most];
    int count;
    int socket;
    pid_t watchdog;
};

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum { nothing_left, some_stuck, some_freezing };

// A freeze under way cannot be undone before it is done, but may be done without its owner having said so: it may be
// stopped. So it is tried again and again until the kernel says that it thawed something, or the owner speaks or is gone.
static int thaw_all(struct shared *shared, const int *descriptors, int count, int owner_is_gone) {
    int left = nothing_left;
    for (int index = 0; index < count; index++) {
        int state = atomic_load(&shared->states[index]);
        if (state != frozen && state != freezing) continue;
        int result = ioctl(descriptors[index], FITHAW, 0);
        // EINVAL: not frozen, so another has thawed it, or the freeze never happened, or is still under way.
        if (result == 0 || (errno == EINVAL && (state == frozen || owner_is_gone))) {
            atomic_store(&shared->states[index], thawed);
        } else if (state == freezing && !owner_is_gone) {
            left = some_freezing;
        } else if (left == nothing_left) {
            left = some_stuck;
        }
    }
    return left;
}

static void close_others(const int *kept, int count, int socket) {
    struct rlimit limit;
    int most = 1024;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 1024) {
        most = limit.rlim_cur > 65536 ? 65536 : (int)limit.rlim_cur;
    }
    for (int descriptor = 0; descriptor < most; descriptor++) {
        int keep = descriptor == socket;
        for (int index = 0; index < count; index++) keep |= descriptor == kept[index];
        if (!keep) close(descriptor);
    }
    // Those above, with close_range(2) of Linux 5.9; before, they stay open until the thaw.
    unsigned int first = (unsigned int)most;
    for (int index = 0; index < count; index++) {
        if (kept[index] >= (int)first) first = (unsigned int)kept[index] + 1;
    }
    if (socket >= (int)first) first = (unsigned int)socket + 1;
    syscall(436, first, ~0u, 0);
}

static int was_told_to_stop(void) {
    sigset_t pending;
    return sigpending(&pending) == 0
        && (sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT) || sigismember(&pending, SIGHUP));
}

// Runs after fork in a process that had threads: only functions that are safe in a signal handler.
static _Noreturn void watch(struct shared *shared, const int *descriptors, int count, int socket, int64_t limit) {
    int64_t deadline = milliseconds() + limit;
    int owner_is_gone = 0;
    char word = 0;
    setsid();
    prctl(PR_SET_NAME, "ferry-thaw");
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (score >= 0) {
        ssize_t ignored = write(score, "-1000", 5);
        (void)ignored;
    }
    close_others(descriptors, count, socket);
    if (send(socket, "R", 1, MSG_NOSIGNAL) != 1) _exit(1);
    while (1) {
        struct pollfd wait = {.fd = socket, .events = POLLIN};
        if (poll(&wait, 1, 20) > 0) {
            ssize_t got = recv(socket, &word, 1, MSG_DONTWAIT);
            if (got == 1) break;
            if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
                owner_is_gone = 1;
                break;
            }
        }
        if (milliseconds() >= deadline || was_told_to_stop()) {
            atomic_store(&shared->expired, 1);
            break;
        }
    }
    int attempts = 0;
    int left;
    while ((left = thaw_all(shared, descriptors, count, owner_is_gone)) != nothing_left) {
        struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
        nanosleep(&pause, NULL);
        char probe;
        // The owner may die while it is freezing.
        if (!owner_is_gone && recv(socket, &probe, 1, MSG_DONTWAIT) == 0) owner_is_gone = 1;
        // A minute: a file system that will not thaw by then never will. How long a freeze takes, nobody knows.
        if (left == some_freezing) attempts = 0;
        if (attempts++ > 6000) break;
    }
    send(socket, atomic_load(&shared->expired) ? "E" : "D", 1, MSG_NOSIGNAL);
    _exit(0);
}

static void discard(struct ferry_freeze *freeze) {
    if (freeze->socket >= 0) close(freeze->socket);
    if (freeze->shared != MAP_FAILED) munmap(freeze->shared, sizeof *freeze->shared);
    free(freeze);
}

static int receive(struct ferry_freeze *freeze, int timeout, char *word) {
    int64_t deadline = milliseconds() + timeout;
    while (1) {
        int64_t left = deadline - milliseconds();
        struct pollfd wait = {.fd = freeze->socket, .events = POLLIN};
        int ready = poll(&wait, 1, left > 0 ? (int)left : 0);
        if (ready > 0) return (int)recv(freeze->socket, word, 1, MSG_DONTWAIT);
        if (ready == 0 || errno != EINTR) return -1;
    }
}

struct ferry_freeze *ferry_freeze_start(const int *descriptors, int count, int64_t limit_milliseconds) {
    if (count < 0 || count > ferry_freeze_most) {
        errno = E2BIG;
        return NULL;
    }
    struct ferry_freeze *freeze = calloc(1, sizeof *freeze);
    if (!freeze) return NULL;
    int sockets[2] = {-1, -1};
    freeze->socket = -1;
    freeze->count = count;
    memcpy(freeze->descriptors, descriptors, sizeof(int) * (size_t)count);
    freeze->shared = mmap(NULL, sizeof *freeze->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (freeze->shared == MAP_FAILED || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
        int number = errno;
        discard(freeze);
        errno = number;
        return NULL;
    }
    freeze->socket = sockets[0];
    // The watchdog keeps all signals blocked, and looks for those that mean the end.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    freeze->watchdog = fork();
    if (freeze->watchdog == 0) {
        watch(freeze->shared, freeze->descriptors, count, sockets[1], limit_milliseconds);
    }
    int number = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(sockets[1]);
    char word = 0;
    if (freeze->watchdog < 0 || receive(freeze, 10000, &word) != 1 || word != 'R') {
        if (freeze->watchdog > 0) {
            kill(freeze->watchdog, SIGKILL);
            while (waitpid(freeze->watchdog, NULL, 0) < 0 && errno == EINTR) {}
            number = EPIPE;
        }
        discard(freeze);
        errno = number;
        return NULL;
    }
    return freeze;
}

int ferry_freeze_one(struct ferry_freeze *freeze, int index) {
    struct shared *shared = freeze->shared;
    if (index < 0 || index >= freeze->count) {
        errno = EINVAL;
        return -1;
    }
    atomic_store(&shared->states[index], freezing);
    if (atomic_load(&shared->expired) || !ferry_freeze_is_held(freeze)) {
        atomic_store(&shared->states[index], untouched);
        errno = ETIME;
        return -1;
    }
    if (ioctl(freeze->descriptors[index], FIFREEZE, 0) != 0) {
        int number = errno;
        atomic_store(&shared->states[index], untouched);
        errno = number;
        return -1;
    }
    // If the limit passed meanwhile, the watchdog has thawed it already, or does so now, or is no more.
    int was = freezing;
    if (!atomic_compare_exchange_strong(&shared->states[index], &was, frozen) || !ferry_freeze_is_held(freeze)) {
        ioctl(freeze->descriptors[index], FITHAW, 0);
        atomic_store(&shared->states[index], thawed);
        errno = ETIME;
        return -1;
    }
    return 0;
}

int ferry_freeze_write_back(int descriptor) { return (int)syscall(SYS_syncfs, descriptor); }

int ferry_freeze_is_held(struct ferry_freeze *freeze) {
    char word;
    if (atomic_load(&freeze->shared->expired)) return 0;
    // Nothing to read: it is there, and has not thawed.
    return recv(freeze->socket, &word, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && (errno == EAGAIN || errno == EINTR);
}

int ferry_freeze_end(struct ferry_freeze *freeze) {
    char word = 0;
    int was_held = ferry_freeze_is_held(freeze);
    int answered = 0;
    if (send(freeze->socket, "T", 1, MSG_NOSIGNAL) == 1) answered = receive(freeze, 30000, &word) == 1;
    int left = 0;
    if (!answered) {
        // The watchdog is dead or stuck: do its work.
        kill(freeze->watchdog, SIGKILL);
        left = thaw_all(freeze->shared, freeze->descriptors, freeze->count, 1);
    }
    int expired = atomic_load(&freeze->shared->expired) || !was_held;
    for (int index = 0; index < freeze->count; index++) {
        left |= atomic_load(&freeze->shared->states[index]) == frozen;
    }
    while (waitpid(freeze->watchdog, NULL, 0) < 0 && errno == EINTR) {}
    discard(freeze);
    if (left) {
        errno = EBUSY;
        return -1;
    }
    return expired ? 1 : 0;
}

int ferry_freeze_watchdog(const struct ferry_freeze *freeze) { return freeze->watchdog; }
