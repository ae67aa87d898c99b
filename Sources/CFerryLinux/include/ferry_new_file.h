#ifndef FERRY_NEW_FILE_H
#define FERRY_NEW_FILE_H

/// Gives the file `from` the name `to`, unless there is something of that name: then -1 with errno EEXIST. Returns 0, or
/// -1 with errno set.
int ferry_rename_new(const char *from, const char *to);

#endif
