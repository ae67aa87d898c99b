#define _GNU_SOURCE
#include "ferry_priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Numbers of the kernel's linux/ioprio.h, which old sets of headers do not have.
enum { who_process = 1, class_idle = 3, class_shift = 13 };

int ferry_io_idle(void) { return (int)syscall(SYS_ioprio_set, who_process, 0, class_idle << class_shift | 7); }

int ferry_cpu_nice(int level) { return setpriority(PRIO_PROCESS, 0, level); }
