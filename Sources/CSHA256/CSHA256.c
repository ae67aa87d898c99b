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

/// A message on its way through one of the two lanes.
struct lane {
    SHA256_CTX context;
    struct ferry_sha256_message *message;
    const uint8_t *rest;
    size_t rest_length;
};

static void begin(struct lane *lane, struct ferry_sha256_message *message) {
    SHA256_Init(&lane->context);
    lane->message = message;
    lane->rest = message->data;
    lane->rest_length = message->length;
}

static void end(struct lane *lane) {
    if (lane->rest_length > 0) SHA256_Update(&lane->context, lane->rest, lane->rest_length);
    SHA256_Final(lane->message->digest, &lane->context);
}

static void advance(struct lane *lane, size_t blocks) {
    note(&lane->context, blocks);
    lane->rest += 64 * blocks;
    lane->rest_length -= 64 * blocks;
}

void ferry_sha256_each(struct ferry_sha256_message *messages, size_t count) {
    if (!ferry_sha256_pair_is_fast() || count < 2) {
        for (size_t i = 0; i < count; i++) ferry_sha256(messages[i].data, messages[i].length, messages[i].digest);
        return;
    }
    struct lane one, two;
    begin(&one, &messages[0]);
    begin(&two, &messages[1]);
    size_t next = 2;
    for (;;) {
        size_t blocks = (one.rest_length < two.rest_length ? one.rest_length : two.rest_length) / 64;
        ferry_sha256_pair_blocks(one.context.h, one.rest, two.context.h, two.rest, blocks);
        advance(&one, blocks);
        advance(&two, blocks);
        // What is left of the shorter message is less than a block; the next message takes its lane.
        struct lane *shorter = one.rest_length < two.rest_length ? &one : &two;
        end(shorter);
        if (next == count) {
            end(shorter == &one ? &two : &one);
            return;
        }
        begin(shorter, &messages[next++]);
    }
}
