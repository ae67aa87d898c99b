#ifndef C_SHA256_H
#define C_SHA256_H

#include <stddef.h>
#include <stdint.h>

/// Writes the SHA-256 of `length` bytes at `data` to the 32 bytes at `digest`.
void ferry_sha256(const void *data, size_t length, void *digest);

/// Writes the SHA-256 of the byte `prefix` followed by `length` bytes at `data` to the 32 bytes at `digest`.
void ferry_sha256_prefixed(uint8_t prefix, const void *data, size_t length, void *digest);

/// Writes the SHA-256 of two runs of bytes to two digests; faster than one after the other where the processor can.
void ferry_sha256_two(
    const void *first, size_t first_length, void *first_digest,
    const void *second, size_t second_length, void *second_digest
);

#endif
