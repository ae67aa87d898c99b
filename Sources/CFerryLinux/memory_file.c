#define _GNU_SOURCE
#include "ferry_memory_file.h"

#include <sys/syscall.h>
#include <unistd.h>

#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1U
#endif

// By number, because a kernel without it must answer ENOSYS and nothing worse.
int ferry_anonymous_file(const char *name) { return (int)syscall(SYS_memfd_create, name, MFD_CLOEXEC); }
