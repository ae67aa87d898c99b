#define _GNU_SOURCE
#include "ferry_lease.h"

#include <fcntl.h>

int ferry_take_read_lease(int descriptor) { return fcntl(descriptor, F_SETLEASE, F_RDLCK); }
