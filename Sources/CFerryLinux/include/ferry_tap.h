// Packets as they pass this host's devices (AF_PACKET, without the link's header), and packets of our own making. Both
// need CAP_NET_RAW.
#ifndef FERRY_TAP_H
#define FERRY_TAP_H

#include <stddef.h>
#include <stdint.h>

/// An instruction of a classic BPF filter.
struct ferry_filter_instruction {
    uint16_t code;
    uint8_t if_true;
    uint8_t if_false;
    uint32_t value;
};

/// A packet that passed.
struct ferry_tapped {
    /// Nanoseconds of the wall clock.
    int64_t time;
    /// Bytes of it, captured or not.
    uint32_t length;
    /// The device, by number.
    int32_t device;
    /// 1 if it was sent from here, else 0.
    uint8_t is_outgoing;
    /// 1 if the device is a loopback.
    uint8_t is_loopback;
};

/// Taps all devices for what the filter takes, from the moment on that it returns. `room` is the size of the kernel's
/// buffer in bytes. Returns a descriptor that does not block, or -1 with errno set.
int ferry_tap_open(const struct ferry_filter_instruction *filter, uint16_t count, int room);
/// Takes the oldest packet that waits. Returns how many bytes of it are in `buffer`, 0 if none waits, or -1 with errno set.
int ferry_tap_next(int descriptor, void *buffer, size_t room, struct ferry_tapped *packet);
/// How many packets the kernel could not keep since the last time it was asked.
uint32_t ferry_tap_lost(int descriptor);

/// A socket for packets of our own making with their headers, of AF_INET or AF_INET6. Returns it, or -1 with errno set.
int ferry_raw_open(int family);

#endif
