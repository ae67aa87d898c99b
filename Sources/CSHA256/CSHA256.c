// The low-level calls are deprecated in favour of EVP, which costs a provider look-up and an allocation for each
// digest; a chunk is a few KiB, so that would cost more than the hashing. They use the same SHA-NI and ARMv8 code.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "CSHA256.h"

#include <openssl/sha.h>

void ferry_sha256(const void *data, size_t length, void *digest) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, data, length);
    SHA256_Final(digest, &context);
}

void ferry_sha256_prefixed(uint8_t prefix, const void *data, size_t length, void *digest) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, &prefix, 1);
    SHA256_Update(&context, data, length);
    SHA256_Final(digest, &context);
}
