// The checksums of on-disk formats.
#ifndef FERRY_CHECKSUM_H
#define FERRY_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// CRC-32C (polynomial 0x1EDC6F41, reflected) continued from `crc`, without inverting before or after: callers of the
/// formats differ in that.
uint32_t ferry_crc32c(uint32_t crc, const void *bytes, size_t count);
/// CRC-32 of IEEE 802.3 (polynomial 0x04C11DB7, reflected), from the start, inverted as GPT wants it.
uint32_t ferry_crc32(const void *bytes, size_t count);
/// CRC-16 (polynomial 0x8005, reflected) continued from `crc`, as ext4's group descriptors use it.
uint16_t ferry_crc16(uint16_t crc, const void *bytes, size_t count);

#endif
