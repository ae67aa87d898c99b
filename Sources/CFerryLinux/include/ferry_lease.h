#ifndef FERRY_LEASE_H
#define FERRY_LEASE_H

/// Takes a read lease on an open file. Returns 0, or -1 with errno set.
int ferry_take_read_lease(int descriptor);

#endif
