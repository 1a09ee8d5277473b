// What Swift's Glibc module lacks: calls behind _GNU_SOURCE and variadic calls. Wrappers only, no decisions.
#ifndef SPOTCHECK_CSYSTEM_H
#define SPOTCHECK_CSYSTEM_H

/// rename(2) that fails with EEXIST instead of replacing `to`. Where the file system cannot, errno is EINVAL.
int spotcheck_rename_noreplace(const char *from, const char *to);

/// open(2) with all three arguments.
int spotcheck_open(const char *path, int flags, unsigned mode);

/// Tries to take and at once gives back a read lease. 0: no process has the file open for writing;
/// -1 with errno EAGAIN: one has; -1 with another errno: cannot be told here.
int spotcheck_probe_lease(int descriptor);

/// Peak resident memory in bytes and CPU time (user + system) in nanoseconds of this process.
int spotcheck_usage(long long *peak_bytes, long long *cpu_nanoseconds);

/// ignore SIGPIPE, so that writing to a closed pipe is an EPIPE error and not the end of the process.
void spotcheck_ignore_sigpipe(void);

#endif
