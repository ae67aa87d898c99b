#include "ferry_checksum.h"

#include <pthread.h>
#include <string.h>

// Eight tables, so that eight bytes are folded in at a time: "slicing-by-8", Kounavis and Berry, Intel 2005.
static uint32_t crc32c_tables[8][256];
static uint32_t crc32_table[256];
static uint16_t crc16_table[256];
static int has_crc_instruction;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_tables(void) {
    for (uint32_t index = 0; index < 256; index++) {
        uint32_t castagnoli = index, ieee = index, ansi = index;
        for (int bit = 0; bit < 8; bit++) {
            castagnoli = castagnoli >> 1 ^ (castagnoli & 1 ? 0x82F63B78u : 0);
            ieee = ieee >> 1 ^ (ieee & 1 ? 0xEDB88320u : 0);
            ansi = ansi >> 1 ^ (ansi & 1 ? 0xA001u : 0);
        }
        crc32c_tables[0][index] = castagnoli;
        crc32_table[index] = ieee;
        crc16_table[index] = (uint16_t)ansi;
    }
    for (int table = 1; table < 8; table++) {
        for (int index = 0; index < 256; index++) {
            uint32_t before = crc32c_tables[table - 1][index];
            crc32c_tables[table][index] = before >> 8 ^ crc32c_tables[0][before & 255];
        }
    }
#if defined(__x86_64__)
    __builtin_cpu_init();
    has_crc_instruction = __builtin_cpu_supports("sse4.2");
#endif
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_instruction(uint32_t crc, const uint8_t *at, size_t count) {
    uint64_t wide = crc;
    for (; count >= 8; at += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    crc = (uint32_t)wide;
    for (; count > 0; at++, count--) crc = __builtin_ia32_crc32qi(crc, *at);
    return crc;
}
#endif

uint32_t ferry_crc32c(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    pthread_once(&once, make_tables);
#if defined(__x86_64__)
    if (has_crc_instruction) return crc32c_instruction(crc, at, count);
#endif
    for (; count >= 8; at += 8, count -= 8) {
        uint32_t low = crc ^ ((uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24);
        crc = crc32c_tables[7][low & 255] ^ crc32c_tables[6][low >> 8 & 255] ^ crc32c_tables[5][low >> 16 & 255]
            ^ crc32c_tables[4][low >> 24] ^ crc32c_tables[3][at[4]] ^ crc32c_tables[2][at[5]]
            ^ crc32c_tables[1][at[6]] ^ crc32c_tables[0][at[7]];
    }
    for (; count > 0; at++, count--) crc = crc >> 8 ^ crc32c_tables[0][(crc ^ *at) & 255];
    return crc;
}

uint32_t ferry_crc32(const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    uint32_t crc = ~0u;
    pthread_once(&once, make_tables);
    for (; count > 0; at++, count--) crc = crc >> 8 ^ crc32_table[(crc ^ *at) & 255];
    return ~crc;
}

uint16_t ferry_crc16(uint16_t crc, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    pthread_once(&once, make_tables);
    for (; count > 0; at++, count--) crc = (uint16_t)(crc >> 8 ^ crc16_table[(crc ^ *at) & 255]);
    return crc;
}
