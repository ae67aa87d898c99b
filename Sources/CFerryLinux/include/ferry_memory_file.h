#ifndef FERRY_MEMORY_FILE_H
#define FERRY_MEMORY_FILE_H

/// A file that nobody else sees and that is gone when it is closed. It lives in memory alone; before Linux 3.17, where the
/// first folder for temporary files is that may be written to. Returns its descriptor, or -1 with errno set.
int ferry_anonymous_file(const char *name);

#endif
