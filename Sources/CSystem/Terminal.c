#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

// The handler touches only what is lock-free or was written before it was installed, and calls only what
// signal-safety(7) allows; tcsetattr(3) and kill(2) are among it.

static struct termios cooked;
static int has_terminal;
static int is_dialogue;
static atomic_int is_raw;
static atomic_int child;
static int resize_pipe[2] = {-1, -1};

// Faults of our own are among them: a terminal must not stay mute because a program has died.
static const int watched[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGILL, SIGTRAP, SIGABRT, SIGSEGV};
enum { watched_count = sizeof watched / sizeof watched[0] };
static struct sigaction before[watched_count];

void spotcheck_terminal_restore(void) {
  if (atomic_exchange(&is_raw, 0)) tcsetattr(STDIN_FILENO, TCSADRAIN, &cooked);
}

static void on_signal(int number) {
  int code = errno;
  int process = atomic_load(&child);
  // Between a line and its answer too: who types Ctrl-C then means the answer.
  int is_for_child = process > 0 || (is_dialogue && !atomic_load(&is_raw));
  if (is_for_child && (number == SIGINT || number == SIGQUIT)) return;
  if (atomic_exchange(&is_raw, 0)) tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
  if (process > 0) kill(process, number == SIGHUP ? SIGHUP : SIGTERM);
  for (int index = 0; index < watched_count; index++)
    if (watched[index] == number) sigaction(number, &before[index], NULL);
  raise(number);
  errno = code;
}

static void on_resize(int number) {
  int code = errno;
  (void)number;
  (void)!write(resize_pipe[1], "x", 1);
  errno = code;
}

/// A dialogue is told when the terminal has another size.
static int watch_size(void) {
  if (resize_pipe[0] < 0 && pipe2(resize_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_resize;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  return sigaction(SIGWINCH, &action, NULL);
}

int spotcheck_session_begin(int dialogue) {
  is_dialogue = dialogue;
  has_terminal = tcgetattr(STDIN_FILENO, &cooked) == 0;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (int index = 0; index < watched_count; index++) {
    if (sigaction(watched[index], NULL, &before[index]) != 0) return -1;
    // nohup(1) and its like.
    if (before[index].sa_handler == SIG_IGN) continue;
    if (sigaction(watched[index], &action, NULL) != 0) return -1;
  }
  if (dialogue && watch_size() != 0) return -1;
  // A parent may have blocked them.
  sigset_t ours;
  sigemptyset(&ours);
  if (dialogue) sigaddset(&ours, SIGWINCH);
  for (int index = 0; index < watched_count; index++) sigaddset(&ours, watched[index]);
  return pthread_sigmask(SIG_UNBLOCK, &ours, NULL) == 0 ? 0 : -1;
}

int spotcheck_terminal_raw(void) {
  if (!has_terminal) {
    errno = ENOTTY;
    return -1;
  }
  struct termios raw = cooked;
  raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
  raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
  raw.c_cflag |= CS8;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  // Before the change: a signal in between restores once too often rather than never.
  atomic_store(&is_raw, 1);
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0) return 0;
  atomic_store(&is_raw, 0);
  return -1;
}

int spotcheck_terminal_wait(void) {
  struct pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {resize_pipe[0], POLLIN, 0}};
  while (poll(waits, resize_pipe[0] < 0 ? 1 : 2, -1) < 0)
    if (errno != EINTR) return -1;
  if (waits[1].revents == 0) return 1;
  // However often it was said, it is the size of now that counts.
  char dropped[64];
  while (read(resize_pipe[0], dropped, sizeof dropped) > 0) {
  }
  return 0;
}

void spotcheck_terminal_suspend(void) { raise(SIGTSTP); }

int spotcheck_wait_foreground(int process, int *status, int *number) {
  int word = 0;
  pid_t result;
  atomic_store(&child, process);
  do result = waitpid(process, &word, 0);
  while (result < 0 && errno == EINTR);
  atomic_store(&child, 0);
  if (result <= 0) return -1;
  *status = WIFEXITED(word) ? WEXITSTATUS(word) : 0;
  *number = WIFSIGNALED(word) ? WTERMSIG(word) : 0;
  return 1;
}

void spotcheck_leave_interrupts(int to_child) {
  signal(SIGINT, to_child ? SIG_IGN : SIG_DFL);
  signal(SIGQUIT, to_child ? SIG_IGN : SIG_DFL);
}
