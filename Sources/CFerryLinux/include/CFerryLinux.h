// C at the edge: what Linux offers and Swift cannot import. One header for each facility.
#ifndef C_FERRY_LINUX_H
#define C_FERRY_LINUX_H

#include "ferry_block.h"
#include "ferry_checksum.h"
#include "ferry_freeze.h"
#include "ferry_fsmap.h"
#include "ferry_heap.h"
#include "ferry_lease.h"
#include "ferry_listener.h"
#include "ferry_memory_file.h"
#include "ferry_new_file.h"
#include "ferry_output.h"
#include "ferry_priority.h"
#include "ferry_queue.h"
#include "ferry_socket_error.h"
#include "ferry_sparse.h"
#include "ferry_tap.h"
#include "ferry_tcp.h"

#endif
