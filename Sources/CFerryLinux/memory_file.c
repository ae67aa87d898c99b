#define _GNU_SOURCE
#include "ferry_memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1U
#endif

// Where a file without a name most likely lies in memory, and then wherever one may be made.
static const char *const folders[] = {"/dev/shm", "/run", "/tmp", "/var/tmp", "."};

static int unnamed_file(const char *name) {
    for (size_t index = 0; index < sizeof folders / sizeof *folders; index++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s.%ld.%d", folders[index], name, (long)getpid(), (int)index);
        int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (descriptor < 0) continue;
        unlink(path);
        return descriptor;
    }
    return -1;
}

int ferry_anonymous_file(const char *name) {
    // By number, because a kernel without it must answer ENOSYS and nothing worse.
    int descriptor = (int)syscall(SYS_memfd_create, name, MFD_CLOEXEC);
    return descriptor < 0 && errno == ENOSYS ? unnamed_file(name) : descriptor;
}
