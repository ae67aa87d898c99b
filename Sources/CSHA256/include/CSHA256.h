#ifndef C_SHA256_H
#define C_SHA256_H

#include <stddef.h>
#include <stdint.h>

/// Writes the SHA-256 of `length` bytes at `data` to the 32 bytes at `digest`.
void ferry_sha256(const void *data, size_t length, void *digest);

/// Writes the SHA-256 of the byte `prefix` followed by `length` bytes at `data` to the 32 bytes at `digest`.
void ferry_sha256_prefixed(uint8_t prefix, const void *data, size_t length, void *digest);

#endif
