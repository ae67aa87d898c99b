#define _GNU_SOURCE
#include "CFerryLab.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/// The child's part. Only calls that are safe between fork and exec; returns only if something failed.
static void become(const char *path, char *const words[], int output, int complaints, pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return;
    // It may have been too late for the signal already.
    if (getppid() != parent) _exit(1);
    // A terminal's signals are for the lab, which ends its programs itself.
    setpgid(0, 0);
    const int numbers[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) signal(numbers[index], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(complaints, 2) < 0) return;
    if (nothing > 2) close(nothing);
    execve(path, words, environ);
}

int ferry_start_bound(const char *path, char *const words[], int output, int complaints) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        become(path, words, output, complaints, parent);
        int number = errno;
        ssize_t written = write(ends[1], &number, sizeof number);
        _exit(written == sizeof number ? 127 : 126);
    }
    int number = child < 0 ? errno : 0;
    close(ends[1]);
    if (child > 0) {
        // The end of the pipe closes when the program begins.
        ssize_t count;
        do count = read(ends[0], &number, sizeof number);
        while (count < 0 && errno == EINTR);
        if (count == 0) number = 0;
        if (number != 0) waitpid(child, NULL, 0);
    }
    close(ends[0]);
    errno = number;
    return number == 0 ? child : -1;
}

void ferry_end_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }
