// What TCP_INFO answers, as far as Ferry reads it. The C library's own structure ends before the bytes; an older kernel
// fills less, and what it does not fill stays as it was.
#ifndef FERRY_TCP_H
#define FERRY_TCP_H

#include <stdint.h>

struct ferry_tcp_info {
    uint8_t state, congestion_state, retransmits, probes, backoff, options, window_scales, flags;
    uint32_t retransmission_timeout, ack_timeout, send_segment_size, receive_segment_size;
    uint32_t unacknowledged, selectively_acknowledged, lost, retransmitted, forward_acknowledged;
    uint32_t last_data_sent, last_ack_sent, last_data_received, last_ack_received;
    uint32_t path_mtu, receive_threshold, round_trip, round_trip_variation, send_threshold, congestion_window;
    uint32_t advertised_segment_size, reordering, receive_round_trip, receive_space, total_retransmits;
    /// From here on kernel 3.15.
    uint64_t pacing_rate, most_pacing_rate;
    /// From here on kernel 4.1.
    uint64_t bytes_acknowledged, bytes_received;
    uint32_t segments_sent, segments_received;
    /// From here on kernel 4.6.
    uint32_t not_sent_bytes, least_round_trip, data_segments_received, data_segments_sent;
    /// From here on kernel 4.10; times in microseconds.
    uint64_t delivery_rate, busy_time, receiver_limited_time, send_buffer_limited_time;
    /// From here on kernel 4.18.
    uint32_t delivered, delivered_marked;
    /// From here on kernel 4.19.
    uint64_t bytes_sent, bytes_retransmitted;
    uint32_t duplicates_told, reordering_seen;
    /// From here on kernel 5.4.
    uint32_t received_out_of_order, send_window;
};

#endif
