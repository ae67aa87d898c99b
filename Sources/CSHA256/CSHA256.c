// The low-level calls are deprecated in favour of EVP, which costs a provider look-up and an allocation for each
// digest; a chunk is a few KiB, so that would cost more than the hashing. They use the same SHA-NI and ARMv8 code.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "CSHA256.h"

#include <openssl/sha.h>

#include "sha_pair.h"

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

/// Tells a context that `blocks` blocks were taken into its state behind its back.
static void note(SHA256_CTX *context, size_t blocks) {
    uint64_t bits = (((uint64_t)context->Nh << 32) | context->Nl) + (uint64_t)blocks * 512;
    context->Nl = (SHA_LONG)bits;
    context->Nh = (SHA_LONG)(bits >> 32);
}

void ferry_sha256_two(
    const void *first, size_t first_length, void *first_digest,
    const void *second, size_t second_length, void *second_digest
) {
    if (!ferry_sha256_pair_is_fast()) {
        ferry_sha256(first, first_length, first_digest);
        ferry_sha256(second, second_length, second_digest);
        return;
    }
    SHA256_CTX one, two;
    SHA256_Init(&one);
    SHA256_Init(&two);
    size_t blocks = (first_length < second_length ? first_length : second_length) / 64;
    ferry_sha256_pair_blocks(one.h, first, two.h, second, blocks);
    note(&one, blocks);
    note(&two, blocks);
    SHA256_Update(&one, (const uint8_t *)first + 64 * blocks, first_length - 64 * blocks);
    SHA256_Update(&two, (const uint8_t *)second + 64 * blocks, second_length - 64 * blocks);
    SHA256_Final(first_digest, &one);
    SHA256_Final(second_digest, &two);
}
