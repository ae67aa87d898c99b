#ifndef SHA_PAIR_H
#define SHA_PAIR_H

#include <stddef.h>
#include <stdint.h>

/// Whether two streams at once are faster here than one after the other.
int ferry_sha256_pair_is_fast(void);

/// Takes `blocks` blocks of 64 bytes into each of two states. Only where `ferry_sha256_pair_is_fast`.
void ferry_sha256_pair_blocks(
    uint32_t first_state[8], const uint8_t *first_data, uint32_t second_state[8], const uint8_t *second_data,
    size_t blocks
);

#endif
