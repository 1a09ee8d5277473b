#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

int spotcheck_rename_noreplace(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int spotcheck_open(const char *path, int flags, unsigned mode) { return open(path, flags, (mode_t)mode); }

int spotcheck_probe_lease(int descriptor) {
  if (fcntl(descriptor, F_SETLEASE, F_RDLCK) != 0) return -1;
  (void)fcntl(descriptor, F_SETLEASE, F_UNLCK);
  return 0;
}

int spotcheck_usage(long long *peak_bytes, long long *cpu_nanoseconds) {
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0) return -1;
  *peak_bytes = (long long)usage.ru_maxrss * 1024;
  *cpu_nanoseconds = ((long long)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
                     ((long long)usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
  return 0;
}

void spotcheck_ignore_sigpipe(void) { signal(SIGPIPE, SIG_IGN); }
