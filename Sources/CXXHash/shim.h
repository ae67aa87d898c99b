// Header-only, so that no library has to be on the machine that runs. Inlining renames xxHash's functions by macros,
// which Swift does not see: hence the two of our own.
#define XXH_INLINE_ALL
#include <xxhash.h>

static inline uint64_t ferry_xxh3_64(const void *data, size_t length) { return XXH3_64bits(data, length); }

static inline XXH128_hash_t ferry_xxh3_128_keyed(
    const void *data, size_t length, const void *secret, size_t secret_length
) {
    return XXH3_128bits_withSecret(data, length, secret, secret_length);
}
