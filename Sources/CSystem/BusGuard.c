#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// A page of a mapped file that the file no longer has raises SIGBUS in whoever touches it. The handler looks whether
// the address is in a mapping that we know, puts zeros there, and marks the mapping: the reader goes on, with numbers
// that are refused afterwards. It takes no lock, because the thread may hold any.

enum { places = 65536 };

typedef struct {
  // Odd while the place is being changed: what was read meanwhile does not count. The place of the mapping that the
  // interrupted thread is reading cannot change, because the thread keeps it alive.
  atomic_uint version;
  atomic_int is_taken;
  atomic_int is_torn;
  _Atomic uintptr_t start;
  _Atomic uintptr_t end;
} place;

static place table[places];
// No place from here on was ever used.
static atomic_uint used;
static atomic_uint hint;
static struct sigaction before;
static uintptr_t page_size = 4096;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int mend(uintptr_t address) {
  unsigned count = atomic_load(&used);
  for (unsigned index = 0; index < count; index++) {
    place *at = &table[index];
    unsigned version = atomic_load(&at->version);
    uintptr_t start = atomic_load(&at->start);
    uintptr_t end = atomic_load(&at->end);
    if (version % 2 != 0 || address < start || address >= end || atomic_load(&at->version) != version) continue;
    // All the rest of it: what follows is lost too or worth nothing, and one fault is cheaper than thousands.
    uintptr_t page = address & ~(page_size - 1);
    uintptr_t length = (end - page + page_size - 1) & ~(page_size - 1);
    atomic_store(&at->is_torn, 1);
    void *zeros = mmap((void *)page, length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return zeros != MAP_FAILED;
  }
  return 0;
}

static void on_bus_error(int number, siginfo_t *info, void *context) {
  int code = errno;
  (void)context;
  int is_fault = info->si_code == BUS_ADRERR || info->si_code == BUS_ADRALN || info->si_code == BUS_OBJERR ||
                 info->si_code == BUS_MCEERR_AR;
  if (!(is_fault && mend((uintptr_t)info->si_addr))) {
    // Not ours: whoever was there before us, or the default, which ends the process.
    sigaction(number, &before, NULL);
    if (!is_fault) raise(number);
  }
  errno = code;
}

static void install(void) {
  long size = sysconf(_SC_PAGESIZE);
  if (size > 0) page_size = (uintptr_t)size;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &before);
}

int spotcheck_guard_add(const void *start, unsigned long count) {
  pthread_once(&once, install);
  unsigned first = atomic_load(&hint);
  for (unsigned step = 0; step < places; step++) {
    unsigned index = (first + step) % places;
    place *at = &table[index];
    int free = 0;
    if (!atomic_compare_exchange_strong(&at->is_taken, &free, 1)) continue;
    atomic_fetch_add(&at->version, 1);
    atomic_store(&at->is_torn, 0);
    atomic_store(&at->start, (uintptr_t)start);
    atomic_store(&at->end, (uintptr_t)start + count);
    atomic_fetch_add(&at->version, 1);
    unsigned known = atomic_load(&used);
    while (known < index + 1 && !atomic_compare_exchange_weak(&used, &known, index + 1)) continue;
    atomic_store(&hint, (index + 1) % places);
    return (int)index;
  }
  return -1;
}

int spotcheck_guard_is_torn(int handle) {
  return handle >= 0 && handle < places && atomic_load(&table[handle].is_torn);
}

void spotcheck_guard_remove(int handle) {
  if (handle < 0 || handle >= places) return;
  place *at = &table[handle];
  atomic_fetch_add(&at->version, 1);
  atomic_store(&at->start, 0);
  atomic_store(&at->end, 0);
  atomic_fetch_add(&at->version, 1);
  atomic_store(&at->is_torn, 0);
  atomic_store(&at->is_taken, 0);
  // Low places first, so that the handler has few to look at.
  unsigned known = atomic_load(&hint);
  while ((unsigned)handle < known && !atomic_compare_exchange_weak(&hint, &known, (unsigned)handle)) continue;
}
