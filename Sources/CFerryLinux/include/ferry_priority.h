// Being a polite guest on a source server.
#ifndef FERRY_PRIORITY_H
#define FERRY_PRIORITY_H

/// Puts the calling thread into the idle I/O class: it is served when nobody else wants the disk. Threads made later
/// by it inherit that. Returns 0, or -1 with errno set.
int ferry_io_idle(void);
/// Sets the calling thread's nice level, 19 being the most polite. Returns 0, or -1 with errno set.
int ferry_cpu_nice(int level);

#endif
