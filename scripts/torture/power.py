"""Power loss (REL-03): everything that was not synced may be lost, torn or out of order.

One run is recorded with strace, call by call. For each seed the power fails after a random call, and a disk is built that a
strict reading of POSIX allows:
- content of a file since its last fsync: each write kept or lost, whole or by sectors of 512 or pages of 4096 bytes, in any
  combination; the length likewise;
- names in a folder since its last fsync: each creation, removal and renaming kept or lost, in any combination; a renaming
  is one change, kept or lost as a whole, also between folders, as the journals of ext4, XFS and Btrfs have it (a file
  system that can lose both names of a renamed file is none to keep deliveries on): a sync of either folder keeps it;
- syncing a file promises nothing about its name.
SQLite's files are treated like all others; only `-shm` is no state (SQLite builds it anew): it gets nonsense.
"""

import hashlib
import os
import random
import re
import shutil

import trace
from sweep import Report, Stage
from world import Finding, World

CALLS = (
    "openat,creat,write,pwrite64,writev,pwritev,fsync,fdatasync,sync_file_range,ftruncate,truncate,fallocate,rename,"
    "renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile,close,"
    "mmap,dup,dup2,dup3,fcntl,lseek"
).split(",")


class Unmodelled(Exception):
    pass


# What a trace says


def joined(lines):
    """Lines of calls, each whole, in the order in which they ended."""
    begun = {}
    for line in lines:
        process, _, rest = line.partition(" ")
        rest = rest.lstrip()
        if rest.endswith("<unfinished ...>"):
            begun[process] = rest[: -len("<unfinished ...>")]
        elif rest.startswith("<... "):
            yield begun.pop(process, "") + rest.partition("resumed>")[2]
        elif "(" in rest and not rest.startswith(("+++", "---")):
            yield rest


def text(quoted):
    """The bytes of a string as -xx prints it."""
    return bytes.fromhex(quoted.replace("\\x", ""))


CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\d+|0x[0-9a-f]+)", re.DOTALL)
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Call:
    def __init__(self, line):
        match = CALL.match(line)
        self.name = match.group(1) if match else ""
        self.is_failed = not match or match.group(3).startswith("-")
        if self.is_failed:
            return
        body = match.group(2)
        self.result = int(match.group(3), 0)
        self.strings = [text(s) for s in STRING.findall(body)]
        self.words = [w.strip() for w in STRING.sub("S", body).split(",")]

    def number(self, index):
        return int(re.match(r"-?\d+", self.words[index]).group())

    def path_of(self, index):
        """The path that strace shows beside a descriptor."""
        at = re.search(r"<((?:\\x[0-9a-f]{2})+|[^>]*)>", self.words[index])
        return os.fsdecode(text(at.group(1))) if at.group(1).startswith("\\x") else at.group(1)

    def path(self, index, words_index=None):
        """A path argument, absolute."""
        name = os.fsdecode(self.strings[index])
        if os.path.isabs(name) or words_index is None:
            return name
        at = re.search(r"<((?:\\x[0-9a-f]{2})+|[^>]*)>", self.words[words_index])
        base = at.group(1) if at else ""
        base = os.fsdecode(text(base)) if base.startswith("\\x") else base
        return os.path.join(base, name)


# What a disk is


class File:
    def __init__(self, content=b""):
        self.durable = bytes(content)
        self.content = bytearray(content)
        self.pending = []  # ("write", offset, bytes) | ("length", n)

    def write(self, offset, data):
        if len(self.content) < offset:
            self.content.extend(b"\0" * (offset - len(self.content)))
        self.content[offset:offset + len(data)] = data
        self.pending.append(("write", offset, bytes(data)))

    def cut(self, length):
        del self.content[length:]
        self.content.extend(b"\0" * (length - len(self.content)))
        self.pending.append(("length", length, b""))

    def sync(self):
        self.durable = bytes(self.content)
        self.pending = []

    def after_loss(self, chance, mode):
        result = bytearray(self.durable)
        for kind, at, data in self.pending:
            if mode == "none" or (mode != "all" and chance.random() < 0.4):
                continue
            if kind == "length":
                del result[at:]
                result.extend(b"\0" * (at - len(result)))
                continue
            unit = {"sector": 512, "page": 4096}.get(mode)
            # Pieces end where sectors of the disk end.
            start = 0
            while start < len(data):
                end = len(data) if unit is None else min(len(data), start + unit - (at + start) % unit)
                if unit is None or chance.random() < 0.6:
                    if len(result) < at + start:
                        result.extend(b"\0" * (at + start - len(result)))
                    result[at + start:at + end] = data[start:end]
                start = end
        return bytes(result)


