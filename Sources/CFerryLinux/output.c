#include "ferry_output.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int ferry_finish_output(void) {
    errno = 0;
    if (fflush(stdout) != 0) return errno == EPIPE ? 0 : errno;
    if (!ferror(stdout)) return 0;
    // What failed earlier is dropped, and its reason is gone.
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    // A pipe that nobody reads has an error, a socket whose peer has closed has hung up.
    return poll(&output, 1, 0) == 1 && output.revents & (POLLERR | POLLHUP) ? 0 : -1;
}
