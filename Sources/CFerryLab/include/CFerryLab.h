// What the lab needs of Linux and Swift cannot import.
#ifndef C_FERRY_LAB_H
#define C_FERRY_LAB_H

/// Makes the TUN device `name` (raw IP packets, no headers before them). Returns a descriptor that does not block, or -1
/// with errno. The device is gone when the descriptor is closed.
int ferry_tun_open(const char *name);

/// Leaves the calling thread in a new network namespace. Returns a descriptor that keeps the namespace, or -1 with errno.
int ferry_make_network(void);

/// Enters the network namespace of `descriptor` with the calling thread. Returns 0, or -1 with errno.
int ferry_enter_network(int descriptor);

/// Waits until one of two descriptors can be read, or `nanoseconds` have passed; a negative time waits without end.
/// Returns the sum of 1 for the first and 2 for the second, or -1 with errno.
int ferry_wait_for_two(int first, int second, long long nanoseconds);

/// Lets sleeps of the calling thread end on time: Linux may be up to 50 µs late otherwise.
void ferry_sleep_precisely(void);

/// Turns off what joins packets of a device of the calling thread's namespace into larger ones, and leaves checksums to
/// hardware that is not there. Returns 0, or another number if the device would not have all of it.
int ferry_turn_offloads_off(const char *device);

/// Starts the program `path` with `words`, nothing to read, and these descriptors to write to. It is killed when the calling
/// thread ends, whatever ends that; so the thread has to wait for it. Returns its process, or -1 with errno.
int ferry_start_bound(const char *path, char *const words[], int output, int complaints);

/// What the kernel tells of a captured packet beside its bytes.
struct ferry_captured {
    /// When it was seen, of the wall clock.
    long long seconds;
    unsigned nanoseconds;
    /// Bytes of it, which may be more than there was room for.
    unsigned length;
    /// The header of LINKTYPE_LINUX_SLL2: protocol, device, kind and address of the sender.
    unsigned char header[20];
};

/// Opens a socket that sees all packets of `device` of the calling thread's namespace, or of all devices if it is NULL.
/// Returns a descriptor, or -1 with errno.
int ferry_capture_open(const char *device);

/// Waits for a packet, at most so many milliseconds, and puts its first `room` bytes, from the network layer on, into
/// `bytes`. Returns how many there are, 0 if none came, or -1 with errno.
long ferry_capture_next(int descriptor, unsigned char *bytes, unsigned long room, int milliseconds,
                        struct ferry_captured *captured);

/// Has the kernel kill this process when the thread that started it ends.
void ferry_end_with_parent(void);

#endif
