#ifndef FERRY_MEMORY_FILE_H
#define FERRY_MEMORY_FILE_H

/// A file that lives in memory alone. Returns its descriptor, or -1 with errno set (before Linux 3.17).
int ferry_anonymous_file(const char *name);

#endif
