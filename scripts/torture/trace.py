"""Runs under strace, and what it writes."""

import re
import shutil
import subprocess

# Every call that changes files, memory that is a file, or who holds what. openat may create, close may report.
MUTATING = (
    "openat,creat,write,pwrite64,writev,pwritev,fsync,fdatasync,sync_file_range,ftruncate,truncate,fallocate,rename,"
    "renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,chmod,fchmod,fchmodat,fchown,"
    "utimensat,copy_file_range,sendfile,close,mmap,msync,flock"
).split(",")
READING = "read,pread64,newfstatat,fstat,getdents64".split(",")

LINE = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(?: resumed>|\()")


def unavailable():
    """Why strace cannot be used here; None if it can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    try:
        done = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, timeout=30)
    except subprocess.TimeoutExpired:
        return "strace hangs"
    return None if done.returncode == 0 else "ptrace is forbidden here: " + done.stderr.decode().strip()[:200]


def record(world, arguments, calls, path):
    """Runs the command under strace; the lines of all its calls."""
    done = world.run(arguments, prefix=["strace", "-f", "-qq", "-o", path, "-e", "trace=" + ",".join(calls)])
    with open(path, errors="replace") as file:
        return done, file.read().splitlines()


def numbered(lines):
    """(line, call, n) of every call: strace counts each by its name and for each thread, so n does too."""
    counts = {}
    for line in lines:
        match = LINE.match(line)
        if match and "resumed>" not in line[:60]:
            key = match.groups()
            counts[key] = counts.get(key, 0) + 1
            yield line, match.group(2), counts[key]


def points(lines, marker):
    """(call, n) for every call from the first one that names `marker` on: before it the loader is at work.

    What is too early for one thread is too early for all.
    """
    highest = {}
    found = []
    loading = None
    for line, call, number in numbered(lines):
        if loading is None and marker in line:
            loading = dict(highest)
            loading[call] = number - 1
        highest[call] = max(highest.get(call, 0), number)
        if loading is not None and number > loading.get(call, 0):
            found.append((call, number))
    return list(dict.fromkeys(found))


def without_repeats(found, lines, every=32):
    """The points without most of long runs of one call on one path: a store that asks a thousand times whether a file is
    still whole is answered by the same line each time. Of more than `every` the first, the last and one in `every` stay.
    """
    places = {}
    for line, call, number in numbered(lines):
        path = re.search(r'"([^"]+)"', line)
        if path:
            places.setdefault((call, number), path.group(1))
    runs = {}
    for point in found:
        runs.setdefault((point[0], places.get(point, point)), []).append(point)
    kept = {
        point for run in runs.values() for index, point in enumerate(run)
        if len(run) <= every or index % every == 0 or index == len(run) - 1}
    return [point for point in found if point in kept]


def inject(call, what):
    """The words that put a fault on one call."""
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e", f"inject={call}:{what}"]


def spread(found, most):
    """At most so many of the points, evenly, the first and the last among them."""
    if not most or len(found) <= most:
        return found
    return [found[round(i * (len(found) - 1) / (most - 1))] for i in range(most)]
