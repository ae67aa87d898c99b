// Header-only, so that the compiler sees the loops and no library has to be on the machine that runs.
#define XXH_INLINE_ALL
#include <xxhash.h>
