"""Every error the system may give, once and for good, at every call (REL-02, REL-04).

EINTR from a slow device, EIO from a dying one, ENOSPC, EDQUOT, EMFILE: the exit status is 74, or 1, or 0 if the program
could do without the call and everything is there; the message names what failed; the store is sound; the next run heals.
"""

import os
import re

import trace
from sweep import Report, Stage
from world import Endless, Finding, World

WRITING = ["EIO", "ENOSPC", "EDQUOT", "EINTR"]
ERRORS = {
    "openat": ["EIO", "ENOSPC", "EMFILE", "EINTR", "EACCES"],
    "write": WRITING, "pwrite64": WRITING, "ftruncate": ["EIO", "ENOSPC"], "fallocate": ["ENOSPC"],
    "fsync": ["EIO", "ENOSPC", "EDQUOT"], "fdatasync": ["EIO", "ENOSPC"],
    "rename": ["EIO", "ENOSPC"], "renameat2": ["EIO", "ENOSPC"], "renameat": ["EIO", "ENOSPC"], "linkat": ["EIO"],
    "link": ["EIO"], "unlink": ["EIO", "EACCES"], "unlinkat": ["EIO"], "mkdir": ["EIO", "ENOSPC", "EDQUOT"],
    "mkdirat": ["EIO", "ENOSPC", "EDQUOT"], "rmdir": ["EIO"], "chmod": ["EIO", "EPERM"], "fchmod": ["EIO"],
    "fchmodat": ["EIO"], "close": ["EIO", "EINTR", "ENOSPC"], "mmap": ["ENOMEM"], "flock": ["EIO", "EINTR"],
    "copy_file_range": ["EIO", "ENOSPC"], "read": ["EIO", "EINTR"], "pread64": ["EIO"], "newfstatat": ["EIO"],
    "getdents64": ["EIO"],
}
# What SQLite and Foundation say instead of a number.
WORDS = re.compile(
    r"E[A-Z]{2,}\b|SQLite code|disk I/O error|database or disk is full|unable to open|disk is full|locked|no such file"
    r"|cannot|could not", re.IGNORECASE)


def sweep(binary, scenario, most=None, only=None):
    report = Report("errors " + scenario.name)
    world = World(binary)
    try:
        stage = Stage(world, scenario, spares=True)
        stage.reset()
        calls = sorted(set(trace.MUTATING + trace.READING) & set(ERRORS))
        _, lines = trace.record(world, scenario.act, calls, os.path.join(world.folder, "trace"))
        found = trace.without_repeats(trace.points(lines, world.root), lines)
        every = [(call, number, name) for call, number in found for name in ERRORS[call]]
        for call, number, name in trace.spread(every, most):
            # EINTR asks for another try; for ever it is no error but a machine that does nothing.
            for plus in ("",) if name == "EINTR" else ("", "+"):
                where = f"{call}:{name}:{number}{plus}"
                if only and where != only:
                    continue
                stage.reset()
                report.count("runs")
                try:
                    attempt(world, stage, report, call, f"error={name}:when={number}{plus}", name)
                except Finding as error:
                    report.finding(where, error)
    finally:
        world.remove()
    return report.close()


def attempt(world, stage, report, call, what, name):
    prefix = trace.inject(call, what)
    path = os.path.join(world.folder, "trace")
    if call in ("fsync", "fdatasync"):
        # The order of syncs on a descriptor is looked at too.
        prefix[prefix.index("/dev/null")] = path
        prefix[prefix.index("trace=" + call)] = "trace=fsync,fdatasync,openat,close"
        prefix.insert(1, "-y")
    # A libdispatch that gets no memory for a thread sleeps and asks again; where there never is any, that is for ever.
    may_wait = call == "mmap" and "+" in what
    try:
        done = world.run(stage.scenario.act, prefix=prefix, patience=10 if may_wait else 120)
    except Endless:
        if not may_wait:
            raise
        report.count("waits for memory")
        stage.prove()
        return
    code, text = done.returncode, done.stderr.decode()
    report.count(f"exit {code}")
    if code < 0 or code in (132, 133, 134, 135, 136, 139, 153):
        raise Finding(f"died of a signal: {code}: {text[-300:]}")
    # SQLite takes a page that cannot be read for a damaged database, and a copy is verified by reading it again: what cannot
    # be read is called damaged there, with its place and the reason.
    is_unreadable = code == 12 and (
        call == "pread64" and re.search("malformed|integrity|[Pp]age|Tree", text)
        or call in (*trace.READING, "openat") and re.search(r"\(E(IO|ACCES|INTR)\)", text))
    # An injected error keeps the descriptor open, and its lock with it; a real close lets go even when it fails.
    keeps_lock = code == 11 and call == "close"
    if code not in (0, 1, 3, 74, 127) and not is_unreadable and not keeps_lock:
        raise Finding(f"exit {code} is no answer to {name}: {text.strip()[-300:]}")
    index = stage.prove()
    if code in stage.scenario.exits and code == 0 and stage.states[index] != stage.after:
        raise Finding(f"exit 0, but state {index}: {text.strip()[-300:]}")
    # Where nothing can be written, nothing can be said. strace counts by thread: the main one's second write may be the
    # message about the second write of another.
    is_mute = call == "write" and ("+" in what or not text)
    names_place = "/" in text or "standard output" in text
    if code not in (0, *stage.scenario.exits) and not is_mute and not (WORDS.search(text) and names_place):
        raise Finding(f"the message names no place or no reason: {text.strip()[-300:]!r}")
    if call in ("fsync", "fdatasync"):
        check_syncs(path)


def check_syncs(trace_file):
    """After a sync that failed there is no second one on that descriptor.

    SQLite syncs its database once more when it rolls the transaction back; it has reported the error by then.
    """
    failed = set()
    with open(trace_file, errors="replace") as file:
        for line in file:
            # A call that another thread's call cuts in two lines still names its descriptor, in the first or as its result.
            gone = re.search(r"\bclose\((\d+)<", line) or re.search(r"openat.*= (\d+)<", line)
            if gone:
                failed.discard(gone.group(1))
                continue
            match = re.search(r"(?:fsync|fdatasync)\((\d+)<([^>]*)>\)\s+= (-?\d+)", line)
            if not match:
                continue
            descriptor, path, result = match.groups()
            if descriptor in failed and "catalogue.sqlite" not in path:
                raise Finding(f"a sync was tried again after it had failed: {path}")
            elif result == "-1":
                failed.add(descriptor)
