// Two SHA-256 streams at once on x86-64 with the SHA extensions. One stream leaves the unit idle for most of its
// latency; two independent ones fill it. The round structure is that of FIPS 180-4 with the instructions' own message
// schedule (Intel Architecture Instruction Set Extensions Programming Reference, SHA256RNDS2, SHA256MSG1, SHA256MSG2).
#include "sha_pair.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

static const uint32_t round_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// Asked once: on a virtual machine CPUID leaves the guest, which costs as much as hashing several KiB.
static int is_fast;

__attribute__((constructor)) static void look(void) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & (1u << 29))) return;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return;
    is_fast = (c & (1u << 9)) && (c & (1u << 19));  // SSSE3 and SSE4.1
}

int ferry_sha256_pair_is_fast(void) { return is_fast; }

struct stream {
    __m128i abef, cdgh;
};

__attribute__((target("sha,ssse3,sse4.1"), always_inline)) static inline struct stream load(const uint32_t state[8]) {
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&state[0]), 0xB1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&state[4]), 0x1B);
    return (struct stream){_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xF0)};
}

__attribute__((target("sha,ssse3,sse4.1"), always_inline)) static inline void store(
    struct stream stream, uint32_t state[8]
) {
    __m128i low = _mm_shuffle_epi32(stream.abef, 0x1B);
    __m128i high = _mm_shuffle_epi32(stream.cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)&state[0], _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)&state[4], _mm_alignr_epi8(high, low, 8));
}

/// Four rounds of both streams; `m` are the four last schedule words, rotated by the caller.
#define ROUNDS(step, x, y)                                                                          \
    do {                                                                                            \
        __m128i constant = _mm_load_si128((const __m128i *)&round_constants[4 * (step)]);           \
        __m128i wx = _mm_add_epi32(x, constant);                                                    \
        __m128i wy = _mm_add_epi32(y, constant);                                                    \
        first.cdgh = _mm_sha256rnds2_epu32(first.cdgh, first.abef, wx);                             \
        second.cdgh = _mm_sha256rnds2_epu32(second.cdgh, second.abef, wy);                          \
        wx = _mm_shuffle_epi32(wx, 0x0E);                                                           \
        wy = _mm_shuffle_epi32(wy, 0x0E);                                                           \
        first.abef = _mm_sha256rnds2_epu32(first.abef, first.cdgh, wx);                             \
        second.abef = _mm_sha256rnds2_epu32(second.abef, second.cdgh, wy);                          \
    } while (0)

/// The next four schedule words, in place of the oldest: w[t-16 .. t-13] become w[t .. t+3].
#define SCHEDULE(m0, m1, m2, m3)                                                                    \
    (m0 = _mm_sha256msg2_epu32(                                                                     \
         _mm_add_epi32(_mm_sha256msg1_epu32(m0, m1), _mm_alignr_epi8(m3, m2, 4)), m3))

/// Four schedule words of a block of `data`.
#define WORDS(data, group) _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)((data) + 16 * (group))), swap)

/// Sixteen rounds of both streams with the next sixteen schedule words. Written out, because a loop would put the
/// words into memory.
#define SIXTEEN(step)                                                                               \
    do {                                                                                            \
        SCHEDULE(a0, a1, a2, a3);                                                                   \
        SCHEDULE(b0, b1, b2, b3);                                                                   \
        ROUNDS((step), a0, b0);                                                                     \
        SCHEDULE(a1, a2, a3, a0);                                                                   \
        SCHEDULE(b1, b2, b3, b0);                                                                   \
        ROUNDS((step) + 1, a1, b1);                                                                 \
        SCHEDULE(a2, a3, a0, a1);                                                                   \
        SCHEDULE(b2, b3, b0, b1);                                                                   \
        ROUNDS((step) + 2, a2, b2);                                                                 \
        SCHEDULE(a3, a0, a1, a2);                                                                   \
        SCHEDULE(b3, b0, b1, b2);                                                                   \
        ROUNDS((step) + 3, a3, b3);                                                                 \
    } while (0)

__attribute__((target("sha,ssse3,sse4.1"))) void ferry_sha256_pair_blocks(
    uint32_t first_state[8], const uint8_t *first_data, uint32_t second_state[8], const uint8_t *second_data,
    size_t blocks
) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    struct stream first = load(first_state);
    struct stream second = load(second_state);
    for (; blocks > 0; blocks--, first_data += 64, second_data += 64) {
        struct stream first_before = first, second_before = second;
        __m128i a0 = WORDS(first_data, 0), a1 = WORDS(first_data, 1);
        __m128i a2 = WORDS(first_data, 2), a3 = WORDS(first_data, 3);
        __m128i b0 = WORDS(second_data, 0), b1 = WORDS(second_data, 1);
        __m128i b2 = WORDS(second_data, 2), b3 = WORDS(second_data, 3);
        ROUNDS(0, a0, b0);
        ROUNDS(1, a1, b1);
        ROUNDS(2, a2, b2);
        ROUNDS(3, a3, b3);
        SIXTEEN(4);
        SIXTEEN(8);
        SIXTEEN(12);
        first.abef = _mm_add_epi32(first.abef, first_before.abef);
        first.cdgh = _mm_add_epi32(first.cdgh, first_before.cdgh);
        second.abef = _mm_add_epi32(second.abef, second_before.abef);
        second.cdgh = _mm_add_epi32(second.cdgh, second_before.cdgh);
    }
    store(first, first_state);
    store(second, second_state);
}

#else

int ferry_sha256_pair_is_fast(void) { return 0; }

void ferry_sha256_pair_blocks(
    uint32_t first_state[8], const uint8_t *first_data, uint32_t second_state[8], const uint8_t *second_data,
    size_t blocks
) {
    (void)first_state, (void)first_data, (void)second_state, (void)second_data, (void)blocks;
}

#endif
