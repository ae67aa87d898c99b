#ifndef FERRY_OUTPUT_H
#define FERRY_OUTPUT_H

/// Writes what the standard output still holds. Returns 0 if all of it could be written, from the beginning on, or nobody
/// reads it any more; else the error number, or -1 where that is not known any more.
int ferry_finish_output(void);

#endif
