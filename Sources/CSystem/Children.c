#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

char *const *spotcheck_environment(void) { return environ; }

int spotcheck_pipe(int ends[2], int near) {
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  // Above 2 even if we were started with closed standard streams: the child's 0, 1, 2 are made from them.
  for (int index = 0; index < 2; index++) {
    if (ends[index] > 2) continue;
    int higher = fcntl(ends[index], F_DUPFD_CLOEXEC, 3);
    if (higher < 0) return -1;
    close(ends[index]);
    ends[index] = higher;
  }
  return near < 0 ? 0 : fcntl(ends[near], F_SETFL, O_NONBLOCK);
}

int spotcheck_spawn(
    const char *program, char *const arguments[], char *const environment[], int input, int output, int errors,
    int own_group, int *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int code = posix_spawn_file_actions_init(&actions);
  if (code != 0) return code;
  code = posix_spawnattr_init(&attributes);
  if (code != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return code;
  }
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  pid_t process = 0;
  // The three pipes have numbers above 2 (see the caller), so none overwrites another.
  if ((code = posix_spawn_file_actions_adddup2(&actions, input, 0)) == 0 &&
      (code = posix_spawn_file_actions_adddup2(&actions, output, 1)) == 0 &&
      (code = posix_spawn_file_actions_adddup2(&actions, errors, 2)) == 0 &&
      (code = posix_spawn_file_actions_addclosefrom_np(&actions, 3)) == 0 &&
      (code = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
      (code = posix_spawnattr_setsigdefault(&attributes, &all)) == 0 &&
      (code = posix_spawnattr_setpgroup(&attributes, 0)) == 0 &&
      (code = posix_spawnattr_setflags(
           &attributes,
           (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (own_group ? POSIX_SPAWN_SETPGROUP : 0)))) == 0)
    code = posix_spawnp(&process, program, &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  *child = (int)process;
  return code;
}

int spotcheck_process_descriptor(int process) {
#ifdef SYS_pidfd_open
  return (int)syscall(SYS_pidfd_open, process, 0);
#else
  (void)process;
  errno = ENOSYS;
  return -1;
#endif
}

int spotcheck_reap(int process, int *status, int *signal) {
  int word = 0;
  pid_t result;
  do result = waitpid(process, &word, WNOHANG);
  while (result < 0 && errno == EINTR);
  if (result <= 0) return (int)result;
  *status = WIFEXITED(word) ? WEXITSTATUS(word) : 0;
  *signal = WIFSIGNALED(word) ? WTERMSIG(word) : 0;
  return 1;
}
