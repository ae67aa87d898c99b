// The error queue of a socket (IP_RECVERR, IPV6_RECVERR): who sent which ICMP error about it.
#ifndef FERRY_SOCKET_ERROR_H
#define FERRY_SOCKET_ERROR_H

#include <stdint.h>

struct ferry_socket_error {
    /// The system's error number.
    uint32_t number;
    /// 1 made here, 2 ICMP, 3 ICMPv6.
    uint8_t origin;
    uint8_t type;
    uint8_t code;
    /// 4 or 6 for the family of `from`, 0 if nobody is named.
    uint8_t family;
    /// The largest packet that goes on, where the error tells.
    uint32_t information;
    /// Who sent it, in network order.
    uint8_t from[16];
    /// The time to live that the error's own packet had left; -1 if the kernel does not tell.
    int16_t time_to_live;
    /// Whether the ports and the sequence number of the packet that it is about are known.
    uint8_t quotes;
    uint16_t source_port;
    uint16_t destination_port;
    uint32_t sequence;
};

/// Asks for errors to be queued with their time to live, or no longer. Returns 0, or -1 with errno set.
int ferry_socket_errors(int descriptor, int wanted);
/// Takes the oldest error: 1 if there was one, 0 if not.
int ferry_socket_error_next(int descriptor, struct ferry_socket_error *error);

#endif
