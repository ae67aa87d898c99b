#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int read_all(const char *path, uint8_t *buffer, size_t length) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return 0;
    size_t done = 0;
    while (done < length) {
        ssize_t count = read(descriptor, buffer + done, length - done);
        if (count <= 0) break;
        done += (size_t)count;
    }
    close(descriptor);
    return done == length;
}

static int digit(uint8_t character) {
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    return -1;
}

/// Eight bytes of one random UUID: its halves laid over each other, so that its six fixed bits fix nothing.
static int uuid_bytes(uint8_t bytes[8]) {
    uint8_t text[36];
    if (!read_all("/proc/sys/kernel/random/uuid", text, sizeof text)) return 0;
    uint8_t all[16];
    int nibbles = 0;
    for (size_t index = 0; index < sizeof text && nibbles < 32; index++) {
        int value = digit(text[index]);
        if (value < 0) continue;
        all[nibbles / 2] = (uint8_t)(nibbles % 2 ? all[nibbles / 2] | value : value << 4);
        nibbles++;
    }
    for (int index = 0; index < 8; index++) bytes[index] = all[index] ^ all[index + 8];
    return nibbles == 32;
}

/// The source of Swift's randomness, in place of the runtime's own, which ends the program where the kernel has no
/// getrandom (before Linux 3.17) and there is no /dev: in a chroot that holds nothing but /proc.
void swift_stdlib_random(void *buffer, size_t length) {
    uint8_t *next = buffer;
    size_t left = length;
    while (left > 0) {
        long count = syscall(SYS_getrandom, next, left, 0);
        if (count <= 0) break;
        next += count;
        left -= (size_t)count;
    }
    if (left == 0 || read_all("/dev/urandom", next, left)) return;
    while (left > 0) {
        uint8_t bytes[8];
        if (!uuid_bytes(bytes)) abort();
        for (int index = 0; index < 8 && left > 0; index++, left--) *next++ = bytes[index];
    }
}
