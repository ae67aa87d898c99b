// Runs a program for which the disk has bad blocks: every pread that touches the bytes from FROM to before TO of a file,
// whichever it is, fails with EIO.
//
// usage: failing_reads FROM TO PROGRAM ARGUMENT...
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// A filter computes with 32 bits: offsets of 4 GiB and more are not looked at. The low half of an argument comes first.
#define LOW_HALF(argument) offsetof(struct seccomp_data, args[argument])
#define HIGH_HALF(argument) (offsetof(struct seccomp_data, args[argument]) + 4)

enum { length_argument = 2, offset_argument = 3 };

int main(int count, char **words) {
    if (count < 4) {
        fprintf(stderr, "usage: failing_reads FROM TO PROGRAM ARGUMENT...\n");
        return 2;
    }
    unsigned from = (unsigned)strtoul(words[1], NULL, 10);
    unsigned to = (unsigned)strtoul(words[2], NULL, 10);
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pread64, 0, 9),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, HIGH_HALF(offset_argument)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 7),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(offset_argument)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, to, 5, 0),
        BPF_STMT(BPF_MISC | BPF_TAX, 0),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(length_argument)),
        BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, from, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof steps / sizeof steps[0], steps};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
        perror("failing_reads: could not make reads fail");
        return 125;
    }
    execv(words[3], words + 3);
    perror(words[3]);
    return 127;
}