class Fate:
    """Whether a change of names is kept: asked once for each loss, however many folders it concerns."""

    def __init__(self):
        self.is_durable = False
        self.loss = None
        self.is_kept = False

    def keeps(self, chance, mode):
        if self.loss is not chance:
            self.loss = chance
            self.is_kept = self.is_durable or mode == "all" or (mode != "none" and chance.random() < 0.5)
        return self.is_kept


class Folder:
    def __init__(self):
        self.durable = {}
        self.names = {}
        self.pending = []  # (change, [(name, node or None)], fate)

    def change(self, change, *entries, fate=None):
        for name, node in entries:
            if node is None:
                self.names.pop(name, None)
            else:
                self.names[name] = node
        self.pending.append((change, entries, fate or Fate()))

    def sync(self):
        self.durable = dict(self.names)
        for _, _, fate in self.pending:
            fate.is_durable = True
        self.pending = []

    def after_loss(self, chance, mode):
        result = dict(self.durable)
        for _, entries, fate in self.pending:
            if not fate.keeps(chance, mode):
                continue
            for name, node in entries:
                if node is None:
                    result.pop(name, None)
                else:
                    result[name] = node
        return result


class Disk:
    """Everything below one folder, which itself is safe."""

    def __init__(self, root):
        self.root_path = root
        self.root = self.load(root)
        self.open = {}  # descriptor → [node, position, appends]
        self.outside = {}  # descriptor → position, of files outside of the world
        self.changes = 0

    def load(self, path):
        folder = Folder()
        for entry in os.scandir(path):
            if entry.is_dir(follow_symlinks=False):
                folder.names[entry.name] = self.load(entry.path)
            else:
                with open(entry.path, "rb") as file:
                    folder.names[entry.name] = File(file.read())
        folder.sync()
        return folder

    def find(self, path):
        """The folder that a path is in, and its name there; (None, …) outside of the world."""
        place = os.path.relpath(path, self.root_path)
        if place.startswith(".."):
            return None, place
        if place == ".":
            return self.root, ""
        *above, name = place.split("/")
        folder = self.root
        for part in above:
            folder = folder.names.get(part)
            if not isinstance(folder, Folder):
                return None, name
        return folder, name

    def node(self, path):
        folder, name = self.find(path)
        return folder if folder is not None and not name else folder.names.get(name) if folder else None

    def apply(self, call):
        """True if the call changed the disk."""
        if call.is_failed:
            return False
        method = getattr(self, "do_" + call.name, None)
        if method is None:
            raise Unmodelled(call.name)
        return bool(method(call))

    def do_openat(self, call):
        path = call.path(0, 0)
        folder, name = self.find(path)
        flags = call.words[2]
        self.open.pop(call.result, None)
        if folder is None:
            return False
        node = folder if not name else folder.names.get(name)
        is_changed = False
        if node is None:
            if "O_CREAT" not in flags:
                raise Unmodelled("opened what is not there: " + path)
            node = File()
            folder.change("create", (name, node))
            is_changed = True
        if "O_TRUNC" in flags and isinstance(node, File) and node.content:
            node.cut(0)
            is_changed = True
        self.open[call.result] = [node, 0, "O_APPEND" in flags]
        return is_changed

    def do_close(self, call):
        self.open.pop(call.number(0), None)

    def do_fcntl(self, call):
        if "F_DUPFD" in call.words[1]:
            self.duplicate(call)

    def duplicate(self, call):
        if call.number(0) in self.open:
            self.open[call.result] = self.open[call.number(0)]

    do_dup = do_dup2 = do_dup3 = duplicate

    def do_lseek(self, call):
        if call.number(0) in self.open:
            self.open[call.number(0)][1] = call.result

    def do_write(self, call):
        opened = self.open.get(call.number(0))
        if opened is None:
            return False
        node, position, appends = opened
        data = call.strings[0][:call.result]
        at = len(node.content) if appends else position
        node.write(at, data)
        opened[1] = at + len(data)
        return True

    def do_pwrite64(self, call):
        opened = self.open.get(call.number(0))
        if opened is None:
            return False
        opened[0].write(int(call.words[-1]), call.strings[0][:call.result])
        return True

    def do_ftruncate(self, call):
        opened = self.open.get(call.number(0))
        if opened is None:
            return False
        opened[0].cut(int(call.words[1]))
        return True

    def do_fallocate(self, call):
        if call.number(0) in self.open:
            raise Unmodelled("fallocate")

    do_writev = do_pwritev = do_sendfile = do_fallocate

    def do_copy_file_range(self, call):
        """Both positions are the descriptors' own."""
        opened = self.open.get(call.number(2))
        if opened is None:
            return False
        node, position, _ = opened
        source = self.open.get(call.number(0))
        if source is not None:
            data = bytes(source[0].content[source[1]:source[1] + call.result])
            source[1] += call.result
        else:
            # From outside of the world, where nothing changes.
            path, at = call.path_of(0), self.outside.get(call.number(0), 0)
            with open(path, "rb") as file:
                file.seek(at)
                data = file.read(call.result)
            self.outside[call.number(0)] = at + call.result
        node.write(position, data)
        opened[1] = position + len(data)
        return bool(data)

    def do_fsync(self, call):
        opened = self.open.get(call.number(0))
        if opened is None:
            return False
        opened[0].sync()
        return True

    do_fdatasync = do_fsync

    def do_sync_file_range(self, call):
        return False

    def do_mmap(self, call):
        # SQLite's -shm is the only file that is written through memory.
        if "MAP_SHARED" in call.words[3] and "PROT_WRITE" in call.words[2]:
            opened = self.open.get(call.number(4)) if call.words[4] != "-1" else None
            if opened and not self.is_shared_memory(opened[0]):
                raise Unmodelled("a shared mapping that is written")

    def is_shared_memory(self, node):
        # A store may have been moved, and another be made beside it.
        stores = [folder for folder in self.root.names.values() if isinstance(folder, Folder)]
        return any(n is node and name.endswith("-shm") for folder in stores for name, n in folder.names.items())

    def do_mkdir(self, call):
        folder, name = self.find(call.path(0, 0 if call.name == "mkdirat" else None))
        if folder is None:
            return False
        folder.change("mkdir", (name, Folder()))
        return True

    do_mkdirat = do_mkdir

    def do_unlink(self, call):
        folder, name = self.find(call.path(0, 0 if call.name == "unlinkat" else None))
        if folder is None:
            return False
        folder.change("unlink", (name, None))
        return True

    do_unlinkat = do_rmdir = do_unlink

    def do_rename(self, call):
        at = call.name != "rename"
        source, old = self.find(call.path(0, 0 if at else None))
        target, new = self.find(call.path(1, 2 if at else None))
        if source is None or target is None:
            if source is None and target is None:
                return False
            raise Unmodelled("a renaming across the border of the world")
        node = source.names.get(old)
        if source is target:
            source.change("rename", (old, None), (new, node))
        else:
            fate = Fate()
            target.change("arrive", (new, node), fate=fate)
            source.change("leave", (old, None), fate=fate)
        return True

    do_renameat = do_renameat2 = do_rename

    def do_link(self, call):
        at = call.name == "linkat"
        node = self.node(call.path(0, 0 if at else None))
        target, name = self.find(call.path(1, 2 if at else None))
        if node is None or target is None:
            return False
        target.change("link", (name, node))
        return True

    do_linkat = do_link

    def do_symlink(self, call):
        raise Unmodelled("a symbolic link")

    do_symlinkat = do_creat = do_truncate = do_symlink

    def after_loss(self, chance):
        """{place: bytes, or None for a folder} of a disk after the power failed now."""
        names = chance.choice(["none", "all", "random", "random"])
        data = chance.choice(["none", "all", "whole", "sector", "page"])
        found = {}

        def visit(folder, place):
            for name, node in sorted(folder.after_loss(chance, names).items()):
                path = place + name
                if isinstance(node, Folder):
                    found[path] = None
                    visit(node, path + "/")
                elif name.endswith("-shm"):
                    found[path] = bytes(chance.randrange(256) for _ in range(64)) * chance.choice([0, 1, 512])
                else:
                    found[path] = node.after_loss(chance, data)

        visit(self.root, "")
        return found


