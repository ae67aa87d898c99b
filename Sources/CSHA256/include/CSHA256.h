#ifndef C_SHA256_H
#define C_SHA256_H

#include <stddef.h>
#include <stdint.h>

/// Writes the SHA-256 of `length` bytes at `data` to the 32 bytes at `digest`.
void ferry_sha256(const void *data, size_t length, void *digest);

/// Writes the SHA-256 of the byte `prefix` followed by `length` bytes at `data` to the 32 bytes at `digest`.
void ferry_sha256_prefixed(uint8_t prefix, const void *data, size_t length, void *digest);

/// A run of bytes and, once made, its SHA-256.
struct ferry_sha256_message {
    const void *data;
    size_t length;
    uint8_t digest[32];
};

/// Makes the digests of `count` messages; two at a time, which is faster, where the processor can.
void ferry_sha256_each(struct ferry_sha256_message *messages, size_t count);

#endif
