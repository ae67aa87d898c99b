#define _GNU_SOURCE
#include "ferry_lease.h"

#include <fcntl.h>

int ferry_take_read_lease(int descriptor) { return fcntl(descriptor, F_SETLEASE, F_RDLCK); }

// While somebody waits to write, the kernel already answers with what the lease is to become.
int ferry_has_read_lease(int descriptor) { return fcntl(descriptor, F_GETLEASE) == F_RDLCK; }
