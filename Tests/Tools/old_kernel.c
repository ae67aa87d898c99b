// Runs a program as a kernel of 3.10 would: every system call that came later is answered with ENOSYS.
//
// usage: old_kernel PROGRAM ARGUMENT...
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

// finit_module, of Linux 3.8, is the last that 3.10 has on x86-64. The numbers of another architecture or of x32 would
// be other calls: nothing that Ferry is uses them, so whoever does is ended.
enum { newest_call = 313, first_x32_call = 0x40000000 };

int main(int count, char **words) {
    if (count < 2) {
        fprintf(stderr, "usage: old_kernel PROGRAM ARGUMENT...\n");
        return 2;
    }
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, first_x32_call, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, newest_call, 0, 2),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof steps / sizeof steps[0], steps};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
        perror("old_kernel: could not make the kernel look old");
        return 125;
    }
    execv(words[1], words + 1);
    perror(words[1]);
    return 127;
}
