// Freezing file systems (FIFREEZE, FITHAW), with a process of its own that thaws them whatever becomes of this one.
#ifndef FERRY_FREEZE_H
#define FERRY_FREEZE_H

#include <stdint.h>

/// How many file systems one freeze can hold.
enum { ferry_freeze_most = 64 };

struct ferry_freeze;

/// Starts the watchdog over the file systems that the descriptors are open on, in the order they are to be thawed.
///
/// The watchdog thaws when it is told to, at the time limit, when this process is gone, and when it gets SIGTERM,
/// SIGINT or SIGHUP. It is in a session of its own and keeps no other descriptor of this process. Only a SIGKILL that
/// strikes both leaves file systems frozen. Returns NULL with errno set.
struct ferry_freeze *ferry_freeze_start(const int *descriptors, int count, int64_t limit_milliseconds);

/// Freezes one of them. Returns 0, or -1 with errno: ETIME if the limit has passed.
int ferry_freeze_one(struct ferry_freeze *freeze, int index);

/// Writes what waits in memory of the file system that `descriptor` is open on, so that little is left for the freeze
/// to write while everybody waits. Returns 0, or -1 with errno.
int ferry_freeze_write_back(int descriptor);

/// Whether the freeze lasts and is watched over: 1, or 0.
int ferry_freeze_is_held(struct ferry_freeze *freeze);

/// Thaws all, and ends the watchdog. Returns 0 if the freeze had lasted until now, 1 if it had ended before, -1 with
/// errno if a file system could not be thawed. Frees `freeze`; the descriptors stay open.
int ferry_freeze_end(struct ferry_freeze *freeze);

/// The process id of the watchdog.
int ferry_freeze_watchdog(const struct ferry_freeze *freeze);

#endif
