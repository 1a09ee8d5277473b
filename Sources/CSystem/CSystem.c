#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int spotcheck_rename_noreplace_at(int from_folder, const char *from, int to_folder, const char *to) {
  if (renameat2(from_folder, from, to_folder, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  if (linkat(from_folder, from, to_folder, to, 0) != 0) {
    if (errno != EEXIST && errno != EXDEV && errno != ENOENT && errno != EACCES && errno != ENOSPC) errno = EINVAL;
    return -1;
  }
  return unlinkat(from_folder, from, 0);
}

int spotcheck_rename_noreplace(const char *from, const char *to) {
  return spotcheck_rename_noreplace_at(AT_FDCWD, from, AT_FDCWD, to);
}

int spotcheck_open(const char *path, int flags, unsigned mode) { return open(path, flags, (mode_t)mode); }

int spotcheck_open_at(int folder, const char *path, int flags, unsigned mode) {
  return openat(folder, path, flags, (mode_t)mode);
}

int spotcheck_open_folder_beneath(int folder, const char *path) {
  struct open_how how = {
      .flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
  };
  return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

int spotcheck_share_blocks(int from, int to) { return ioctl(to, FICLONE, from); }

void spotcheck_trim_memory(void) { (void)malloc_trim(0); }

void spotcheck_begin_writing(int descriptor, long long offset, long long count) {
  int saved = errno;
  (void)sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
  errno = saved;
}

int spotcheck_finish_writing(int descriptor, long long offset, long long count) {
  int flags = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  if (sync_file_range(descriptor, offset, count, flags) == 0) return 0;
  return errno == ESPIPE || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -1;
}

long long spotcheck_bytes_in_memory(int descriptor, long long offset, long long count) {
  // Younger than the headers of the systems that we build on; the number is the same on every processor.
  enum { cachestat_number = 451 };
  struct {
    unsigned long long offset, length;
  } range = {(unsigned long long)offset, (unsigned long long)count};
  struct {
    unsigned long long cached, dirty, writeback, evicted, recently_evicted;
  } pages = {0};
  int saved = errno;
  long result = syscall(cachestat_number, (unsigned)descriptor, &range, &pages, 0U);
  errno = saved;
  if (result != 0) return -1;
  return (long long)pages.cached * sysconf(_SC_PAGESIZE);
}

int spotcheck_probe_lease(int descriptor) {
  if (fcntl(descriptor, F_SETLEASE, F_RDLCK) != 0) return -1;
  (void)fcntl(descriptor, F_SETLEASE, F_UNLCK);
  return 0;
}

int spotcheck_file_system(const char *path, unsigned long *magic, unsigned long long *total, unsigned long long *free) {
  struct statfs buffer;
  if (statfs(path, &buffer) != 0) return -1;
  unsigned long long unit = (unsigned long long)(buffer.f_frsize > 0 ? buffer.f_frsize : buffer.f_bsize);
  *magic = (unsigned long)buffer.f_type & 0xFFFFFFFFUL;
  if (__builtin_mul_overflow((unsigned long long)buffer.f_blocks, unit, total)) *total = ~0ULL;
  if (__builtin_mul_overflow((unsigned long long)buffer.f_bavail, unit, free)) *free = ~0ULL;
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

void spotcheck_ignore_sigxfsz(void) { signal(SIGXFSZ, SIG_IGN); }

long spotcheck_raise_descriptors(long wanted) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < (rlim_t)wanted) {
    rlim_t allowed = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > (rlim_t)wanted ? (rlim_t)wanted : limit.rlim_max;
    struct rlimit raised = {allowed, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit.rlim_cur = allowed;
  }
  return limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > 1 << 20 ? 1 << 20 : (long)limit.rlim_cur;
}

long spotcheck_write_pipe(int descriptor, const void *bytes, unsigned long count) {
  sigset_t broken, before, pending;
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  sigpending(&pending);
  if (pthread_sigmask(SIG_BLOCK, &broken, &before) != 0) return -1;
  long result = write(descriptor, bytes, count);
  int code = errno;
  // The signal is meant for this thread: take it away, unless one was waiting before.
  if (result < 0 && code == EPIPE && !sigismember(&pending, SIGPIPE)) {
    struct timespec none = {0, 0};
    while (sigtimedwait(&broken, NULL, &none) < 0 && errno == EINTR) continue;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = code;
  return result;
}