# The sweep


def record(world, scenario):
    """Calls of one run inside the world, and how many reports (`accepted`, exit) had been given before each."""
    path = os.path.join(world.folder, "trace")
    done = world.run(scenario.act, prefix=[
        "strace", "-f", "-qq", "-xx", "-y", "-s", "100000000", "-o", path, "-e", "trace=" + ",".join(CALLS)])
    if done.returncode not in scenario.exits:
        raise Finding(f"exit {done.returncode} under strace: {done.stderr.decode()}")
    with open(path, errors="replace") as file:
        return [Call(line) for line in joined(file.read().splitlines())]


def sweep(binary, scenario, seeds, only=None):
    report = Report("power " + scenario.name)
    world = World(binary)
    try:
        stage = Stage(world, scenario)
        stage.reset()
        calls = record(world, scenario)
        stage.reset()
        disk = Disk(world.root)
        # Moments: the number of calls done. The last one is after the exit, when everything has been reported.
        moments = [0]
        for index, call in enumerate(calls):
            if disk.apply(call):
                moments.append(index + 1)
        report.count("changing calls", len(moments) - 1)
        plan = {}
        for seed in range(seeds) if only is None else [only]:
            chance = random.Random(seed)
            # Every tenth seed looks at the end: nothing reported may be missing.
            moment = len(calls) if seed % 10 == 0 else chance.choice(moments)
            plan.setdefault(moment, []).append((seed, chance))
        disk = Disk(world.root)
        seen = set()
        done = 0
        for moment in sorted(plan):
            while done < moment:
                disk.apply(calls[done])
                done += 1
            for seed, chance in plan[moment]:
                report.count("seeds")
                found = disk.after_loss(chance)
                key = hashlib.sha256(repr(sorted(found.items())).encode()).digest()
                if (key, moment == len(calls)) in seen:
                    continue
                seen.add((key, moment == len(calls)))
                report.count("different disks")
                try:
                    build(world, found)
                    reported = len(stage.states) - 1 if moment == len(calls) else 0
                    receipts = world.receipts()
                    index = stage.check_now(at_least=reported)
                    if index < len(stage.states) - 1 and receipts >= stage_receipts(stage):
                        raise Finding("a receipt is there, and what it says is not")
                    stage.check_healed(is_first_receipt_sure=False)
                except Finding as error:
                    report.finding(f"seed {seed} after call {moment} of {len(calls)}", error)
    except Unmodelled as error:
        report.finding("model", f"a call that the model does not know: {error}")
    finally:
        world.remove()
    return report.close()


def stage_receipts(stage):
    """How many receipts the whole run leaves; more than can ever be there if it leaves none."""
    number = sum(1 for place in stage.tree if place.startswith("receipts/") and place.endswith(".json")
                 and not place.endswith(".received.json"))
    return number or 1 << 30


def build(world, found):
    shutil.rmtree(world.root, ignore_errors=True)
    os.makedirs(world.root)
    for place, content in found.items():
        path = os.path.join(world.root, place)
        if content is None:
            os.makedirs(path, mode=0o750, exist_ok=True)
        else:
            with open(path, "wb") as file:
                file.write(content)
