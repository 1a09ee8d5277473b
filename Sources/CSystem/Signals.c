#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Everything the handlers touch is lock-free, and they call only what signal-safety(7) allows.

static atomic_int requested;
static atomic_int status_wanted;
static atomic_llong requested_at;
static int stop_pipe[2] = {-1, -1};
static int status_pipe[2] = {-1, -1};

// timeout(1), sudo(8) and a terminal may deliver one wish twice; only what comes later than this is a second wish.
static const long long same_wish_milliseconds = 300;

static long long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_stop(int number) {
  int code = errno;
  long long now = milliseconds();
  int none = 0;
  long long never = 0;
  if (atomic_compare_exchange_strong(&requested_at, &never, now)) {
    atomic_compare_exchange_strong(&requested, &none, number);
    (void)!write(stop_pipe[1], "x", 1);
  } else if (now - never > same_wish_milliseconds) {
    _exit(128 + number);
  }
  errno = code;
}

static void on_status(int number) {
  int code = errno;
  (void)number;
  atomic_store(&status_wanted, 1);
  (void)!write(status_pipe[1], "x", 1);
  errno = code;
}

static int install(void) {
  if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  if (pipe2(status_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  // SA_RESTART: calls of libraries that do not expect EINTR go on; our own waits look at the pipe.
  action.sa_flags = SA_RESTART;
  action.sa_handler = on_stop;
  sigfillset(&action.sa_mask);
  if (sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGINT, &action, NULL) != 0) return -1;
  struct sigaction hang_up;
  if (sigaction(SIGHUP, NULL, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, NULL);
  action.sa_handler = on_status;
  if (sigaction(SIGUSR1, &action, NULL) != 0) return -1;
  // A parent may have blocked them.
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, SIGTERM);
  sigaddset(&ours, SIGINT);
  sigaddset(&ours, SIGHUP);
  sigaddset(&ours, SIGUSR1);
  return pthread_sigmask(SIG_UNBLOCK, &ours, NULL) == 0 ? 0 : -1;
}

static pthread_mutex_t installing = PTHREAD_MUTEX_INITIALIZER;
static int is_installed;

int spotcheck_stop_install(void) {
  pthread_mutex_lock(&installing);
  int result = is_installed ? 0 : install();
  if (result == 0) is_installed = 1;
  pthread_mutex_unlock(&installing);
  return result;
}

int spotcheck_stop_requested(void) { return atomic_load(&requested); }

int spotcheck_stop_descriptor(void) { return stop_pipe[0]; }

int spotcheck_status_descriptor(void) { return status_pipe[0]; }

int spotcheck_status_take(void) {
  // The pipe first: a signal in between then wakes once for nothing, rather than for ever.
  char bytes[64];
  while (status_pipe[0] >= 0 && read(status_pipe[0], bytes, sizeof bytes) > 0) continue;
  return atomic_exchange(&status_wanted, 0);
}

void spotcheck_stop_reset(void) {
  char bytes[64];
  while (stop_pipe[0] >= 0 && read(stop_pipe[0], bytes, sizeof bytes) > 0) continue;
  spotcheck_status_take();
  atomic_store(&requested, 0);
  atomic_store(&requested_at, 0);
}
