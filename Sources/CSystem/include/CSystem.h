// What Swift's Glibc module lacks: calls behind _GNU_SOURCE, variadic calls, and code that runs inside a signal
// handler. Wrappers only, no decisions.
#ifndef SPOTCHECK_CSYSTEM_H
#define SPOTCHECK_CSYSTEM_H

#include <sys/stat.h>

/// rename(2) that fails with EEXIST instead of replacing `to`. Where the file system cannot, a file is linked and
/// unlinked instead: the same, but a crash in between leaves both names. Folders are EINVAL there.
int spotcheck_rename_noreplace(const char *from, const char *to);

/// The same between two open folders.
int spotcheck_rename_noreplace_at(int from_folder, const char *from, int to_folder, const char *to);

/// open(2) with all three arguments.
int spotcheck_open(const char *path, int flags, unsigned mode);

/// openat(2) with all four arguments.
int spotcheck_open_at(int folder, const char *path, int flags, unsigned mode);

/// Opens a folder below another: no symbolic link, no `..`, no absolute path on the way (openat2, Linux 5.6).
/// -1 with ENOSYS or EPERM where the kernel or a sandbox does not have the call.
int spotcheck_open_folder_beneath(int folder, const char *path);

/// Lets an empty file share all blocks of another (FICLONE), where the file system can.
int spotcheck_share_blocks(int from, int to);

/// Asks the kernel to begin to write a stretch of a file to the disk, and does not wait (sync_file_range). Makes nothing
/// durable; where the file system cannot, nothing happens.
void spotcheck_begin_writing(int descriptor, long long offset, long long count);

/// Waits until a stretch of a file is written to the disk (sync_file_range). Makes nothing durable. 0, also where the file
/// system cannot; -1 with errno if the disk has failed: that is told once, and not again by fsync(2).
int spotcheck_finish_writing(int descriptor, long long offset, long long count);

/// Bytes of a stretch of a file that the system holds in memory (cachestat, Linux 6.5); -1 where it cannot tell.
long long spotcheck_bytes_in_memory(int descriptor, long long offset, long long count);

/// Tries to take and at once gives back a read lease. 0: no process has the file open for writing;
/// -1 with errno EAGAIN: one has; -1 with another errno: cannot be told here.
int spotcheck_probe_lease(int descriptor);

/// Magic number, and total and free bytes (for this user) of the file system of a path.
int spotcheck_file_system(const char *path, unsigned long *magic, unsigned long long *total, unsigned long long *free);

/// Gives back to the system what malloc holds and nobody uses (malloc_trim).
void spotcheck_trim_memory(void);

/// Peak resident memory in bytes and CPU time (user + system) in nanoseconds of this process.
int spotcheck_usage(long long *peak_bytes, long long *cpu_nanoseconds);

/// ignore SIGPIPE, so that writing to a closed pipe is an EPIPE error and not the end of the process.
void spotcheck_ignore_sigpipe(void);

/// ignore SIGXFSZ, so that a file that may not grow is an EFBIG error and not the end of the process.
void spotcheck_ignore_sigxfsz(void);

/// Raises the number of descriptors to `wanted`, as far as it is allowed. The number that is in force then; -1 with
/// errno.
long spotcheck_raise_descriptors(long wanted);

/// write(2) that never raises SIGPIPE, whatever the process does with that signal.
long spotcheck_write_pipe(int descriptor, const void *bytes, unsigned long count);

// Signals.c: asking the process to stop.

/// Installs the handlers of SIGTERM, SIGINT, SIGHUP (unless it is ignored, as under nohup) and SIGUSR1, once.
/// 0, or -1 with errno.
int spotcheck_stop_install(void);

/// The signal that asked first, or 0.
int spotcheck_stop_requested(void);

/// Becomes readable with the first request and stays so; -1 before installation.
int spotcheck_stop_descriptor(void);

/// Readable while a SIGUSR1 has not been taken; -1 before installation.
int spotcheck_status_descriptor(void);

/// 1 if SIGUSR1 came since the last call.
int spotcheck_status_take(void);

/// For tests: as if no signal had come.
void spotcheck_stop_reset(void);

// BusGuard.c: files that are cut while they are mapped.

/// Protects a read-only mapping: a page of it that the file no longer has reads as zeros and marks the mapping as torn.
/// Returns a handle, or -1 if all places are taken: then the mapping is not protected.
int spotcheck_guard_add(const void *start, unsigned long count);

/// 1 if a page was missing.
int spotcheck_guard_is_torn(int handle);

/// Ends the protection. To be called before munmap(2).
void spotcheck_guard_remove(int handle);

// Children.c: starting other programs.

/// Starts a program in a process group of its own (or in ours, where a terminal's signals reach it), default signals,
/// empty mask, with the three descriptors as 0, 1, 2 and no other. 0 and the process in `child`, or an errno.
int spotcheck_spawn(
    const char *program, char *const arguments[], char *const environment[], int input, int output, int errors,
    int own_group, int *child);

/// A descriptor that becomes readable when the process ends; -1 where the kernel cannot.
int spotcheck_process_descriptor(int process);

/// The environment of this process.
char *const *spotcheck_environment(void);

/// Exit status in `status` and 0, or the number of the signal that ended it in `signal`. Returns 1 if it has ended,
/// 0 if not yet, -1 with errno.
int spotcheck_reap(int process, int *status, int *signal);

/// A pipe with both ends closed on exec. `near` is the index of the end that shall not block; negative: both may.
int spotcheck_pipe(int ends[2], int near);

// Terminal.c: a session at a terminal.

/// Remembers how the terminal on standard input is set, if there is one, and sees to it that it is set so again whatever
/// signal ends the process; the child that is waited for ends with us. In a dialogue SIGINT and SIGQUIT end nothing while
/// no line is being edited. Once. 0, or -1 with errno.
int spotcheck_session_begin(int dialogue);

/// Every key at once and unchanged, none of them a signal. 0, or -1 with errno.
int spotcheck_terminal_raw(void);

/// As it was at the beginning.
void spotcheck_terminal_restore(void);

/// Waits for input. 1 if there is some (or its end), 0 if the terminal has another size, -1 with errno.
int spotcheck_terminal_wait(void);

/// Stops this process as Ctrl-Z does; returns when it goes on.
void spotcheck_terminal_suspend(void);

/// Waits for the end of a child in our process group. What the terminal says meanwhile (interrupt, quit) is the child's.
/// The outcome as of spotcheck_reap.
int spotcheck_wait_foreground(int process, int *status, int *signal);

/// Whether SIGINT and SIGQUIT are for a program that we have started, and not for us.
void spotcheck_leave_interrupts(int to_child);

#endif
